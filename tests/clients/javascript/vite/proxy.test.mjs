// A page of Vite's development server talks to Memoranda through its proxy, as docs/clients.md
// shows: queries, files, cookies and WebSockets, without CORS.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { createClient } from "graphql-ws";
import { createServer } from "vite";
import WebSocket from "ws";

const { MEMORANDA_TOKEN } = process.env;
let vite;
let address;

before(async () => {
  const configFile = fileURLToPath(new URL("vite.config.js", import.meta.url));
  vite = await createServer({
    configFile,
    root: fileURLToPath(new URL(".", import.meta.url)),
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
  });
  await vite.listen();
  address = `http://127.0.0.1:${vite.httpServer.address().port}`;
});
after(() => vite.close());

const bearer = { Authorization: `Bearer ${MEMORANDA_TOKEN}` };

async function ask(query) {
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { ...bearer, "Content-Type": "application/json", Origin: address },
    body: JSON.stringify({ query }),
  });
  assert.equal(response.status, 200);
  return response.json();
}

test("queries and files go through the proxy", async () => {
  const { data } = await ask("{ viewer { username } }");
  assert.deepEqual(data, { viewer: { username: "author" } });
  const stored = await fetch(`${address}/files?name=plan.txt`, {
    method: "PUT",
    headers: { ...bearer, "Content-Type": "text/plain" },
    body: "the plan",
  });
  const { id } = await stored.json();
  const answer = await ask(`{ node(id: "${id}") { ... on File { downloadUrl } } }`);
  const read = await fetch(address + answer.data.node.downloadUrl);
  assert.equal(await read.text(), "the plan");
});

test("a WebSocket goes through the proxy", async () => {
  class FromPage extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { origin: address });
    }
  }
  const client = createClient({
    url: `${address.replace("http", "ws")}/graphql`,
    webSocketImpl: FromPage,
    connectionParams: { authorization: bearer.Authorization },
  });
  const answers = client.iterate({ query: "{ viewer { username } }" });
  const { value } = await answers.next();
  assert.deepEqual(value.data, { viewer: { username: "author" } });
  await client.dispose();
});
