// Who is signed in. An access token stays in memory; the refresh token is a cookie that scripts
// cannot read. Tokens that people choose or paste survive a reload in this tab, and end with it.
import { useSyncExternalStore } from "react";
import { Client, fetchExchange } from "urql";
import { documentIds } from "./documents";
import * as gql from "./gql/graphql";
import { createStore } from "./store";

export type Person = NonNullable<gql.ViewerQuery["viewer"]>;
type Session = { token: string; expiresAt: number; person: Person };
/** `hasEnded`: nobody can go on before somebody signs in again. */
type State = { session: Session | null; isReady: boolean; hasEnded: boolean };
type DemoPerson = { username: string; fullName: string; about: string; token: string };

const KEY = "memoranda:desk-token";
/** A token is renewed so many milliseconds before it expires. */
const BEFORE_EXPIRY = 30_000;

export const ENDPOINT = "/graphql";
const anonymous = new Client({
  url: ENDPOINT,
  exchanges: [documentIds, fetchExchange],
  preferGetMethod: false,
  requestPolicy: "network-only",
});

const store = createStore<State>({ session: null, isReady: false, hasEnded: false });
const change = (next: Partial<State>) => store.set({ ...store.get(), ...next });
let signedInAgain: (() => void) | undefined;
let renewing: Promise<void> | undefined;

export const useSession = () => useSyncExternalStore(store.listen, store.get);
export const token = () => store.get().session?.token ?? "";
export const isExpiring = () =>
  Date.now() > (store.get().session?.expiresAt ?? Infinity) - BEFORE_EXPIRY;

/** A token for what goes out beside urql. */
export async function freshToken(): Promise<string> {
  if (isExpiring()) await renew();
  return token();
}

function accept(session: Session) {
  change({ session, hasEnded: false });
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
  change({ isReady: true });
}

export async function signInWithToken(token: string) {
  const fetchOptions = { headers: { Authorization: `Bearer ${token}` } };
  const { data, error } = await anonymous.query(gql.ViewerDocument, {}, { fetchOptions });
  if (!data?.viewer) throw error ?? new Error("The server does not accept this token.");
  sessionStorage.setItem(KEY, token);
  accept({ token, expiresAt: Infinity, person: data.viewer });
}

export async function signIn(username: string, password: string) {
  const input = { username, password };
  const { data, error } = await anonymous.mutation(gql.SignInDocument, { input });
  if (!take(data?.signIn)) throw error ?? data?.signIn.userErrors[0];
}

export async function signOut() {
  sessionStorage.removeItem(KEY);
  await anonymous.mutation(gql.SignOutDocument, {});
  change({ session: null, hasEnded: false });
}

/** Gets the next token. If the session has ended, it waits until somebody signs in again. */
export function renew(): Promise<void> {
  renewing ??= (async () => {
    if (await refresh()) return;
    sessionStorage.removeItem(KEY);
    const waiting = new Promise<void>((resolve) => (signedInAgain = resolve));
    change({ hasEnded: true });
    await waiting;
  })().finally(() => (renewing = undefined));
  return renewing;
}

/** Whether there is a session that goes on. An unreachable server ends no session. */
async function refresh(): Promise<boolean> {
  const { data, error } = await anonymous.mutation(gql.RefreshSessionDocument, {});
  return error?.networkError ? store.get().session !== null : take(data?.refreshSession);
}

type Issued = gql.SignInMutation["signIn"] | gql.RefreshSessionMutation["refreshSession"];

function take(issued: Issued | undefined): boolean {
  const { accessToken, expiresAt, user } = issued ?? {};
  if (!accessToken || !expiresAt || !user) return false;
  accept({ token: accessToken, expiresAt: Date.parse(expiresAt), person: user });
  return true;
}
