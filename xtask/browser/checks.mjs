// What has to be seen, in the order in which it is: first all cells are run up to the one that fails,
// then a loop is stopped.

import { expect } from "./notebook.mjs";

const [BAR, FIGURES, LIVE, ERROR, AFTER, STOPPED, KEPT] = [1, 2, 3, 4, 5, 6, 7];
const LINE = 30; // pixels; two lines are higher

const distinct = (values) => [...new Set(values)];

/** From the first look on at which `part` of the cell's output was there, it stayed the only output. */
function alone(seen, part) {
  const shown = seen.slice(seen.findIndex((cell) => cell[part].length > 0));
  const counts = distinct(shown.map((cell) => cell.outputs.length));
  expect(counts.length === 1 && counts[0] === 1, "one output all the time", counts);
  return shown;
}

async function bar(notebook) {
  await notebook.runAll();
  const seen = await notebook.watch(BAR, (cell) => cell.bars[0]?.value > 25);
  await notebook.photograph("bar");
  seen.push(...(await notebook.watch(BAR)), await notebook.result(BAR));
  const shown = alone(seen, "bars");
  const heights = distinct(shown.map((cell) => cell.outputs[0].height));
  expect(Math.max(...heights) < LINE, `one line, less than ${LINE} pixels high`, heights);
  const values = shown.map((cell) => cell.bars[0]?.value);
  const grows = values.every((value, i) => i === 0 || value >= values[i - 1]);
  expect(grows && distinct(values).length >= 5, "a bar that grows", values);
  const { outputs: [{ text }], bars: [last] } = seen.at(-1);
  expect(last.value === 60 && last.max === 60 && last.width > 100, "a full bar", last);
  expect(text.startsWith("counting: 60/60 (100%)"), "the count beside it", text);
}

async function figures(notebook) {
  const { outputs, pictures } = await notebook.result(FIGURES);
  await notebook.photograph("figures");
  const large = pictures.every(({ pixels, width }) => pixels > 100 && width > 100);
  expect(large && pictures.length === 2, "two pictures more than 100 pixels wide", pictures);
  expect(outputs.length === 2, "each as an output of its own", outputs);
}

async function live(notebook) {
  const shown = alone(await notebook.watch(LIVE), "pictures");
  const sources = distinct(shown.map((cell) => cell.pictures[0]?.source));
  expect(sources.length >= 4, "a picture that changes at least three times", sources);
}

async function error(notebook) {
  const { outputs } = await notebook.result(ERROR);
  await notebook.photograph("error");
  const texts = outputs.map((output) => output.text);
  const readable = /^panic: .*\(2x3 and 2x3\)$/.test(texts[0]);
  expect(texts.length === 1 && readable, "one line with the reason", texts);
}

async function stop(notebook) {
  await notebook.run(STOPPED);
  await notebook.watch(STOPPED, (cell) => cell.bars[0]?.value > 5);
  await notebook.stop();
  const { outputs, bars } = await notebook.result(STOPPED);
  const texts = outputs.map((output) => output.text);
  const told = /^to be stopped: stopped at \d+\/1000/.test(texts[0]);
  expect(told && texts.length === 1, "one output that says where it stopped", texts);
  expect(bars[0]?.value < 999, "a bar that is not full", bars);
}

async function keeps(notebook) {
  await notebook.run(KEPT);
  const texts = (await notebook.result(KEPT)).outputs.map((output) => output.text);
  await notebook.photograph("stopped");
  expect(texts.length === 1 && texts[0] > 0 && texts[0] < 999, "the variable's value", texts);
}

/** By now the kernel has run cells that were asked for later. */
async function skipped(notebook) {
  const { prompt, outputs } = await notebook.look(AFTER);
  const untouched = prompt === "[ ]:" && outputs.length === 0;
  expect(untouched, "no output of the cell behind the error", { prompt, outputs });
}

export const checks = {
  "a progress bar moves in place": bar,
  "two figures of one cell are two pictures": figures,
  "a live picture changes in place": live,
  "a panic is one line": error,
  "Stop ends a loop": stop,
  "Stop keeps the loop's variables": keeps,
  "an error ends Run All": skipped,
};
