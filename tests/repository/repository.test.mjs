// The files that a repository is expected to have, held to what they name.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(`${root}${path}`, "utf8");
// The parser imports JSON in a way that Node.js does not know: it has to be bundled first.
const bundle = fileURLToPath(new URL("node_modules/.workflow.cjs", import.meta.url));
buildSync({
  entryPoints: [fileURLToPath(new URL("workflow.mjs", import.meta.url))],
  bundle: true,
  platform: "node",
  format: "cjs",
  outfile: bundle,
  logLevel: "error",
});
const { mistakes } = createRequire(import.meta.url)(bundle);

test("the workflows are what GitHub understands", async () => {
  const workflows = readdirSync(`${root}.github/workflows`);
  assert(workflows.length >= 2);
  for (const name of workflows) {
    assert.deepEqual(await mistakes(name, read(`.github/workflows/${name}`)), []);
  }
});

test("a mistake in a workflow is found", async () => {
  const check = read(".github/workflows/check.yml");
  assert.notDeepEqual(await mistakes("wrong", check.replace("runs-on:", "run-on:")), []);
  assert.notDeepEqual(await mistakes("wrong", check.replace("github.ref", "githib.ref")), []);
});

test("what the workflows call is there", () => {
  assert.match(read(".github/workflows/check.yml"), /run: tests\/run\n/);
  for (const [path] of read(".github/workflows/release.yml").matchAll(
    /deploy\/Containerfile|schema\.graphql/g,
  )) {
    assert(existsSync(`${root}${path}`), path);
  }
});

test("the forms for issues are YAML with fields", () => {
  for (const name of ["defect", "wish"]) {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`));
    assert(form.name && form.description && form.body.length > 0);
  }
});

test("every everyday command runs something that is there, and says what it does", () => {
  const lines = read("justfile").split("\n");
  const starts = lines.flatMap((line, n) => (/^[a-z][a-z-]*( [^:]*)?:/.test(line) ? [n] : []));
  assert(starts.length >= 8);
  for (const start of starts) {
    const [name] = lines[start].split(/[ :]/);
    assert.match(lines[start - 1], /^# [A-Z]/, `${name} has no comment`);
    const end = lines.findIndex((line, n) => n > start && !line.startsWith("    "));
    const body = lines.slice(start + 1, end).map((line) => line.trim().replace(/^@/, ""));
    assert(body.length > 0, `${name} does nothing`);
    for (const line of body) {
      const [word] = line.split(/[ =]/);
      const known = ["cargo", "just", "INSTA_UPDATE", "MEMORANDA_TEST_POSTGRES_URL"];
      assert(known.includes(word) || existsSync(`${root}${word}`), `${name} runs ${word}`);
    }
  }
});
