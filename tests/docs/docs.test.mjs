// Runs the commands of the documents as they are printed, in order, with the real program and a
// real PostgreSQL, and compares what they print:
//
//   MEMORANDA_BIN=target/debug/memoranda node --test tests/docs/

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isAsPrinted, stable, stepsOf } from "./document.mjs";
import { binaries, freePort, startPostgres } from "./postgres.mjs";
import { Shell } from "./shell.mjs";

assert(process.env.MEMORANDA_BIN, "set MEMORANDA_BIN");
const program = resolve(process.env.MEMORANDA_BIN);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Documents whose commands are not run, and why. */
const NOT_RUN = {
  "CONTRIBUTING.md": "its commands build the program and run the tests, this one included",
  "docs/scale.md": "its commands are benchmarks, which take hours",
};

const documents = execFileSync("git", ["ls-files", "-zco", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path && existsSync(join(root, path)))
  .filter((path) => /^ *```sh$/m.test(readFileSync(join(root, path), "utf8")));

/** `cargo run` of the documents for people who have the sources: the program is built already. */
const CARGO = `#!/bin/sh
[ "$1" = run ] || { echo "cargo $*: only the program is run here" >&2; exit 2; }
while [ "$1" != -- ]; do shift; done
shift
exec memoranda "$@"
`;

/** A fresh folder with the program on the PATH, and what the documents need besides. */
async function surroundings(text, scratch) {
  const bin = join(scratch, "bin");
  const folder = join(scratch, "reader");
  for (const path of [bin, folder]) mkdirSync(path);
  symlinkSync(program, join(bin, "memoranda"));
  writeFileSync(join(bin, "cargo"), CARGO);
  chmodSync(join(bin, "cargo"), 0o755);
  const needsPostgres = /postgres:|\bpg_|\bpsql\b|\bcreatedb\b/.test(text);
  const postgres = needsPostgres ? await startPostgres(join(scratch, "postgres")) : undefined;
  const env = {
    PATH: [bin, binaries(), process.env.PATH].join(delimiter),
    HOME: folder,
    LANG: "C.UTF-8",
    TMPDIR: scratch,
    MEMORANDA_LISTEN: `127.0.0.1:${await freePort()}`,
    DATABASE_OF_VERSION_0_1: join(root, "tests/fixtures/0.1/postgres.sql"),
    DJANGO_CRM_SAMPLE: join(root, "tests/fixtures/django-crm"),
    ...postgres?.env,
  };
  return { env, folder, stop: () => postgres?.stop() };
}

/** Runs a step, and compares what it prints. */
async function take(shell, step) {
  if (step.kind === "stop") return shell.stop();
  if (step.serves) return shell.serve(step.script);
  const output = await shell.run(step.script, step.fails);
  if (step.prints && !isAsPrinted(step.prints, output)) {
    assert.equal(stable(output), step.prints.lines.map(stable).join("\n"), "what it prints");
  }
}

for (const path of documents.filter((path) => !(path in NOT_RUN))) {
  test(`the commands of ${path}`, async (context) => {
    const text = readFileSync(join(root, path), "utf8");
    const scratch = mkdtempSync(join(tmpdir(), "memoranda-docs-"));
    chmodSync(scratch, 0o755);
    const { env, folder, stop } = await surroundings(text, scratch);
    const files = join(scratch, "blocks");
    mkdirSync(files);
    const shell = new Shell(folder, files, env);
    try {
      for (const step of stepsOf(text)) {
        if (step.kind === "skip") context.diagnostic(`${path}:${step.line}: ${step.reason}`);
        else {
          await take(shell, step).catch((problem) => {
            problem.message = `${path}:${step.line}: ${problem.message}`;
            throw problem;
          });
        }
      }
    } finally {
      await shell.end();
      stop();
      rmSync(scratch, { recursive: true });
    }
  });
}

test("every document with commands is run, or there is a reason", () => {
  assert(documents.length >= 5, documents.join(", "));
  for (const path of Object.keys(NOT_RUN)) assert(documents.includes(path), `${path} has none`);
});

const BLOCK = "```sh\nfalse\n```\n";

test("a comment that is none for the test is refused", () => {
  for (const comment of ["skip", "skip: ", "sets up", "serve", "fails: why"]) {
    assert.throws(() => stepsOf(`<!-- test: ${comment} -->\n\n${BLOCK}`), /line 1/, comment);
  }
  assert.throws(() => stepsOf("<!-- test: serves -->\n"), /no block follows/);
  assert.throws(() => stepsOf("```sh\nfalse\n"), /does not end/);
});

test("blocks, set-ups and what they print are found", () => {
  const steps = stepsOf(
    `<!-- test: setup\na\n-->\n${BLOCK}\n\`\`\`text\nb\n…\n\`\`\`\n` +
      `1. c\n\n   \`\`\`sh\n   d\n   \`\`\`\n<!-- test: skip: e -->\n` +
      `${BLOCK}f\n\`\`\`json\n{}\n\`\`\`\n`,
  );
  assert.deepEqual(
    steps.map(({ kind, script, prints }) => [kind, script, prints?.lines]),
    [
      ["setup", "a", undefined],
      ["run", "false", ["b", "…"]],
      ["run", "d", undefined],
      ["skip", "false", undefined],
    ],
  );
});

test("what differs from run to run is no difference, and everything else is", () => {
  const text = (...lines) => ({ language: "text", lines });
  const memo = (day) => `memo_01m7vzgc00e2ma8xnpabmy1jk${day} at 2026-01-0${day} 10:00:00 UTC`;
  assert(isAsPrinted(text(memo(1), "12.5 KiB"), `${memo(2)}\n3 B\n`));
  assert(isAsPrinted(text("a", "…", "d"), "a\nb\nc\nd") && isAsPrinted(text("a", "…"), "a\n"));
  assert(!isAsPrinted(text("a", "…", "d"), "a\nb") && !isAsPrinted(text("a"), "a\nb"));
  assert(!isAsPrinted(text("memo 1"), "memo 2"));
  assert(isAsPrinted({ language: "json", lines: ["{}"] }, "first\n{}\n"));
  assert(!isAsPrinted({ language: "json", lines: ["{}"] }, "{}\nlast\n"));
});

test("a block whose first command fails is noticed", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "memoranda-docs-"));
  const shell = new Shell(scratch, scratch, { ...process.env, MEMORANDA_LISTEN: "127.0.0.1:1" });
  try {
    assert.equal(await shell.run("A=1; echo x"), "x\n");
    assert.equal(await shell.run('echo "$A"'), "1\n");
    await shell.run("false\necho", true);
    await assert.rejects(shell.run("true", true), /it succeeds/);
    await assert.rejects(shell.run("echo ok\nfalse\necho"), /it fails/);
  } finally {
    await shell.end();
    rmSync(scratch, { recursive: true });
  }
});
