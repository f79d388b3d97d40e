// Two windows at the same time, and what happens when connection or server fail.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { network } from "./network.mjs";
import { Office, close, confirm, dialogOf, row, screenshot } from "./office.mjs";

describe("the desk while others work, and while things fail", () => {
  let office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office.close());

  test("two windows show what the other does, without a reload", async () => {
    const author = await office.window("author", "/desk/sent");
    const recipient = await office.window("recipient", "/desk/inbox");
    const name = "Seen in two windows";
    const memoId = await office.memo("author", "recipient", name);
    for (const page of [author, recipient]) await row(page, name).waitFor();
    await recipient.locator(".row.unread", { hasText: name }).waitFor();
    await row(author, name).getByText("You can delete it").waitFor({ state: "attached" });

    await author.getByRole("link", { name }).click();
    await author.getByLabel("Your comment").fill("Are you there?");
    await author.getByRole("button", { name: "Add comment" }).click();
    await author.getByText("Are you there?").waitFor();
    await recipient.getByRole("link", { name }).click();
    await recipient.getByText("Are you there?").waitFor();
    await recipient.getByLabel("Your comment").fill("I am.");
    await recipient.getByRole("button", { name: "Add comment" }).click();
    await author.getByText("I am.").waitFor();

    await recipient.getByRole("button", { name: "Mark as reviewed…" }).click();
    await recipient.getByRole("button", { name: "Mark as reviewed", exact: true }).click();
    const denied = /You cannot delete it: The recipient reviewed this memo/;
    await author.getByRole("article").getByText(denied).waitFor();
    await row(author, name).getByText(denied).waitFor({ state: "attached" });

    await confirm(await dialogOf(recipient));
    await author.getByRole("heading", { name: "No such memo" }).waitFor();
    await row(author, name).waitFor({ state: "detached" });
    await author.getByRole("link", { name: "deleted memos" }).click();
    const record = author.locator(".card", { hasText: name });
    await record.getByRole("button", { name: "Restore" }).click();
    await record.getByText("Restored by Amelia Hartley").waitFor();
    await row(recipient, name).waitFor();
    assert.equal((await office.records("author", memoId)).length, 1);
    await close(author, recipient);
  });

  test("after a broken connection, nothing that happened meanwhile is missing", async () => {
    const line = await network(office.address);
    const { address } = office;
    office.address = line.address;
    const page = await office.window("recipient", "/desk/inbox");
    office.address = address;
    const gone = await office.memo("author", "recipient", "Deleted while away");
    await row(page, "Deleted while away").waitFor();

    line.cut();
    const lost = page.getByText("Connection lost. Trying again…");
    await lost.waitFor();
    await screenshot(page, "connection-lost");
    await office.memo("author", "recipient", "Written while away");
    await office.ask(
      "author",
      `mutation ($input: DeleteMemoInput!) {
        deleteMemo(input: $input) { userErrors { message } }
      }`,
      { memoId: gone },
    );
    line.mend();
    await lost.waitFor({ state: "detached" });
    await row(page, "Written while away").waitFor();
    await row(page, "Deleted while away").waitFor({ state: "detached" });
    await close(page);
    line.end();
  });

  test("if the missed events are no longer kept, everything is loaded again", async () => {
    const line = await network(office.address);
    const { address } = office;
    office.address = line.address;
    const memoId = await office.memo("author", "recipient", "Read during the break");
    const page = await office.window("recipient", `/desk/inbox/${memoId}`);
    office.address = address;
    const refusals = [];
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (/no longer kept/.test(payload)) refusals.push(payload);
      }),
    );
    const gone = await office.memo("author", "recipient", "Deleted in the break");
    await row(page, "Deleted in the break").waitFor();
    await page.getByLabel("Your comment").fill("Half a sentence");

    line.cut();
    const lost = page.getByText("Connection lost. Trying again…");
    await lost.waitFor();
    await office.memo("author", "recipient", "Written in the break");
    await office.ask(
      "author",
      `mutation ($input: DeleteMemoInput!) {
        deleteMemo(input: $input) { userErrors { message } }
      }`,
      { memoId: gone },
    );
    await office.comment("author", memoId, "A comment of the break");
    await office.server.stop();
    office.forgetEvents();
    await office.startServer();
    line.mend();

    await row(page, "Written in the break").waitFor();
    await row(page, "Deleted in the break").waitFor({ state: "detached" });
    await page.getByText("A comment of the break").waitFor();
    await lost.waitFor({ state: "detached" });
    assert.equal(refusals.length, 1, "the server did not refuse to continue");
    assert.equal(await page.getByLabel("Your comment").inputValue(), "Half a sentence");
    await office.memo("author", "recipient", "Heard anew");
    await row(page, "Heard anew").waitFor();
    await page.locator("[role=status]", { hasText: "Heard anew" }).waitFor({ state: "attached" });
    await close(page);
    line.end();
  });

  test("on a slow network, a memo leaves the list at once, and comes back if refused", async () => {
    const name = "Deleted on a slow network";
    const memoId = await office.memo("author", "recipient", name);
    const page = await office.window("author", "/desk/sent");
    await page.getByLabel(`Select ${name}`).check();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const dialog = await dialogOf(page);
    await page.route("**/graphql", async (route) => {
      await held;
      await route.continue();
    });
    await confirm(dialog);
    await dialog.getByRole("button", { name: "Deleting…" }).waitFor();
    assert(await dialog.getByRole("button", { name: "Deleting…" }).isDisabled());
    await row(page, name).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    assert(await dialog.isVisible(), "a deletion under way cannot be closed");

    await office.comment("recipient", memoId, "Too late?");
    release();
    await dialog.getByText("Nothing was deleted: this has changed since you looked.").waitFor();
    await row(page, name).waitFor();
    assert.deepEqual(await office.records("author", memoId), []);
    await close(page);
  });

  test("a page that is older than the server asks to be loaded again", async () => {
    const page = await office.window("author", "/desk/sent");
    await page.locator(".row").first().waitFor();
    const older = (route) => {
      const request = { ...route.request().postDataJSON(), documentId: "sha256:0" };
      return route.continue({ postData: JSON.stringify(request) });
    };
    await page.route("**/graphql", older, { times: 1 });
    await page.getByRole("link", { name: "Deleted", exact: true }).click();
    await page.getByText("The server has another version by now. Reload this page.").waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Deleted memos" }).waitFor();
    await close(page);
  });

  test("rule 11: the server dies in the midst of a dialog, and the deletion goes on", async () => {
    const name = "Deleted after a restart";
    const memoId = await office.memo("author", "recipient", name);
    const page = await office.window("author", `/desk/sent/${memoId}`);
    const dialog = await dialogOf(page);
    await dialog.getByLabel("Reason, for the record").fill("Written before the restart.");
    await office.server.stop("SIGKILL");
    await page.getByText("Connection lost. Trying again…").waitFor();
    await confirm(dialog);
    await dialog.getByRole("alert").getByText("The server does not answer.").waitFor();
    await row(page, name).waitFor();

    await office.startServer();
    await page.getByText("Connection lost. Trying again…").waitFor({ state: "detached" });
    await confirm(dialog);
    await page.getByText(`Deleted “${name}”.`).waitFor();
    assert.equal((await office.records("author", memoId)).length, 1);
    await close(page);
  });
});
