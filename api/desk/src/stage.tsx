// What a recipient does with a memo: settle it, or look at it again another day.
import { type FormEvent, useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Modal, Problem } from "./ui";

type Act = "Mark as reviewed" | "Postpone";

export function Stage({ id, stage }: { id: string; stage: gql.MemoStage }) {
  const [act, setAct] = useState<Act>();
  return (
    <>
      {stage !== "REVIEWED" && (
        <button type="button" className="primary" onClick={() => setAct("Mark as reviewed")}>
          Mark as reviewed…
        </button>
      )}
      <button type="button" onClick={() => setAct("Postpone")}>Postpone…</button>
      {act && <StageDialog id={id} act={act} onClose={() => setAct(undefined)} />}
    </>
  );
}

type Props = { id: string; act: Act; onClose: () => void };

function StageDialog({ id, act, onClose }: Props) {
  const [reviewed, review] = useMutation(gql.ReviewMemoDocument);
  const [postponed, postpone] = useMutation(gql.PostponeMemoDocument);
  const isBusy = reviewed.fetching || postponed.fetching;
  const refusals = reviewed.data?.reviewMemo ?? postponed.data?.postponeMemo;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get("given")).trim();
    if (act === "Postpone") {
      const { data } = await postpone({ input: { memoId: id, until: given } });
      if (data?.postponeMemo.memo) onClose();
      return;
    }
    // Without a new conclusion, the memo keeps the one that it has.
    const { data } = await review({ input: given ? { memoId: id, note: given } : { memoId: id } });
    if (data?.reviewMemo.memo) onClose();
  }

  return (
    <Modal title={act} isBusy={isBusy} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {act === "Postpone" ? (
          <label>
            Look at it again on
            <input name="given" type="date" required />
          </label>
        ) : (
          <label>
            Conclusion, if there is one
            <textarea name="given" maxLength={20_000} rows={4} />
          </label>
        )}
        <Problem error={reviewed.error ?? postponed.error ?? refusals?.userErrors[0]} />
        <div className="actions">
          <button className="primary" disabled={isBusy}>{act}</button>
          <button type="button" disabled={isBusy} onClick={onClose}>Cancel</button>
        </div>
      </form>
    </Modal>
  );
}
