// The deleted memos of which the person may know, and what can be restored.
import * as gql from "../gql/graphql";
import { Pages } from "../pages";
import { Link, pathOf } from "../route";
import { Heading } from "../ui";
import { day, time } from "../words";
import { useRestore } from "./restore";

export function Deleted({ isAdmin }: { isAdmin: boolean }) {
  return (
    <article>
      <Heading>Deleted memos</Heading>
      <ul className="cards">
        <Pages
          query={gql.DeletionsDocument}
          pageOf={({ memoDeletions }) => memoDeletions}
          row={(record) => <Record key={record.id} record={record} isAdmin={isAdmin} />}
          empty="Nothing was deleted."
        />
      </ul>
    </article>
  );
}

function Record({ record, isAdmin }: { record: gql.RecordFragment; isAdmin: boolean }) {
  const restore = useRestore();
  const people = `${record.author.fullName} to ${record.recipient.fullName}`;
  return (
    <li className="card">
      <strong>{record.memoName ?? `A memo from ${people}`}</strong>
      <p className="quiet">
        {people} · deleted by {record.deletedBy.fullName}, {time(record.deletedAt)}
      </p>
      {record.reason && <p className="body">{record.reason}</p>}
      <p>{stateOf(record)}</p>
      {record.viewerCanRestore && <button onClick={() => restore([record])}>Restore</button>}
      {isAdmin && !record.restoredAt && !record.purgedAt && (
        <Link to={`${pathOf("holds")}?memo=${record.memoId}`}>Place a hold…</Link>
      )}
    </li>
  );
}

function stateOf({ restoredAt, restoredBy, purgedAt, restorableUntil }: gql.RecordFragment) {
  if (restoredAt) return `Restored by ${restoredBy?.fullName}, ${time(restoredAt)}.`;
  if (purgedAt) return `Erased on ${day(purgedAt)}.`;
  return `It can be restored until ${day(restorableUntil)}.`;
}
