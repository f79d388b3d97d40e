#!/usr/bin/env node
// What a newcomer does, from `git clone` to a restored memo in the desk, and what each step takes.
// It needs the packages that `npm ci` installs here. The figures of the README are from it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "memoranda-newcomer-"));
const clone = join(folder, "memoranda");
const run = (program, ...words) =>
  execFileSync(program, words, { cwd: clone, stdio: ["ignore", "pipe", "inherit"] }).toString();

async function timed(what, work) {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s${result ? `, ${result}` : ""}`);
}

let office;
try {
  execFileSync("git", ["clone", "--quiet", here, clone]);
  const target = process.env.CARGO_TARGET_DIR ?? join(clone, "target");
  await timed("first build", () => {
    // `cargo run -- demo` builds the same, and then runs it.
    run("cargo", "build", "--quiet");
    return `${run("du", "-sh", target).split(/\s/)[0]}B on disk`;
  });
  process.env.MEMORANDA_BIN = join(target, "debug", "memoranda");
  const { Office } = await import("./desk/office.mjs");
  const { deleteAndRestore } = await import("./desk/newcomer.mjs");
  await timed("until the office and a browser are open", async () => {
    office = await Office.open();
  });
  await timed("deleted and restored", async () => {
    return `${await deleteAndRestore(office)} clicks and keystrokes`;
  });
} finally {
  await office?.close();
  rmSync(folder, { recursive: true });
}
