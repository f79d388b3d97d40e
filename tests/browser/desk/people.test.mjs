// The desk for everybody: by keyboard alone, by a screen reader, on a telephone, in the dark, and
// for somebody who has never seen it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { deleteAndRestore } from "./newcomer.mjs";
import { Office, close, confirm, dialogOf, newPage, row, screenshot } from "./office.mjs";

const { SCREENSHOT_DIR } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it is. */
async function violationsOf(page, view) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  if (SCREENSHOT_DIR) {
    await writeFile(join(SCREENSHOT_DIR, `axe-${view}.json`), JSON.stringify(violations, null, 2));
  }
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Controls that are smaller than a fingertip. */
const smallTargets = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, nav a, .row > a, .pick, input, textarea, summary")]
      .filter((element) => element.checkVisibility() && !element.closest(".pick input"))
      .filter((element) => !element.matches(".pick input"))
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML),
  );

describe("the desk for everybody", () => {
  let office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office.close());

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      test(`axe finds nothing serious, ${colorScheme}, ${width} px wide`, async () => {
        const viewport = { width, height: 844 };
        const page = await newPage(office.browser, { viewport, colorScheme });
        const look = async (view) => {
          const name = `${view}-${width}-${colorScheme}`;
          await screenshot(page, name);
          assert.deepEqual(await violationsOf(page, name), [], view);
          const scrolls = await page.evaluate(
            () => document.documentElement.scrollWidth > innerWidth,
          );
          assert(!scrolls, `${view} scrolls sideways`);
          if (width === 390) assert.deepEqual(await smallTargets(page), [], view);
        };
        await page.goto(`${office.address}/desk`);
        const robert = page.getByRole("button", { name: "Robert Okafor" });
        await robert.waitFor();
        await look("sign-in");
        await robert.click();
        const link = page.getByRole("link", { name: "Hotel Lindenhof wants forty writing desks" });
        await link.waitFor();
        await look("inbox");
        await link.click();
        await page.getByText("Mrs Keller would like to see two oils").waitFor();
        await look("memo");
        await dialogOf(page);
        await look("dialog");
        await page.keyboard.press("Escape");
        for (const [view, heading] of [
          ["deleted", "Deleted memos"],
          ["new", "New memo"],
          ["notifications", "Notifications"],
        ]) {
          await page.goto(`${office.address}/desk/${view}`);
          await page.getByRole("heading", { name: heading }).waitFor();
          if (view === "notifications") await page.locator(".row").first().waitFor();
          await look(view);
        }
        const draft = await office.memo("recipient", "author", "A draft", { draft: true });
        await page.goto(`${office.address}/desk/drafts/${draft}`);
        await page.getByRole("button", { name: "Edit" }).click();
        await page.getByRole("textbox", { name: "Title" }).waitFor();
        await look("draft");
        await close(page);
      });
    }
  }

  test("the keyboard alone deletes a memo and restores it", async () => {
    const name = "Deleted by keyboard";
    await office.memo("author", "author", name);
    const page = await office.window("author", "/desk/inbox");
    await row(page, name).waitFor();
    /** What the link or the button says that has the focus. */
    const focused = () =>
      page.evaluate(() => document.activeElement.closest("a, button")?.innerText ?? "");
    const tabTo = async (words) => {
      for (let n = 0; n < 80; n += 1) {
        if (words.test(await focused())) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`Tab does not reach ${words}`);
    };
    await tabTo(new RegExp(name));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name }).waitFor();
    await page.waitForFunction((name) => document.activeElement.innerText === name, name);
    await tabTo(/^Delete…$/);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: `Delete “${name}”?` });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await focused(), "Delete…", "the focus returns to the button");
    await page.keyboard.press("Enter");
    await dialog.getByText("You can delete it").waitFor();
    await tabTo(/^Delete$/);
    await page.keyboard.press("Enter");
    await page.getByText(`Deleted “${name}”.`).waitFor();
    await tabTo(/^Undo$/);
    await page.keyboard.press("Enter");
    await page.getByText(`Restored “${name}”.`).waitFor();
    await row(page, name).waitFor();
    await close(page);
  });

  test("a newcomer deletes and restores a memo with at most 12 clicks and keystrokes", async () => {
    const acts = await deleteAndRestore(office);
    console.log(`a newcomer needs ${acts} clicks and keystrokes`);
    assert(acts <= 12, `${acts} clicks and keystrokes`);
  });

  test("back, reload and links to views work", async () => {
    const page = await office.window("author", "/desk/sent");
    const name = "Check the drawing of the oak sideboard";
    await page.getByRole("link", { name }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sent", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/desk/sent");
    await confirm(await dialogAfterSelecting(page, name));
    await page.getByText(`Deleted “${name}”.`).waitFor();
    await page.getByRole("link", { name: "Deleted", exact: true }).click();
    await page.locator(".card", { hasText: name }).waitFor();
    await close(page);
  });

  async function dialogAfterSelecting(page, name) {
    await page.getByLabel(`Select ${name}`).check();
    return dialogOf(page);
  }
});
