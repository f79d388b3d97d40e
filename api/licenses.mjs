// The notices of the packages that a page contains. The pages' `bundle.mjs` use it.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The notices of all bundled packages, of which `files` consist. Equal texts appear once. */
export async function licenses({ inputs }, files) {
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
  return `${files} contain these packages.\n\n${notices.join(rule)}\n`;
}

async function licenseText(folder) {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n\n");
}
