// What a recipient does with a memo: settle it, or look at it again another day.
import { useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Form, Modal } from "./ui";

type Props = { id: string; onClose: () => void };

export function Stage({ id, stage }: { id: string; stage: gql.MemoStage }) {
  const [act, setAct] = useState<"review" | "postpone">();
  const onClose = () => setAct(undefined);
  return (
    <>
      {stage !== "REVIEWED" && (
        <button className="primary" onClick={() => setAct("review")}>Mark as reviewed…</button>
      )}
      <button onClick={() => setAct("postpone")}>Postpone…</button>
      {act === "review" && <Review id={id} onClose={onClose} />}
      {act === "postpone" && <Postpone id={id} onClose={onClose} />}
    </>
  );
}

function Review({ id, onClose }: Props) {
  const [{ data, error, fetching }, review] = useMutation(gql.ReviewMemoDocument);
  async function send({ note = "" }) {
    // Without a new conclusion, the memo keeps the one that it has.
    const input = note.trim() ? { memoId: id, note } : { memoId: id };
    const { data } = await review({ input });
    if (data?.reviewMemo.memo) onClose();
    return false;
  }
  const problem = error ?? data?.reviewMemo.userErrors[0];
  const cancel = <button type="button" onClick={onClose}>Cancel</button>;
  return (
    <Modal title="Mark as reviewed" isBusy={fetching} onClose={onClose}>
      <Form label="Mark as reviewed" send={send} error={problem} buttons={cancel}>
        <label>
          Conclusion, if there is one
          <textarea name="note" maxLength={20_000} rows={4} />
        </label>
      </Form>
    </Modal>
  );
}

function Postpone({ id, onClose }: Props) {
  const [{ data, error, fetching }, postpone] = useMutation(gql.PostponeMemoDocument);
  async function send({ until = "" }) {
    const { data } = await postpone({ input: { memoId: id, until } });
    if (data?.postponeMemo.memo) onClose();
    return false;
  }
  const problem = error ?? data?.postponeMemo.userErrors[0];
  const cancel = <button type="button" onClick={onClose}>Cancel</button>;
  return (
    <Modal title="Postpone" isBusy={fetching} onClose={onClose}>
      <Form label="Postpone" send={send} error={problem} buttons={cancel}>
        <label>Look at it again on <input name="until" type="date" required /></label>
      </Form>
    </Modal>
  );
}
