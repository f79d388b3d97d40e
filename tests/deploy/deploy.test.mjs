// Tests the files of deploy/, as far as this is possible without a container engine:
//
//   MEMORANDA_BIN=target/debug/memoranda node --test tests/deploy/

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";

const { MEMORANDA_BIN } = process.env;
assert(MEMORANDA_BIN, "set MEMORANDA_BIN");
const folder = fileURLToPath(new URL("../../deploy/", import.meta.url));
const run = promisify(execFile);
const read = (name) => readFile(join(folder, name), "utf8");

async function inFolder(use) {
  const temporary = await mkdtemp(join(tmpdir(), "memoranda-deploy-"));
  try {
    return await use(temporary);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

test("every setting in the files exists in the program", async () => {
  const { stdout } = await run(MEMORANDA_BIN, ["serve", "--help"]);
  const known = new Set(stdout.match(/MEMORANDA_[A-Z_]+/g));
  let named = 0;
  for (const file of await readdir(folder)) {
    for (const [variable] of (await read(file)).matchAll(/MEMORANDA_[A-Z_]+/g)) {
      assert(known.has(variable), `${file} names ${variable}`);
      named += 1;
    }
  }
  assert(named > 8, "they name some");
});

test("the example of a settings file is read by the program", async () => {
  await inFolder(async (temporary) => {
    // The example contains no secret, and the program would refuse it without one.
    const secret = `jwt-secret = "${"s".repeat(48)}"`;
    const example = (await read("memoranda.example.toml")).replace(/^jwt-secret = .*$/m, secret);
    await writeFile(join(temporary, "memoranda.toml"), example);
    const { stdout } = await run(MEMORANDA_BIN, ["settings"], { cwd: temporary, env: {} });
    assert.match(
      stdout,
      /database-url = "postgres:\/\/memoranda:\*\*\*@postgres\/memoranda" +# file/,
    );
  });
});

test("the servers of compose.yaml have what they need, and no other rights", async () => {
  const { services, secrets, volumes, networks } = parse(await read("compose.yaml"), {
    merge: true,
  });
  assert.deepEqual(Object.keys(services).sort(), [
    "memoranda-1",
    "memoranda-2",
    "migrate",
    "postgres",
    "proxy",
  ]);
  for (const [name, service] of Object.entries(services)) {
    for (const secret of service.secrets ?? [])
      assert(secrets[secret.source ?? secret], `${name}: ${secret}`);
    for (const volume of service.volumes ?? [])
      assert(volume.startsWith("./") || volume.split(":")[0] in volumes, volume);
    for (const network of service.networks) assert(network in networks, network);
    for (const other of Object.keys(service.depends_on ?? {})) assert(other in services, other);
    if (name === "postgres") continue;
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
  }
  const server = services["memoranda-1"];
  assert.deepEqual(server, services["memoranda-2"], "the two are the same");
  assert.equal(
    networks.memoranda.ipam.config[0].subnet,
    server.environment.MEMORANDA_TRUSTED_PROXIES,
  );
  const config = `/run/secrets/${server.secrets[0].target}`;
  assert.equal(server.environment.MEMORANDA_CONFIG, config);
  assert(
    Number(server.environment.MEMORANDA_DRAIN_SECONDS) + 30 <
      parseInt(server.stop_grace_period, 10),
  );
  const proxied = Object.values(services.proxy.environment).slice(1);
  assert.deepEqual(proxied, ["memoranda-1:8080", "memoranda-2:8080"]);
});

test("systemd reads the unit", async (context) => {
  const found = await run("systemd-analyze", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!found) return context.skip("there is no systemd-analyze here");
  await inFolder(async (temporary) => {
    // systemd requires that the unit's program exists, and that its path has no space.
    const unit = (await read("memoranda.service")).replace("/usr/local/bin/memoranda", "/bin/true");
    await writeFile(join(temporary, "memoranda.service"), unit);
    const { stderr } = await run("systemd-analyze", [
      "verify",
      "--man=no",
      join(temporary, "memoranda.service"),
    ]);
    const complaints = stderr.split("\n").filter((line) => line.includes("memoranda.service"));
    assert.deepEqual(complaints, []);
  });
});

test("the image has all that the program needs, for a user without rights", async (context) => {
  if (process.getuid() !== 0) return context.skip("only root can change its root");
  await inFolder(async (root) => {
    await run(join(folder, "image-root"), [MEMORANDA_BIN, root]);
    await chmod(root, 0o755);
    const memoranda = (...words) =>
      run("chroot", ["--userspec=65532:65532", root, "/usr/local/bin/memoranda", ...words], {
        env: {
          PATH: process.env.PATH,
          MEMORANDA_DATABASE_URL: "sqlite:///var/lib/memoranda/memoranda.db",
          MEMORANDA_JWT_SECRET: "x".repeat(32),
        },
      });
    assert.match((await memoranda("--version")).stdout, /^memoranda \d/);
    await memoranda("migrate");
    await memoranda(
      "user",
      "add",
      "ada",
      "--full-name",
      "Ada",
      "--email",
      "ada@example.org",
      "--role",
      "admin",
    );
    const doctor = await memoranda("doctor", "--file-store", "/var/lib/memoranda/files");
    assert(
      doctor.stdout
        .split("\n")
        .filter(Boolean)
        .every((line) => line.startsWith("ok")),
      doctor.stdout,
    );
    await access(join(root, "var/lib/memoranda/memoranda.db"));
  });
});
