// What has changed between two previews of the same deletion, in words.
import type * as gql from "../gql/graphql";
import { VERDICTS, count } from "../words";
import type { Shown } from "./preview";

export function difference(before: Shown, after: Shown): string[] {
  const changes: string[] = [];
  if (before.verdict !== after.verdict) {
    changes.push(`“${VERDICTS[before.verdict]}” has become “${VERDICTS[after.verdict]}”.`);
  }
  changes.push(...ofTexts(before.warnings, after.warnings, "New warning", "No longer a warning"));
  const reasons = ({ refused }: Shown) =>
    refused.flatMap(({ name, reasons }) => reasons.map((text) => ({ message: `${name}: ${text}` })));
  changes.push(...ofTexts(reasons(before), reasons(after), "New obstacle", "No longer in the way"));
  changes.push(...ofItems(before.removed, after.removed, "would also go", "would no longer go"));
  changes.push(...ofItems(before.kept, after.kept, "would also stay", "would no longer be there"));
  return changes.length > 0 ? changes : ["Something that the lists do not name has changed."];
}

type Text = { message: string };

function ofTexts(before: Text[], after: Text[], added: string, gone: string): string[] {
  const lacks = (texts: Text[]) => (text: Text) =>
    !texts.some(({ message }) => message === text.message);
  return [
    ...after.filter(lacks(before)).map(({ message }) => `${added}: ${message}`),
    ...before.filter(lacks(after)).map(({ message }) => `${gone}: ${message}`),
  ];
}

/** The counts name what the pages on the screen may not have. */
function ofItems(before: gql.ItemsFragment, after: gql.ItemsFragment, more: string, less: string) {
  const counts = ({ counts }: gql.ItemsFragment) =>
    new Map(counts.map(({ kind, count }) => [kind, count]));
  const [old, fresh] = [counts(before), counts(after)];
  const kinds = new Set([...old.keys(), ...fresh.keys()]);
  return [...kinds].flatMap((kind) => {
    const change = (fresh.get(kind) ?? 0) - (old.get(kind) ?? 0);
    if (change === 0) return [];
    const known = new Set(before.nodes.map(nameOf));
    const labels = after.nodes.filter((item) => item.kind === kind && !known.has(nameOf(item)));
    const names = labels.map(({ label }) => label && `“${label}”`).filter(Boolean);
    const named = change > 0 && names.length > 0 ? ` (${names.slice(0, 3).join(", ")})` : "";
    return [`${count(Math.abs(change), kind)}${named} ${change > 0 ? more : less}.`];
  });
}

const nameOf = ({ kind, label }: gql.ItemsFragment["nodes"][number]) => `${kind} ${label}`;
