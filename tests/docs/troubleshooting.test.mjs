// Each error text that docs/troubleshooting.md quotes is one that the program still writes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The sources without the line breaks within texts. */
const sources = execFileSync("git", ["ls-files", "-z", "api/src", "service/src"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path.endsWith(".rs"))
  .map((path) => readFileSync(join(root, path), "utf8").replaceAll(/\\\n\s*/g, ""))
  .join("\n");

test("every quoted error is one that the program writes", () => {
  const text = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
  const quotes = [...text.matchAll(/^> (.+)$/gm)].map(([, quote]) => quote);
  assert(quotes.length > 10);
  assert.deepEqual(
    quotes.filter((quote) => !sources.includes(quote)),
    [],
  );
});
