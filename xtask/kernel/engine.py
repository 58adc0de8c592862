"""evcxr as one kernel runs it: on ports of its own, and once more when it was lost."""

import contextlib
import os
import random
import signal
import sys

import evcxr
from jupyter_client.connect import write_connection_file

GROUP = "group"  # in the slot: the process group of evcxr and all that it starts


class Engine:
    """`outer` is Jupyter's connection file, whose key evcxr shares; `env` is evcxr's environment."""

    def __init__(self, slot, outer, env):
        self.slot, self.outer, self.env = slot, outer, env
        self.process = None

    def start(self):
        """Returns evcxr's own connection file."""
        path, inner = self.connection()
        self.process = evcxr.start(path, self.env, before=evcxr.lead_a_group)
        (self.slot.path / GROUP).write_text(str(self.process.pid))
        return inner

    def connection(self):
        """On Linux all of 127.x.x.x is this machine: with an address of its own, no port that is free now
        is taken by another kernel before evcxr listens."""
        path = self.slot.path / "connection.json"
        own = ".".join(str(random.randint(1, 254)) for _ in range(3))
        ip = f"127.{own}" if sys.platform == "linux" else "127.0.0.1"
        key, scheme = self.outer["key"].encode(), self.outer["signature_scheme"]
        path.unlink(missing_ok=True)
        _, inner = write_connection_file(str(path), ip=ip, key=key, signature_scheme=scheme)
        return path, inner

    def runs(self):
        return self.process.poll() is None

    def kill(self):
        """Also the process of the cells, and a compiler that may be at work."""
        end_group(self.process.pid)
        self.process.wait()


def end_group(group):
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it is gone; macOS says the latter
        os.killpg(group, signal.SIGKILL)
