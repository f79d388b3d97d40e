// Retention orders, for administrators: nobody deletes a memo while one lasts.
import { type FormEvent, useRef } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { Heading, Problem } from "./ui";
import { newKey } from "./upload";
import { time } from "./words";

export function Holds() {
  return (
    <article>
      <Heading>Holds</Heading>
      <p className="quiet">Nobody deletes a memo, or what a deleted one left, while a hold lasts.</p>
      <PlaceHold />
      <h2>Active holds</h2>
      <ul className="cards">
        <Pages
          query={gql.HoldsDocument}
          pageOf={({ memoHolds }) => memoHolds}
          row={(hold) => <Hold key={hold.id} hold={hold} />}
          empty="There is no active hold."
        />
      </ul>
    </article>
  );
}

function Hold({ hold }: { hold: gql.HoldFragment }) {
  const [{ data, error, fetching }, release] = useMutation(gql.ReleaseHoldDocument);
  return (
    <li className="card">
      <strong>{hold.memo?.name ?? <code>{hold.memoId}</code>}</strong>
      {hold.matter && <span className="chip">{hold.matter}</span>}
      <p className="body">{hold.reason}</p>
      <p className="quiet">
        {hold.placedBy.fullName}, {time(hold.placedAt)}
      </p>
      <Problem error={error ?? data?.releaseMemoHold.userErrors[0]} />
      <button
        type="button"
        disabled={fetching}
        onClick={() => release({ input: { holdId: hold.id } })}
      >
        Release
      </button>
    </li>
  );
}

function PlaceHold() {
  const [{ data, error, fetching }, place] = useMutation(gql.PlaceHoldDocument);
  const key = useRef(newKey());

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const [memo, matter, reason] = ["memo", "matter", "reason"].map((field) =>
      String(new FormData(form).get(field)).trim(),
    ) as [string, string, string];
    // People send links, not ids.
    const memoId = memo.match(/memo_[0-9a-z]+/)?.[0] ?? memo;
    const input = { memoId, matter: matter || null, reason, idempotencyKey: key.current };
    const answer = await place({ input });
    if (!answer.data?.placeMemoHold.hold) return;
    form.reset();
    key.current = newKey();
  }

  const asked = new URLSearchParams(location.search).get("memo") ?? "";
  return (
    <form className="stack" onSubmit={submit}>
      <h2>Place a hold</h2>
      <label>
        The memo’s id, or its address in the desk
        <input name="memo" defaultValue={asked} autoComplete="off" required />
      </label>
      <label>
        Matter, if there is one
        <input name="matter" maxLength={100} />
      </label>
      <label>
        Reason
        <textarea name="reason" maxLength={2_000} rows={3} required />
      </label>
      <Problem error={error ?? data?.placeMemoHold.userErrors[0]} />
      <button className="primary" disabled={fetching}>Place the hold</button>
    </form>
  );
}
