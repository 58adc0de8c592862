"""How evcxr is started: the same environment for warming up and for a reader's kernel."""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

# Set by whoever runs us through cargo; they would change how a cell is compiled.
LEAKED = ("CARGO_BUILD_", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_", "CARGO_PROFILE_")
LIBTORCH = re.compile(r"^LIBTORCH = (.*)$", re.MULTILINE)
LEAKED_NAMES = {"CARGO", "CARGO_TARGET_DIR", "OUT_DIR", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"}


def home():
    """The ConvLens cache folder."""
    return Path(os.environ["CONVLENS_HOME"])


def binary():
    return os.environ["CONVLENS_EVCXR"]


def libtorch(clone):
    """Where set-up found libtorch for this clone, as it told cargo."""
    text = (clone / ".cargo" / "local.toml").read_text()
    return Path(json.loads(LIBTORCH.search(text)[1]))


def search_path(clone):
    """libtorch, then Rust's standard library: evcxr's own path to the latter, relative to the
    build folder, is wrong wherever both lie in the same home folder."""
    command = ["rustc", "--print", "target-libdir"]
    std = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    given = os.environ.get("LD_LIBRARY_PATH")
    return os.pathsep.join(filter(None, [str(libtorch(clone) / "lib"), std, given]))


def environment(clone, folder, config, cargo_home):
    """What evcxr and the cargo below it see; `folder` is its private build folder."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(LEAKED) and k not in LEAKED_NAMES}
    libraries = search_path(clone)
    env |= {
        "LIBTORCH": str(libtorch(clone)),
        "EVCXR_TMPDIR": str(folder),
        "EVCXR_CONFIG_DIR": str(config),
        "CARGO_HOME": str(cargo_home),
        "CARGO_NET_OFFLINE": "true",
        "LD_LIBRARY_PATH": libraries,
        "DYLD_LIBRARY_PATH": libraries,
    }
    return env


def die_with_parent():
    """Linux: the kernel is killed when its launcher is gone, however that ended."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def lead_a_group():
    """So that it can be ended together with all that it starts."""
    os.setpgid(0, 0)
    die_with_parent()


def start(connection_file, env, before=die_with_parent, **options):
    """Stock evcxr on a Jupyter connection file."""
    command = [binary(), "--control_file", str(connection_file)]
    return subprocess.Popen(command, env=env, preexec_fn=before, **options)


def stop(process):
    """Ends evcxr, gently at first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
