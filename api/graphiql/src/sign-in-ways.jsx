// The ways to sign in, of which a server offers some.

import { useId } from "react";

/** The people of a demonstration, a button each. */
export function People({ people, busy, signIn }) {
  if (people.length === 0) return null;
  return (
    <div className="people" role="group" aria-label="Sign in as">
      <span aria-hidden="true">Sign in as</span>
      {people.map(({ username, fullName, about, token }) => (
        <button
          key={username}
          type="button"
          disabled={busy}
          title={`${fullName} ${about}`}
          aria-label={`${username}: ${fullName} ${about}`}
          onClick={() => signIn(token)}
        >
          {username}
        </button>
      ))}
    </div>
  );
}

/** Username and password of an account of this server. */
export function PasswordForm({ busy, signIn }) {
  const username = useId();
  const password = useId();

  function submit(event) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    signIn(given.get("username"), given.get("password"));
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor={username}>Username</label>
      <input id={username} name="username" autoComplete="username" required />
      <label htmlFor={password}>Password</label>
      <input
        id={password}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <button type="submit" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}

/** A token that somebody pastes. */
export function TokenForm({ issuer, busy, signIn }) {
  const field = useId();

  function submit(event) {
    event.preventDefault();
    signIn(bare(new FormData(event.currentTarget).get("token")));
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor={field}>
        {issuer ? (
          <>
            Token from <code>{issuer}</code>
          </>
        ) : (
          "Token"
        )}
      </label>
      <input
        id={field}
        name="token"
        type="password"
        autoComplete="off"
        placeholder="Paste it here"
        title="`memoranda token USERNAME` prints one"
        required
      />
      <button type="submit" disabled={busy}>
        Use it
      </button>
    </form>
  );
}

/** A token in the forms that people paste: alone, quoted, or with the whole header. */
function bare(pasted) {
  return pasted
    .trim()
    .replace(/^(authorization:\s*)?bearer\s+/i, "")
    .replace(/^["']|["']$/g, "");
}
