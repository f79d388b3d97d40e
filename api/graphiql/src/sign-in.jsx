import { useEffect, useRef, useState } from "react";
import { useSchemaStore } from "@graphiql/react";
import {
  forgetToken,
  renew,
  signInByPassword,
  storedToken,
  storeToken,
  waysToSignIn,
  whoIs,
} from "./server.js";
import { People, PasswordForm, TokenForm } from "./sign-in-ways.jsx";

/** A token is renewed so many milliseconds before it expires. */
const BEFORE_EXPIRY = 60_000;

/** The bar at the top: after somebody has signed in once, every tab runs as that person. */
export function SignIn() {
  const { fetchError, introspect } = useSchemaStore();
  const [ways, setWays] = useState(null);
  const [viewer, setViewer] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const renewal = useRef();

  async function attempt(act) {
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  }

  async function accept(token) {
    const person = await whoIs(token);
    setViewer(person);
    if (!person) {
      forgetToken();
      throw new Error("The server does not accept this token.");
    }
    storeToken(token);
  }

  async function acceptSession(session) {
    await accept(session.accessToken);
    const lasts = Date.parse(session.expiresAt) - Date.now();
    renewal.current = setTimeout(async () => {
      const next = await renew();
      if (next) await acceptSession(next);
    }, Math.max(lasts - BEFORE_EXPIRY, 0));
  }

  // A reload ends operations that still run as this person, and removes their answers from tabs.
  function signOut() {
    clearTimeout(renewal.current);
    forgetToken();
    location.reload();
  }

  useEffect(() => {
    attempt(async () => {
      setWays(await waysToSignIn());
      const token = storedToken();
      if (token) await accept(token);
    });
    return () => clearTimeout(renewal.current);
  }, []);

  // The schema may have been unreachable, or hidden from anonymous clients.
  useEffect(() => {
    if (viewer && fetchError) introspect();
  }, [viewer]);

  const withToken = (token) => attempt(() => accept(token));
  const withPassword = (username, password) =>
    attempt(async () => acceptSession(await signInByPassword(username, password)));

  return (
    <header className="bar">
      <h1>
        Memoranda <small>GraphQL</small>
      </h1>
      {problem && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
      {viewer ? (
        <p className="who" role="status">
          <span>
            Signed in as <b>{viewer.fullName}</b>
          </span>
          <span className="chip">{viewer.username}</span>
          <span className="chip">{viewer.role}</span>
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        </p>
      ) : (
        <div className="ways">
          <People people={ways?.people ?? []} busy={busy} signIn={withToken} />
          {ways?.byPassword && !ways.people.length && (
            <PasswordForm busy={busy} signIn={withPassword} />
          )}
          <TokenForm issuer={ways?.issuer} busy={busy} signIn={withToken} />
        </div>
      )}
    </header>
  );
}
