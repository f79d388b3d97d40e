// Uses the GraphiQL page like a person, against a running server:
//
//   MEMORANDA_URL=http://127.0.0.1:8080 MEMORANDA_TOKEN=… MEMORANDA_BIN=… \
//     node --test graphiql.test.mjs
//
// The token belongs to the demo's `author`. The program itself is started once more, as a server
// with passwords. If SCREENSHOT_DIR is set, it receives a picture of each step.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const {
  MEMORANDA_URL,
  MEMORANDA_TOKEN,
  MEMORANDA_BIN,
  SCREENSHOT_DIR,
  CHROMIUM = "/usr/bin/chromium",
} = process.env;
assert(MEMORANDA_URL && MEMORANDA_TOKEN && MEMORANDA_BIN, "set the three variables");
const server = new URL(MEMORANDA_URL);

test("the ready-made tabs fit the schema", () => {
  execFileSync(fileURLToPath(new URL("../../api/graphiql/check", import.meta.url)));
});

describe("GraphiQL without the internet", () => {
  let browser;
  let page;
  let complaints;
  let strangers;

  before(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${server.hostname}`,
      ],
    });
  });
  after(() => browser.close());

  beforeEach(async () => {
    complaints = [];
    strangers = [];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.route(
      (url) => url.origin !== server.origin,
      (route) => {
        strangers.push(route.request().url());
        return route.abort();
      },
    );
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    // A violation of the content security policy is also an error on the console.
    page.on(
      "console",
      (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()),
    );
    page.on("pageerror", (error) => complaints.push(String(error)));
    const response = await page.goto(new URL("/graphql", server).href);
    assert.equal(response.status(), 200);
    const policy = response.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
  });

  afterEach(async () => {
    await page.context().close();
    assert.deepEqual(strangers, [], "the page asked another host for something");
  });

  test("from signing in to a deletion and back, without copying an id", async () => {
    await signIn();
    await screenshot("1-signed-in");

    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page
      .locator(".graphiql-doc-explorer")
      .getByRole("link", { name: "Memo", exact: true })
      .click();
    const description = await descriptionOf("Memo");
    const documentation = page
      .locator(".graphiql-doc-explorer .graphiql-markdown-description")
      .first();
    assert.equal(words(await documentation.textContent()), words(description));
    await screenshot("2-documentation");
    await page.getByRole("button", { name: "Hide Documentation Explorer" }).click();

    await run("viewerDeletionVerdict");
    const { viewer, memos } = await answer();
    assert.equal(viewer.fullName, "Amelia Hartley");
    const { id: memoId } = memos.nodes.find((memo) => memo.viewerDeletionVerdict !== "DENIED");
    await screenshot("3-inbox");

    // Nobody copies an id: each answer gives it to the next tab.
    await page.getByRole("tab", { name: "Preview" }).click();
    await run("verdict");
    const { memoDeletionPreview: preview } = await answer();
    assert.equal(preview.memo.id, memoId);
    assert.match(preview.verdict, /^(ALLOWED|DISCOURAGED)$/);
    await screenshot("4-preview");

    await page.getByRole("tab", { name: "Delete" }).click();
    await run("deletedMemoId");
    const { deleteMemo } = await answer();
    assert.deepEqual(deleteMemo.userErrors, []);
    assert.equal(deleteMemo.deletedMemoId, memoId);
    await screenshot("5-deleted");

    await page.getByRole("tab", { name: "Restore" }).click();
    await run("restoreMemo");
    const { restoreMemo } = await answer();
    assert.deepEqual(restoreMemo.userErrors, []);
    assert.equal(restoreMemo.memo.id, memoId);
    await screenshot("6-restored");

    assert.deepEqual(complaints, []);
  });

  test("a reload keeps the tabs and who is signed in", async () => {
    await signIn();
    await page.getByRole("tab", { name: "Delete" }).click();
    await page.waitForFunction(() =>
      localStorage.getItem("graphiql:tabState")?.includes('"activeTabIndex":2'),
    );
    await page.reload();
    await page.getByText("Signed in as").waitFor();
    await page.getByRole("tab", { name: "Delete", selected: true }).waitFor();
    assert.equal(await page.getByRole("tab").count(), 5);
    assert.deepEqual(complaints, []);
  });

  test("a tab's own Authorization header wins, and no token reaches localStorage", async () => {
    await signIn();
    await page.getByRole("button", { name: "Headers" }).click();
    await replace("Headers", { Authorization: "Bearer not-a-token" });
    await run("UNAUTHENTICATED");
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert(stored.includes("graphiql:queries"), "the history has the run");
    assert(
      !stored.includes("not-a-token") && !stored.includes(MEMORANDA_TOKEN),
      "a token was stored for good",
    );
  });

  test("signing out stops what listens, and leaves no answer in any tab", async () => {
    await signIn();
    await run("viewerDeletionVerdict");
    await page.getByRole("tab", { name: "Listen" }).click();
    await replace("Variables", {});
    const stopped = page.waitForEvent("requestfailed", (request) =>
      request.postData()?.includes("memoEvents"),
    );
    await page.getByRole("button", { name: "Execute query" }).click();
    await page.getByRole("button", { name: "Stop query" }).waitFor();
    await writeMemo("Heard before signing out");
    await page.locator(".result-window").getByText("Heard before signing out").first().waitFor();
    await screenshot("8-listening");

    // GraphiQL stores its tabs a moment later, and the sign-out reloads the page.
    await page.waitForFunction(() =>
      localStorage.getItem("graphiql:tabState")?.includes('"activeTabIndex":4'),
    );
    await page.getByRole("button", { name: "Sign out" }).click();
    await stopped;
    await page.getByLabel("Token").waitFor();
    await page.getByRole("tab", { name: "Listen", selected: true }).waitFor();
    await writeMemo("Nobody receives this");
    await page.getByRole("button", { name: "Execute query" }).waitFor();
    assert.equal(await content(page.locator(".result-window .CodeMirror")), "");
    await page.getByRole("tab", { name: "Inbox" }).click();
    assert.equal(
      await content(page.locator(".result-window .CodeMirror")),
      "",
      "another tab's old answer",
    );
    await run("Sign in first");
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert(
      !stored.includes("Heard before signing out") && !stored.includes(MEMORANDA_TOKEN),
      "it is stored",
    );
    await screenshot("9-signed-out");
  });

  test("an unknown token is refused in words", async () => {
    await page.getByLabel("Token").fill("not-a-token");
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByText("The server does not accept this token.").waitFor();
    await screenshot("7-refused-token");
  });

  test("each person of the demonstration has a button", async () => {
    for (const username of ["recipient", "admin"]) {
      await page.getByRole("button", { name: new RegExp(`^${username}: `) }).click();
      await page.getByRole("status").getByText(username, { exact: true }).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
    }
    await page.getByRole("button", { name: /^stranger: / }).waitFor();
    await screenshot("10-people");
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole("button", { name: /^author: / }).click();
    await run("viewerDeletionVerdict");
    await screenshot("11-narrow");
  });

  test("variables that a person has typed stay", async () => {
    await signIn();
    await page.getByRole("tab", { name: "Preview" }).click();
    await replace("Variables", { memoId: "memo_00000000000000000000000000" });
    await run('"memoDeletionPreview": null');
    await page.getByRole("tab", { name: "Inbox" }).click();
    await run("viewerDeletionVerdict");
    await page.getByRole("tab", { name: "Preview" }).click();
    const variables = page.getByLabel("Variables", { exact: true }).locator(".CodeMirror:visible");
    assert.match(await content(variables), /memo_00000000000000000000000000/);
  });

  test("the menu opens an example in a new tab", async () => {
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("menuitem", { name: "Find" }).click();
    await page.getByRole("tab", { name: "Find", selected: true }).waitFor();
    assert.equal(await page.getByRole("tab").count(), 6);
    await signIn();
    await run("totalCount");
    await screenshot("13-example");
  });

  test("a link brings a query along, and does not run it", async () => {
    const asked = [];
    page.on("request", (request) => asked.push(request.postData() ?? ""));
    const query = "query Linked { viewer { username } }";
    await page.goto(new URL(`/graphql?query=${encodeURIComponent(query)}`, server).href);
    await page.getByRole("tab", { name: "Linked", selected: true }).waitFor();
    await page.getByRole("group", { name: "Sign in as" }).waitFor();
    assert(!asked.some((body) => body.includes("Linked")), "it ran by itself");
    await signIn();
    await run("author");
  });

  test("the Tab key leaves the editors", async () => {
    await page.locator(".graphiql-query-editor .CodeMirror").click();
    await page.keyboard.press("Tab");
    const isInEditor = await page.evaluate(
      () => document.activeElement.closest(".CodeMirror") !== null,
    );
    assert(!isInEditor, "the focus is still in the editor");
  });

  test("the search of the documentation finds fields and types", async () => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const search = page.getByRole("combobox");
    await search.click();
    await search.pressSequentially("deleteMemo");
    await page.getByRole("option").first().waitFor();
    await page.getByRole("option").first().click();
    await screenshot("14-search");
    assert.deepEqual(complaints, []);
  });

  test("nothing on the page is a serious obstacle for assistive technology", async () => {
    // GraphiQL's tabs contain their buttons, and its editors scroll by their text fields.
    const rules = {
      "nested-interactive": { enabled: false },
      "scrollable-region-focusable": { enabled: false },
    };
    await signIn();
    await run("viewerDeletionVerdict");
    for (const [width, colorScheme] of [
      [1280, "light"],
      [1280, "dark"],
      [390, "light"],
    ]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      // A change of the page in the midst of the search would end it.
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
      const found = await page.evaluate(`${axe.source}; axe.run(${JSON.stringify({ rules })})`);
      const serious = found.violations.filter(({ impact }) =>
        ["serious", "critical"].includes(impact),
      );
      const report = serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      assert.deepEqual(report, [], `at ${width} px, ${colorScheme}`);
      await screenshot(`15-${width}-${colorScheme}`);
    }
  });

  test("a browser that names another host gets no tokens", async () => {
    const { status, body } = await get("/demo/people", "crm.example.org");
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), []);
    const { body: people } = await get("/demo/people", server.host);
    assert.equal(JSON.parse(people).length, 6);
  });

  async function signIn() {
    await page.getByLabel("Token").fill(MEMORANDA_TOKEN);
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("status").getByText("author", { exact: true }).waitFor();
  }

  /** Runs the open tab and waits until the response pane shows a word. */
  async function run(word) {
    await page.getByRole("button", { name: "Execute query" }).click();
    await page.locator(".result-window").getByText(word).first().waitFor();
  }

  /** The content of the response pane. */
  async function answer() {
    return JSON.parse(await content(page.locator(".result-window .CodeMirror"))).data;
  }

  /**
   * Replaces the content of an editor by JSON, like pasting: the editor does not complete anything.
   */
  async function replace(editor, value) {
    const text = JSON.stringify(value);
    const codeMirror = page.getByLabel(editor, { exact: true }).locator(".CodeMirror:visible");
    await codeMirror.click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(text);
    assert.equal(await content(codeMirror), text);
  }

  /** The content of an editor. The page only shows the visible lines. */
  const content = (codeMirror) => codeMirror.evaluate((element) => element.CodeMirror.getValue());

  async function screenshot(name) {
    if (SCREENSHOT_DIR)
      await page.screenshot({ path: join(SCREENSHOT_DIR, `graphiql-${name}.png`) });
  }
});

describe("GraphiQL of a server with passwords", () => {
  let folder;
  let program;
  let address;
  let password;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "memoranda-browser-"));
    const env = {
      ...process.env,
      MEMORANDA_DATABASE_URL: `sqlite://${folder}/memoranda.db`,
      MEMORANDA_FILE_STORE: join(folder, "files"),
      MEMORANDA_JWT_SECRET: "a secret that is only used by this test of the browser",
    };
    const run = (...words) =>
      execFileSync(MEMORANDA_BIN, words, { env, cwd: folder, encoding: "utf8" });
    run("migrate");
    run("user", "add", "ada", "--full-name", "Ada Lovelace", "--email", "ada@example.org");
    password = run("user", "password", "ada").trim().split("\n").at(-1);
    program = spawn(MEMORANDA_BIN, ["serve", "--listen", "127.0.0.1:0"], { env, cwd: folder });
    address = await new Promise((resolve, reject) => {
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
  });

  after(async () => {
    const ended = new Promise((resolve) => program.on("exit", resolve));
    program.kill();
    await ended;
    await rm(folder, { recursive: true });
  });

  test("a person signs in with a password, and the server offers no buttons", async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(`${address}/graphql`);
      await page.getByLabel("Username").fill("ada");
      await page.getByLabel("Password").fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("status").getByText("Ada Lovelace").waitFor();
      assert.equal(await page.getByRole("group", { name: "Sign in as" }).count(), 0);
      if (SCREENSHOT_DIR) {
        await page.screenshot({ path: join(SCREENSHOT_DIR, "graphiql-12-password.png") });
      }
    } finally {
      await browser.close();
    }
  });
});

async function descriptionOf(type) {
  const response = await fetch(new URL("/graphql", server), {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${MEMORANDA_TOKEN}` },
    body: JSON.stringify({
      query: "query ($type: String!) { __type(name: $type) { description } }",
      variables: { type },
    }),
  });
  const { description } = (await response.json()).data.__type;
  assert(description, `the schema says nothing about ${type}`);
  return description;
}

/** Writes and sends a memo as the author. */
async function writeMemo(name) {
  const query = `mutation ($input: CreateMemoInput!) {
    createMemo(input: $input) { userErrors { message } }
  }`;
  const response = await fetch(new URL("/graphql", server), {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${MEMORANDA_TOKEN}` },
    body: JSON.stringify({ query, variables: { input: { name, draft: false } } }),
  });
  const { data } = await response.json();
  assert.deepEqual(data.createMemo.userErrors, []);
}

/** Asks the server, which is named as `host`. */
function get(path, host) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = server;
    const request = http.get({ hostname, port, path, headers: { Host: host } }, (response) => {
      let body = "";
      response.on("data", (part) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    request.on("error", reject);
  });
}

/** Only the words of a text, because the page renders a description's Markdown. */
const words = (text) => text.match(/\w+/g).join(" ");
