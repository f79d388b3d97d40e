// Finds the changes between two schemas that break existing clients and that no changelog names.
import { CriticalityLevel, diff } from "@graphql-inspector/core";

/** The breaking changes from one schema to another, as `{ path, message }`. */
export async function breakingChanges(released, current) {
  const changes = await diff(released, current);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ path: path ?? "", message }));
}

/** The part of a changelog about unreleased changes. */
export function unreleased(changelog) {
  const [, section = ""] = changelog.split(/^## \[Unreleased\].*$/m);
  return section.split(/^## /m)[0];
}

/** The changes whose path, such as `Memo.note`, is not in the text in backquotes. */
export function unnamed(changes, text) {
  return changes.filter(({ path }) => {
    const names = path.split(".");
    return !names.some((_, n) => text.includes(`\`${names.slice(0, n + 1).join(".")}\``));
  });
}
