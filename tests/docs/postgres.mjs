// A PostgreSQL of the test's own, because the documents name their databases and people.

import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

/** A port that is free now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The folder with PostgreSQL's programs: the latest version that is installed. */
export function binaries() {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(a) - Number(b));
  return `/usr/lib/postgresql/${versions.at(-1)}/bin`;
}

/** Starts it in that folder. Returns its clients' variables, and a function that stops it. */
export async function startPostgres(folder) {
  const [bin, data] = [binaries(), join(folder, "data")];
  mkdirSync(folder);
  // PostgreSQL refuses to run as root. Then it runs as the user that its package created.
  const isRoot = process.getuid() === 0;
  const user = isRoot ? ["runuser", "-u", "postgres", "--"] : [];
  if (isRoot) {
    const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    chownSync(folder, id("-u"), id("-g"));
  }
  const run = (...words) => {
    const [program, ...rest] = [...user, ...words];
    execFileSync(program, rest, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  };
  const port = await freePort();
  run(join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8");
  const options = `-p ${port} -k ${folder} -c listen_addresses=localhost -c fsync=off`;
  const control = join(bin, "pg_ctl");
  run(control, "-D", data, "-l", join(folder, "log"), "-w", "-o", options, "start");
  return {
    env: { PGHOST: "localhost", PGPORT: String(port), PGUSER: "postgres" },
    stop: () => run(control, "-D", data, "-m", "immediate", "-w", "stop"),
  };
}

