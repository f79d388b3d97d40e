// Lists, page by page.
import { type ReactNode, useState } from "react";
import { type AnyVariables, type DocumentInput, useQuery } from "urql";
import { Loading, Problem } from "./ui";

type Cursor = string | null;
type Forward = { hasNextPage: boolean; endCursor: Cursor };
type Backward = { hasPreviousPage: boolean; startCursor: Cursor };

type PagesProps<Data, Node> = {
  query: DocumentInput<Data, AnyVariables>;
  variables?: object;
  cursor?: string;
  /** A page that goes on backwards begins with the last items; earlier ones are above. */
  pageOf: (data: Data) => { nodes: Node[]; pageInfo: Forward | Backward } | undefined;
  row: (node: Node) => ReactNode;
  empty: string;
};

/**
 * A page as list items, and the next one once the person asks. Each is a query of its own and
 * begins where the page before it ends now, so none is skipped or doubled when rows come and go.
 */
export function Pages<Data, Node>(props: PagesProps<Data, Node>) {
  const { query, variables, cursor, pageOf, row, empty } = props;
  const [hasNext, setHasNext] = useState(false);
  const [{ data, error }, execute] = useQuery({ query, variables: { ...variables, cursor } });
  const page = data && pageOf(data);
  if (!page) {
    const retry = () => execute({ requestPolicy: "network-only" });
    return <li>{error ? <Problem error={error} retry={retry} /> : <Loading />}</li>;
  }
  const { nodes, pageInfo } = page;
  const isBackward = "startCursor" in pageInfo;
  const hasMore = isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
  const end = (isBackward ? pageInfo.startCursor : pageInfo.endCursor) ?? undefined;
  const more = hasMore && (hasNext ? <Pages {...props} cursor={end} /> : (
    <li>
      <button onClick={() => setHasNext(true)}>Show {isBackward ? "earlier ones" : "more"}</button>
    </li>
  ));
  return (
    <>
      {isBackward && more}
      {nodes.length === 0 && !cursor && <li className="quiet">{empty}</li>}
      {nodes.map(row)}
      {!isBackward && more}
    </>
  );
}
