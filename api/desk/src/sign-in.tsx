// The ways to sign in, of which a server offers some. After a session has ended, the same form lies
// over the page, which keeps what was typed there.
import { type FormEvent, useEffect, useState } from "react";
import { signIn, signInMethods, signInWithToken } from "./session";
import { Loading, Problem } from "./ui";

type Methods = Awaited<ReturnType<typeof signInMethods>>;

export function SignIn() {
  const [methods, setMethods] = useState<Methods>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);

  async function attempt(act: () => Promise<void>) {
    setIsBusy(true);
    setProblem(undefined);
    await act().catch(setProblem);
    setIsBusy(false);
  }

  const load = () => attempt(async () => setMethods(await signInMethods()));
  useEffect(() => void load(), []);

  function submit(event: FormEvent<HTMLFormElement>, use: (form: FormData) => Promise<void>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void attempt(() => use(form));
  }

  const text = (form: FormData, name: string) => String(form.get(name)).trim();
  if (!methods) return problem ? <Problem error={problem} retry={load} /> : <Loading />;
  const { people, signInIssuer } = methods;
  const hasPasswords = methods.signInMethods.includes("PASSWORD");
  return (
    <>
      <Problem error={problem} />
      {people.length > 0 && (
        <ul className="people" aria-label="Choose a person">
          {people.map(({ username, fullName, about, token }) => (
            <li key={username}>
              <button
                type="button"
                disabled={isBusy}
                onClick={() => attempt(() => signInWithToken(token))}
              >
                <strong>{fullName}</strong> <span className="chip">{username}</span>
                <span className="quiet">{about}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {hasPasswords && people.length === 0 && (
        <form
          className="stack"
          onSubmit={(event) =>
            submit(event, (form) => signIn(text(form, "username"), String(form.get("password"))))
          }
        >
          <label>
            Username or email address
            <input name="username" autoComplete="username" required />
          </label>
          <label>
            Password
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <button className="primary" disabled={isBusy}>
            Sign in
          </button>
        </form>
      )}
      {(signInIssuer || !hasPasswords) && people.length === 0 && (
        <form
          className="stack"
          onSubmit={(event) => submit(event, (form) => signInWithToken(text(form, "token")))}
        >
          {signInIssuer && (
            <p>
              People sign in here with <strong>{signInIssuer}</strong>.
            </p>
          )}
          <label>
            Access token
            <input name="token" type="password" autoComplete="off" required />
          </label>
          <button disabled={isBusy}>Use this token</button>
        </form>
      )}
    </>
  );
}
