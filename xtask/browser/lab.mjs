// JupyterLab on a notebook, without the reader's own settings.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const OPTIONS = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"];
const START_LIMIT = 60_000; // milliseconds

export class Lab {
  /** Starts JupyterLab on a copy of `notebook`; all that it writes goes into `out`. */
  constructor(python, notebook, out) {
    const [folder, settings] = [join(out, "notebooks"), join(out, "settings")];
    cpSync(notebook, join(folder, "kernel.ipynb"));
    noNews(settings);
    this.log = join(out, "lab.log");
    this.token = randomBytes(16).toString("hex");
    const log = openSync(this.log, "w");
    this.process = spawn(python, ["-m", "jupyterlab", ...OPTIONS, "--notebook-dir", folder], {
      env: { ...process.env, JUPYTER_TOKEN: this.token, JUPYTER_CONFIG_DIR: settings },
      stdio: ["ignore", log, log],
    });
    process.once("exit", () => this.process.kill());
  }

  /** Where the notebook is; JupyterLab takes a free port and says so in its log. */
  async address() {
    for (const began = Date.now(); Date.now() - began < START_LIMIT; await sleep(100)) {
      const found = /http:\/\/127\.0\.0\.1:\d+\/lab/.exec(readFileSync(this.log));
      if (found) return `${found[0]}/tree/kernel.ipynb?token=${this.token}`;
      if (this.process.exitCode !== null) break;
    }
    throw new Error(`JupyterLab did not start: ${readFileSync(this.log)}`);
  }

  /** Ends JupyterLab, which ends its kernels. */
  async end() {
    const ended = once(this.process, "exit");
    if (this.process.kill()) await ended;
  }
}

/** Keeps JupyterLab from asking over the page whether to fetch news. */
function noNews(settings) {
  const folder = join(settings, "lab/user-settings/@jupyterlab/apputils-extension");
  mkdirSync(folder, { recursive: true });
  const answers = JSON.stringify({ fetchNews: "false", checkForUpdates: false });
  writeFileSync(join(folder, "notification.jupyterlab-settings"), answers);
}
