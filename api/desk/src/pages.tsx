// Lists, page by page.
import { type ReactNode, useState } from "react";
import { type AnyVariables, type DocumentInput, useQuery } from "urql";
import { Loading, Problem } from "./ui";

type Page<Node> = {
  nodes: Node[];
  pageInfo: {
    hasNextPage?: boolean;
    endCursor?: string | null;
    hasPreviousPage?: boolean;
    startCursor?: string | null;
  };
};

type PagesProps<Data, Node> = {
  query: DocumentInput<Data, AnyVariables>;
  variables?: object;
  cursor?: string;
  pageOf: (data: Data) => Page<Node> | undefined;
  row: (node: Node) => ReactNode;
  empty: string;
  more?: string;
  /** Begins with the last page; earlier ones are above. */
  isUpward?: boolean;
};

/**
 * A page as list items, and the next one once the person asks. Each is a query of its own and
 * begins where the page before it ends now, so none is skipped or doubled when rows come and go.
 */
export function Pages<Data, Node>(props: PagesProps<Data, Node>) {
  const { query, cursor, pageOf, row, empty, more = "Show more", isUpward } = props;
  const [hasNext, setHasNext] = useState(false);
  const variables = { ...props.variables, [isUpward ? "before" : "after"]: cursor };
  const [{ data, error }, execute] = useQuery({ query, variables });
  const page = data && pageOf(data);
  if (!page) {
    const retry = () => execute({ requestPolicy: "network-only" });
    return <li>{error ? <Problem error={error} retry={retry} /> : <Loading />}</li>;
  }
  const { hasNextPage, endCursor, hasPreviousPage, startCursor } = page.pageInfo;
  const end = (isUpward ? hasPreviousPage && startCursor : hasNextPage && endCursor) || undefined;
  const next = end && hasNext && <Pages {...props} cursor={end} />;
  const button = end && !hasNext && (
    <li>
      <button type="button" onClick={() => setHasNext(true)}>{more}</button>
    </li>
  );
  return (
    <>
      {isUpward && (next || button)}
      {page.nodes.length === 0 && !cursor && <li className="quiet">{empty}</li>}
      {page.nodes.map(row)}
      {!isUpward && (next || button)}
    </>
  );
}
