// Bundles the page into dist/: one script, one style sheet, the page, and the licences of its
// packages.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

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
await writeFile("dist/licenses.txt", await licenses(metafile));

/** The notices of all bundled packages. Equal texts appear once. */
async function licenses({ inputs }) {
  const folders = new Set(
    Object.keys(inputs)
      .map((path) => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
      .filter(Boolean),
  );
  const packagesByText = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const text = await licenseText(folder);
    packagesByText.set(text, [
      ...(packagesByText.get(text) ?? []),
      `${name} ${version} (${license})`,
    ]);
  }
  const notices = [...packagesByText].map(([text, packages]) =>
    `${packages.join("\n")}\n\n${text}`.trim(),
  );
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  return `graphiql.js and graphiql.css contain these packages.\n\n${notices.join(rule)}\n`;
}

async function licenseText(folder) {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n\n");
}
