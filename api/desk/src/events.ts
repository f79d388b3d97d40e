// What happens, live over graphql-ws. After a break, the server continues each subscription after
// the last event that this page has received, so that nothing is missed.
import type { SubscriptionForwarder } from "@urql/core";
import { createClient } from "graphql-ws";
import { ENDPOINT, freshToken, renew } from "./session";
import { createStore } from "./store";

export type Connection = "connecting" | "live" | "lost";

// The keys for the last id of each subscription, in the first message and its acknowledgement.
const LAST_IDS = { memoEvents: "lastEventId", notificationAdded: "lastNotificationId" };
type Events = Record<keyof typeof LAST_IDS, { id: string }>;

// In milliseconds. A connection without an answer is dead.
const PING_EVERY = 10_000;
const PONG_WITHIN = 5_000;
const LONGEST_WAIT = 10_000;

/** Connects. Calls `onGap` if events may have been missed: then load everything again. */
export function connectEvents(onGap: () => void) {
  const state = createStore<Connection>("connecting");
  const lastIds: Record<string, unknown> = {};
  let socket: WebSocket | undefined;
  let overdue: ReturnType<typeof setTimeout>;
  let isRefused = false;

  const client = createClient({
    url: new URL(ENDPOINT, location.href.replace(/^http/, "ws")).href,
    connectionParams: async () => {
      if (isRefused) await renew();
      isRefused = false;
      return { authorization: `Bearer ${await freshToken()}`, ...lastIds };
    },
    retryAttempts: Infinity,
    // Also when the server refuses the connection, but not for a mistake of this page.
    shouldRetry: (problem) => problem instanceof Event,
    retryWait: wait,
    keepAlive: PING_EVERY,
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      connected: (_socket, payload) => {
        const unknown = Object.values(LAST_IDS).filter((key) => !lastIds[key]);
        const isGap = state.get() === "lost" && unknown.length > 0;
        for (const key of unknown) lastIds[key] = payload?.[key];
        state.set("live");
        if (isGap) onGap();
      },
      closed: (event) => {
        // 4403: the server does not accept the token any more.
        isRefused = (event as CloseEvent).code === 4403;
        state.set("lost");
      },
      ping: (isReceived) => {
        if (!isReceived) overdue = setTimeout(() => socket?.close(4408, "No pong"), PONG_WITHIN);
      },
      pong: (isReceived) => isReceived && clearTimeout(overdue),
    },
  });

  const forward: SubscriptionForwarder = (request) => ({
    subscribe: (sink) => ({
      // graphql-ws demands a text; beside the document's id, the server ignores an empty one.
      unsubscribe: client.subscribe<Events>({ ...request, query: "" }, {
        next(result) {
          for (const [name, key] of Object.entries(LAST_IDS)) {
            lastIds[key] = result.data?.[name as keyof Events]?.id ?? lastIds[key];
          }
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      }),
    }),
  });

  return { forward, state, close: () => void client.dispose() };
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
