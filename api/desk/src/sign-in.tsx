// The ways to sign in, of which a server offers some. After a session has ended, the same form lies
// over the page, which keeps what was typed there.
import { useEffect, useState } from "react";
import { signIn, signInMethods, signInWithToken } from "./session";
import { Form, Loading, Problem } from "./ui";

export function SignIn() {
  const [methods, setMethods] = useState<Awaited<ReturnType<typeof signInMethods>>>();
  const [problem, setProblem] = useState<unknown>();

  async function attempt(act: () => Promise<unknown>) {
    setProblem(undefined);
    return act().then(() => true, (error) => (setProblem(error), false));
  }

  const load = () => attempt(async () => setMethods(await signInMethods()));
  useEffect(() => void load(), []);
  if (!methods) return problem ? <Problem error={problem} retry={load} /> : <Loading />;
  const { people, signInIssuer } = methods;
  if (people.length > 0) {
    return (
      <ul className="people" aria-label="Choose a person">
        {people.map(({ username, fullName, about, token }) => (
          <li key={username}>
            <button onClick={() => attempt(() => signInWithToken(token))}>
              <strong>{fullName}</strong> <span className="chip">{username}</span>
              <span className="quiet">{about}</span>
            </button>
          </li>
        ))}
        <Problem error={problem} />
      </ul>
    );
  }
  if (methods.signInMethods.includes("PASSWORD")) {
    return (
      <Form
        label="Sign in"
        error={problem}
        send={({ name = "", password = "" }) => attempt(() => signIn(name.trim(), password))}
      >
        <label>
          Username or email address
          <input name="name" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
      </Form>
    );
  }
  return (
    <Form
      label="Use this token"
      error={problem}
      send={({ token = "" }) => attempt(() => signInWithToken(token.trim()))}
    >
      {signInIssuer && <p>People sign in here with <strong>{signInIssuer}</strong>.</p>}
      <label>
        Access token
        <input name="token" type="password" autoComplete="off" required />
      </label>
    </Form>
  );
}
