// Signing in with passwords and with a provider, and sessions that end while somebody works.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { close, confirm, dialogOf, launch, newPage, screenshot, start } from "./office.mjs";

const { MEMORANDA_BIN } = process.env;

describe("the desk of a server with accounts", () => {
  let folder;
  let browser;
  let server;
  let run;
  let serve;
  const passwords = {};

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "memoranda-desk-"));
    const env = {
      ...process.env,
      MEMORANDA_DATABASE_URL: `sqlite://${folder}/memoranda.db`,
      MEMORANDA_FILE_STORE: join(folder, "files"),
      MEMORANDA_JWT_SECRET: "a secret that is only used by this test of the browser",
    };
    run = (...words) => execFileSync(MEMORANDA_BIN, words, { env, cwd: folder, encoding: "utf8" });
    run("migrate");
    for (const name of ["ada", "grace"]) {
      run("user", "add", name, "--full-name", name, "--email", `${name}@example.org`);
      passwords[name] = run("user", "password", name).trim().split("\n").at(-1);
    }
    serve = (...words) =>
      start(["serve", "--desk", "on", "--listen", "127.0.0.1:0", ...words], { env, cwd: folder });
    server = await serve();
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function signIn(page, name, password = passwords[name]) {
    await page.getByLabel("Username").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  test("a wrong password is refused in words, and a reload keeps the session", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.address}/`);
    await signIn(page, "ada", "wrong");
    await page.getByRole("alert").waitFor();
    await screenshot(page, "password");
    await signIn(page, "ada");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert.equal(stored, "[{},{}]", "a token was stored");
    await page.reload();
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Password").waitFor();
    await page.reload();
    await page.getByLabel("Password").waitFor();
    await close(page);
  });

  test("a session ends in a dialog, and the deletion goes on after signing in again", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.address}/desk/new`);
    await signIn(page, "ada");
    await page.getByLabel("Title").fill("Deleted across two sessions");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Deleted across two sessions" }).waitFor();
    const dialog = await dialogOf(page);
    run("user", "sign-out", "ada");
    await confirm(dialog);
    const ended = page.getByRole("dialog", { name: "Your session has ended" });
    await ended.waitFor();
    await screenshot(page, "session-ended");
    await signIn(page, "ada");
    await page.getByText("Deleted “Deleted across two sessions”.").waitFor();
    await ended.waitFor({ state: "detached" });
    await close(page);
  });

  test("who signs in instead of somebody else sees nothing of theirs", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.address}/desk/new`);
    await signIn(page, "ada");
    await page.getByLabel("Title").fill("Only for Ada");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Only for Ada" }).waitFor();
    run("user", "sign-out", "ada");
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    await signIn(page, "grace");
    await page.getByRole("heading", { name: "No such memo" }).waitFor();
    assert.equal(await page.getByText("Only for Ada").count(), 0);
    await close(page);
  });

  test("with a provider alone, the page names it and takes its token", async () => {
    await server.stop();
    const issuer = "https://login.example.org";
    const provider = ["--oidc-issuer", issuer, "--oidc-audience", "crm"];
    server = await serve("--local-accounts", "false", ...provider);
    const page = await newPage(browser);
    await page.goto(`${server.address}/desk`);
    await page.getByText(`People sign in here with ${issuer}.`).waitFor();
    assert.equal(await page.getByLabel("Password").count(), 0);
    await page.getByLabel("Access token").fill("nonsense");
    await page.getByRole("button", { name: "Use this token" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Access token").fill(run("token", "ada").trim());
    await page.getByRole("button", { name: "Use this token" }).click();
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await close(page);
  });
});
