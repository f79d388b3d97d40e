// Relay: `@deleteRecord` removes the deleted memo from a connection, and `node` finds it again by
// its global id.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Environment,
  Network,
  RecordSource,
  Store,
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getRequest,
  graphql,
  type GraphQLTaggedNode,
  type MutationParameters,
} from "relay-runtime";
import { endpoint, headers } from "../environment";
import type { storyDeleteMutation } from "./__generated__/storyDeleteMutation.graphql";
import type { storyNodeQuery } from "./__generated__/storyNodeQuery.graphql";
import type { storyPreviewQuery } from "./__generated__/storyPreviewQuery.graphql";
import type { storyRestoreMutation } from "./__generated__/storyRestoreMutation.graphql";
import type { storySentQuery } from "./__generated__/storySentQuery.graphql";
import type { storyWriteMutation } from "./__generated__/storyWriteMutation.graphql";

const environment = new Environment({
  network: Network.create(async ({ text: query }, variables) => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        ...headers,
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }),
  store: new Store(new RecordSource()),
});

const Sent = graphql`
  query storySentQuery {
    memos(box: SENT, first: 50) @connection(key: "story_memos") {
      edges { node { id name } }
    }
  }
`;

const Write = graphql`
  mutation storyWriteMutation($input: CreateMemoInput!) {
    createMemo(input: $input) { memo { id } userErrors { code message } }
  }
`;

const Preview = graphql`
  query storyPreviewQuery($memoId: ID!) {
    memoDeletionPreview(memoId: $memoId) { verdict confirmationToken }
  }
`;

const Delete = graphql`
  mutation storyDeleteMutation($input: DeleteMemoInput!) {
    deleteMemo(input: $input) {
      deletedMemoId @deleteRecord
      receipt { id }
      userErrors { code message }
    }
  }
`;

const Restore = graphql`
  mutation storyRestoreMutation($input: RestoreMemoInput!) {
    restoreMemo(input: $input) { memo { id name } userErrors { code message } }
  }
`;

const ById = graphql`
  query storyNodeQuery($id: ID!) {
    node(id: $id) { __typename id ... on Memo { name } }
  }
`;

function commit<M extends MutationParameters>(
  mutation: GraphQLTaggedNode,
  variables: M["variables"],
) {
  return new Promise<M["response"]>((resolve, reject) => {
    commitMutation<M>(environment, { mutation, variables, onCompleted: resolve, onError: reject });
  });
}

/** The ids of the connection in the store, without a request to the server. */
function listed(): string[] {
  const operation = createOperationDescriptor(getRequest(Sent), {});
  const { data } = environment.lookup(operation.fragment);
  const { memos } = data as storySentQuery["response"];
  return (memos.edges ?? []).flatMap((edge) => (edge?.node ? [edge.node.id] : []));
}

test("a deleted memo leaves the connection, and node finds it again once restored", async () => {
  const written = await commit<storyWriteMutation>(Write, {
    input: { name: "Written with Relay", draft: false },
  });
  const memoId = written.createMemo.memo?.id;
  assert(memoId, JSON.stringify(written));
  // Data on the page must stay in the store.
  environment.retain(createOperationDescriptor(getRequest(Sent), {}));
  await fetchQuery<storySentQuery>(environment, Sent, {}).toPromise();
  assert(listed().includes(memoId));
  const others = listed().filter((id) => id !== memoId);

  const previewed = await fetchQuery<storyPreviewQuery>(environment, Preview, {
    memoId,
  }).toPromise();
  assert.equal(previewed?.memoDeletionPreview?.verdict, "ALLOWED");
  const confirmationToken = previewed?.memoDeletionPreview?.confirmationToken;
  const deleted = await commit<storyDeleteMutation>(Delete, {
    input: { memoId, confirmationToken },
  });
  assert.equal(deleted.deleteMemo.deletedMemoId, memoId);
  assert.deepEqual(listed(), others, "only the deleted memo has left the connection");

  const deletionId = deleted.deleteMemo.receipt?.id;
  assert(deletionId);
  const restored = await commit<storyRestoreMutation>(Restore, { input: { deletionId } });
  assert.equal(restored.restoreMemo.memo?.id, memoId);
  const found = await fetchQuery<storyNodeQuery>(environment, ById, { id: memoId }).toPromise();
  assert.deepEqual(found?.node, { __typename: "Memo", id: memoId, name: "Written with Relay" });
});
