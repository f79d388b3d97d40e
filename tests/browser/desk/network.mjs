// A network that can fail: it cuts all connections at once, and lets none through until it is
// mended.

import { once } from "node:events";
import { connect, createServer } from "node:net";

export async function network(to) {
  const target = new URL(to);
  const open = new Set();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const destroy = () => open.forEach((socket) => socket.destroy());
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true;
      destroy();
    },
    mend() {
      isCut = false;
    },
    end() {
      destroy();
      server.close();
    },
  };
}
