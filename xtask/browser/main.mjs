// Opens kernel.ipynb in JupyterLab and checks what a reader sees; `cargo xtask browser` starts it as
// `node main.mjs PLAYWRIGHT CHROMIUM PYTHON`. Screenshots and logs go to target/browser.

import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { checks } from "./checks.mjs";
import { Lab } from "./lab.mjs";
import { Notebook } from "./notebook.mjs";

const [playwright, executablePath, python] = process.argv.slice(2);
const { chromium } = createRequire(join(playwright, "package.json"))("playwright-core");
const out = join(import.meta.dirname, "../../target/browser");

function keepLog(page) {
  const keep = (text) => appendFileSync(join(out, "page.log"), `${text}\n`);
  page.on("console", (message) => keep(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => keep(error.stack));
}

/** Runs a check and says how it went. */
async function passes([name, check], notebook) {
  try {
    await check(notebook);
    console.log(`ok: ${name}`);
    return true;
  } catch (error) {
    console.log(`FAILED: ${name}: ${error.message}`);
    await notebook.photograph(`failed-${check.name}`);
    return false;
  }
}

/** Runs all checks, also after one that failed; none where the notebook does not open. */
async function allPass(browser, lab) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  keepLog(page);
  const notebook = new Notebook(page, out);
  const open = async () => notebook.open(await lab.address());
  let good = await passes(["the notebook opens with its kernel", open], notebook);
  if (!good) return false;
  for (const check of Object.entries(checks)) good = (await passes(check, notebook)) && good;
  return good;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const lab = new Lab(python, join(import.meta.dirname, "kernel.ipynb"), out);
let browser;
process.exitCode = 1;
try {
  const args = ["--disable-gpu", "--disable-quic", "--disable-sync"];
  browser = await chromium.launch({ executablePath, args });
  if (await allPass(browser, lab)) process.exitCode = 0;
} catch (error) {
  console.log(`FAILED: ${error.message}`);
} finally {
  await browser?.close();
  await lab.end();
}
