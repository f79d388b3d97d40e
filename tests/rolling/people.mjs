// The people of the test: authors who write and delete memos all the time, and listeners.

import assert from "node:assert/strict";
import { createClient as createSse } from "graphql-sse";
import { createClient as createWebSocket } from "graphql-ws";
import { WebSocket } from "ws";

const EVENTS = "subscription Listen($after: ID) { memoEvents(after: $after) { id kind memoId } }";

/** Runs an operation, and fails if any part of it fails. */
export async function ask(url, token, query, variables) {
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const { data, errors } = JSON.parse(text);
  assert.equal(errors, undefined, text);
  for (const payload of Object.values(data)) assert.deepEqual(payload?.userErrors ?? [], [], text);
  return data;
}

/**
 * Writes memos, comments on some and deletes the others, until it is stopped. `expected` records
 * what should have happened.
 */
export async function work(load, name) {
  const { url, token, recipient, expected } = load;
  for (let number = 0; load.goesOn; number += 1) {
    const { createMemo } = await ask(
      url,
      token,
      `mutation Write($input: CreateMemoInput!) {
        createMemo(input: $input) { memo { id } userErrors { code } }
      }`,
      { input: { name: `${name} ${number}`, recipientId: recipient, draft: false } },
    );
    const memoId = createMemo.memo.id;
    const kinds = ["SENT"];
    expected.set(memoId, kinds);
    if (number % 2) {
      await ask(
        url,
        token,
        `mutation Comment($input: AddCommentInput!) {
          addComment(input: $input) { userErrors { code } }
        }`,
        { input: { memoId, body: "Soon." } },
      );
      kinds.push("COMMENTED");
    } else {
      const { memoDeletionPreview: preview } = await ask(
        url,
        token,
        `query Preview($memoId: ID!) {
          memoDeletionPreview(memoId: $memoId) { verdict confirmationToken }
        }`,
        { memoId },
      );
      assert.equal(preview.verdict, "ALLOWED");
      const { deleteMemo } = await ask(
        url,
        token,
        `mutation Delete($input: DeleteMemoInput!) {
          deleteMemo(input: $input) { deletedMemoId replayed userErrors { code } }
        }`,
        { input: { memoId, confirmationToken: preview.confirmationToken } },
      );
      assert.deepEqual(deleteMemo, { deletedMemoId: memoId, replayed: false, userErrors: [] });
      kinds.push("DELETED");
    }
    await ask(url, token, "query Sent { memos(box: SENT, first: 5) { nodes { id name } } }");
    load.answered(number % 2 ? 3 : 4);
  }
}

/** A person who listens, and continues after every break where it ended. */
export class Listener {
  constructor(transport, url, token) {
    this.transport = transport;
    this.events = [];
    this.connections = 0;
    this.goesOn = true;
    const headers = { authorization: `Bearer ${token}` };
    this.client =
      transport === "sse"
        ? createSse({ url: `${url}/graphql`, headers, retryAttempts: 0 })
        : createWebSocket({
            url: `${url.replace("http", "ws")}/graphql`,
            webSocketImpl: WebSocket,
            connectionParams: headers,
            retryAttempts: 0,
          });
  }

  async listen() {
    while (this.goesOn) {
      this.connections += 1;
      const after = this.events.at(-1)?.id;
      try {
        for await (const { data, errors } of this.client.iterate({
          query: EVENTS,
          variables: { after },
        })) {
          assert.equal(errors, undefined, JSON.stringify(errors));
          this.events.push(data.memoEvents);
        }
      } catch (problem) {
        if (problem instanceof assert.AssertionError || problem?.code === 4400) throw problem;
        this.problem = problem;
      }
    }
  }

  async end() {
    this.goesOn = false;
    await this.client.dispose();
  }
}
