// Notifications in the desk: live in all windows, across a break, read by opening them or all at
// once, by keyboard and on a telephone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { network } from "./network.mjs";
import { Office, close, confirm, dialogOf, row, screenshot } from "./office.mjs";

describe("notifications in the desk", () => {
  let office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office.close());

  const link = (page) => page.getByRole("link", { name: /^Notifications/ });
  const sent = (name) => `Amelia Hartley sent you the memo "${name}".`;
  const announced = (page, name) =>
    page.locator("[role=status]", { hasText: sent(name) }).waitFor({ state: "attached" });

  /** Waits until the navigation says so many unread notifications. */
  async function counts(page, unread) {
    const name = unread ? `Notifications ${unread} unread` : "Notifications";
    await page.getByRole("link", { name, exact: true }).waitFor();
  }

  const unreadOf = async (username) =>
    (await office.ask(username, "{ unreadNotificationCount }")).unreadNotificationCount;

  async function markAll(username) {
    await office.ask(
      username,
      `mutation ($input: MarkAllNotificationsReadInput!) {
        markAllNotificationsRead(input: $input) { userErrors { message } }
      }`,
      {},
    );
  }

  test("a new one shows in all windows without a reload, and is announced politely", async () => {
    await markAll("recipient");
    const list = await office.window("recipient", "/desk/notifications");
    const elsewhere = await office.window("recipient", "/desk/new");
    for (const page of [list, elsewhere]) await counts(page, 0);
    await office.memo("author", "recipient", "Noticed at once");
    for (const page of [list, elsewhere]) {
      await announced(page, "Noticed at once");
      await counts(page, 1);
    }
    assert.equal(await elsewhere.evaluate(() => document.activeElement.innerText), "New memo");
    const first = list.locator(".row").first();
    await first.getByText(sent("Noticed at once")).waitFor();
    assert(await first.evaluate((element) => element.matches(".unread")));
    await screenshot(list, "notifications");

    // The same message again is announced again.
    const announcement = elsewhere.locator("[role=status]", { hasText: sent("Noticed at once") });
    const before = await announcement.locator("span").elementHandle();
    await office.memo("author", "recipient", "Noticed at once");
    await counts(elsewhere, 2);
    assert(!(await before.evaluate((span) => span.isConnected)), "the message stays as it was");
    await close(list, elsewhere);
  });

  test("opening one leads to its memo and marks it as read", async () => {
    await markAll("recipient");
    const page = await office.window("recipient", "/desk/notifications");
    for (const name of ["Opened from its notification", "Left for later"]) {
      await office.memo("author", "recipient", name);
    }
    await counts(page, 2);
    await page.getByRole("link", { name: sent("Opened from its notification") }).click();
    await page.getByRole("heading", { name: "Opened from its notification", level: 1 }).waitFor();
    await counts(page, 1);
    assert.equal(await unreadOf("recipient"), 1);
    await page.goBack();
    await page.locator(".row:not(.unread)", { hasText: "Opened from its notification" }).waitFor();
    await page.locator(".row.unread", { hasText: "Left for later" }).waitFor();
    await close(page);
  });

  test("all are marked as read, but for those that have come meanwhile", async () => {
    await markAll("recipient");
    const page = await office.window("recipient", "/desk/notifications");
    for (const name of ["Seen in the list", "Also seen in the list"]) {
      await office.memo("author", "recipient", name);
      await row(page, sent(name)).waitFor();
    }
    await counts(page, 2);
    // The request waits until there is one that this page did not show.
    await page.route(
      "**/graphql",
      async (route) => {
        await office.memo("author", "recipient", "Not seen by anybody");
        await announced(page, "Not seen by anybody");
        await route.continue();
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Mark all as read" }).click();
    await page.locator(".row:not(.unread)", { hasText: sent("Also seen in the list") }).waitFor();
    await page.locator(".row.unread", { hasText: "Not seen by anybody" }).waitFor();
    await counts(page, 1);
    await page.getByRole("button", { name: "Mark all as read" }).click();
    await counts(page, 0);
    await page.locator(".row.unread").first().waitFor({ state: "detached" });
    assert.equal(await unreadOf("recipient"), 0);
    await close(page);
  });

  test("after a broken connection, none is missed, and none comes twice", async () => {
    await markAll("recipient");
    const line = await network(office.address);
    const { address } = office;
    office.address = line.address;
    const page = await office.window("recipient", "/desk/notifications");
    office.address = address;
    await office.memo("author", "recipient", "Before the break");
    await announced(page, "Before the break");
    // Each announcement is a line in this list.
    await page.evaluate(() => {
      globalThis.heard = [];
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
          for (const node of addedNodes) globalThis.heard.push(node.textContent);
        }
      }).observe([...document.querySelectorAll("p[role=status]")].at(-1), { childList: true });
    });

    for (const round of [1, 2]) {
      line.cut();
      const lost = page.getByText("Connection lost. Trying again…");
      await lost.waitFor();
      await office.memo("author", "recipient", `Sent while away, ${round}`);
      line.mend();
      await announced(page, `Sent while away, ${round}`);
      await lost.waitFor({ state: "detached" });
      await row(page, sent(`Sent while away, ${round}`)).waitFor();
      await counts(page, 1 + round);
    }
    const heard = [1, 2].map((round) => sent(`Sent while away, ${round}`));
    assert.deepEqual(await page.evaluate(() => globalThis.heard), heard);
    await close(page);
    line.end();
  });

  test("the notification of a deleted memo leads to the deleted memos, and back", async () => {
    await office.memo("author", "recipient", "Deleted by its recipient");
    const author = await office.window("author", "/desk/notifications");
    const recipient = await office.window("recipient", "/desk/inbox");
    await recipient.getByRole("link", { name: "Deleted by its recipient" }).click();
    await confirm(await dialogOf(recipient));
    await recipient.getByText("Deleted “Deleted by its recipient”.").waitFor();
    const notification = row(author, /Robert Okafor deleted .*"Deleted by its recipient"/);
    await notification.getByRole("link").click();
    await author.getByRole("heading", { name: "Deleted memos" }).waitFor();
    await author.locator(".card", { hasText: "Deleted by its recipient" }).waitFor();

    await author.goBack();
    await recipient.getByRole("button", { name: "Undo" }).click();
    await recipient.getByText("Restored “Deleted by its recipient”.").waitFor();
    await author.locator('.row a[href*="/memo_"]', { hasText: "by its recipient" }).waitFor();
    await close(author, recipient);
  });

  test("one that leads nowhere any more is marked as read by a button", async () => {
    await markAll("recipient");
    const memoId = await office.memo("author", "recipient", "Deleted by its author");
    const page = await office.window("recipient", "/desk/notifications");
    const about = row(page, '"Deleted by its author"');
    await about.getByRole("link").waitFor();
    await office.ask(
      "author",
      `mutation ($input: DeleteMemoInput!) {
        deleteMemo(input: $input) { userErrors { message } }
      }`,
      { memoId },
    );
    await about.getByRole("button", { name: "Mark as read" }).click();
    assert.equal(await about.getByRole("link").count(), 0);
    await counts(page, 0);
    await about.getByRole("button").waitFor({ state: "detached" });
    await close(page);
  });

  test("the keyboard alone opens one, on a telephone too, 20 at a time", async () => {
    await markAll("author");
    for (let n = 1; n <= 25; n += 1) await office.memo("recipient", "author", `Number ${n}`);
    const viewport = { width: 390, height: 844 };
    const page = await office.window("author", "/desk/inbox", { viewport });
    await counts(page, 25);
    const box = await link(page).boundingBox();
    assert(box.x + box.width <= 390, "the number is out of sight");
    await link(page).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Notifications" }).waitFor();
    await page.waitForFunction(() => document.activeElement.innerText === "Notifications");
    await page.locator(".row").nth(19).waitFor();
    assert.equal(await page.locator(".row").count(), 20);
    await page.getByRole("button", { name: "Show more" }).press("Enter");
    await row(page, '"Number 1"').waitFor();

    await page.getByRole("heading", { name: "Notifications" }).focus();
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement.innerText),
      "Mark all as read",
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Number 25", level: 1 }).waitFor();
    await counts(page, 24);
    await screenshot(page, "notification-opened-390");
    await close(page);
  });
});
