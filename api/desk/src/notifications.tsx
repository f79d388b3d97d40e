// What others have done that concerns the person. Opening a notification marks it as read.
import { useMutation, useQuery } from "urql";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { Link, pathOf } from "./route";
import { Heading, Problem } from "./ui";
import { time } from "./words";

export function Notifications() {
  const [{ data }] = useQuery({ query: gql.NotificationsDocument });
  const [all, markAll] = useMutation(gql.MarkAllNotificationsReadDocument);
  // What comes after the latest one on this page is not marked, because nobody has seen it.
  const upTo = data?.notifications.nodes[0]?.createdAt;
  return (
    <article>
      <Heading>Notifications</Heading>
      <div className="actions">
        <button onClick={() => markAll({ input: { upTo } })}>Mark all as read</button>
      </div>
      <Problem error={all.error ?? all.data?.markAllNotificationsRead.userErrors[0]} />
      <ul className="rows">
        <Pages
          query={gql.NotificationsDocument}
          pageOf={({ notifications }) => notifications}
          row={(notification) => <Row key={notification.id} notification={notification} />}
          empty="There is nothing here."
        />
      </ul>
    </article>
  );
}

function Row({ notification }: { notification: gql.NotificationFragment }) {
  const [{ data, error }, markRead] = useMutation(gql.MarkNotificationsReadDocument);
  const { id, message, createdAt, readAt, memo, deletion } = notification;
  const mark = () => {
    if (!readAt) void markRead({ input: { notificationIds: [id] } });
  };
  const to = memo ? pathOf("all", memo.id) : deletion && pathOf("deleted");
  const content = (
    <>
      <span className="name">{!readAt && <span className="hidden">Unread: </span>}{message}</span>
      <span className="quiet">{time(createdAt)}</span>
    </>
  );
  return (
    <li className={readAt ? "row" : "row unread"}>
      {to ? <Link to={to} onFollow={mark}>{content}</Link> : <div>{content}</div>}
      <Problem error={error ?? data?.markNotificationsRead.userErrors[0]} />
      {!to && !readAt && <button onClick={mark}>Mark as read</button>}
    </li>
  );
}
