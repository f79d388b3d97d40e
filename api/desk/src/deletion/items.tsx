// What goes, or what stays: counts, then the items page by page.
import type * as gql from "../gql/graphql";
import { KINDS, REASONS, count } from "../words";

type Item = gql.ItemsFragment["nodes"][number];
type Props = { title: string; items: gql.ItemsFragment; isBusy: boolean; more: () => void };

export function Items({ title, items, isBusy, more }: Props) {
  const left = items.totalCount - items.nodes.length;
  return (
    <section className="items">
      <h3>
        {title} <span className="count">{items.totalCount}</span>
      </h3>
      <p>{items.counts.map((one) => count(one.count, one.kind)).join(", ") || "Nothing."}</p>
      <details>
        <summary>Show each</summary>
        <ul>
          {items.nodes.map((item, index) => (
            <li key={index}>{describe(item)}</li>
          ))}
        </ul>
        {items.pageInfo.hasNextPage && (
          <button type="button" disabled={isBusy} onClick={more}>
            {isBusy ? "Loading…" : `Show more (${left.toLocaleString()} left)`}
          </button>
        )}
      </details>
    </section>
  );
}

function describe({ kind, label, reason, keptBy }: Item): string {
  const what = `${KINDS[kind][0]} ${label ? `“${label}”` : "that you cannot see"}`;
  const by = keptBy.flatMap(({ node }) => (node && "name" in node ? `“${node.name}”` : []));
  const why = reason && (by.length > 0 ? `${REASONS[reason]}: ${by.join(", ")}` : REASONS[reason]);
  return why ? `${what} (${why})` : what;
}
