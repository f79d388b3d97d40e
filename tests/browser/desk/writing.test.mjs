// What people write in the desk: memos, comments, files, and what a recipient does with a memo.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Office, close, loseAnswer, row } from "./office.mjs";

describe("writing in the desk", () => {
  let office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office.close());

  test("a draft is written, sent, and arrives in the recipient's window", async () => {
    const recipient = await office.window("recipient", "/desk/inbox");
    const page = await office.window("author", "/desk/new");
    const name = "Written in the desk";
    await page.getByLabel("To (yourself, if empty)").fill("Nobody of that name");
    await page.getByLabel("Title").fill(name);
    await page.getByLabel("Text", { exact: true }).fill("Two lines\nof text.");
    await page.getByRole("button", { name: "Keep as a draft" }).click();
    await page.getByRole("alert").getByText("Choose the recipient from the list.").waitFor();
    assert.equal(await page.getByLabel("Title").inputValue(), name, "nothing is lost");

    await page.getByLabel("To (yourself, if empty)").fill("Rob");
    const option = page.locator('#people option[value^="Robert"]');
    await option.waitFor({ state: "attached" });
    await page.getByLabel("To (yourself, if empty)").fill(await option.getAttribute("value"));
    await page.getByRole("button", { name: "Keep as a draft" }).click();
    await page.getByRole("heading", { name }).waitFor();
    assert.match(page.url(), /\/desk\/drafts\/memo_/);
    assert.equal(await row(recipient, name).count(), 0);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await row(recipient, name).waitFor();
    await close(page, recipient);
  });

  test("a comment whose answer is lost is sent again, and is there once", async () => {
    const memoId = await office.memo("author", "recipient", "Discussed over a bad line");
    const page = await office.window("author", `/desk/sent/${memoId}`);
    await page.getByLabel("Your comment").fill("Only once, please.");
    await page.route("**/graphql", loseAnswer, { times: 1 });
    await page.getByRole("button", { name: "Add comment" }).click();
    await page.getByRole("alert").getByText("The server does not answer.").waitFor();
    assert.equal(await page.getByLabel("Your comment").inputValue(), "Only once, please.");
    await page.getByRole("button", { name: "Add comment" }).click();
    await page.waitForFunction(() => document.querySelector("textarea[name=body]").value === "");
    const memo = await office.ask("author", `{ memo(id: "${memoId}") { commentCount } }`);
    assert.equal(memo.memo.commentCount, 1);
    await page.locator(".comments").getByText("Only once, please.").waitFor();
    await close(page);
  });

  test("a file is attached with progress, and saved again as it was", async () => {
    const memoId = await office.memo("author", "recipient", "A memo with a file");
    const page = await office.window("author", `/desk/sent/${memoId}`);
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/files?*", async (route) => {
      await held;
      await route.continue();
    });
    const buffer = Buffer.from("floor,desks\n4,10\n".repeat(1000));
    await page
      .getByLabel("Attach a file")
      .setInputFiles({ name: "Räume.csv", mimeType: "text/csv", buffer });
    await page.getByRole("progressbar", { name: "Sending the file" }).waitFor();
    release();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Räume.csv 17 kB" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "Räume.csv");
    assert.deepEqual(await readFile(await download.path()), buffer);
    await close(page);
  });

  test("a recipient postpones, settles with a conclusion, and marks as unread", async () => {
    const memoId = await office.memo("author", "recipient", "To be settled");
    const page = await office.window("recipient", `/desk/inbox/${memoId}`);
    await page.locator(".row:not(.unread)", { hasText: "To be settled" }).waitFor();
    await page.getByRole("button", { name: "Mark as unread" }).click();
    await page.locator(".row.unread", { hasText: "To be settled" }).waitFor();
    await page.getByRole("button", { name: "Postpone…" }).click();
    await page.getByLabel("Look at it again on").fill("2099-01-31");
    await page.getByRole("button", { name: "Postpone", exact: true }).click();
    await page.getByText(/Postponed until Jan 31, 2099/).waitFor();
    await page.getByRole("button", { name: "Mark as reviewed…" }).click();
    await page.getByLabel("Conclusion").fill("Agreed.");
    await page.getByRole("button", { name: "Mark as reviewed", exact: true }).click();
    await page.getByText("Agreed.").waitFor();
    await row(page, "To be settled").getByText("Reviewed").waitFor();
    await close(page);
  });
});
