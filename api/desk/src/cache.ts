// The normalized cache: what has an id is stored once, so that a change shows everywhere. A deleted
// memo leaves all lists by its `deletedMemoId`, at once, and comes back if the server refuses.
import { cacheExchange } from "@urql/exchange-graphcache";
import type { Cache, Data, UpdateResolver as Update } from "@urql/exchange-graphcache";
import * as gql from "./gql/graphql";

type Input<Variables> = Variables extends { input: infer Value } ? { input: Value } : never;
type Delete = Input<gql.DeleteMemoMutationVariables>;
type DeleteAll = Input<gql.DeleteMemosMutationVariables>;

// These belong to the object that has them, and have no id of their own. Events pass by.
const EMBEDDED = `DeletionItem DeletionItemConnection DeletionItemCount FileAttachment
  MemoDeletionAlternative MemoDeletionBlocker MemoDeletionPreview MemoDeletionWarning MemoEvent
  MemosDeletionPreview MemosDeletionPreviewItem MissingLink NotificationAdded`.split(/\s+/);

export const createCache = () =>
  cacheExchange({
    keys: Object.fromEntries(EMBEDDED.map((type) => [type, () => null])),
    optimistic: {
      deleteMemo: ({ input }: Delete) => deleted(input.memoId),
      deleteMemos: ({ input }: DeleteAll, cache) => ({
        __typename: "DeleteMemosPayload",
        results: input.memos
          .filter(({ memoId }) => verdictOf(cache, memoId) !== "DENIED")
          .map(({ memoId }) => deleted(memoId)),
        preview: null,
        userErrors: [],
      }),
      markMemosRead: ({ input }: { input: gql.MarkMemosReadInput }) => ({
        __typename: "MarkMemosReadPayload",
        memos: [input.memoIds].flat().map((id) => ({ __typename: "Memo", id, unread: false })),
        userErrors: [],
      }),
    },
    updates: {
      Mutation: {
        deleteMemo: ((result: gql.DeleteMemoMutation, _args, cache) =>
          afterDeletion(cache, result.deleteMemo)) as Update,
        deleteMemos: ((result: gql.DeleteMemosMutation, _args, cache) => {
          for (const one of result.deleteMemos.results) afterDeletion(cache, one);
        }) as Update,
        restoreMemo: (_result, _args, cache) => reload(cache, "memos", "memoDeletions", "memo"),
        createMemo: (_result, _args, cache) => reload(cache, "memos"),
        sendMemo: (_result, _args, cache) => reload(cache, "memos"),
        markMemosRead: (_result, _args, cache, { optimistic }) =>
          optimistic || reload(cache, "unreadMemoCount"),
        markMemosUnread: (_result, _args, cache) => reload(cache, "unreadMemoCount"),
        addComment: ((result: gql.AddCommentMutation, _args, cache) => {
          if (result.addComment.memo) reloadComments(cache, result.addComment.memo.id);
        }) as Update,
        placeMemoHold: (_result, _args, cache) => reload(cache, "memoHolds"),
        releaseMemoHold: (_result, _args, cache) => reload(cache, "memoHolds"),
        markNotificationsRead: ((result: gql.MarkNotificationsReadMutation, _args, cache) =>
          setUnread(cache, result.markNotificationsRead)) as Update,
        markAllNotificationsRead: ((result: gql.MarkAllNotificationsReadMutation, _args, cache) => {
          setUnread(cache, result.markAllNotificationsRead);
          reload(cache, "notifications");
        }) as Update,
      },
      Subscription: {
        memoEvents: ((result: gql.MemoEventsSubscription, _args, cache) => {
          const { kind, memo, memoId } = result.memoEvents;
          // Notifications name memos, and lead to them or to the deleted ones.
          reload(cache, "unreadMemoCount", "notifications");
          // A memo that is there has already replaced what the cache knew of it.
          if (!memo) forget(cache, memoId);
          else if (kind === "COMMENTED") reloadComments(cache, memoId);
          else reload(cache, "memos", "memo");
          if (kind === "DELETED" || kind === "RESTORED") reload(cache, "memoDeletions");
        }) as Update,
        notificationAdded: ((result: gql.NotificationAddedSubscription, _args, cache) => {
          setUnread(cache, result.notificationAdded);
          reload(cache, "notifications");
        }) as Update,
      },
    },
  });

function deleted(deletedMemoId: string): Data {
  const nothingElse = { receipt: null, preview: null, userErrors: [] };
  return { __typename: "DeleteMemoPayload", deletedMemoId, ...nothingElse };
}

type Deletion = Pick<gql.DeleteMemoMutation["deleteMemo"], "deletedMemoId" | "receipt">;

/** Before the answer there is no receipt: the memo then only leaves the lists. */
function afterDeletion(cache: Cache, { deletedMemoId, receipt }: Deletion) {
  if (!deletedMemoId) return;
  if (!receipt) return leaveLists(cache, deletedMemoId);
  forget(cache, deletedMemoId);
  reload(cache, "memoDeletions", "unreadMemoCount");
}

/** The number of unread notifications comes with whatever changes it. */
function setUnread(cache: Cache, change: { unreadNotificationCount: number | null }) {
  const { unreadNotificationCount } = change;
  if (unreadNotificationCount === null) return;
  const query = gql.UnreadNotificationsDocument;
  cache.updateQuery({ query }, () => ({ unreadNotificationCount }));
}

const memoOf = (id: string) => ({ __typename: "Memo", id });
const verdictOf = (cache: Cache, id: string) => cache.resolve(memoOf(id), "viewerDeletionVerdict");

function forget(cache: Cache, memoId: string) {
  leaveLists(cache, memoId);
  cache.invalidate(memoOf(memoId));
}

function leaveLists(cache: Cache, memoId: string) {
  const key = cache.keyOfEntity(memoOf(memoId));
  for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
    const page = fieldName === "memos" && cache.resolve("Query", fieldKey);
    const nodes = typeof page === "string" && cache.resolve(page, "nodes");
    if (typeof page === "string" && Array.isArray(nodes)) {
      const others = nodes.filter((node) => node !== key) as string[];
      cache.link(page, "nodes", others);
    }
  }
}

/** Whatever shows one of these queries loads it again. */
function reload(cache: Cache, ...queries: string[]) {
  for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
    if (queries.includes(fieldName)) cache.invalidate("Query", fieldKey);
  }
}

function reloadComments(cache: Cache, memoId: string) {
  for (const { fieldName, fieldKey } of cache.inspectFields(memoOf(memoId))) {
    if (fieldName === "comments") cache.invalidate(memoOf(memoId), fieldKey);
  }
}
