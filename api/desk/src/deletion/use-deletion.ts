// A deletion from its preview to its receipts. The token that is sent is always that of the preview
// on the screen. If the server has another one by now, nothing is deleted, and the person sees what
// has changed before they can confirm again.
import { useEffect, useReducer } from "react";
import { type CombinedError, useClient } from "urql";
import * as gql from "../gql/graphql";
import { type Shown, ofOne, ofSeveral } from "./preview";

export type ListName = "removed" | "kept";
export type Receipt = gql.ReceiptFragment;

type State = {
  shown?: Shown;
  /** What was shown before, until the person has seen the difference. */
  before?: Shown;
  busy?: "loading" | "deleting" | ListName;
  problem?: unknown;
};

type Answer = { preview?: Shown; receipts?: Receipt[]; refusals?: string[]; error?: CombinedError };

const merge = (state: State, change: Partial<State>): State => ({ ...state, ...change });

export function useDeletion(
  memoIds: string[],
  onDeleted: (receipts: Receipt[], refusals: string[]) => void,
) {
  const client = useClient();
  const [state, set] = useReducer(merge, { busy: "loading" });
  const { shown } = state;
  const [first] = memoIds;
  const single = memoIds.length === 1 && first !== undefined ? first : null;

  async function ask(cursors: { removedAfter?: string; keptAfter?: string }): Promise<Answer> {
    // The dialog shows what the server says now, and nothing that the cache remembers.
    const policy = { requestPolicy: "network-only" } as const;
    if (single !== null) {
      const variables = { memoId: single, ...cursors };
      const { data, error } = await client.query(gql.DeletionPreviewDocument, variables, policy);
      const preview = data?.memoDeletionPreview;
      return { preview: preview ? ofOne(preview) : undefined, error };
    }
    const { data, error } = await client.query(
      gql.SelectionDeletionPreviewDocument,
      { memoIds, ...cursors },
      policy,
    );
    const preview = data?.memosDeletionPreview;
    return { preview: preview ? ofSeveral(preview) : undefined, error };
  }

  async function load(before?: Shown) {
    set({ busy: "loading", problem: undefined });
    const { preview, error } = await ask({});
    const gone = "There is no such memo any more, or you cannot see it.";
    if (preview) set({ shown: preview, before, busy: undefined });
    else set({ busy: undefined, problem: error ?? gone });
  }

  /** The next page of a list. If it belongs to another preview, the whole preview is shown anew. */
  async function more(list: ListName) {
    if (!shown) return;
    set({ busy: list, problem: undefined });
    const { preview, error } = await ask({ [`${list}After`]: shown[list].pageInfo.endCursor });
    if (!preview) return set({ busy: undefined, problem: error });
    if (preview.token !== shown.token) return load(shown);
    const nodes = [...shown[list].nodes, ...preview[list].nodes];
    set({ shown: { ...shown, [list]: { ...preview[list], nodes } }, busy: undefined });
  }

  async function remove(token: string, reason: string | null): Promise<Answer> {
    if (single !== null) {
      const input = { memoId: single, confirmationToken: token, reason };
      const { data, error } = await client.mutation(gql.DeleteMemoDocument, { input });
      if (!data) return { error };
      const { receipt, preview, userErrors } = data.deleteMemo;
      const refusals = userErrors.map(({ message }) => message);
      const receipts = receipt ? [receipt] : [];
      return { receipts, refusals, preview: preview ? ofOne(preview) : undefined };
    }
    const memos = memoIds.map((memoId) => ({ memoId }));
    const input = { memos, confirmationToken: token, reason };
    const { data, error } = await client.mutation(gql.DeleteMemosDocument, { input });
    if (!data) return { error };
    const { results, preview, userErrors } = data.deleteMemos;
    const receipts = results.flatMap(({ receipt }) => receipt ?? []);
    const refusals = [...userErrors, ...results.flatMap((result) => result.userErrors)];
    return {
      receipts,
      refusals: refusals.map(({ message }) => message),
      preview: preview ? ofSeveral(preview) : undefined,
    };
  }

  async function confirm(reason: string) {
    if (!shown?.token) return;
    set({ busy: "deleting", problem: undefined });
    const { receipts = [], refusals = [], preview, error } = await remove(shown.token, reason || null);
    if (receipts.length > 0) return onDeleted(receipts, refusals);
    if (preview) set({ shown: preview, before: shown, busy: undefined });
    else set({ busy: undefined, problem: error ?? refusals[0] });
  }

  useEffect(() => void load(), []);
  return { ...state, load, more, confirm, acceptChanges: () => set({ before: undefined }) };
}
