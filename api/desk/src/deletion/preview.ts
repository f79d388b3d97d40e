// What a deletion dialog shows, for one memo and for several.
import type * as gql from "../gql/graphql";

type Refused = { name: string; reasons: string[]; instead: string[] };

export type Shown = {
  verdict: gql.DeletionVerdict;
  /** How many memos would go. */
  going: number;
  refused: Refused[];
  warnings: gql.PreviewFragment["warnings"];
  /** What the person can do instead. */
  instead: gql.PreviewFragment["alternatives"];
  removed: gql.ItemsFragment;
  kept: gql.ItemsFragment;
  bytesFreed: number;
  /** Confirms exactly what is shown; null if nothing can be deleted. */
  token: string | null;
};

const common = (preview: gql.PreviewFragment | gql.SelectionPreviewFragment) => ({
  warnings: preview.warnings,
  removed: preview.removed,
  kept: preview.kept,
  bytesFreed: preview.bytesFreed,
  token: preview.confirmationToken,
});

export function ofOne(preview: gql.PreviewFragment): Shown {
  const { memo, verdict, blockers, alternatives } = preview;
  const refused = blockers.length > 0 ? [refusal(memo.name, blockers, alternatives)] : [];
  const going = 1 - refused.length;
  return { ...common(preview), verdict, going, refused, instead: alternatives };
}

export function ofSeveral(preview: gql.SelectionPreviewFragment): Shown {
  const refused = preview.memos
    .filter(({ verdict }) => verdict === "DENIED" || verdict === null)
    .map(({ memo, memoId, blockers, alternatives }) =>
      refusal(memo?.name ?? memoId, blockers, alternatives),
    );
  const going = preview.memos.length - refused.length;
  const isNone = going === 0;
  const verdict = isNone ? "DENIED" : preview.warnings.length > 0 ? "DISCOURAGED" : "ALLOWED";
  return { ...common(preview), verdict, going, refused, instead: [] };
}

function refusal(
  name: string,
  blockers: gql.PreviewFragment["blockers"],
  alternatives: gql.PreviewFragment["alternatives"],
): Refused {
  const reasons = blockers.map(({ message }) => message);
  const unknown = ["This memo does not exist any more, or you cannot see it."];
  return {
    name,
    reasons: reasons.length > 0 ? reasons : unknown,
    instead: alternatives.map(({ message }) => message),
  };
}
