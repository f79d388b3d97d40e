// A memo with its discussion and files, and what the person can do with it.
import { useEffect, useState } from "react";
import { useMutation, useQuery } from "urql";
import { DeletionDialog } from "./deletion/dialog";
import { Discussion } from "./discussion";
import { EditDraft } from "./draft";
import { Files } from "./files";
import * as gql from "./gql/graphql";
import { type BoxName, Link, navigate, pathOf } from "./route";
import { Stage } from "./stage";
import { Heading, Loading, Problem, Verdict } from "./ui";
import { day, progress, time } from "./words";

type Memo = NonNullable<gql.MemoQuery["memo"]>;

type Props = { id: string; box: BoxName };

/** The dialog is beside the memo: an event may remove the memo before the answer is there. */
export function MemoPage({ id, box }: Props) {
  const [isDeleting, setIsDeleting] = useState(false);
  const close = () => setIsDeleting(false);
  return (
    <>
      <Content id={id} box={box} askToDelete={() => setIsDeleting(true)} />
      {isDeleting && (
        <DeletionDialog memoIds={[id]} onClose={close} onDeleted={() => navigate(pathOf(box))} />
      )}
    </>
  );
}

function Content({ id, ...props }: Props & { askToDelete: () => void }) {
  const [{ data, error }, execute] = useQuery({ query: gql.MemoDocument, variables: { id } });
  if (data?.memo) return <MemoArticle memo={data.memo} {...props} />;
  const retry = () => execute({ requestPolicy: "network-only" });
  if (!data) return error ? <Problem error={error} retry={retry} /> : <Loading />;
  return (
    <article>
      <Heading>No such memo</Heading>
      <p>It may be among the <Link to={pathOf("deleted")}>deleted memos</Link>.</p>
    </article>
  );
}

type ArticleProps = { memo: Memo; box: BoxName; askToDelete: () => void };

function MemoArticle({ memo, box, askToDelete }: ArticleProps) {
  const { id, draft, stage, reviewDate, unread, viewerRoles } = memo;
  const [sending, send] = useMutation(gql.SendMemoDocument);
  const [, markRead] = useMutation(gql.MarkMemosReadDocument);
  const [, markUnread] = useMutation(gql.MarkMemosUnreadDocument);
  const [isKeptUnread, setIsKeptUnread] = useState(false);
  const [isEditing, setIsEditing] = useState<boolean>();
  const isRecipient = viewerRoles.includes("RECIPIENT");
  const isParticipant = isRecipient || viewerRoles.includes("AUTHOR");
  const until = stage === "POSTPONED" && reviewDate ? ` until ${day(reviewDate)}` : "";

  // Whoever opens a memo has read it, also what others add while it is open.
  useEffect(() => {
    if (unread && !isKeptUnread) void markRead({ input: { memoIds: [id] } });
  }, [unread, isKeptUnread]);

  function keepUnread() {
    setIsKeptUnread(true);
    void markUnread({ input: { memoIds: [id] } });
  }

  return (
    <article>
      <Link to={pathOf(box)} className="back">‹ Back to the list</Link>
      <Heading>{memo.name}</Heading>
      <p className="quiet">
        {memo.author.fullName} to {memo.recipient.fullName} · {time(memo.sentAt ?? memo.createdAt)}
        {" · "}{progress(memo)}{until}
      </p>
      <Verdict
        verdict={memo.viewerDeletionVerdict}
        detail={memo.viewerDeletionBlockers.map(({ message }) => message).join(" ")}
      />
      <div className="actions">
        <button className="danger" onClick={askToDelete}>Delete…</button>
        {draft && !isEditing && (
          <>
            <button autoFocus={isEditing === false} onClick={() => setIsEditing(true)}>Edit</button>
            <button
              className="primary"
              disabled={sending.fetching}
              onClick={() => send({ input: { memoId: id, expectedVersion: memo.version } })}
            >
              Send
            </button>
          </>
        )}
        {!draft && isRecipient && <Stage id={id} stage={stage} />}
        {!draft && !unread && <button onClick={keepUnread}>Mark as unread</button>}
      </div>
      <Problem error={sending.error ?? sending.data?.sendMemo.userErrors[0]} />
      {isEditing ? (
        <EditDraft memo={memo} close={() => setIsEditing(false)} />
      ) : (
        <p className="body">{memo.description}</p>
      )}
      {isParticipant && !draft && <Conclusion id={id} />}
      <Ties memo={memo} />
      <Files memo={memo} canAttach={isParticipant} />
      {!draft && <Discussion id={id} />}
    </article>
  );
}

function Conclusion({ id }: { id: string }) {
  const [{ data }] = useQuery({ query: gql.ConclusionDocument, variables: { id } });
  if (!data?.memo?.conclusion) return null;
  return <section><h2>Conclusion</h2><p className="body">{data.memo.conclusion}</p></section>;
}

/** What the memo is tied to. All of it stays when the memo is deleted. */
function Ties({ memo }: { memo: Memo }) {
  const ties = [
    ["Deal", memo.deal?.name],
    ["Task", memo.task?.name],
    ["Project", memo.project?.name],
    ["Wanted", memo.resolution?.name],
    ["Tags", memo.tags.map(({ name }) => name).join(", ")],
    ["Subscribers", memo.subscribers.map(({ fullName }) => fullName).join(", ")],
  ].filter(([, value]) => value);
  if (ties.length === 0) return null;
  return (
    <dl className="ties">
      {ties.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
