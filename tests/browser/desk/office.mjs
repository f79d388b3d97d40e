// An office for the tests of the desk: a server of its own with the demo's data, its people as they
// use the page, and requests of programs beside them.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const { MEMORANDA_BIN, SCREENSHOT_DIR, CHROMIUM = "/usr/bin/chromium" } = process.env;
assert(MEMORANDA_BIN, "set MEMORANDA_BIN to the program");

/** Starts the program and resolves with its address, once it has printed it. */
export function start(words, options = {}) {
  const program = spawn(MEMORANDA_BIN, words, options);
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const address = new Promise((resolve, reject) => {
    let log = "";
    program.on("exit", () => reject(new Error(log)));
    for (const stream of [program.stdout, program.stderr]) {
      stream.on("data", (part) => {
        log += part;
        const found = log.match(/http:\/\/127\.0\.0\.1:\d+/);
        if (found) resolve(found[0]);
      });
    }
  });
  const stop = (signal = "SIGTERM") => {
    program.kill(signal);
    return ended;
  };
  return address.then((address) => ({ address, stop }));
}

export class Office {
  /** Opens an office in a folder of its own. */
  static async open() {
    const office = new Office();
    office.folder = await mkdtemp(join(tmpdir(), "memoranda-desk-"));
    await office.startServer("127.0.0.1:0");
    office.listen = new URL(office.address).host;
    office.browser = await launch();
    const people = await (await fetch(`${office.address}/demo/people`)).json();
    office.people = Object.fromEntries(people.map((person) => [person.username, person]));
    return office;
  }

  async startServer(listen = this.listen) {
    const words = ["demo", "--folder", join(this.folder, "demo"), "--listen", listen];
    this.server = await start(words, { cwd: this.folder });
    this.address = this.server.address;
  }

  async close() {
    await this.browser.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Removes all events, as the server does once they are old. The server must not run. */
  forgetEvents() {
    const script = `import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    for table in ("memo_event_viewers", "memo_events"):
        database.execute(f"DELETE FROM {table}")`;
    execFileSync("python3", ["-c", script, join(this.folder, "demo", "demo.db")]);
  }

  /** A window of a person who has signed in, at a view of the desk. */
  async window(username, path = "/desk", options = {}) {
    const page = await newPage(this.browser, options);
    await page.goto(this.address + path);
    await page.getByRole("button", { name: this.people[username].fullName }).click();
    await page.getByRole("navigation").waitFor();
    return page;
  }

  /** What a program of that person asks. Nothing may fail or be refused. */
  async ask(username, query, input) {
    const response = await fetch(`${this.address}/graphql`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${this.people[username].token}`,
      },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    for (const answer of Object.values(data)) assert.deepEqual(answer?.userErrors ?? [], []);
    return data;
  }

  /** A memo from one person to another; returns its id. */
  async memo(from, to, name, input = {}) {
    const { users } = await this.ask(
      from,
      `{ users(filter: { text: "${this.people[to].fullName}" }) { nodes { id } } }`,
    );
    const { createMemo } = await this.ask(
      from,
      `mutation ($input: CreateMemoInput!) {
        createMemo(input: $input) { memo { id } userErrors { message } }
      }`,
      { name, recipientId: users.nodes[0].id, ...input },
    );
    return createMemo.memo.id;
  }

  async comment(username, memoId, body) {
    await this.ask(
      username,
      `mutation ($input: AddCommentInput!) {
        addComment(input: $input) { userErrors { message } }
      }`,
      { memoId, body },
    );
  }

  async review(username, memoId) {
    await this.ask(
      username,
      `mutation ($input: ReviewMemoInput!) {
        reviewMemo(input: $input) { userErrors { message } }
      }`,
      { memoId },
    );
  }

  /** The records of a memo's deletions that a person sees. */
  async records(username, memoId) {
    const query = `{ memoDeletions(filter: { memoId: "${memoId}" }) {
      nodes { id restoredAt deletedBy { username } }
    } }`;
    return (await this.ask(username, query)).memoDeletions.nodes;
  }
}

export const launch = () =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

/** A window of its own session. What the page writes to the console fails the test. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on("console", (message) => {
    // Chromium notes each request that fails. Tests that break the connection cause such failures.
    const isNetwork = /Failed to load resource|WebSocket connection/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isNetwork) {
      page.complaints.push(message.text());
    }
  });
  page.on("pageerror", (error) => page.complaints.push(error.stack));
  return page;
}

/** Closes windows, which must not have complained. */
export async function close(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
}

/** Opens the deletion dialog of the memo that is shown, and waits for its verdict. */
export async function dialogOf(page) {
  await page.getByRole("button", { name: "Delete…" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^(You can delete|Better keep|You cannot delete) (it|them)$/).waitFor();
  return dialog;
}

export const confirm = (dialog) =>
  dialog.getByRole("button", { name: /^Delete( \d+)?$/ }).click();

/** Lets the server do what is asked, and loses its answer. */
export async function loseAnswer(route) {
  await route.fetch();
  await route.abort();
}

export const row = (page, name) => page.locator(".row", { hasText: name });

export async function screenshot(page, name) {
  if (SCREENSHOT_DIR) await page.screenshot({ path: join(SCREENSHOT_DIR, `desk-${name}.png`) });
}
