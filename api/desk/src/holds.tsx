// Retention orders, for administrators: nobody deletes a memo while one lasts.
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { type Fields, Form, Heading, Problem } from "./ui";
import { time } from "./words";

export function Holds() {
  return (
    <article>
      <Heading>Holds</Heading>
      <p className="quiet">While a hold lasts, nobody deletes the memo or erases what is left.</p>
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
  const holdId = hold.id;
  return (
    <li className="card">
      <strong>{hold.memo?.name ?? <code>{hold.memoId}</code>}</strong>{" "}
      {hold.matter && <span className="chip">{hold.matter}</span>}
      <p className="body">{hold.reason}</p>
      <p className="quiet">{hold.placedBy.fullName}, {time(hold.placedAt)}</p>
      <Problem error={error ?? data?.releaseMemoHold.userErrors[0]} />
      <button disabled={fetching} onClick={() => release({ input: { holdId } })}>Release</button>
    </li>
  );
}

function PlaceHold() {
  const [{ data, error }, place] = useMutation(gql.PlaceHoldDocument);
  async function send({ memo = "", matter, reason = "" }: Fields, idempotencyKey: string) {
    // People send links, not ids.
    const memoId = memo.match(/memo_[0-9a-z]+/)?.[0] ?? memo;
    const { data } = await place({ input: { memoId, matter, reason, idempotencyKey } });
    return !!data?.placeMemoHold.hold;
  }
  const asked = new URLSearchParams(location.search).get("memo") ?? "";
  return (
    <Form label="Place the hold" send={send} error={error ?? data?.placeMemoHold.userErrors[0]}>
      <label>
        The memo’s id, or its address in the desk
        <input name="memo" defaultValue={asked} autoComplete="off" required />
      </label>
      <label>Matter, if there is one <input name="matter" maxLength={100} /></label>
      <label>Reason <textarea name="reason" maxLength={2_000} rows={3} required /></label>
    </Form>
  );
}
