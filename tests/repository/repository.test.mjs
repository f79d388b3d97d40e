// Checks the repository's own files: everything that they name must exist.

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
// The parser imports JSON in a way that Node.js does not support, so it is bundled first.
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

const COLUMNS = 100;

/** Files whose lines we cannot break, and the reasons. */
const UNBROKEN = [
  [/(^|\/)(Cargo\.lock|package-lock\.json)$/, "lock files: cargo and npm write them"],
  [/^api\/(desk|graphiql)\/dist\//, "generated: the `build` beside it bundles it"],
  [/^schema\.graphql$/, "generated: `memoranda schema` prints it"],
  [/^docs\/settings\.md$/, "generated: `memoranda settings reference` prints it"],
  [/^tests\/snapshots\//, "snapshots: insta writes what a test has seen"],
  [/^tests\/fixtures\//, "fixtures: what a release has left in a database"],
  [/^tests\/schema\/released\.graphql$/, "a fixture: the schema of the last release"],
  [/\.der$/, "keys: no text"],
  [/\.png$/, "pictures: no text"],
  [/^LICENSE-/, "the texts of the licences, as they are published"],
];

/** A document with empty lines for its code: commands are pasted, answers are the server's. */
const withoutFences = (path, text) =>
  path.endsWith(".md")
    ? text.replace(/^```.*?^```$/gms, (code) => code.replace(/.+/g, ""))
    : text;

/** A line without its unbreakable parts: a row of a Markdown table, and the target of a link. */
function breakable(path, line) {
  if (path.endsWith(".md")) {
    if (/^\s*\|.*\|$/.test(line)) return "";
    return line.replace(/\]\([^()\s]*\)/g, "]").replace(/^(\[[^\]]+\]:) \S+$/, "$1");
  }
  // An image in the place of its address is one word.
  return path.endsWith(".html") ? line.replace(/"data:[^"]*"/g, '""') : line;
}

/** Whether a line of a file is too long, in characters. */
const isTooLong = (path, line) => [...breakable(path, line)].length > COLUMNS;

test("no line is longer than 100 columns", () => {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
  const paths = listed.split("\0").filter((path) => path && existsSync(`${root}${path}`));
  assert(paths.length > 100, "git lists the files");
  for (const [pattern, reason] of UNBROKEN) {
    assert(
      paths.some((path) => pattern.test(path)),
      `no file is exempt any more as ${reason}`,
    );
  }
  const ours = paths.filter((path) => !UNBROKEN.some(([pattern]) => pattern.test(path)));
  const tooLong = ours.flatMap((path) =>
    withoutFences(path, read(path))
      .split("\n")
      .flatMap((line, n) => (isTooLong(path, line) ? [`${path}:${n + 1}`] : [])),
  );
  assert.deepEqual(tooLong, []);
});

test("a line that is too long is found, and one that cannot be broken is left", () => {
  const words = "é".repeat(COLUMNS);
  assert(!isTooLong("a.rs", words) && isTooLong("a.rs", `${words}é`), "characters, not bytes");
  assert(isTooLong("a.md", `${words} [a](b)`) && isTooLong("a.rs", `| ${words} |`));
  assert(!isTooLong("a.md", `| ${words} |`) && !isTooLong("a.md", `See [a](${words}).`));
  assert(!isTooLong("a.md", `[a]: ${words}`) && isTooLong("a.html", `<p>${words}</p>`));
  assert.equal(withoutFences("a.md", "a\n```sh\nb\n```\nc"), "a\n\n\n\nc");
  assert(!isTooLong("a.html", `<link href="data:${words}">`));
});

test("every promise names a test that is there", () => {
  const rows = read("docs/features.md").split("\n").filter((line) => line.includes("../tests/"));
  assert(rows.length >= 20);
  for (const row of rows) {
    const [, path, name] = row.match(/\]\(\.\.\/(\S+)\) `([^`]+)` \|$/) ?? assert.fail(row);
    const start = path.endsWith(".rs") ? `fn ${name}(` : `test("${name}"`;
    assert(read(path).includes(start), `${path} has no test ${name}`);
  }
});

// `t.*` of a table changes when a later version adds a column. A server that still runs then has
// prepared statements whose rows have another shape: PostgreSQL refuses them.
test("no statement reads all columns of a table", () => {
  for (const database of ["postgres", "sqlite"]) {
    const folder = `tests/snapshots/sql/${database}`;
    for (const name of readdirSync(`${root}${folder}`)) {
      const [all] = read(`${folder}/${name}`).match(/\b(?!page\b|placed\b|x\b)\w+\.\*/) ?? [];
      assert.equal(all, undefined, `${folder}/${name}`);
    }
  }
});
