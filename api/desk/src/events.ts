// What happens to memos, live over graphql-ws. After a break, the server continues after the last
// event that this page has received, so that nothing is missed.
import { createClient } from "graphql-ws";
import { type SubscriptionForwarder } from "@urql/core";
import { ENDPOINT, isExpiring, renew, token } from "./session";

export type Connection = "connecting" | "live" | "lost";

/** A silent connection is dead after so many milliseconds. */
const PING_EVERY = 10_000;
const PONG_WITHIN = 5_000;
const LONGEST_WAIT = 10_000;

/**
 * Connects to the server. `onGap` is called if events may have been missed: then load everything
 * again.
 */
export function connectEvents(onGap: () => void) {
  let state: Connection = "connecting";
  let lastEventId: string | undefined;
  let socket: WebSocket | undefined;
  let overdue: ReturnType<typeof setTimeout>;
  const listeners = new Set<() => void>();

  function set(next: Connection) {
    const mayHaveMissed = next === "live" && state === "lost" && lastEventId === undefined;
    state = next;
    for (const listener of listeners) listener();
    if (mayHaveMissed) onGap();
  }

  const client = createClient({
    url: new URL(ENDPOINT, location.href.replace(/^http/, "ws")).href,
    connectionParams: async () => {
      if (isExpiring()) await renew();
      return { authorization: `Bearer ${token()}`, lastEventId };
    },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: wait,
    keepAlive: PING_EVERY,
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      connected: (_socket, payload) => {
        set("live");
        lastEventId ??= payload?.lastEventId as string | undefined;
      },
      closed: () => set("lost"),
      ping: (isReceived) => {
        if (!isReceived) overdue = setTimeout(() => socket?.close(4408, "No pong"), PONG_WITHIN);
      },
      pong: (isReceived) => isReceived && clearTimeout(overdue),
    },
  });

  const forward: SubscriptionForwarder = (request) => ({
    subscribe: (sink) => ({
      unsubscribe: client.subscribe<{ memoEvents: { id: string } }>(
        { ...request, query: request.query ?? "" },
        {
          next: (result) => {
            lastEventId = result.data?.memoEvents.id ?? lastEventId;
            sink.next(result as Parameters<typeof sink.next>[0]);
          },
          error: sink.error.bind(sink),
          complete: sink.complete.bind(sink),
        },
      ),
    }),
  });

  return {
    forward,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    current: () => state,
    close: () => {
      listeners.clear();
      clearTimeout(overdue);
      void client.dispose();
    },
  };
}

/** Waits a little longer each time, but tries at once when the browser is online again. */
function wait(retries: number) {
  return new Promise<void>((resolve) => {
    const longest = Math.min(LONGEST_WAIT, 500 * 2 ** retries);
    const timer = setTimeout(end, longest * (0.5 + Math.random() / 2));
    window.addEventListener("online", end);
    function end() {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    }
  });
}
