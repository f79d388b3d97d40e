// What somebody does who opens the desk for the first time: they delete a memo, and take it back.

import { close, newPage } from "./office.mjs";

/** Deletes and restores a memo of the demo. Resolves with the number of clicks and keystrokes. */
export async function deleteAndRestore(office) {
  const page = await newPage(office.browser);
  let acts = 0;
  const click = async (locator) => {
    await locator.click();
    acts += 1;
  };
  const name = "The birch plywood comes a week late";
  await page.goto(office.address);
  await click(page.getByRole("button", { name: "Robert Okafor" }));
  await click(page.getByRole("link", { name }));
  await click(page.getByRole("button", { name: "Delete…" }));
  await click(page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }));
  await click(page.getByRole("button", { name: "Undo" }));
  await page.getByText(`Restored “${name}”.`).waitFor();
  await close(page);
  return acts;
}
