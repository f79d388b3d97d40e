// The processes of the test: two servers on one database, and the proxy with the configuration
// from deploy/.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const { MEMORANDA_BIN, HAPROXY = "haproxy" } = process.env;
const CONFIGURATION = fileURLToPath(new URL("../../deploy/haproxy.cfg", import.meta.url));
const run = promisify(execFile);

/** A port that is free now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The output of a command of the program. */
export async function memoranda(settings, ...words) {
  const { stdout } = await run(MEMORANDA_BIN, words, { env: settings, cwd: settings.HOME });
  return stdout.trim();
}

/** A server that can be stopped and started again. */
export class Server {
  constructor(settings, port) {
    this.settings = { ...settings, MEMORANDA_LISTEN: `127.0.0.1:${port}` };
    this.address = `127.0.0.1:${port}`;
    this.lines = [];
  }

  async start() {
    const { settings } = this;
    this.operations = 0;
    this.process = spawn(MEMORANDA_BIN, ["serve"], {
      env: settings,
      cwd: settings.HOME,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.ended = once(this.process, "exit");
    const lines = createInterface(this.process.stderr);
    await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        this.lines.push(line);
        if (line.includes("listening on")) resolve();
        if (line.includes(": operation ")) this.operations += 1;
      });
      lines.on("close", () =>
        reject(new Error(`a server ended:\n${this.lines.slice(-20).join("\n")}`)),
      );
    });
  }

  /** Asks it to stop, like an operator. Returns its exit code. */
  async stop() {
    this.process.kill("SIGTERM");
    const [code] = await this.ended;
    return code;
  }

  kill() {
    this.process?.kill("SIGKILL");
  }
}

/** Starts the proxy, and returns the address on which it listens. */
export async function startProxy(servers) {
  const port = await freePort();
  const proxy = spawn(HAPROXY, ["-db", "-f", CONFIGURATION], {
    env: {
      PATH: process.env.PATH,
      LISTEN: `127.0.0.1:${port}`,
      SERVER_1: servers[0].address,
      SERVER_2: servers[1].address,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  proxy.stdout.on("data", (text) => (said += text));
  proxy.stderr.on("data", (text) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    assert.equal(proxy.exitCode, null, said);
  }
  return { proxy, url, said: () => said };
}
