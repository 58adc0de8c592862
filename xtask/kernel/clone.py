"""Everything that the compiled form of a ConvLens clone depends on."""

import functools
import hashlib
import shutil
import subprocess
from pathlib import Path

import evcxr


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


@functools.cache
def compiler():
    return subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout


def content(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else "-"


def tools(clone):
    """Compiler, linker, libtorch, evcxr, and the crates that Cargo.lock names, which have a folder of
    their own: when one changes, everything is compiled again."""
    libtorch = evcxr.libtorch(clone)
    linkers = [shutil.which("lld"), shutil.which("mold")]  # evcxr uses them when they are there
    version = content(libtorch / "build-version")
    lock = content(clone / "Cargo.lock")
    return digest(compiler(), *linkers, libtorch, version, evcxr.binary(), lock)


def sources(clone):
    """The crate's own files and the code that warms it: when one changes, only they are compiled."""
    files = [clone / "Cargo.toml", clone / "build.rs"]
    files += sorted(p for p in (clone / "src").rglob("*") if p.is_file())
    warmers = [Path(__file__).with_name(name) for name in ("evcxr.py", "slot.py", "warm_up.py", "prelude.rs")]
    names = [f.relative_to(clone) for f in files]
    return digest(*names, *map(content, files + warmers))
