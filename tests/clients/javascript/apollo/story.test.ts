// Apollo Client: `deletedMemoId` removes a memo from its cache, and the restore brings the memo
// back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { endpoint, headers } from "../environment";
import { graphql } from "./generated";

const client = new ApolloClient({
  link: new HttpLink({ uri: endpoint, headers }),
  cache: new InMemoryCache({
    typePolicies: { Query: { fields: { memos: relayStylePagination(["box"]) } } },
  }),
});

const Sent = graphql(`
  query Sent($after: String) {
    memos(box: SENT, first: 50, after: $after) {
      edges { cursor node { id name viewerCanDelete } }
      pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    }
  }
`);

const Write = graphql(`
  mutation Write($input: CreateMemoInput!) {
    createMemo(input: $input) { memo { id } userErrors { code message } }
  }
`);

const Preview = graphql(`
  query Preview($memoId: ID!) {
    memoDeletionPreview(memoId: $memoId) { verdict confirmationToken }
  }
`);

const Delete = graphql(`
  mutation Delete($input: DeleteMemoInput!) {
    deleteMemo(input: $input) { deletedMemoId receipt { id } userErrors { code message } }
  }
`);

const Restore = graphql(`
  mutation Restore($input: RestoreMemoInput!) {
    restoreMemo(input: $input) { memo { id name } userErrors { code message } }
  }
`);

const listed = () =>
  client.cache.readQuery({ query: Sent, variables: {} })?.memos.edges.map(({ node }) => node.id) ??
  [];

test("a deleted memo leaves the cached list, a restored one comes back", async () => {
  const written = await client.mutate({
    mutation: Write,
    variables: { input: { name: "Written with Apollo Client", draft: false } },
  });
  const memoId = written.data?.createMemo.memo?.id;
  assert(memoId, JSON.stringify(written));
  await client.query({ query: Sent, variables: {} });
  assert(listed().includes(memoId));
  const others = listed().filter((id) => id !== memoId);

  const previewed = await client.query({ query: Preview, variables: { memoId } });
  assert.equal(previewed.data?.memoDeletionPreview?.verdict, "ALLOWED");
  const deleted = await client.mutate({
    mutation: Delete,
    variables: {
      input: { memoId, confirmationToken: previewed.data?.memoDeletionPreview?.confirmationToken },
    },
    update(cache, { data }) {
      const id = data?.deleteMemo.deletedMemoId;
      if (id) {
        cache.evict({ id: cache.identify({ __typename: "Memo", id }) });
        cache.gc();
      }
    },
  });
  assert.equal(deleted.data?.deleteMemo.deletedMemoId, memoId);
  assert.deepEqual(listed(), others, "only the deleted memo has left the list");

  const deletionId = deleted.data?.deleteMemo.receipt?.id;
  assert(deletionId);
  const restored = await client.mutate({
    mutation: Restore,
    variables: { input: { deletionId } },
    refetchQueries: [Sent],
    awaitRefetchQueries: true,
  });
  assert.equal(restored.data?.restoreMemo.memo?.name, "Written with Apollo Client");
  await client.query({ query: Sent, variables: {}, fetchPolicy: "network-only" });
  assert(listed().includes(memoId));
});
