// A notebook in a page: what a reader does to it, and what a reader sees of a cell.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const CELL_LIMIT = 60_000; // milliseconds, as all times here
const DRAWN = 500;

/** One look at a cell. Runs in the page. */
function look(cell) {
  const all = (selector, about) => [...cell.querySelectorAll(selector)].map(about);
  return {
    prompt: cell.querySelector(".jp-InputArea-prompt").innerText,
    outputs: all(".jp-OutputArea-output", (o) => ({ text: o.innerText.trim(), height: o.offsetHeight })),
    bars: all("progress", (bar) => ({ value: bar.value, max: bar.max, width: bar.offsetWidth })),
    pictures: all("img", (image) => ({
      source: image.src,
      pixels: image.naturalWidth,
      width: image.offsetWidth,
    })),
  };
}

/** Fails with a sentence; pictures' data are cut short in it. */
export function expect(fulfilled, expected, seen) {
  if (fulfilled) return;
  const cut = (_, value) => (typeof value === "string" ? value.slice(0, 200) : value);
  throw new Error(`expected ${expected}, saw ${JSON.stringify(seen, cut)}`);
}

const answered = (cell) => /\d/.test(cell.prompt);

export class Notebook {
  constructor(page, out) {
    [this.page, this.out] = [page, out];
  }

  /** Opens the notebook and waits for its kernel. */
  async open(address) {
    await this.page.goto(address);
    const idle = this.page.getByText("ConvLens (Rust) | Idle", { exact: true }); // in the status bar
    await idle.waitFor({ timeout: CELL_LIMIT });
  }

  cell(number) {
    return this.page.locator(".jp-Notebook .jp-Cell").nth(number);
  }

  async runAll() {
    await this.page.getByText("Run", { exact: true }).click();
    await this.page.getByText("Run All Cells", { exact: true }).click();
  }

  async run(number) {
    await this.cell(number).locator(".cm-content").click();
    await this.page.keyboard.press("Shift+Enter");
  }

  async stop() {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').click();
  }

  look(number) {
    return this.cell(number).evaluate(look);
  }

  /** Looks at a cell again and again until it has answered, or `enough`; gives all that was seen. */
  async watch(number, enough = answered) {
    await this.cell(number).scrollIntoViewIfNeeded();
    const seen = [];
    for (const began = Date.now(); Date.now() - began < CELL_LIMIT; await sleep(30)) {
      seen.push(await this.look(number));
      if (enough(seen.at(-1))) return seen;
    }
    expect(false, `cell ${number + 1} to go on`, seen.at(-1));
  }

  /** What is there to see when a cell has answered and the page has drawn all of it. */
  async result(number) {
    await this.watch(number);
    await sleep(DRAWN);
    return this.look(number);
  }

  async photograph(name) {
    await this.page.screenshot({ path: join(this.out, `${name}.png`) });
  }
}
