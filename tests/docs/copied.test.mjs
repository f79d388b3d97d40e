// Code that the documents print is a part of a file that other tests run. A comment before the
// block names the file: `<!-- from: api/desk/src/cache.ts -->`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");

/** The printed blocks with their files. */
function copied(text) {
  const blocks = text.matchAll(/^<!-- from: (\S+) -->\n\n```\w+\n(.*?)^```$/gms);
  return [...blocks].map(([, file, code]) => ({ file, code }));
}

const documents = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n");

test("code in the documents is that of the files that it names", () => {
  let found = 0;
  for (const path of documents) {
    const text = read(path);
    const blocks = copied(text);
    const named = text.match(/^<!-- from:/gm) ?? [];
    assert.equal(blocks.length, named.length, `${path}: no block follows`);
    for (const { file, code } of blocks) {
      assert(read(file).includes(code), `${path}: ${file} has no such part:\n${code}`);
      found += 1;
    }
  }
  assert(found >= 5, `${found} blocks`);
});

test("a block that differs is found", () => {
  const [{ file, code }] = copied("<!-- from: a.ts -->\n\n```ts\nb\nc\n```\n");
  assert.deepEqual({ file, code }, { file: "a.ts", code: "b\nc\n" });
});
