#!/usr/bin/env node
// Takes the picture of the deletion dialog for the README from the running demonstration. It needs
// a built program, and the packages that `npm ci` installs here.

import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
process.env.MEMORANDA_BIN ??= path("../../target/debug/memoranda");
const { Office, dialogOf } = await import("./desk/office.mjs");

const office = await Office.open();
try {
  const page = await office.window("recipient", "/desk/inbox");
  await page.getByRole("link", { name: "The birch plywood comes a week late" }).click();
  await page.getByRole("article").getByText("Materials").waitFor();
  const dialog = await dialogOf(page);
  await page.mouse.move(0, 0);
  await dialog.screenshot({ path: path("../../docs/deletion-dialog.png") });
} finally {
  await office.close();
}
