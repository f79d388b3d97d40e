// The person who is signed in, and all requests of this page to the server.

import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-sse";
import { forgetCarried, remember } from "./carry.js";

const ENDPOINT = "/graphql";
const KEY = "memoranda:token";

// sessionStorage: a token survives a reload. It ends with the browser's tab, and other tabs cannot
// see it.
export const storedToken = () => sessionStorage.getItem(KEY);
export const storeToken = (token) => sessionStorage.setItem(KEY, token);
export const forgetToken = () => {
  sessionStorage.removeItem(KEY);
  forgetCarried();
};

const listeners = new Set();

/** Calls the listener after each answer. Returns how to stop that. */
export function onAnswer(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function answered(answer) {
  remember(answer.data);
  for (const listener of listeners) listener();
  return answer;
}

/**
 * GraphiQL's fetcher. A tab's own Authorization header wins over the person who is signed in.
 */
export function fetcher(params, { headers } = {}) {
  const operation = operationOf(params);
  const request = operation ? { ...params, operationName: operation.name?.value } : params;
  return operation?.operation === "subscription"
    ? listen(request, headers, storedToken())
    : post(request, headers, storedToken()).then(answered);
}

/**
 * The operation that a tab runs; null if the text has none or is not GraphQL. The server's error
 * is then more helpful. GraphiQL's own value is late: right after a change of tabs, it still names
 * the operation of the previous tab.
 */
function operationOf({ query, operationName }) {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    return null;
  }
}

/** The answers of a subscription, in order, by server-sent events. */
function listen(params, ownHeaders, token) {
  const headers = Object.fromEntries(withToken(ownHeaders, token));
  return createClient({ url: ENDPOINT, headers }).iterate(params);
}

/** How people sign in here: the people of a demonstration, or what the server accepts. */
export async function waysToSignIn() {
  const query = "{ server { signInMethods signInIssuer } }";
  const [people, { data }] = await Promise.all([
    fetch("/demo/people").then((response) => response.json()),
    post({ query }, {}, null),
  ]);
  const { signInMethods, signInIssuer } = data.server;
  return { people, byPassword: signInMethods.includes("PASSWORD"), issuer: signInIssuer };
}

/** Signs in with a password. The answer sets a cookie, with which `renew` gets the next token. */
export async function signInByPassword(username, password) {
  const query = `mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { accessToken expiresAt userErrors { message } }
  }`;
  const { data, errors } = await post({ query, variables: { input: { username, password } } });
  const problem = errors?.[0] ?? data.signIn.userErrors[0];
  if (problem) throw new Error(problem.message);
  return data.signIn;
}

/** The next token of the session in the cookie; null if it has ended. */
export async function renew() {
  const query = `mutation Renew {
    refreshSession(input: {}) { accessToken expiresAt }
  }`;
  const { data } = await post({ query });
  return data?.refreshSession?.accessToken ? data.refreshSession : null;
}

/** The person of a token; null if the server does not accept the token. */
export async function whoIs(token) {
  const query = `query SignIn {
    viewer { username fullName role }
    memos(first: 10) { nodes { id viewerDeletionVerdict } }
  }`;
  const answer = await post({ query }, {}, token);
  // The tabs begin with a memo of this person.
  if (!answer.errors) answered(answer);
  if (answer.data?.viewer) return answer.data.viewer;
  const refusal = answer.errors?.[0];
  if (refusal && refusal.extensions?.code !== "UNAUTHENTICATED") throw new Error(refusal.message);
  return null;
}

async function post(params, ownHeaders = {}, token = null) {
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
