// A memo with its discussion and files, and what the person can do with it.
import { useEffect, useState } from "react";
import { useMutation, useQuery } from "urql";
import { DeletionDialog } from "./deletion/dialog";
import { Discussion } from "./discussion";
import { Files } from "./files";
import * as gql from "./gql/graphql";
import { type BoxName, Link, navigate, pathOf } from "./route";
import { Stage } from "./stage";
import { Heading, Loading, Problem, Verdict } from "./ui";
import { STAGES, time } from "./words";

export function MemoPage({ id, box }: { id: string; box: BoxName }) {
  const [{ data, error }, execute] = useQuery({ query: gql.MemoDocument, variables: { id } });
  const [, markRead] = useMutation(gql.MarkMemosReadDocument);
  const [, markUnread] = useMutation(gql.MarkMemosUnreadDocument);
  const [isKeptUnread, setIsKeptUnread] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const memo = data?.memo;

  // Whoever opens a memo has read it, also what others add while it is open.
  useEffect(() => {
    if (memo?.unread && !isKeptUnread) void markRead({ input: { memoIds: [id] } });
  }, [memo?.unread, memo?.commentCount]);

  if (error && !memo) {
    return <Problem error={error} retry={() => execute({ requestPolicy: "network-only" })} />;
  }
  if (data === undefined) return <Loading />;
  if (!memo) {
    return (
      <article>
        <Heading>No such memo</Heading>
        <p>
          There is no such memo, or you cannot see it. It may be among the{" "}
          <Link to={pathOf("deleted")}>deleted memos</Link>.
        </p>
      </article>
    );
  }
  const { viewerRoles, viewerDeletionVerdict } = memo;
  const isRecipient = viewerRoles.includes("RECIPIENT");
  const isParticipant = isRecipient || viewerRoles.includes("AUTHOR");
  return (
    <article>
      <Link to={pathOf(box)} className="back">
        ‹ Back to the list
      </Link>
      <Heading>{memo.name}</Heading>
      <p className="quiet">
        {memo.author.fullName} to {memo.recipient.fullName} ·{" "}
        {time(memo.sentAt ?? memo.createdAt)} · {memo.draft ? "Draft" : STAGES[memo.stage]}
        {memo.reviewDate && ` until ${memo.reviewDate}`}
      </p>
      <Verdict
        verdict={viewerDeletionVerdict}
        detail={memo.viewerDeletionBlockers.map(({ message }) => message).join(" ")}
      />
      <div className="actions">
        <button type="button" className="danger" onClick={() => setIsDeleting(true)}>
          Delete…
        </button>
        {memo.draft && <Send id={id} version={memo.version} />}
        {!memo.draft && isRecipient && <Stage id={id} stage={memo.stage} />}
        {!memo.draft && !memo.unread && (
          <button
            type="button"
            onClick={() => {
              setIsKeptUnread(true);
              void markUnread({ input: { memoIds: [id] } });
            }}
          >
            Mark as unread
          </button>
        )}
      </div>
      <p className="body">{memo.description}</p>
      {isParticipant && !memo.draft && <Conclusion id={id} />}
      <Belongings memo={memo} />
      <Files memo={memo} canAttach={isParticipant} />
      {!memo.draft && <Discussion id={id} />}
      {isDeleting && (
        <DeletionDialog
          memoIds={[id]}
          onClose={() => setIsDeleting(false)}
          onDeleted={() => navigate(pathOf(box))}
        />
      )}
    </article>
  );
}

type Memo = NonNullable<gql.MemoQuery["memo"]>;

function Conclusion({ id }: { id: string }) {
  const [{ data }] = useQuery({ query: gql.ConclusionDocument, variables: { id } });
  if (!data?.memo?.note) return null;
  return (
    <section>
      <h2>Conclusion</h2>
      <p className="body">{data.memo.note}</p>
    </section>
  );
}

/** What the memo is tied to. All of it stays when the memo is deleted. */
function Belongings({ memo }: { memo: Memo }) {
  const facts = [
    ["Deal", memo.deal?.name],
    ["Task", memo.task?.name],
    ["Project", memo.project?.name],
    ["Wanted", memo.resolution?.name],
    ["Tags", memo.tags.map(({ name }) => name).join(", ")],
    ["Subscribers", memo.subscribers.map(({ fullName }) => fullName).join(", ")],
  ].filter(([, value]) => value);
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Send({ id, version }: { id: string; version: number }) {
  const [{ data, error, fetching }, send] = useMutation(gql.SendMemoDocument);
  return (
    <>
      <button
        type="button"
        className="primary"
        disabled={fetching}
        onClick={() => send({ input: { memoId: id, expectedVersion: version } })}
      >
        Send
      </button>
      <Problem error={error ?? data?.sendMemo.userErrors[0]} />
    </>
  );
}
