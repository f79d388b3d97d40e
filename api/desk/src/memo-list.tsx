// A box of memos, with a selection that can be deleted as one.
import { useState } from "react";
import { DeletionDialog } from "./deletion/dialog";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { BOXES, type BoxName, Link, pathOf } from "./route";
import { Heading, Verdict } from "./ui";
import { day, progress } from "./words";

export function MemoList({ box, memoId }: { box: BoxName; memoId?: string }) {
  const [picked, setPicked] = useState<string[]>([]);
  const [isDeleting, setIsDeleting] = useState(false);
  const [text, setText] = useState("");
  const filter = text.trim() ? { text: text.trim() } : null;
  const { title } = BOXES[box];
  return (
    <section className="list" aria-label={title}>
      {memoId ? <h2>{title}</h2> : <Heading>{title}</Heading>}
      <label>Search <input type="search" onChange={(e) => setText(e.target.value)} /></label>
      {picked.length > 0 && (
        <div className="selection" role="group" aria-label="Selection">
          <span role="status">{picked.length} selected</span>
          <button className="danger" onClick={() => setIsDeleting(true)}>Delete…</button>
          <button onClick={() => setPicked([])}>Clear</button>
        </div>
      )}
      <ul className="rows">
        <Pages
          key={text}
          query={gql.MemosDocument}
          variables={{ box: BOXES[box].box, filter }}
          pageOf={({ memos }) => memos}
          row={(memo) => (
            <Row key={memo.id} memo={memo} box={box} memoId={memoId} {...{ picked, setPicked }} />
          )}
          empty={filter ? "Nothing found." : "There is nothing here."}
        />
      </ul>
      {isDeleting && (
        <DeletionDialog
          memoIds={picked}
          onClose={() => setIsDeleting(false)}
          onDeleted={() => setPicked([])}
        />
      )}
    </section>
  );
}

type RowProps = {
  memo: gql.MemoRowFragment;
  box: BoxName;
  memoId?: string;
  picked: string[];
  setPicked: (ids: string[]) => void;
};

function Row({ memo, box, memoId, picked, setPicked }: RowProps) {
  const { id, name, unread } = memo;
  const isPicked = picked.includes(id);
  const pick = () => setPicked(isPicked ? picked.filter((one) => one !== id) : [...picked, id]);
  const isFromViewer = box === "sent" || box === "drafts";
  const person = isFromViewer ? `to ${memo.recipient.fullName}` : memo.author.fullName;
  const facts = [person, day(memo.sentAt ?? memo.createdAt), progress(memo)];
  return (
    <li className={unread ? "row unread" : "row"}>
      <label className="pick">
        <input type="checkbox" checked={isPicked} onChange={pick} />
        <span className="hidden">Select {name}</span>
      </label>
      <Link to={pathOf(box, id)} isCurrent={id === memoId}>
        <span className="name">{unread && <span className="hidden">Unread: </span>}{name}</span>
        <span className="quiet">{facts.join(" · ")}</span>
      </Link>
      <Verdict
        as="mark"
        verdict={memo.viewerDeletionVerdict}
        detail={memo.viewerDeletionBlockers[0]?.message}
      />
    </li>
  );
}
