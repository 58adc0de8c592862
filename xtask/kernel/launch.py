"""The ConvLens kernel: `python launch.py CONNECTION_FILE`, with CONVLENS_CRATE set by start.py.

Makes a private copy of the warm build folder, runs evcxr on it, and stands between it and Jupyter.
Whatever ends it, its janitor removes the copy and every process that was started.
"""

import errno
import json
import os
import signal
import sys
from pathlib import Path

import packages  # noqa: F401  (before all others: it says so if a package is missing)

import crates
import evcxr
import janitor
import manifest
from engine import Engine
from relay import Relay
from slot import Slot
from sockets import Sockets
from template import Template
from warm_up import WarmUpError
from wire import Wire, WireError

JUPYTER = os.getppid()
NOT_SET_UP = "the kernel is not set up for this clone; run `cargo xtask setup` in it"
OWN_CACHE = "set CONVLENS_HOME to a folder of your own and run `cargo xtask setup`"
ADVICE = {
    errno.EACCES: OWN_CACHE,
    errno.EPERM: OWN_CACHE,
    errno.EROFS: OWN_CACHE,
    errno.ENOSPC: "free some space on that disk",
}


def say(text):
    print(f"[ConvLens] {text}", file=sys.stderr, flush=True)


def warm(template):
    """Only the crate itself may be compiled here: Jupyter waits a minute for a kernel."""
    status = template.status()
    if status == "missing":
        raise WarmUpError(NOT_SET_UP)
    if status not in ("changed", "ready"):
        raise manifest.DamagedError(status)
    if status == "changed":
        say("ConvLens sources changed: warming the kernel, about 20 s")
        if seconds := template.make():
            say(f"warmed in {seconds:.0f} s")


def fill(slot, clone):
    """Copies the warm template of the clone as it is now into the slot."""
    while True:
        template = Template(clone)
        warm(template)
        if template.copy_to(slot.path):
            return template


def leave(*_):
    raise SystemExit(0)


def main(connection_file):
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clone = Path(os.environ["CONVLENS_CRATE"])
    if not (clone / ".cargo" / "local.toml").is_file():
        raise WarmUpError(NOT_SET_UP)
    torch = evcxr.libtorch(clone)  # with CUDA a folder of the part
    manifest.require(Path(evcxr.binary()).parent.parent, torch, torch.parent)
    outer = json.loads(Path(connection_file).read_text())
    wire = Wire(outer)
    slot = Slot(evcxr.home() / "slots")
    janitor.appoint(slot)
    sockets = Sockets(outer)
    template, stop_file = fill(slot, clone), slot.path / "stop"
    env = evcxr.environment(clone, slot.build_folder(), template.config, crates.path(clone))
    engine = Engine(slot, outer, env | {"CONVLENS_STOP": str(stop_file)})
    Relay(sockets, wire, engine, stop_file).run(lambda: os.getppid() == JUPYTER)
    sockets.close()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (crates.FetchError, manifest.DamagedError, WarmUpError, WireError) as error:
        say(error)
        sys.exit(1)
    except OSError as error:
        advice = ADVICE.get(error.errno, "run `cargo xtask setup --repair`")
        say(f"cannot use {error.filename or evcxr.home()} ({error.strerror or error}); {advice}")
        sys.exit(1)
