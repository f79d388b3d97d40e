// What people write in the desk: memos, comments, files, and what a recipient does with a memo.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Office, close, loseAnswer, row, screenshot } from "./office.mjs";

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

  test("a draft is edited by keyboard, and its new words are sent", async () => {
    const input = { draft: true, description: "Begun in haste." };
    const memoId = await office.memo("author", "recipient", "To be worded", input);
    const page = await office.window("author", `/desk/drafts/${memoId}`);
    const edit = page.getByRole("button", { name: "Edit" });
    await edit.press("Enter");
    const title = page.getByRole("textbox", { name: "Title" });
    assert(await title.evaluate((element) => element === document.activeElement));
    assert.equal(await page.getByRole("button", { name: "Send", exact: true }).count(), 0);
    await title.fill("Given up");
    await page.getByRole("button", { name: "Cancel" }).press("Enter");
    await page.getByRole("heading", { name: "To be worded" }).waitFor();
    assert(await edit.evaluate((element) => element === document.activeElement));

    await page.keyboard.press("Enter");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Worded with care");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Two lines\nof text.");
    await page.route("**/graphql", (route) => route.abort(), { times: 1 });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("The server does not answer.").waitFor();
    assert.equal(await title.inputValue(), "Worded with care", "nothing is lost");
    await page.getByRole("button", { name: "Save" }).press("Enter");
    await page.getByRole("heading", { name: "Worded with care" }).waitFor();
    await page.locator("article .body").getByText("Two lines\nof text.").waitFor();
    await row(page, "Worded with care").waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const query = `{ memo(id: "${memoId}") { name description } }`;
    await edit.waitFor({ state: "detached" });
    const { memo } = await office.ask("recipient", query);
    assert.deepEqual(memo, { name: "Worded with care", description: "Two lines\nof text." });
    await close(page);
  });

  test("what another window has saved of a draft is shown before it is replaced", async () => {
    const memoId = await office.memo("author", "recipient", "In two windows", { draft: true });
    const [first, second] = [
      await office.window("author", `/desk/drafts/${memoId}`),
      await office.window("author", `/desk/drafts/${memoId}`),
    ];
    const text = (page) => page.getByRole("textbox", { name: "Text" });
    const save = (page) => page.getByRole("button", { name: "Save" }).click();
    for (const page of [first, second]) await page.getByRole("button", { name: "Edit" }).click();
    await text(second).fill("Written in the first place.");
    await text(first).fill("Written in the other window.");
    await save(first);
    await first.getByRole("button", { name: "Edit" }).waitFor();

    const saved = async () =>
      (await office.ask("author", `{ memo(id: "${memoId}") { description } }`)).memo.description;
    const change = second.getByRole("alert").filter({ hasText: "Nothing was saved" });
    const isAnswer = (response) => response.request().postData()?.includes("expectedVersion");
    for (const attempt of ["once", "twice, as by a double click"]) {
      await Promise.all([second.waitForResponse(isAnswer), save(second)]);
      await change.getByText("Written in the other window.").waitFor();
      assert.equal(await saved(), "Written in the other window.", attempt);
    }
    await screenshot(second, "stale-draft");
    assert.equal(await text(second).inputValue(), "Written in the first place.");
    await change.getByRole("button", { name: "I have seen this" }).click();
    await save(second);
    await second.getByRole("button", { name: "Edit" }).waitFor();
    assert.equal(await saved(), "Written in the first place.");
    await first.locator("article .body").getByText("Written in the first place.").waitFor();
    await close(first, second);
  });

  test("a draft that was sent meanwhile and reviewed cannot be edited any more", async () => {
    const memoId = await office.memo("author", "recipient", "Sent meanwhile", { draft: true });
    const page = await office.window("author", `/desk/drafts/${memoId}`);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Text" }).fill("Too late.");
    await office.ask(
      "author",
      `mutation ($input: SendMemoInput!) {
        sendMemo(input: $input) { userErrors { message } }
      }`,
      { memoId },
    );
    await office.review("recipient", memoId);
    await page.getByText("Reviewed").first().waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").first().waitFor();
    await page.getByRole("button", { name: "I have seen this" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText(/recipient.*reviewed/i).waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Text" }).inputValue(), "Too late.");
    await close(page);
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
