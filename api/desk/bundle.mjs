// Bundles the page into dist/: one script, one style sheet, the page, the documents that it sends
// by their ids, and the licences of its packages.

import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { licenses } from "../licenses.mjs";

await rm("dist", { recursive: true, force: true });
await mkdir("dist");

const { metafile } = await build({
  entryPoints: { desk: "src/main.tsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  metafile: true,
});

await copyFile("src/index.html", "dist/index.html");
await copyFile("src/gql/persisted-documents.json", "dist/documents.json");
await writeFile("dist/licenses.txt", await licenses(metafile, "desk.js"));
