// Who is signed in. An access token stays in memory; the refresh token is a cookie that scripts
// cannot read. Tokens that people choose or paste survive a reload in this tab, and end with it.
import { useSyncExternalStore } from "react";
import { Client, fetchExchange } from "urql";
import { documentIds } from "./documents";
import * as gql from "./gql/graphql";

export type Person = NonNullable<gql.ViewerQuery["viewer"]>;
export type Session = { token: string; expiresAt: number; person: Person };
/** `hasEnded`: nobody can go on before somebody signs in again. */
export type State = { session: Session | null; isReady: boolean; hasEnded: boolean };
export type DemoPerson = { username: string; fullName: string; about: string; token: string };

const KEY = "memoranda:desk-token";
/** A token is renewed so many milliseconds before it expires. */
const BEFORE_EXPIRY = 30_000;

export const ENDPOINT = "/graphql";
export const anonymous = new Client({
  url: ENDPOINT,
  exchanges: [documentIds, fetchExchange],
  preferGetMethod: false,
  requestPolicy: "network-only",
});

let state: State = { session: null, isReady: false, hasEnded: false };
const listeners = new Set<() => void>();
let signedInAgain: (() => void) | undefined;
let renewing: Promise<void> | undefined;

export const useSession = () => useSyncExternalStore(listen, () => state);
export const token = () => state.session?.token ?? "";
export const isExpiring = () =>
  state.session !== null && Date.now() > state.session.expiresAt - BEFORE_EXPIRY;

function listen(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function set(next: Partial<State>) {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

function accept(session: Session) {
  set({ session, isReady: true, hasEnded: false });
  signedInAgain?.();
}

/** How people sign in here, and the people of a demonstration. */
export async function signInMethods() {
  const [people, { data, error }] = await Promise.all([
    fetch("/demo/people").then((response): Promise<DemoPerson[]> => response.json()),
    anonymous.query(gql.SignInMethodsDocument, {}),
  ]);
  if (!data) throw error;
  return { people, ...data.server };
}

/** Takes up the session of this tab, or that of the browser's cookie. */
export async function resume() {
  const stored = sessionStorage.getItem(KEY);
  if (stored) await signInWithToken(stored).catch(() => sessionStorage.removeItem(KEY));
  else await refresh();
  set({ isReady: true });
}

export async function signInWithToken(token: string) {
  const headers = { Authorization: `Bearer ${token}` };
  const { data, error } = await anonymous.query(gql.ViewerDocument, {}, { fetchOptions: { headers } });
  if (!data?.viewer) throw error ?? new Error("The server does not accept this token.");
  sessionStorage.setItem(KEY, token);
  accept({ token, expiresAt: Infinity, person: data.viewer });
}

export async function signIn(username: string, password: string) {
  const input = { username, password };
  const { data, error } = await anonymous.mutation(gql.SignInDocument, { input });
  if (error) throw error;
  if (!take(data?.signIn)) throw new Error(data?.signIn.userErrors[0]?.message);
}

export async function signOut() {
  sessionStorage.removeItem(KEY);
  await anonymous.mutation(gql.SignOutDocument, {});
  set({ session: null, hasEnded: false });
}

/** Gets the next token. If the session has ended, it waits until somebody signs in again. */
export function renew(): Promise<void> {
  renewing ??= (async () => {
    if (await refresh()) return;
    sessionStorage.removeItem(KEY);
    const waiting = new Promise<void>((resolve) => (signedInAgain = resolve));
    set({ hasEnded: true });
    await waiting;
  })().finally(() => (renewing = undefined));
  return renewing;
}

/** Whether there is a session that goes on. An unreachable server ends no session. */
async function refresh(): Promise<boolean> {
  const { data, error } = await anonymous.mutation(gql.RefreshSessionDocument, {});
  return error?.networkError ? state.session !== null : take(data?.refreshSession);
}

type Issued = gql.SignInMutation["signIn"] | gql.RefreshSessionMutation["refreshSession"];

function take(issued: Issued | undefined): boolean {
  const { accessToken, expiresAt, user } = issued ?? {};
  if (!accessToken || !user) return false;
  accept({ token: accessToken, expiresAt: Date.parse(expiresAt ?? ""), person: user });
  return true;
}
