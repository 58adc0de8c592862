"""The ConvLens kernel: `python launch.py CONNECTION_FILE`, with CONVLENS_CRATE set by start.py.

Makes a private copy of the warm build folder, runs evcxr on it, and removes it at the end.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import crates
import evcxr
from slot import Slot
from template import Template
from warm_up import WarmUpError

JUPYTER = os.getppid()
NOT_SET_UP = "the kernel is not set up for this clone; run `cargo xtask setup` in it"


def say(text):
    print(f"[ConvLens] {text}", file=sys.stderr, flush=True)


def warm(template):
    """Only the crate itself may be compiled here: Jupyter waits a minute for a kernel."""
    status = template.status()
    if status == "missing":
        raise WarmUpError(NOT_SET_UP)
    if status == "changed":
        say("ConvLens sources changed: warming the kernel, about 20 s")
        template.make()


def fill(slot, clone):
    """Copies the warm template of the clone as it is now into the slot."""
    while True:
        template = Template(clone)
        warm(template)
        if template.copy_to(slot.path):
            return template


def wait(process):
    """Returns when evcxr ended, or when Jupyter itself is gone."""
    while os.getppid() == JUPYTER:
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            continue
    return 0


def leave(*_):
    raise SystemExit(0)


def main(connection_file):
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clone = Path(os.environ["CONVLENS_CRATE"])
    if not (clone / ".cargo" / "local.toml").is_file():
        raise WarmUpError(NOT_SET_UP)
    slot = Slot(evcxr.home() / "slots")
    process = None
    try:
        template = fill(slot, clone)
        env = evcxr.environment(clone, slot.path, template.config, crates.path(clone))
        process = evcxr.start(connection_file, env)
        return wait(process)
    finally:
        if process:
            evcxr.stop(process)
            evcxr.stop_group()
        slot.remove()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except (crates.FetchError, WarmUpError) as error:
        say(error)
        sys.exit(1)
