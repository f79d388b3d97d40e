// urql: the cache, the token on each request, ids in place of documents, events by WebSocket.
import { authExchange } from "@urql/exchange-auth";
import { Client, fetchExchange, subscriptionExchange } from "urql";
import { createCache } from "./cache";
import { documentIds } from "./documents";
import { connectEvents } from "./events";
import { ENDPOINT, isExpiring, renew, token } from "./session";

/** A client for the person who is signed in. `onGap`: see `connectEvents`. */
export function createClient(onGap: () => void) {
  const events = connectEvents(onGap);
  const client = new Client({
    url: ENDPOINT,
    preferGetMethod: false,
    exchanges: [
      createCache(),
      authExchange(async ({ appendHeaders }) => ({
        addAuthToOperation: (operation) =>
          appendHeaders(operation, { Authorization: `Bearer ${token()}` }),
        willAuthError: isExpiring,
        didAuthError: ({ graphQLErrors }) =>
          graphQLErrors.some(({ extensions }) => extensions.code === "UNAUTHENTICATED"),
        // A request that was refused goes out again, even if a person had to sign in for that.
        refreshAuth: renew,
      })),
      documentIds,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: events.forward }),
    ],
  });
  return { client, events };
}
