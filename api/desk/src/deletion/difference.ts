// What has changed between two previews of the same deletion, in words.
import type * as gql from "../gql/graphql";
import { VERDICTS, count } from "../words";
import type { Shown } from "./preview";

export function difference(before: Shown, now: Shown): string[] {
  const changes = [
    ...ofTexts([VERDICTS[before.verdict]], [VERDICTS[now.verdict]], "Now", "No longer"),
    ...ofTexts(reasons(before), reasons(now), "New", "No longer"),
    ...ofItems(before.removed, now.removed, "more to go", "fewer to go"),
    ...ofItems(before.kept, now.kept, "more to stay", "fewer to stay"),
  ];
  return changes.length > 0 ? changes : ["Something that the lists do not count has changed."];
}

const reasons = ({ refused, warnings }: Shown) => [
  ...refused.map(({ name, message }) => `${name}: ${message}`),
  ...warnings.map(({ message }) => message),
];

const ofTexts = (before: string[], now: string[], added: string, gone: string) => [
  ...now.filter((text) => !before.includes(text)).map((text) => `${added}: ${text}`),
  ...before.filter((text) => !now.includes(text)).map((text) => `${gone}: ${text}`),
];

/** Counts, because the changed item may not be on the page that is loaded; its name if it is. */
function ofItems(before: gql.ItemsFragment, now: gql.ItemsFragment, more: string, fewer: string) {
  const countOf = ({ counts }: gql.ItemsFragment, kind: gql.DeletionItemKind) =>
    counts.find((one) => one.kind === kind)?.count ?? 0;
  const kinds = new Set([...before.counts, ...now.counts].map(({ kind }) => kind));
  return [...kinds].flatMap((kind) => {
    const change = countOf(now, kind) - countOf(before, kind);
    if (change === 0) return [];
    const [long, short] = change > 0 ? [now, before] : [before, now];
    const names = namesOf(long, kind).filter((name) => !namesOf(short, kind).includes(name));
    const named = names.length > 0 ? `: ${names.slice(0, 3).join(", ")}` : "";
    return [`${count(Math.abs(change), kind)} ${change > 0 ? more : fewer}${named}`];
  });
}

const namesOf = ({ nodes }: gql.ItemsFragment, wanted: gql.DeletionItemKind) =>
  nodes.flatMap(({ kind, label }) => (kind === wanted && label ? `“${label}”` : []));
