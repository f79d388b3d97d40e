// The ids that one answer gives to the next tab. Nobody has to copy them by hand.

const KEY = "memoranda:carried";

const carried = () => JSON.parse(sessionStorage.getItem(KEY)) ?? {};

/** Remembers what the answer to an operation says about the memo at hand. */
export function remember(data) {
  if (!data || typeof data !== "object") return;
  const { memoId, confirmationToken, deletionId } = carried();
  const preview = data.memoDeletionPreview ?? data.deleteMemo?.preview;
  const next = {
    memoId: memoOf(data.memos) ?? data.restoreMemo?.memo?.id ?? memoId,
    confirmationToken: preview ? preview.confirmationToken : confirmationToken,
    deletionId: data.deleteMemo?.receipt?.id ?? deletionId,
  };
  // A token confirms the deletion of one memo.
  if (next.memoId !== memoId && !preview) next.confirmationToken = null;
  sessionStorage.setItem(KEY, JSON.stringify(next));
}

/** Forgets the ids, which belong to one person. */
export const forgetCarried = () => sessionStorage.removeItem(KEY);

/** The first memo of a list that its reader may delete, or else the first. */
function memoOf(memos) {
  const nodes = memos?.nodes ?? [];
  return (nodes.find(({ viewerDeletionVerdict: verdict }) => verdict !== "DENIED") ?? nodes[0])
    ?.id;
}

/**
 * The variables with the ids of earlier answers in place of placeholders and of ids that came here
 * in the same way. What a person has typed stays. `filled` are the values that came here.
 */
export function fill(text, filled) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const ids = carried();
  const isOurs = (now) => now === null || String(now).endsWith("…") || filled.has(now);
  const next = JSON.stringify(
    value,
    (name, now) => {
      if (!(name in ids) || ids[name] === undefined || !isOurs(now)) return now;
      filled.add(ids[name]);
      return ids[name];
    },
    2,
  );
  return next === JSON.stringify(value, null, 2) ? text : next;
}
