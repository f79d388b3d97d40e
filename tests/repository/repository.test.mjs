// The files that a repository is expected to have, held to what they name.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(`${root}${path}`, "utf8");
const just = (...args) =>
  execFileSync(fileURLToPath(new URL("node_modules/.bin/just", import.meta.url)), args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

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
  for (const [path] of read(".github/workflows/release.yml").matchAll(/deploy\/Containerfile|schema\.graphql/g)) {
    assert(existsSync(`${root}${path}`), path);
  }
});

test("the forms for issues are YAML with fields", () => {
  for (const name of ["defect", "wish"]) {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`));
    assert(form.name && form.description && form.body.length > 0);
  }
});

test("every everyday command can be run, and says what it does", () => {
  const { recipes } = JSON.parse(just("--dump", "--dump-format", "json"));
  assert(Object.keys(recipes).length >= 8);
  for (const recipe of Object.values(recipes)) {
    assert(recipe.doc, `${recipe.name} has no comment`);
    const needed = recipe.parameters.filter((parameter) => parameter.kind === "singular" && !parameter.default);
    just("--dry-run", recipe.name, ...needed.map(() => "x"));
    for (const [line] of recipe.body) {
      const [word] = String(line).replace(/^@/, "").trim().split(/[ =]/);
      const known = ["cargo", "just", "INSTA_UPDATE", "MEMORANDA_TEST_POSTGRES_URL"];
      assert(known.includes(word) || existsSync(`${root}${word}`), `${recipe.name} runs ${word}`);
    }
  }
});
