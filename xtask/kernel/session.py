"""A running kernel that executes one cell after another and keeps what they output."""

import contextlib
import queue
import re
import time
from pathlib import Path

from jupyter_client import KernelManager
from nbformat.v4 import output_from_msg

START_LIMIT = 300  # seconds
CELL_LIMIT = 600
LATE = 0.15  # evcxr passes stderr on without waiting for it: lines may follow the reply
ANSI = re.compile(r"\x1b\[[0-9;]*m")
SHOWN = ("stream", "display_data", "execute_result", "error")


class CellError(Exception):
    """Why a cell counts as failed."""


class Session:
    """The kernel `name`, working in `folder`; what it prints itself goes to the file `log`.

    `options` are Jupyter's for a kernel, such as `transport`.
    """

    def __init__(self, folder, log, name="convlens", **options):
        self.log = Path(log)
        self.manager = KernelManager(kernel_name=name, **options)
        self.log_file = self.log.open("w")
        self.manager.start_kernel(cwd=str(folder), stdout=self.log_file, stderr=self.log_file)
        self.client = self.manager.client()
        self.client.start_channels()
        self.displays = {}

    def __enter__(self):
        try:
            self.client.wait_for_ready(timeout=START_LIMIT)
        except RuntimeError as error:
            self.close()
            raise CellError(f"the kernel did not start: {self.log.read_text().strip()}") from error
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=not self.manager.is_alive())
        self.log_file.close()

    def run(self, source):
        """Executes one cell and returns its outputs, streams merged."""
        outputs, self.clear_next = [], False
        request = self.client.execute(source, allow_stdin=False)
        deadline = time.monotonic() + CELL_LIMIT
        while not self.receive(outputs, request, deadline):
            pass
        self.answered = time.monotonic()
        with contextlib.suppress(queue.Empty):
            while True:
                self.take(self.client.get_iopub_msg(timeout=LATE), outputs)
        return outputs

    def receive(self, outputs, request, deadline):
        """Handles one message; true when the kernel is done with the cell."""
        try:
            message = self.client.get_iopub_msg(timeout=1)
        except queue.Empty:
            if not self.manager.is_alive():
                raise CellError(f"the kernel died: {ANSI.sub('', self.log.read_text())}") from None
            if time.monotonic() > deadline:
                raise CellError(f"the cell was not done after {CELL_LIMIT} s") from None
            return False
        self.take(message, outputs)
        state = message["content"].get("execution_state")
        return state == "idle" and message["parent_header"].get("msg_id") == request

    def take(self, message, outputs):
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self.clear_next = content["wait"]
            if not content["wait"]:
                outputs.clear()
        elif kind == "update_display_data":
            for shown in self.displays.get(content["transient"]["display_id"], []):
                shown["data"], shown["metadata"] = content["data"], content["metadata"]
        elif kind in SHOWN:
            self.show(message, outputs)

    def show(self, message, outputs):
        if self.clear_next:
            outputs.clear()
            self.clear_next = False
        content = message["content"]
        if message["msg_type"] == "error":  # evcxr leaves these out
            content.setdefault("ename", "Error")
            content.setdefault("evalue", "")
        output = output_from_msg(message)
        last = outputs[-1] if outputs else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
            return
        outputs.append(output)
        display = content.get("transient", {}).get("display_id")
        if display:
            self.displays.setdefault(display, []).append(output)


def problem(outputs):
    """Why these outputs mean failure, or None. Stock evcxr tells of panics only on stderr."""
    for output in outputs:
        if output.output_type == "error":
            text = "\n".join(output.traceback) or output.evalue
            return ANSI.sub("", text).strip() or output.ename
    for output in outputs:
        if output.get("name") == "stderr":
            said = ANSI.sub("", output.text).split("stack backtrace:")[0].strip()
            return said or "the cell wrote an empty line to stderr"
    return None
