// Who is signed in, and the one way in which this page talks to the server.

import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-sse";

const ENDPOINT = "/graphql";
const KEY = "memoranda:token";

// sessionStorage: a token outlives a reload, but neither the browser's tab nor another tab's view
// of it.
export const storedToken = () => sessionStorage.getItem(KEY);
export const storeToken = (token) => sessionStorage.setItem(KEY, token);
export const forgetToken = () => sessionStorage.removeItem(KEY);

/**
 * GraphiQL's fetcher. A tab that sets its own Authorization header wins over the one who signed
 * in.
 */
export function fetcher(params, { headers } = {}) {
  const operation = operationOf(params);
  const request = operation ? { ...params, operationName: operation.name?.value } : params;
  return operation?.operation === "subscription"
    ? listen(request, headers, storedToken())
    : post(request, headers, storedToken());
}

/**
 * The operation that a tab runs; null when the text has none or is not GraphQL, which the server
 * says better. GraphiQL's own idea of it lags behind: right after a change of tabs it still names
 * the operation of the tab before.
 */
function operationOf({ query, operationName }) {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    return null;
  }
}

/** The answers of a subscription, one after the other, by server-sent events. */
function listen(params, ownHeaders, token) {
  const headers = Object.fromEntries(withToken(ownHeaders, token));
  return createClient({ url: ENDPOINT, headers }).iterate(params);
}

/** The person whom a token stands for; null when the server does not know it. */
export async function whoIs(token) {
  const query = "query SignIn { viewer { username fullName role } }";
  const answer = await post({ query }, {}, token);
  if (answer.data?.viewer) return answer.data.viewer;
  const refusal = answer.errors?.[0];
  if (refusal && refusal.extensions?.code !== "UNAUTHENTICATED") throw new Error(refusal.message);
  return null;
}

async function post(params, ownHeaders, token) {
  const headers = withToken(ownHeaders, token);
  headers.set("Content-Type", "application/json");
  headers.set("Accept", "application/graphql-response+json, application/json");
  const response = await fetch(ENDPOINT, { method: "POST", headers, body: JSON.stringify(params) });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} ${response.statusText}`.trim());
  }
}

function withToken(ownHeaders, token) {
  const headers = new Headers(ownHeaders);
  if (token && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${token}`);
  return headers;
}
