// A deletion from its preview to its receipts. The token that is sent is always that of the preview
// on the screen. If the server has another one by now, nothing is deleted, and the person sees what
// has changed before they can confirm again.
import { useEffect, useReducer } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import * as gql from "../gql/graphql";
import { type Shown, ofOne, ofSeveral } from "./preview";

export type ListName = "removed" | "kept";
type Cursors = { removedAfter?: string; keptAfter?: string };
type Answer = { preview?: Shown | null; error?: CombinedError };
type Done = Answer & { receipts?: gql.ReceiptFragment[]; refusals?: { message: string }[] };

type State = {
  shown?: Shown;
  /** What was shown before, until the person has seen the difference. */
  before?: Shown;
  busy?: "loading" | "deleting" | ListName;
  problem?: unknown;
};

const merge = (state: State, change: Partial<State>): State => ({ ...state, ...change });

export function useDeletion(
  memoIds: string[],
  onDeleted: (receipts: gql.ReceiptFragment[], refusals: string[]) => void,
) {
  const client = useClient();
  const [state, set] = useReducer(merge, { busy: "loading" });
  const { shown } = state;
  const [first = ""] = memoIds;
  const { ask, remove } = memoIds.length === 1 ? one(client, first) : several(client, memoIds);

  async function load(before?: Shown) {
    set({ busy: "loading", problem: undefined });
    const { preview, error } = await ask({});
    if (preview) return set({ shown: preview, before, busy: undefined });
    const gone = new Error("There is no such memo any more, or you cannot see it.");
    set({ problem: error ?? gone, busy: undefined });
  }

  /** The next page of a list. If it belongs to another preview, the whole preview is shown anew. */
  async function more(list: ListName) {
    if (!shown) return;
    set({ busy: list, problem: undefined });
    const { preview, error } = await ask({ [`${list}After`]: shown[list].pageInfo.endCursor });
    if (!preview) return set({ problem: error, busy: undefined });
    if (preview.token !== shown.token) return load(shown);
    const nodes = [...shown[list].nodes, ...preview[list].nodes];
    set({ shown: { ...shown, [list]: { ...preview[list], nodes } }, busy: undefined });
  }

  async function confirm(reason: string) {
    if (!shown?.token) return;
    set({ busy: "deleting", problem: undefined });
    const { receipts = [], refusals = [], preview, error } = await remove({
      confirmationToken: shown.token,
      reason: reason || null,
    });
    if (receipts.length > 0) return onDeleted(receipts, refusals.map(({ message }) => message));
    if (preview) return set({ shown: preview, before: shown, busy: undefined });
    set({ problem: error ?? refusals[0], busy: undefined });
  }

  useEffect(() => void load(), []);
  return { ...state, load, more, confirm, acceptChanges: () => set({ before: undefined }) };
}

// A dialog shows what the server says now, and nothing that the cache remembers.
const NOW = { requestPolicy: "network-only" } as const;
type Confirmation = { confirmationToken: string; reason: string | null };

const one = (client: Client, memoId: string) => ({
  async ask(cursors: Cursors): Promise<Answer> {
    const variables = { memoId, ...cursors };
    const { data, error } = await client.query(gql.DeletionPreviewDocument, variables, NOW);
    return { preview: data?.memoDeletionPreview && ofOne(data.memoDeletionPreview), error };
  },
  async remove(confirmation: Confirmation): Promise<Done> {
    const input = { memoId, ...confirmation };
    const { data, error } = await client.mutation(gql.DeleteMemoDocument, { input });
    const { receipt, preview, userErrors } = data?.deleteMemo ?? {};
    const receipts = receipt ? [receipt] : [];
    return { receipts, refusals: userErrors, preview: preview && ofOne(preview), error };
  },
});

const several = (client: Client, memoIds: string[]) => ({
  async ask(cursors: Cursors): Promise<Answer> {
    const variables = { memoIds, ...cursors };
    const { data, error } = await client.query(gql.SelectionPreviewDocument, variables, NOW);
    return { preview: data?.memosDeletionPreview && ofSeveral(data.memosDeletionPreview), error };
  },
  async remove(confirmation: Confirmation): Promise<Done> {
    const input = { memos: memoIds.map((memoId) => ({ memoId })), ...confirmation };
    const { data, error } = await client.mutation(gql.DeleteMemosDocument, { input });
    const { results = [], preview, userErrors = [] } = data?.deleteMemos ?? {};
    const receipts = results.flatMap(({ receipt }) => receipt ?? []);
    const refusals = [...userErrors, ...results.flatMap((result) => result.userErrors)];
    return { receipts, refusals, preview: preview && ofSeveral(preview), error };
  },
});
