"""A private copy of a warm build folder, made in a fraction of a second and removed with its kernel.

Cargo and evcxr rewrite small files in place, so two kernels must not share them: only artefacts
that are never written again are hard links, everything else is a real copy.
"""

import fcntl
import os
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

import alias
import manifest

ARTEFACTS = (".rlib", ".rmeta", ".so", ".dylib", ".a", ".o")
CELL_FILES = ("libcode_", "libctx", "ctx-", "ctx.")  # code of the cells of another kernel
OWN_CRATE = "convlens"  # recompiled in place when its source changes: never shared
BIG_EXECUTABLE = 65536


def copy_folder(source, target):
    """Copies a build folder, linking what is large and final."""
    for folder, subfolders, files in os.walk(source):
        out = Path(target, os.path.relpath(folder, source))
        out.mkdir(parents=True, exist_ok=True)
        if os.path.basename(folder) == "incremental":
            subfolders[:] = []
            continue
        for name in files:
            if not name.startswith((*CELL_FILES, manifest.NAME)):  # it lists what the source holds
                copy_file(os.path.join(folder, name), out / name)
    keep_folder_times(source, target)


def copy_file(source, target):
    stat = os.lstat(source)
    large = stat.st_mode & 0o111 and stat.st_size > BIG_EXECUTABLE
    if not is_own(source) and (source.endswith(ARTEFACTS) or large):
        os.link(source, target)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def is_own(path):
    """Whether a file belongs to what was compiled from the crate itself."""
    folder, name = os.path.split(path)
    return OWN_CRATE in name or OWN_CRATE in os.path.basename(folder)


def date(folder, when):
    """Dates what was compiled from the crate, in nanoseconds. We know by content whether its sources have
    changed; cargo goes by time, which is new in a fresh clone and may be old in a file that was moved here."""
    for below, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(below, name)
            if is_own(path):
                os.utime(path, ns=(when, when))


def keep_folder_times(source, target):
    """Cargo compares times of folders too. Who may come in is for the target to say."""
    for folder, _, _ in os.walk(source, topdown=False):
        out = Path(target, os.path.relpath(folder, source))
        if out.is_dir():
            stat = os.stat(folder)
            os.utime(out, ns=(stat.st_atime_ns, stat.st_mtime_ns))


class Slot:
    """One kernel's build folder, held by a lock that dies with the process."""

    def __init__(self, slots):
        slots.mkdir(parents=True, exist_ok=True)
        self.path = slots / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        with one_at_a_time(slots):
            sweep(slots)
            self.lock = open(f"{self.path}.lock", "w")
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            self.path.mkdir(mode=0o700)  # it holds the key to evcxr, and all that the cells are

    def build_folder(self):
        """Where evcxr works, once the template is in the slot."""
        return alias.make(self.path, alias.of(self.path))

    def remove(self):
        with one_at_a_time(self.path.parent):
            discard(self.path)
            self.lock.close()


@contextmanager
def one_at_a_time(slots):
    """Between kernels that start or end at the same moment."""
    with open(slots / ".all", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def discard(path):
    """Removes a slot; its lock goes last, so that what is left over is swept later."""
    alias.remove(path)
    shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        Path(f"{path}.lock").unlink(missing_ok=True)


def sweep(slots):
    """Removes slots whose kernel is gone: those whose lock can be taken, or is missing."""
    for lock_path in slots.glob("*.lock"):
        with open(lock_path) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            discard(lock_path.with_suffix(""))
    for folder in slots.iterdir():
        if folder.is_dir() and not Path(f"{folder}.lock").exists():
            discard(folder)
