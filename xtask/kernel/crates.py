"""A cargo home that holds just the crates of Cargo.lock and of the standard library.

A kernel resolves its dependencies afresh and ignores Cargo.lock; offline, with nothing else to
choose from, it gets the committed versions. The standard library's crates are for evcxr's type
inference.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import clone as checkout
import evcxr
import logs
import manifest


class FetchError(Exception):
    """cargo could not download the crates."""


def path(clone):
    lock = checkout.content(clone / "Cargo.lock")
    return evcxr.home() / "cargo" / checkout.digest(lock, checkout.compiler())


def fetch(clone):
    """Fills the cargo home, once."""
    target = path(clone)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if manifest.damage(target):
            fill(clone, target)
        elif not (target / manifest.NAME).exists():  # made before there were such lists
            note(target)
    return target


def note(target):
    """What must stay as it is: cargo rewrites its index."""
    manifest.write(target, "registry/cache", "registry/src")


def fill(clone, target):
    temporary = target.with_suffix(".tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    copy_settings(temporary)
    run_fetch(clone, temporary)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        library = Path(scratch, "library")
        shutil.copytree(standard_library(), library)
        run_fetch(library, temporary)
    note(temporary)
    shutil.rmtree(target, ignore_errors=True)
    temporary.rename(target)


def copy_settings(target):
    """The user's own registry mirror or proxy also serves us."""
    settings = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for name in ("config.toml", "config"):
        if (settings / name).is_file():
            shutil.copy2(settings / name, target / name)


def standard_library():
    command = ["rustc", "--print", "sysroot"]
    sysroot = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return Path(sysroot, "lib/rustlib/src/rust/library")


def run_fetch(folder, cargo_home):
    env = dict(os.environ, CARGO_HOME=str(cargo_home), RUSTC_BOOTSTRAP="1")
    command = ["cargo", "fetch", "--locked"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode:
        raise FetchError(logs.sentence(f"`cargo fetch --locked` in {folder} failed", done.stderr))
