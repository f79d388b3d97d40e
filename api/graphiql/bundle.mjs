// Bundles the page into dist/: one script, one style sheet, the page, and the licences of its
// packages.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { licenses } from "../licenses.mjs";

// GraphiQL's style sheet contains 35 font faces as data. The page uses the fonts of the machine
// instead.
const withoutFonts = {
  name: "without-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/graphiql\/.*\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
  },
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist");

const { metafile } = await build({
  entryPoints: { graphiql: "src/main.jsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  jsx: "automatic",
  target: "es2022",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  // Subscriptions use server-sent events, so GraphiQL's optional WebSocket client is not installed.
  external: ["graphql-ws"],
  legalComments: "none",
  plugins: [withoutFonts],
  metafile: true,
});

await copyFile("src/index.html", "dist/index.html");
await writeFile("dist/licenses.txt", await licenses(metafile, "graphiql.js and graphiql.css"));
