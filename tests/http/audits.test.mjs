// The official audits of GraphQL over HTTP, against a running server:
//
//   MEMORANDA_URL=http://127.0.0.1:8080 node --test audits.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";
import { serverAudits } from "graphql-http";

const { MEMORANDA_URL } = process.env;
assert(MEMORANDA_URL, "set MEMORANDA_URL");

const audits = serverAudits({ url: new URL("/graphql", MEMORANDA_URL).href, fetchFn: fetch });

test("there are as many audits as when this was written", () => {
  assert.equal(audits.length, 61);
});

// Neither errors nor warnings are allowed: a "should" of the audits counts as a "must" here.
for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.reason);
  });
}
