// What a recipient does with a memo: settle it, or look at it again another day.
import { type ReactNode, useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { type Fields, Form, Modal } from "./ui";

export function Stage({ id, stage }: { id: string; stage: gql.MemoStage }) {
  const [act, setAct] = useState<"review" | "postpone">();
  const [reviewed, review] = useMutation(gql.ReviewMemoDocument);
  const [postponed, postpone] = useMutation(gql.PostponeMemoDocument);
  const close = () => setAct(undefined);

  async function sendReview({ conclusion = "" }: Fields) {
    // Without a new conclusion, the memo keeps the one that it has.
    const given = conclusion.trim() && { conclusion };
    const { data } = await review({ input: { memoId: id, ...given } });
    if (data?.reviewMemo.memo) close();
    return false;
  }

  async function sendPostpone({ until = "" }: Fields) {
    const { data } = await postpone({ input: { memoId: id, until } });
    if (data?.postponeMemo.memo) close();
    return false;
  }

  const dialog = (title: string, send: typeof sendReview, error: unknown, field: ReactNode) => (
    <Modal title={title} onClose={close}>
      <Form label={title} send={send} error={error} cancel={close}>{field}</Form>
    </Modal>
  );
  return (
    <>
      {stage !== "REVIEWED" && (
        <button className="primary" onClick={() => setAct("review")}>Mark as reviewed…</button>
      )}
      <button onClick={() => setAct("postpone")}>Postpone…</button>
      {act === "review" && dialog(
        "Mark as reviewed",
        sendReview,
        reviewed.error ?? reviewed.data?.reviewMemo.userErrors[0],
        <label>Conclusion <textarea name="conclusion" maxLength={20_000} rows={4} /></label>,
      )}
      {act === "postpone" && dialog(
        "Postpone",
        sendPostpone,
        postponed.error ?? postponed.data?.postponeMemo.userErrors[0],
        <label>Look at it again on <input name="until" type="date" required /></label>,
      )}
    </>
  );
}
