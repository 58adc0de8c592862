"""What the tests that use real kernels share."""

import contextlib
import os
import queue
import sys
import tempfile
import time
import unittest
from pathlib import Path

KERNEL = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(KERNEL))
from session import Session  # noqa: E402

CLONE = KERNEL.parent.parent
HOME = Path(sys.prefix).parent  # this Python is in the `venv` of the cache folder
LIMIT = 60  # seconds; on a busy machine everything takes longer


def eventually(condition, what):
    """Waits until `condition` holds; for what happens in other processes."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, f"not after {LIMIT} s: {what}"
        time.sleep(0.05)


def slot(launcher):
    """The build folder of the kernel that this process started, if it is there."""
    return [p for p in (HOME / "slots").glob(f"{launcher}-*") if p.is_dir()]


def children(pid):
    """Process ids below `pid`, nearest first; the dead that nobody has collected are not counted."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = status.read_text().rpartition(")")[2].split()
            if after_name[1] == str(pid) and after_name[0] != "Z":
                found.append(int(status.parent.name))
    return found + [below for child in found for below in children(child)]


def command(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Kernel(Session):
    """A session whose cells can be watched while they run."""

    def __init__(self, name="convlens", folder=KERNEL, **options):
        self.scratch = tempfile.TemporaryDirectory()
        self.done, self.replies = set(), {}  # cells
        super().__init__(folder, Path(self.scratch.name, "log"), name, **options)

    def close(self):
        super().close()
        self.log_text = self.log.read_text()
        self.scratch.cleanup()

    def send(self, source):
        """Starts a cell and returns its id."""
        return self.client.execute(source, allow_stdin=False)

    def until(self, wanted):
        """The messages that come until `wanted` is true of one."""
        deadline, got = time.monotonic() + LIMIT, []
        while time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                got.append(self.client.get_iopub_msg(timeout=1))
                if idle(got[-1]):
                    self.done.add(got[-1]["parent_header"]["msg_id"])
                if wanted(got[-1]):
                    return got
        raise AssertionError(f"nothing of the kind came; last were {got[-3:]}")

    def finish(self, request):
        """The reply to a cell, and all that comes until it is done."""
        got = [] if request in self.done else self.until(lambda _: request in self.done)
        while request not in self.replies:
            reply = self.client.get_shell_msg(timeout=LIMIT)
            self.replies[reply["parent_header"]["msg_id"]] = reply["content"]
        return self.replies.pop(request), got

    def stop(self):
        """What the Stop button does; returns when the kernel has heard it."""
        self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
        self.client.get_control_msg(timeout=LIMIT)

    @property
    def pid(self):
        return self.manager.provisioner.process.pid


def idle(message):
    return message["content"].get("execution_state") == "idle"


def shown(message):
    """The plain text of an output, or nothing."""
    return message["content"].get("data", {}).get("text/plain", "")


class Folder(unittest.TestCase):
    """A folder of its own for each test."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def write(self, name, text="text"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class WithKernel(unittest.TestCase):
    """One kernel for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel().__enter__()
        cls.addClassCleanup(cls.kernel.close)
