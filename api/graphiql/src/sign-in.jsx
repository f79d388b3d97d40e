import { useEffect, useId, useState } from "react";
import { useSchemaStore } from "@graphiql/react";
import { forgetToken, storedToken, storeToken, whoIs } from "./server.js";

/** The bar at the top: after a token is pasted once, every tab runs as its person. */
export function SignIn() {
  const field = useId();
  const { fetchError, introspect } = useSchemaStore();
  const [viewer, setViewer] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);

  async function signIn(pasted) {
    const token = bare(pasted);
    if (!token) return;
    setBusy(true);
    setProblem(null);
    try {
      const person = await whoIs(token);
      setViewer(person);
      if (person) {
        storeToken(token);
      } else {
        forgetToken();
        setProblem("The server does not accept this token.");
      }
    } catch (error) {
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  }

  // A reload ends operations that still run as this person, and removes their answers from tabs.
  function signOut() {
    forgetToken();
    location.reload();
  }

  useEffect(() => {
    signIn(storedToken());
  }, []);

  // The schema may have been unreachable, or hidden from anonymous clients.
  useEffect(() => {
    if (viewer && fetchError) introspect();
  }, [viewer]);

  return (
    <header className="bar">
      <h1>
        Memoranda <small>GraphQL</small>
      </h1>
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
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn(new FormData(event.currentTarget).get("token"));
          }}
        >
          {problem ? (
            <span className="problem" role="alert">
              {problem}
            </span>
          ) : (
            <span>
              Get a token with <code>memoranda token author</code>, or from <code>
                memoranda demo
              </code>
            </span>
          )}
          <label htmlFor={field}>Token</label>
          <input
            id={field}
            name="token"
            type="password"
            autoComplete="off"
            placeholder="Paste it here"
            required
          />
          <button type="submit" disabled={busy}>
            Sign in
          </button>
        </form>
      )}
    </header>
  );
}

/** A token in the forms that people paste: alone, quoted, or with the whole header. */
function bare(pasted) {
  return (pasted ?? "")
    .trim()
    .replace(/^(authorization:\s*)?bearer\s+/i, "")
    .replace(/^["']|["']$/g, "");
}
