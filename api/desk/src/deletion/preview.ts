// What a deletion dialog shows, for one memo and for several.
import type * as gql from "../gql/graphql";

type One = gql.PreviewFragment;
type Several = gql.SelectionPreviewFragment;

export type Shown = Pick<One, "verdict" | "warnings" | "removed" | "kept" | "bytesFreed"> & {
  /** The name, if it is one memo. */
  name?: string;
  /** How many memos would go. */
  going: number;
  /** The memos that cannot be deleted, with the reasons and what to do instead. */
  refused: { name: string; message: string }[];
  /** What the person can do instead of deleting the one memo. */
  instead: One["alternatives"];
  /** Confirms exactly what is shown; null if nothing can be deleted. */
  token: string | null;
};

const UNKNOWN = "There is no such memo any more, or you cannot see it.";

function refusal(name: string, blockers: One["blockers"], instead: One["alternatives"]) {
  const messages = [...blockers, ...instead].map(({ message }) => message);
  return { name, message: messages.join(" ") || UNKNOWN };
}

export function ofOne(preview: One): Shown {
  const { memo, blockers, alternatives, confirmationToken: token } = preview;
  const refused = blockers.length > 0 ? [refusal(memo.name, blockers, [])] : [];
  const going = 1 - refused.length;
  return { ...preview, name: memo.name, going, refused, instead: alternatives, token };
}

export function ofSeveral(preview: Several): Shown {
  const refused = preview.memos
    .filter(({ verdict }) => verdict === "DENIED" || verdict === null)
    .map(({ memo, memoId, blockers, alternatives }) =>
      refusal(memo?.name ?? memoId, blockers, alternatives),
    );
  const { memos, warnings, confirmationToken: token } = preview;
  // The others go without those that are refused, so the verdict is about the others.
  const verdict = !token ? "DENIED" : warnings.length > 0 ? "DISCOURAGED" : "ALLOWED";
  return { ...preview, verdict, going: memos.length - refused.length, refused, instead: [], token };
}
