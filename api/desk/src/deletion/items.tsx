// What goes, or what stays: counts, then the items page by page.
import type * as gql from "../gql/graphql";
import { KINDS, REASONS, count } from "../words";

type Item = gql.ItemsFragment["nodes"][number];
type Props = { title: string; items: gql.ItemsFragment; isBusy: boolean; more: () => void };

export function Items({ title, items, isBusy, more }: Props) {
  const left = (items.totalCount - items.nodes.length).toLocaleString();
  return (
    <details className="items" open>
      <summary>
        <strong>{title}:</strong>{" "}
        {items.counts.map((one) => count(one.count, one.kind)).join(", ") || "nothing"}
      </summary>
      <ul>{items.nodes.map((item, index) => <li key={index}>{describe(item)}</li>)}</ul>
      {items.pageInfo.hasNextPage && (
        <button disabled={isBusy} onClick={more}>
          {isBusy ? "Loading…" : `Show more (${left} left)`}
        </button>
      )}
    </details>
  );
}

function describe({ kind, label, reason, keptBy }: Item): string {
  const [one] = KINDS[kind];
  const what = `${one} ${label ? `“${label}”` : "that you cannot see"}`;
  const by = keptBy.flatMap(({ node }) => (node && "name" in node ? `“${node.name}”` : []));
  const why = reason && [REASONS[reason], ...by].join(" ");
  return why ? `${what}: ${why}` : what;
}
