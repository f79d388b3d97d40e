// Two servers on one PostgreSQL behind a real proxy. One after the other is stopped and started
// again while people work. No request fails, nothing is done twice, and listeners miss nothing:
//
//   MEMORANDA_BIN=target/debug/memoranda MEMORANDA_TEST_POSTGRES_URL=postgres://… \
//     node --test tests/rolling/

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { Listener, ask, work } from "./people.mjs";
import { Server, freePort, memoranda, startProxy } from "./processes.mjs";

const { MEMORANDA_BIN, MEMORANDA_TEST_POSTGRES_URL } = process.env;
assert(
  MEMORANDA_BIN && MEMORANDA_TEST_POSTGRES_URL,
  "set MEMORANDA_BIN and MEMORANDA_TEST_POSTGRES_URL",
);

/** How many requests are answered between two steps. */
const REQUESTS = 800;
const WORKERS = 40;

const database = `memoranda_rolling_${randomBytes(8).toString("hex")}`;
const url = new URL(MEMORANDA_TEST_POSTGRES_URL);
url.pathname = `/${database}`;
const folder = await mkdtemp(join(tmpdir(), "memoranda-rolling-"));
const postgres = new pg.Client(MEMORANDA_TEST_POSTGRES_URL);
const running = [];

after(async () => {
  for (const end of running.reverse()) await end();
  await postgres.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await postgres.end();
  await rm(folder, { recursive: true });
});

/** Completes when the condition is true. Other processes make it true. */
async function until(what) {
  while (!(await what())) await new Promise((resolve) => setImmediate(resolve));
}

const LIMIT = { timeout: 240_000 };
test("servers are stopped and started one after the other under load", LIMIT, async () => {
  await postgres.connect();
  await postgres.query(`CREATE DATABASE ${database}`);
  const settings = {
    HOME: folder,
    MEMORANDA_DATABASE_URL: url.href,
    MEMORANDA_JWT_SECRET: randomBytes(48).toString("base64"),
    MEMORANDA_FILE_STORE: join(folder, "files"),
    MEMORANDA_TRUSTED_PROXIES: "127.0.0.1",
    MEMORANDA_DRAIN_SECONDS: process.env.MEMORANDA_DRAIN_SECONDS ?? "4",
    MEMORANDA_OPERATIONS_PER_MINUTE: "0",
    MEMORANDA_MUTATIONS_PER_MINUTE: "0",
    MEMORANDA_ADDRESS_OPERATIONS_PER_MINUTE: "0",
  };
  await memoranda(settings, "migrate");
  for (const name of ["author", "recipient"]) {
    await memoranda(
      settings,
      "user",
      "add",
      name,
      "--full-name",
      name,
      "--email",
      `${name}@example.org`,
    );
  }
  const token = await memoranda(settings, "token", "author");
  const recipientToken = await memoranda(settings, "token", "recipient");
  const servers = [];
  for (let number = 0; number < 2; number += 1) {
    const server = new Server(settings, await freePort());
    running.push(() => server.kill());
    await server.start();
    servers.push(server);
  }
  const { proxy, url: address, said } = await startProxy(servers);
  running.push(() => proxy.kill("SIGKILL"));

  const { viewer } = await ask(address, recipientToken, "{ viewer { id } }");
  const load = {
    url: address,
    token,
    recipient: viewer.id,
    expected: new Map(),
    goesOn: true,
    count: 0,
  };
  load.answered = (requests) => (load.count += requests);

  const listeners = ["websocket", "websocket", "sse", "sse"].map(
    (kind) => new Listener(kind, address, recipientToken),
  );
  const listening = listeners.map((listener) => listener.listen());
  // A listener is ready after it has received its first event.
  let warmUps = 0;
  while (listeners.some(({ events }) => events.length === 0)) {
    const input = { name: `warm-up ${(warmUps += 1)}`, recipientId: viewer.id, draft: false };
    await ask(
      address,
      token,
      `mutation Write($input: CreateMemoInput!) {
        createMemo(input: $input) { memo { id } userErrors { code } }
      }`,
      { input },
    );
  }

  // The first failure ends the test with its own message.
  const working = Promise.all(
    Array.from({ length: WORKERS }, (_, number) => work(load, `worker ${number}`)),
  );
  const unbroken = (promise) =>
    Promise.race([promise, Promise.all([working, ...listening]).then(() => promise)]);
  const more = () => {
    const target = load.count + REQUESTS;
    return unbroken(until(() => load.count >= target));
  };
  await more();
  for (const server of servers) {
    assert.equal(await unbroken(server.stop()), 0, server.lines.slice(-20).join("\n"));
    assert(
      server.lines.some((line) => line.includes("draining")),
      "it drains",
    );
    await more();
    await server.start();
    await unbroken(until(() => server.operations > 0));
    await more();
  }
  load.goesOn = false;
  await working;

  const { expected } = load;
  const total = [...expected.values()].reduce((sum, kinds) => sum + kinds.length, 0);
  const ours = ({ events }) => events.filter(({ memoId }) => expected.has(memoId));
  await unbroken(until(() => listeners.every((listener) => ours(listener).length >= total)));
  for (const listener of listeners) {
    const heard = new Map();
    for (const { memoId, kind } of ours(listener))
      heard.set(memoId, [...(heard.get(memoId) ?? []), kind]);
    assert.deepEqual(heard, expected, `${listener.transport}: everything, once and in order`);
    assert(listener.connections > 1, `${listener.transport}: it has connected anew`);
    await listener.end();
  }
  assert.deepEqual(ours(listeners[0]), ours(listeners[2]), "all in the same order");
  await Promise.all(listening);

  const own = new pg.Client(url.href);
  await own.connect();
  const { rows } = await own.query(
    `SELECT
      (SELECT COUNT(*) FROM memos WHERE name LIKE 'worker%')::int AS memos,
      (SELECT COUNT(*) FROM comments)::int AS comments,
      (SELECT COUNT(*) FROM memo_deletions)::int AS deletions,
      (SELECT COUNT(DISTINCT name) FROM memos WHERE name LIKE 'worker%')::int AS names`,
  );
  await own.end();
  const count = (kind) => [...expected.values()].filter((kinds) => kinds.includes(kind)).length;
  const memos = count("COMMENTED");
  assert.deepEqual(
    rows[0],
    { memos, comments: memos, deletions: count("DELETED"), names: memos },
    "nothing is done twice",
  );
  const failed = said()
    .split("\n")
    .filter((line) => line.includes("/graphql") && / 5\d\d \d/.test(line));
  assert.deepEqual(failed, [], "the proxy answered for nobody");
  for (const server of servers) assert.equal(await server.stop(), 0);
});
