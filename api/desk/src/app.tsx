// The frame: who is signed in, the ways through the page, the view, the news.
import { useEffect, useState, useSyncExternalStore } from "react";
import { type AnyVariables, type Client, type DocumentInput, Provider } from "urql";
import { useClient, useQuery, useSubscription } from "urql";
import { createClient } from "./client";
import { Compose } from "./compose";
import { Deleted } from "./deletion/deleted";
import * as gql from "./gql/graphql";
import { Holds } from "./holds";
import { MemoList } from "./memo-list";
import { MemoPage } from "./memo-page";
import { Notifications } from "./notifications";
import { BOXES, type BoxName, Link, pathOf, useRoute } from "./route";
import { type Person, signOut, useSession } from "./session";
import { SignIn } from "./sign-in";
import { Toasts, toast } from "./toasts";
import { Heading, Loading, Modal } from "./ui";

export function App() {
  const { session, isReady, hasEnded } = useSession();
  if (!isReady) return <Loading />;
  if (!session) {
    return (
      <main className="welcome">
        <Heading>Sign in to Memoranda</Heading>
        <SignIn />
        <p className="quiet">For programs: <a href="/graphql">GraphiQL</a></p>
      </main>
    );
  }
  return (
    <>
      <Desk key={session.person.id} person={session.person} />
      {hasEnded && (
        <Modal title="Your session has ended" isBusy onClose={() => {}}>
          <p>Sign in again to go on. Nothing on this page is lost.</p>
          <SignIn />
        </Modal>
      )}
    </>
  );
}

type Connected = ReturnType<typeof createClient>;

/** The desk of a person. If events may have been missed, it gets a client with an empty cache. */
function Desk({ person }: { person: Person }) {
  const [connected, setConnected] = useState<Connected>();
  const [starts, setStarts] = useState(0);
  const restart = () => setStarts((before) => before + 1);
  useEffect(() => {
    const created = createClient(restart);
    setConnected(created);
    return created.events.close;
  }, [starts]);
  // The next person must not read the news of this one.
  useEffect(() => () => toast(null), []);
  if (!connected) return <Loading />;
  return (
    <Provider value={connected.client}>
      <Live events={connected.events} restart={restart} person={person} />
      <Toasts />
    </Provider>
  );
}

type LiveProps = { events: Connected["events"]; restart: () => void; person: Person };

/**
 * Listens first and loads then, so that nothing happens unseen in between. Until a new client is
 * connected, the frame has the one before it, and so keeps what a person types.
 */
function Live({ events, restart, person }: LiveProps) {
  const client = useClient();
  const [connected, setConnected] = useState<Client>();
  const state = useSyncExternalStore(events.state.listen, events.state.get);
  useEvents(gql.MemoEventsDocument, restart);
  const added = useEvents(gql.NotificationAddedDocument, restart)?.notificationAdded;
  useEffect(() => {
    if (state !== "connecting") setConnected(client);
  }, [client, state]);
  if (!connected) return <Loading />;
  return (
    <Provider value={connected}>
      <Frame person={person} isLive={state === "live"} />
      <p className="hidden" role="status">
        {added && <span key={added.id}>{added.notification.message}</span>}
      </p>
    </Provider>
  );
}

/** The latest event. If the server refuses to continue, everything starts over. */
function useEvents<Data>(query: DocumentInput<Data, AnyVariables>, restart: () => void) {
  const [{ data, error }] = useSubscription({ query, variables: {} });
  useEffect(() => {
    if (!error) return;
    // The last event may be too old to continue after it. Otherwise the server is busy.
    const isOld = error.graphQLErrors[0]?.extensions.code === "BAD_USER_INPUT";
    const timer = setTimeout(restart, isOld ? 0 : 10_000);
    return () => clearTimeout(timer);
  }, [error]);
  return data;
}

function Frame({ person, isLive }: { person: Person; isLive: boolean }) {
  const route = useRoute();
  const memoId = route.view === "box" ? route.memoId : undefined;
  const isAdmin = person.role === "ADMIN";
  const [memos] = useQuery({ query: gql.UnreadCountDocument });
  const [notifications] = useQuery({ query: gql.UnreadNotificationsDocument });
  return (
    <div className={memoId ? "desk open" : "desk"}>
      <header className="bar">
        <Link to={pathOf("inbox")} className="brand">Memoranda</Link>
        <span className="who">{person.fullName}</span>
        <button onClick={signOut}>Sign out</button>
      </header>
      <div className="connection" role="status">
        {!isLive && "Connection lost. Trying again…"}
      </div>
      <nav aria-label="Memos">
        <Link to={pathOf("new")} className="button primary">New memo</Link>
        <Link to={pathOf("notifications")} isCurrent={route.view === "notifications"}>
          Notifications <Unread count={notifications.data?.unreadNotificationCount} />
        </Link>
        {(Object.keys(BOXES) as BoxName[]).map((box) => (
          <Link key={box} to={pathOf(box)} isCurrent={route.view === "box" && route.box === box}>
            {BOXES[box].title} {box === "inbox" && <Unread count={memos.data?.unreadMemoCount} />}
          </Link>
        ))}
        <Link to={pathOf("deleted")} isCurrent={route.view === "deleted"}>Deleted</Link>
        {isAdmin && <Link to={pathOf("holds")} isCurrent={route.view === "holds"}>Holds</Link>}
        <a href="/graphql">GraphiQL</a>
      </nav>
      <main>
        {route.view === "box" && <MemoList key={route.box} box={route.box} memoId={memoId} />}
        {route.view === "box" && memoId && <MemoPage key={memoId} id={memoId} box={route.box} />}
        {route.view === "new" && <Compose />}
        {route.view === "notifications" && <Notifications />}
        {route.view === "deleted" && <Deleted isAdmin={isAdmin} />}
        {route.view === "holds" && <Holds />}
      </main>
    </div>
  );
}

function Unread({ count }: { count?: number }) {
  if (!count) return null;
  return <span className="count">{count}<span className="hidden"> unread</span></span>;
}
