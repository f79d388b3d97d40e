// Which changes between two schemas break clients that exist, and which of them no changelog names.
import { CriticalityLevel, diff } from "@graphql-inspector/core";

/** The breaking changes from one schema to another, as `{ path, message }`. */
export async function breakingChanges(released, current) {
  const changes = await diff(released, current);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ path: path ?? "", message }));
}

/** The part of a changelog about what is not released yet. */
export function unreleased(changelog) {
  const [, section = ""] = changelog.split(/^## \[Unreleased\].*$/m);
  return section.split(/^## /m)[0];
}

/** Those of the changes whose path, such as `Memo.note`, the text does not name in backquotes. */
export function unnamed(changes, text) {
  return changes.filter(({ path }) => {
    const names = path.split(".");
    return !names.some((_, n) => text.includes(`\`${names.slice(0, n + 1).join(".")}\``));
  });
}
