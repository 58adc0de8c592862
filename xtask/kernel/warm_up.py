"""Runs a kernel once so that everything a first cell needs is compiled."""

import json
import os
import tempfile
import time
from pathlib import Path

import evcxr
import logs

LIMIT = 30 * 60
PRELUDE = Path(__file__).with_name("prelude.rs")
NOT_COMPILED = "the crate does not compile for the kernel; `cargo build` shows why"
CELLS = ["let xs = vec![1, 2, 3];", 'println!("{}", xs.len());']
# To say what is wrong with this, evcxr has cargo check the crate and all it needs: done here, a
# reader's first misspelt name is answered in a second, not in a minute.
MISTAKE = "let x = no_such_function();"


class WarmUpError(Exception):
    """The crate or a first cell did not compile."""


def startup(clone):
    """What every kernel loads at its start: dependency and prelude. The dependency is spelt as in
    the notebooks, so that their first cell changes nothing.
    """
    prelude = json.dumps(PRELUDE.read_text())  # such a string is one of TOML's, too
    return {
        "evcxr.toml": f"[evcxr]\noffline_mode = true\nprelude = {prelude}\n",
        "init.evcxr": f":dep {dependency(clone)}\n",
    }


def dependency(clone):
    return f'convlens = {{ path = "{clone}" }}'


def run(clone, folder, env):
    """Starts evcxr on `folder` and runs the cells every notebook begins with."""
    # Imported here because it takes half a second, which a kernel that is warm need not wait.
    from jupyter_client import BlockingKernelClient
    from jupyter_client.connect import write_connection_file

    with tempfile.TemporaryDirectory() as scratch:
        connection, _ = write_connection_file(os.path.join(scratch, "connection.json"))
        process = evcxr.start(connection, env, cwd=clone)
        client = BlockingKernelClient(connection_file=connection)
        client.load_connection_file()
        client.start_channels()
        try:
            wait_until_ready(client, process)
            for cell in [f":dep {dependency(clone)}\nuse convlens::prelude::*;", *CELLS]:
                execute(client, cell)
            client.execute_interactive(MISTAKE, output_hook=lambda message: None, timeout=LIMIT)
        finally:
            client.stop_channels()
            evcxr.stop(process)


def wait_until_ready(client, process):
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            return client.wait_for_ready(timeout=1)
        except RuntimeError as error:
            if process.poll() is not None:
                raise WarmUpError(NOT_COMPILED) from error
            if time.monotonic() > deadline:
                raise WarmUpError(f"evcxr was not ready after {LIMIT} s") from error


def execute(client, cell):
    problems = []

    def note(message):
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            problems.append("\n".join(content.get("traceback") or [content.get("evalue", "")]))
        elif kind == "stream" and content["name"] == "stderr":
            problems.append(content["text"])

    client.execute_interactive(cell, output_hook=note, timeout=LIMIT)
    if problems:
        raise WarmUpError(logs.sentence(f"the cell `{cell.splitlines()[0]}` failed", "\n".join(problems)))
