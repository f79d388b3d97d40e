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
import { useDeletion } from "./use-deletion";

type Props = { memoIds: string[]; onClose: () => void; onDeleted: () => void };

export function DeletionDialog({ memoIds, onClose, onDeleted }: Props) {
  const restore = useRestore();
  const [reason, setReason] = useState("");
  const deletion = useDeletion(memoIds, (receipts, refusals) => {
    onClose();
    onDeleted();
    const [first] = receipts;
    const several = receipts.length > 1 ? `${receipts.length} memos` : `“${first?.memoName}”`;
    toast({
      text: [`Deleted ${several}.`, ...refusals].join(" "),
      action: { label: "Undo", run: () => void restore(receipts) },
    });
  });
  const { shown, before, busy, problem } = deletion;
  const title = memoIds.length > 1 ? `Delete ${memoIds.length} memos?` : "Delete this memo?";
  return (
    <Modal title={title} isBusy={busy === "deleting"} onClose={onClose}>
      {!shown && busy && <Loading />}
      {shown && <Facts shown={shown} />}
      {before && shown && (
        <Changes before={before} after={shown} accept={deletion.acceptChanges} />
      )}
      {shown?.token && (
        <>
          <Items
            title="This would go"
            items={shown.removed}
            isBusy={busy === "removed"}
            more={() => deletion.more("removed")}
          />
          {shown.bytesFreed > 0 && (
            <p className="quiet">The files that would go have {size(shown.bytesFreed)}.</p>
          )}
          <Items
            title="This would stay"
            items={shown.kept}
            isBusy={busy === "kept"}
            more={() => deletion.more("kept")}
          />
          <label>
            Reason, for the record
            <input value={reason} maxLength={2_000} onChange={(e) => setReason(e.target.value)} />
          </label>
        </>
      )}
      <Problem error={problem} retry={shown ? undefined : () => deletion.load()} />
      <div className="actions">
        {shown?.token && (
          <button
            type="button"
            className="danger"
            disabled={busy !== undefined || before !== undefined}
            onClick={() => deletion.confirm(reason.trim())}
          >
            {busy === "deleting" ? "Deleting…" : shown.going > 1 ? `Delete ${shown.going}` : "Delete"}
          </button>
        )}
        {memoIds.length === 1 && shown?.instead.some(({ code }) => code === "MARK_AS_REVIEWED") && (
          <ReviewInstead memoId={memoIds[0] ?? ""} onClose={onClose} />
        )}
        <button type="button" disabled={busy === "deleting"} onClick={onClose}>
          {shown && !shown.token ? "Close" : "Keep it"}
        </button>
      </div>
    </Modal>
  );
}

function Facts({ shown }: { shown: Shown }) {
  const { verdict, refused, warnings, instead } = shown;
  return (
    <>
      <Verdict verdict={verdict} />
      {refused.map(({ name, reasons, instead }) => (
        <div key={name} className="note denied">
          <strong>{name}</strong> {refused.length > 0 && verdict !== "DENIED" && "stays. "}
          {[...reasons, ...instead].join(" ")}
        </div>
      ))}
      {warnings.length > 0 && (
        <ul className="note discouraged" aria-label="Warnings">
          {warnings.map(({ code, message }) => (
            <li key={code}>{message}</li>
          ))}
        </ul>
      )}
      {verdict !== "DENIED" && instead.length > 0 && (
        <ul aria-label="What you can do instead">
          {instead.map(({ code, message }) => (
            <li key={code}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}

type ChangesProps = { before: Shown; after: Shown; accept: () => void };

/** A second click of a double click must not confirm what nobody has read yet. */
function Changes({ before, after, accept }: ChangesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [after]);
  return (
    <div className="note changes" role="alert" tabIndex={-1} ref={box}>
      <strong>Nothing was deleted: this has changed since you looked.</strong>
      <ul>
        {difference(before, after).map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      <button type="button" onClick={accept}>
        I have seen this
      </button>
    </div>
  );
}

function ReviewInstead({ memoId, onClose }: { memoId: string; onClose: () => void }) {
  const [{ data, error, fetching }, review] = useMutation(gql.ReviewMemoDocument);
  async function instead() {
    const answer = await review({ input: { memoId } });
    if (!answer.data?.reviewMemo.memo) return;
    onClose();
    toast({ text: `“${answer.data.reviewMemo.memo.name}” is marked as reviewed, and kept.` });
  }
  return (
    <>
      <button type="button" className="primary" disabled={fetching} onClick={instead}>
        Mark as reviewed instead
      </button>
      <Problem error={error ?? data?.reviewMemo.userErrors[0]} />
    </>
  );
}
