// Checks schema.graphql for developers who generate code from it: it follows the usual rules, and
// breaking changes since the last release are documented.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSchema } from "graphql";
import { breakingChanges, unnamed, unreleased } from "./breaking.mjs";
import { reference } from "./reference.mjs";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(file(path), "utf8");

test("the schema keeps the rules that are recommended for schemas", () => {
  const eslint = file("node_modules/eslint/bin/eslint.js");
  const options = [
    "--config",
    "tests/schema/eslint.config.mjs",
    "--max-warnings",
    "0",
    "schema.graphql",
  ];
  execFileSync(process.execPath, [eslint, ...options], { cwd: file("../.."), stdio: "inherit" });
});

test("what breaks existing clients is named in the changelog", async () => {
  const released = buildSchema(read("released.graphql"));
  const changes = await breakingChanges(released, buildSchema(read("../../schema.graphql")));
  const surprises = unnamed(changes, unreleased(read("../../CHANGELOG.md"))).map(
    ({ message }) => message,
  );
  assert.deepEqual(
    surprises,
    [],
    "name each in CHANGELOG.md under Unreleased, as `Type.field`, or take it back",
  );
});

test("a field that is gone is found, and accepted where the changelog names it", async () => {
  const before = buildSchema("type Query { memo(id: ID!): String note: String }");
  const after = buildSchema("type Query { memo(id: ID!, draft: Boolean!): String title: String }");
  const changes = await breakingChanges(before, after);
  assert.deepEqual(changes.map(({ path }) => path).sort(), ["Query.memo.draft", "Query.note"]);
  const changelog =
    "# Changes\n\n## [Unreleased]\n\n- `Query.note` is gone.\n\n" +
    "## [0.1.0]\n\n- `Query.memo.draft`\n";
  assert.deepEqual(
    unnamed(changes, unreleased(changelog)).map(({ path }) => path),
    ["Query.memo.draft"],
  );
  assert.deepEqual(await breakingChanges(before, before), []);
});

test("the reference of the API is that of the schema", () => {
  const current = reference(read("../../schema.graphql"));
  const remedy = "run: node tests/schema/reference.mjs > docs/api.md";
  assert(read("../../docs/api.md") === current, remedy);
  for (const part of ["### deleteMemo\n", "- `box: MemoBox! = INBOX`: ", "- `DISCOURAGED`: "]) {
    assert(current.includes(part), part);
  }
});
