// The deletion dialog: the verdict in words, what forbids it or speaks against it, what to do
// instead, and what exactly would go and stay.
import { useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import * as gql from "../gql/graphql";
import { toast } from "../toasts";
import { Loading, Modal, Problem, Verdict } from "../ui";
import { size } from "../words";
import { difference } from "./difference";
import { Items } from "./items";
import type { Shown } from "./preview";
import { useRestore } from "./restore";
import { type ListName, useDeletion } from "./use-deletion";

type Props = { memoIds: string[]; onClose: () => void; onDeleted: () => void };

export function DeletionDialog({ memoIds, onClose, onDeleted }: Props) {
  const restore = useRestore();
  const [reviewed, review] = useMutation(gql.ReviewMemoDocument);
  const [reason, setReason] = useState("");
  const deletion = useDeletion(memoIds, (receipts, refusals) => {
    onClose();
    onDeleted();
    const what = receipts.length > 1 ? `${receipts.length} memos` : `“${receipts[0]?.memoName}”`;
    const action = { label: "Undo", run: () => void restore(receipts) };
    toast({ text: [`Deleted ${what}.`, ...refusals].join(" "), action });
  });
  const { shown, before, busy, problem, load, more } = deletion;
  const { token, going = 0, bytesFreed = 0 } = shown ?? {};
  async function settle(memoId: string) {
    const { data } = await review({ input: { memoId } });
    if (!data?.reviewMemo.memo) return;
    onClose();
    toast({ text: `“${data.reviewMemo.memo.name}” is marked as reviewed, and kept.` });
  }
  const [single] = memoIds.length === 1 ? memoIds : [];
  const list = (name: ListName, title: string) => shown && (
    <Items title={title} items={shown[name]} isBusy={busy === name} more={() => more(name)} />
  );
  return (
    <Modal
      title={single ? `Delete “${shown?.name ?? "…"}”?` : `Delete ${memoIds.length} memos?`}
      isBusy={busy === "deleting"}
      onClose={onClose}
    >
      {!shown && busy && <Loading />}
      {shown && before && <Changes before={before} now={shown} accept={deletion.acceptChanges} />}
      {shown && <Facts shown={shown} />}
      {token && (
        <>
          {list("removed", "This goes")}
          {bytesFreed > 0 && <p className="quiet">Files that go: {size(bytesFreed)}.</p>}
          {list("kept", "This stays")}
          <label>
            Reason, for the record
            <input value={reason} maxLength={2_000} onChange={(e) => setReason(e.target.value)} />
          </label>
        </>
      )}
      <Problem error={reviewed.error ?? reviewed.data?.reviewMemo.userErrors[0]} />
      <Problem error={problem} retry={shown ? undefined : () => load()} />
      <div className="actions">
        {token && (
          <button
            className="danger"
            disabled={busy !== undefined || before !== undefined}
            onClick={() => deletion.confirm(reason.trim())}
          >
            {busy === "deleting" ? "Deleting…" : single ? "Delete" : `Delete ${going}`}
          </button>
        )}
        {single && shown?.instead.some(({ code }) => code === "MARK_AS_REVIEWED") && (
          <button className="primary" disabled={busy !== undefined} onClick={() => settle(single)}>
            Mark as reviewed instead
          </button>
        )}
        <button disabled={busy === "deleting"} onClick={onClose}>
          {shown && !token ? "Close" : "Keep"}
        </button>
      </div>
    </Modal>
  );
}

function Facts({ shown }: { shown: Shown }) {
  return (
    <>
      <Verdict verdict={shown.verdict} as={shown.name ? undefined : "several"} />
      {shown.refused.map(({ name, message }, index) => (
        <p key={index} className="note denied"><strong>{name}</strong> stays: {message}</p>
      ))}
      {shown.warnings.length > 0 && (
        <ul className="note" aria-label="What speaks against it">
          {shown.warnings.map(({ code, message }) => <li key={code}>{message}</li>)}
        </ul>
      )}
      {shown.instead.length > 0 && (
        <p>Instead: {shown.instead.map(({ message }) => message).join(" ")}</p>
      )}
    </>
  );
}

type ChangesProps = { before: Shown; now: Shown; accept: () => void };

/** A second click of a double click must not confirm what nobody has read yet. */
function Changes({ before, now, accept }: ChangesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [now]);
  return (
    <div className="note changes" role="alert" tabIndex={-1} ref={box}>
      <strong>Nothing was deleted: this has changed since you looked.</strong>
      <ul>{difference(before, now).map((change) => <li key={change}>{change}</li>)}</ul>
      <button onClick={accept}>I have seen this</button>
    </div>
  );
}
