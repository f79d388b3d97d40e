// Each rule's answer as a person sees it. The numbers are those of the README's table.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Office, close, confirm, dialogOf, loseAnswer, row, screenshot } from "./office.mjs";

describe("the rules of deletion in the desk", () => {
  let office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office.close());

  test("rule 1: who is neither author nor recipient reads why they cannot delete it", async () => {
    const name = "Order new chairs for the meeting room";
    for (const [username, box] of [
      ["subscriber", "subscribed"],
      ["chief", "all"],
    ]) {
      const page = await office.window(username, `/desk/${box}`);
      await page.getByLabel("Search").fill("new chairs");
      await page.getByRole("link", { name }).click();
      const dialog = await dialogOf(page);
      await dialog.getByText("You cannot delete it", { exact: true }).waitFor();
      await dialog.getByText(/author.*recipient/i).first().waitFor();
      assert.equal(await dialog.getByRole("button", { name: "Delete", exact: true }).count(), 0);
      await dialog.getByRole("button", { name: "Close" }).click();
      await close(page);
    }
  });

  test("rule 2: an author reads which act took the right away, when, and what to do", async () => {
    const memoId = await office.memo("author", "recipient", "A reviewed memo of rule 2");
    await office.review("recipient", memoId);
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByText("You cannot delete it", { exact: true }).waitFor();
    const year = new Date().getUTCFullYear();
    const words = /stays: The recipient reviewed this memo on .*Ask the recipient\./;
    const reason = dialog.getByText(words);
    assert.match(await reason.textContent(), new RegExp(`${year} at \\d\\d:\\d\\d UTC`));
    await screenshot(page, "rule-2");
    await close(page);
  });

  test("rule 3: a recipient is advised to keep it, may delete it, the author is told", async () => {
    const memoId = await office.memo("author", "recipient", "A discouraged memo of rule 3");
    const page = await office.window("recipient", `/desk/inbox/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByText("Better keep it", { exact: true }).waitFor();
    await dialog.getByText(/its author is notified/).waitFor();
    await dialog.getByRole("button", { name: "Mark as reviewed instead" }).waitFor();
    await confirm(dialog);
    await page.getByText("Deleted “A discouraged memo of rule 3”.").waitFor();
    const { notifications } = await office.ask(
      "author",
      "{ notifications(first: 1) { nodes { kind memoId } } }",
    );
    assert.deepEqual(notifications.nodes, [{ kind: "MEMO_DELETED_BY_RECIPIENT", memoId }]);
    await close(page);
  });

  test("rule 3: the better way is a button in the dialog", async () => {
    const memoId = await office.memo("author", "recipient", "Settled instead of deleted");
    const page = await office.window("recipient", `/desk/inbox/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByRole("button", { name: "Mark as reviewed instead" }).click();
    await page.getByText("is marked as reviewed, and kept").waitFor();
    await row(page, "Settled instead of deleted").getByText("Reviewed").waitFor();
    assert.deepEqual(await office.records("author", memoId), []);
    await close(page);
  });

  test("rules 4 and 7: a draft, an invisible and an unknown memo look the same", async () => {
    const name = "A draft that nobody else may know of";
    const draft = await office.memo("author", "recipient", name, { draft: true });
    const page = await office.window("recipient", "/desk/inbox");
    const invisible = await office.memo("author", "author", "A memo to oneself");
    const unknown = `memo_${"0".repeat(26)}`;
    const texts = [];
    for (const id of [draft, invisible, unknown, "memo_nonsense"]) {
      await page.goto(`${office.address}/desk/inbox/${id}`);
      await page.getByRole("heading", { name: "No such memo" }).waitFor();
      texts.push(await page.getByRole("article").innerText());
    }
    assert.equal(new Set(texts).size, 1, "the answers differ");
    await page.goto(`${office.address}/desk/all`);
    await page.locator(".row").first().waitFor();
    assert.equal(await row(page, name).count(), 0);
    const author = await office.window("author", "/desk/drafts");
    await row(author, name).waitFor();
    await close(page, author);
  });

  test("rule 5: who is author and recipient deletes without being discouraged", async () => {
    const memoId = await office.memo("author", "author", "A to-do of rule 5");
    await office.review("author", memoId);
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByText("You can delete it", { exact: true }).waitFor();
    await confirm(dialog);
    await page.getByText("Deleted “A to-do of rule 5”.").waitFor();
    await close(page);
  });

  test("rule 6: an administrator places a hold, and nobody deletes until its release", async () => {
    const memoId = await office.memo("author", "recipient", "Evidence of rule 6");
    const admin = await office.window("admin", "/desk/holds");
    await admin.getByLabel(/The memo’s id/).fill(`${office.address}/desk/sent/${memoId}`);
    await admin.getByLabel("Matter").fill("Case 6");
    await admin.getByLabel("Reason").fill("The insurer has asked for it.");
    await admin.getByRole("button", { name: "Place the hold" }).click();
    const hold = admin.locator(".card", { hasText: "Case 6" });
    await hold.waitFor();
    await screenshot(admin, "holds");

    const author = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(author);
    await dialog.getByText("You cannot delete it", { exact: true }).waitFor();
    const reason = await dialog.getByText(/on hold/).first().textContent();
    assert(!reason.includes("insurer") && !reason.includes("Case 6"), "the hold's reason shows");
    await dialog.getByRole("button", { name: "Close" }).click();

    await hold.getByRole("button", { name: "Release" }).click();
    await hold.waitFor({ state: "detached" });
    await author.reload();
    await confirm(await dialogOf(author));
    await author.getByText("Deleted “Evidence of rule 6”.").waitFor();
    await close(admin, author);
  });

  test("rules 8 and 9: the dialog names what goes and what stays, page by page", async () => {
    const memoId = await office.memo("author", "recipient", "A memo with much to lose");
    for (let n = 1; n <= 30; n += 1) await office.comment("author", memoId, `Comment ${n}`);
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByText(/This goes: 1 memo, .*30 comments/).waitFor();
    const goes = dialog.locator("details", { hasText: "This goes" });
    assert.equal(await goes.getByRole("listitem").count(), 20);
    const bodies = page.waitForResponse((response) => response.url().endsWith("/graphql"));
    await goes.getByRole("button", { name: /^Show more \(\d+ left\)$/ }).click();
    await bodies;
    await goes.getByText("comment “Comment 30”").waitFor();
    const stays = dialog.locator("details", { hasText: "This stays" });
    await stays.getByText("person “Robert Okafor”: people stay").waitFor();
    await close(page);
  });

  test("rules 10 and 13: what was not shown is not deleted; the difference is shown", async () => {
    const memoId = await office.memo("author", "recipient", "A memo that changes");
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByText("You can delete it", { exact: true }).waitFor();
    await office.comment("recipient", memoId, "Wait, I need this.");
    await confirm(dialog);

    const changes = dialog.getByRole("alert");
    await changes.getByText("Nothing was deleted: this has changed since you looked.").waitFor();
    await changes.getByText("Now: Better keep it").waitFor();
    await changes.getByText("New: 1 comment of other people would be deleted with it.").waitFor();
    await changes.getByText("1 comment more to go: “Wait, I need this.”").waitFor();
    await screenshot(page, "stale-preview");
    const button = dialog.getByRole("button", { name: "Delete", exact: true });
    assert(await button.isDisabled(), "a double click would confirm what nobody has read");
    assert.deepEqual(await office.records("author", memoId), []);

    await changes.getByRole("button", { name: "I have seen this" }).click();
    await office.review("recipient", memoId);
    await button.click();
    await dialog.getByText("Now: You cannot delete it").waitFor();
    assert.equal(await button.count(), 0);
    assert.deepEqual(await office.records("author", memoId), []);
    await close(page);
  });

  test("rule 12: an answer that is lost is asked for again, and it is one deletion", async () => {
    const memoId = await office.memo("author", "recipient", "A memo whose answer is lost");
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    const button = dialog.getByRole("button", { name: "Delete", exact: true });
    await page.route("**/graphql", loseAnswer, { times: 1 });
    await button.click();
    await dialog.getByRole("alert").getByText("The server does not answer.").waitFor();
    await button.click();
    await page.getByText("Deleted “A memo whose answer is lost”.").waitFor();
    assert.equal((await office.records("author", memoId)).length, 1);
    await close(page);
  });

  test("rule 14: every deletion and every refused attempt leaves a record", async () => {
    const memoId = await office.memo("author", "recipient", "A memo with a record");
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await office.review("recipient", memoId);
    await confirm(dialog);
    await dialog.getByText("Now: You cannot delete it").waitFor();
    const { refusedMemoDeletions } = await office.ask(
      "admin",
      "{ refusedMemoDeletions(first: 1) { nodes { memoId user { username } codes } } }",
    );
    const [refused] = refusedMemoDeletions.nodes;
    assert.deepEqual([refused.memoId, refused.user.username], [memoId, "author"]);

    const recipient = await office.window("recipient", `/desk/inbox/${memoId}`);
    const last = await dialogOf(recipient);
    await last.getByLabel("Reason, for the record").fill("Settled by phone.");
    await confirm(last);
    await recipient.getByText("Deleted “A memo with a record”.").waitFor();
    await page.goto(`${office.address}/desk/deleted`);
    const record = page.locator(".card", { hasText: "A memo with a record" });
    await record.getByText("deleted by Robert Okafor").waitFor();
    await record.getByText("Settled by phone.").waitFor();
    await record.getByRole("button", { name: "Restore" }).click();
    await page.getByText("Restored “A memo with a record”.").waitFor();
    await record.getByText("Restored by Amelia Hartley").waitFor();
    await close(page, recipient);
  });

  test("rule 19: a selection is previewed as one, deleted as shown, and undone", async () => {
    const names = ["First of three", "Second of three", "Third of three"];
    const ids = [];
    for (const name of names) ids.push(await office.memo("author", "recipient", name));
    await office.review("recipient", ids[2]);
    const page = await office.window("author", "/desk/sent");
    for (const name of names) await page.getByLabel(`Select ${name}`).check();
    await page.getByText("3 selected").waitFor();
    const dialog = await dialogOf(page);
    await dialog.getByText("You can delete them").waitFor();
    await dialog.getByText(/Third of three stays: The recipient reviewed this memo/).waitFor();
    await dialog.getByText(/This goes: 2 memos/).waitFor();
    await screenshot(page, "selection");
    await dialog.getByRole("button", { name: "Delete 2" }).click();
    await page.getByText("Deleted 2 memos.").waitFor();
    await row(page, names[0]).waitFor({ state: "detached" });
    await row(page, names[2]).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Restored “First of three”. Restored “Second of three”.").waitFor();
    for (const name of names) await row(page, name).waitFor();
    await close(page);
  });
});
