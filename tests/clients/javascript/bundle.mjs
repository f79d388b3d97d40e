// Bundles each story into one file for Node: build/<client>.test.mjs. The output of relay-compiler
// replaces Relay's tagged documents.
import { readFile } from "node:fs/promises";
import { transformAsync } from "@babel/core";
import { build } from "esbuild";

const relayDocuments = {
  name: "relay documents",
  setup({ onLoad }) {
    onLoad({ filter: /\/relay\/[^/]+\.ts$/ }, async ({ path }) => {
      const { code } = await transformAsync(await readFile(path, "utf8"), {
        filename: path,
        presets: ["@babel/preset-typescript"],
        plugins: [["relay", { eagerEsModules: true, artifactDirectory: "relay/__generated__" }]],
      });
      return { contents: code, loader: "js" };
    });
  },
};

for (const client of ["urql", "apollo", "relay", "graphql-ws"]) {
  await build({
    entryPoints: [`${client}/story.test.ts`],
    outfile: `build/${client}.test.mjs`,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    // Some libraries still call require for modules of Node.
    banner: {
      js:
        'import { createRequire } from "node:module";' +
        " const require = createRequire(import.meta.url);",
    },
    plugins: [relayDocuments],
    logLevel: "warning",
  });
}
