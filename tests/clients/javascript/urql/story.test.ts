// urql with documents typed by GraphQL Code Generator's client preset.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, fetchExchange } from "@urql/core";
import { endpoint, headers } from "../environment";
import { graphql } from "./generated";

const client = new Client({
  url: endpoint,
  exchanges: [fetchExchange],
  fetchOptions: { headers },
  preferGetMethod: false,
});

const Colleague = graphql(`
  query Colleague {
    viewer { id }
    users(first: 2) { nodes { id fullName } }
  }
`);

const Write = graphql(`
  mutation Write($input: CreateMemoInput!) {
    createMemo(input: $input) {
      memo { id stage draft }
      userErrors { code field message }
    }
  }
`);

const Preview = graphql(`
  query Preview($memoId: ID!) {
    memoDeletionPreview(memoId: $memoId) {
      verdict
      confirmationToken
      blockers { code message }
      warnings { code message count }
      removed(first: 20) {
        totalCount
        nodes { kind label node { __typename id } }
      }
    }
  }
`);

const Delete = graphql(`
  mutation Delete($input: DeleteMemoInput!) {
    deleteMemo(input: $input) {
      deletedMemoId
      receipt { id restorableUntil }
      userErrors { code message }
    }
  }
`);

const Restore = graphql(`
  mutation Restore($input: RestoreMemoInput!) {
    restoreMemo(input: $input) {
      memo { id name }
      missing { kind label }
      userErrors { code message }
    }
  }
`);

const Read = graphql(`
  query Read($id: ID!) {
    memo(id: $id) { id name }
  }
`);

test("a memo is previewed, deleted and restored", async () => {
  const people = await client.query(Colleague, {}).toPromise();
  assert.equal(people.error, undefined);
  const colleague = people.data?.users.nodes.find(({ id }) => id !== people.data?.viewer?.id);
  assert(colleague);

  const written = await client
    .mutation(Write, {
      input: { name: "Written with urql", recipientId: colleague.id, draft: false },
    })
    .toPromise();
  assert.equal(written.error, undefined);
  assert.deepEqual(written.data?.createMemo.userErrors, []);
  const memoId = written.data?.createMemo.memo?.id;
  assert(memoId);

  const previewed = await client.query(Preview, { memoId }).toPromise();
  const preview = previewed.data?.memoDeletionPreview;
  assert(preview);
  assert.equal(preview.verdict, "ALLOWED");
  assert.deepEqual(preview.blockers, []);

  const { confirmationToken } = preview;
  const deleted = await client
    .mutation(Delete, { input: { memoId, confirmationToken } })
    .toPromise();
  assert.deepEqual(deleted.data?.deleteMemo.userErrors, []);
  assert.equal(deleted.data?.deleteMemo.deletedMemoId, memoId);
  const receipt = deleted.data?.deleteMemo.receipt;
  assert(receipt);
  const gone = await client.query(Read, { id: memoId }).toPromise();
  assert.equal(gone.data?.memo, null);

  const restored = await client
    .mutation(Restore, { input: { deletionId: receipt.id } })
    .toPromise();
  assert.deepEqual(restored.data?.restoreMemo.missing, []);
  assert.deepEqual(restored.data?.restoreMemo.memo, { id: memoId, name: "Written with urql" });
});

test("a mistake in a document is one error, with a code", async () => {
  const { error } = await client.query("{ nobodyHasThis }" as never, {}).toPromise();
  assert.equal(error?.graphQLErrors.length, 1);
  assert.equal(error?.response.status, 400);
  assert.equal(error?.graphQLErrors[0]?.extensions.code, "BAD_USER_INPUT");
});
