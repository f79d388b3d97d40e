// The frame: who is signed in, the ways through the page, the view, the news.
import { useEffect, useState, useSyncExternalStore } from "react";
import { Provider, useQuery, useSubscription } from "urql";
import { createClient } from "./client";
import { Compose } from "./compose";
import { Deleted } from "./deletion/deleted";
import type { Connection } from "./events";
import * as gql from "./gql/graphql";
import { Holds } from "./holds";
import { MemoList } from "./memo-list";
import { MemoPage } from "./memo-page";
import { BOXES, type BoxName, Link, pathOf, useRoute } from "./route";
import { type Person, signOut, useSession } from "./session";
import { SignIn } from "./sign-in";
import { Toasts } from "./toasts";
import { Heading, Loading, Modal } from "./ui";

export function App() {
  const { session, isReady, hasEnded } = useSession();
  if (!isReady) return <Loading />;
  if (!session) {
    return (
      <main className="welcome">
        <Heading>Sign in to Memoranda</Heading>
        <SignIn />
        <p className="quiet">
          For programs: <a href="/graphql">GraphiQL</a>
        </p>
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

/** The desk of a person. If events may have been missed, it starts over with an empty cache. */
function Desk({ person }: { person: Person }) {
  const [connected, setConnected] = useState<ReturnType<typeof createClient>>();
  const [restarts, setRestarts] = useState(0);
  useEffect(() => {
    const created = createClient(() => setRestarts((before) => before + 1));
    setConnected(created);
    return created.events.close;
  }, [restarts]);
  if (!connected) return <Loading />;
  return (
    <Provider key={restarts} value={connected.client}>
      <Live
        events={connected.events}
        restart={() => setRestarts((before) => before + 1)}
        person={person}
      />
    </Provider>
  );
}

type LiveProps = {
  events: ReturnType<typeof createClient>["events"];
  restart: () => void;
  person: Person;
};

/** Listens first and loads then, so that nothing happens unseen in between. */
function Live({ events, restart, person }: LiveProps) {
  const state = useSyncExternalStore(events.subscribe, events.current);
  const [{ error }] = useSubscription({ query: gql.MemoEventsDocument });
  // The server cannot continue after the last event: it is too old.
  useEffect(() => {
    if (error && !error.networkError) restart();
  }, [error]);
  if (state === "connecting") return <Loading />;
  return (
    <>
      <Frame person={person} state={state} />
      <Toasts />
    </>
  );
}

function Frame({ person, state }: { person: Person; state: Connection }) {
  const route = useRoute();
  const [{ data }] = useQuery({ query: gql.UnreadCountDocument });
  const unread = data?.unreadMemoCount;
  const isOpen = route.view === "box" && route.memoId !== undefined;
  return (
    <div className={isOpen ? "desk open" : "desk"}>
      <header className="bar">
        <Link to={pathOf("inbox")} className="brand">
          Memoranda
        </Link>
        <span className="who">
          {person.fullName} <span className="chip">{person.username}</span>
        </span>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <div className="connection" role="status">
        {state === "lost" && "Connection lost. Trying again…"}
      </div>
      <nav aria-label="Memos">
        <Link to={pathOf("new")} className="primary button" isCurrent={route.view === "new"}>
          New memo
        </Link>
        {(Object.keys(BOXES) as BoxName[]).map((box) => (
          <Link
            key={box}
            to={pathOf(box)}
            isCurrent={route.view === "box" && route.box === box && !isOpen}
            className={route.view === "box" && route.box === box ? "here" : undefined}
          >
            {BOXES[box].title}
            {box === "inbox" && !!unread && <Count unread={unread} />}
          </Link>
        ))}
        <Link to={pathOf("deleted")} isCurrent={route.view === "deleted"}>
          Deleted
        </Link>
        {person.role === "ADMIN" && (
          <Link to={pathOf("holds")} isCurrent={route.view === "holds"}>
            Holds
          </Link>
        )}
        <a href="/graphql">GraphiQL</a>
      </nav>
      <main className={route.view === "box" ? "two" : undefined}>
        {route.view === "box" && <MemoList key={route.box} box={route.box} memoId={route.memoId} />}
        {route.view === "box" && route.memoId && (
          <MemoPage key={route.memoId} id={route.memoId} box={route.box} />
        )}
        {route.view === "new" && <Compose />}
        {route.view === "deleted" && <Deleted isAdmin={person.role === "ADMIN"} />}
        {route.view === "holds" && <Holds />}
      </main>
    </div>
  );
}

const Count = ({ unread }: { unread: number }) => (
  <span className="count">
    {unread}
    <span className="hidden"> unread</span>
  </span>
);
