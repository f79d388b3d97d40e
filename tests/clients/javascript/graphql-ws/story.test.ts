// graphql-ws as its documentation shows it. Its socket breaks many times while other people write
// comments.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { endpoint, headers } from "../environment";

const { MEMORANDA_URL, MEMORANDA_RECIPIENT_TOKEN } = process.env;
if (!MEMORANDA_URL || !MEMORANDA_RECIPIENT_TOKEN) throw new Error("set MEMORANDA_RECIPIENT_TOKEN");

const BREAKS = 10;
/**
 * How long the others pause between two comments, in milliseconds: a server accepts 300 changes
 * per minute from a person.
 */
const PAUSE = 250;

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Runs an operation as a person. No payload may have errors. */
async function ask<T>(authorization: string, query: string, variables: object): Promise<T> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  for (const payload of Object.values<any>(data)) assert.deepEqual(payload.userErrors ?? [], []);
  return data;
}

/**
 * A network that can break: it cuts connections at any point, without closing them properly.
 */
async function network(to: URL) {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/graphql`,
    break: () => open.forEach((socket) => socket.destroy()),
    end: () => server.close(),
  };
}

type MemoEvents = { memoEvents: { id: string; kind: string } };

test("a client whose socket breaks ten times gets every event once, in order", async () => {
  const author = headers.Authorization;
  const recipient = `Bearer ${MEMORANDA_RECIPIENT_TOKEN}`;
  const { viewer } = await ask<{ viewer: { id: string } }>(recipient, "{ viewer { id } }", {});
  const { createMemo } = await ask<{ createMemo: { memo: { id: string } } }>(
    author,
    `mutation ($input: CreateMemoInput!) {
      createMemo(input: $input) { memo { id } userErrors { message } }
    }`,
    { input: { name: "Discussed over a bad line", recipientId: viewer.id, draft: false } },
  );
  const memoId = createMemo.memo.id;

  const line = await network(new URL(MEMORANDA_URL));
  let connections = 0;
  // The documentation recommends these four lines about `lastEventId`.
  let lastEventId: string | undefined;
  const client = createClient({
    url: line.url,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: author, lastEventId }),
    on: {
      connected: (_socket, payload) => {
        lastEventId ??= payload?.lastEventId as string;
        connections += 1;
      },
    },
  });
  const heard: string[] = [];
  const query = "subscription ($memoId: ID!) { memoEvents(memoId: $memoId) { id kind } }";
  const ended = new Promise<void>((resolve, reject) => {
    client.subscribe<MemoEvents>(
      { query, variables: { memoId } },
      {
        next: ({ data, errors }) => {
          if (!data) return reject(new Error(JSON.stringify(errors)));
          lastEventId = data.memoEvents.id;
          if (data.memoEvents.kind === "COMMENTED") heard.push(data.memoEvents.id);
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  const failed = ended.then(() => assert.fail("the subscription has ended"));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await Promise.race([failed, sleep(5)]);
  };
  await until(() => connections === 1);

  // The first break comes before any event. The others continue in any case.
  let written = 0;
  let goesOn = true;
  const writing = (async () => {
    for (; goesOn; written += 1) {
      await ask(
        recipient,
        `mutation ($input: AddCommentInput!) {
          addComment(input: $input) { comment { id } userErrors { message } }
        }`,
        { input: { memoId, body: `Comment ${written}` } },
      );
      await sleep(PAUSE);
    }
  })();
  for (let broken = 1; broken <= BREAKS; broken += 1) {
    line.break();
    await until(() => connections === broken + 1);
    const before = heard.length;
    await until(() => heard.length > before);
  }
  goesOn = false;
  await writing;
  await until(() => heard.length >= written);

  // A client that was never cut off knows the truth: every event, once, in order.
  const [first] = heard;
  const whole: string[] = [];
  const steady = createClient({
    url: endpoint.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: author, lastEventId: first }),
  });
  for await (const { data } of steady.iterate<MemoEvents>({ query, variables: { memoId } })) {
    assert(data);
    whole.push(data.memoEvents.id);
    if (whole.length === written - 1) break;
  }
  assert.equal(connections, BREAKS + 1);
  assert.equal(heard.length, written);
  assert.deepEqual(heard.slice(1), whole);
  await client.dispose();
  await steady.dispose();
  line.end();
});
