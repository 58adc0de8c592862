"""A second name, without spaces, for a build folder.

evcxr names what its process of the cells should load in a line that is split at spaces, and a link in place of the
build folder does not help, because cargo sees through it. So evcxr works in a folder elsewhere, private to the
user, whose `target` is a link to the large one.
"""

import os
import shutil
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path


def of(folder):
    """Where evcxr works: `folder` itself, unless its path has a space."""
    return place() / f"convlens-{folder.name}" if " " in str(folder) else folder


def place():
    """Where the user may make folders, without a space in its path."""
    given = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"]
    usable = [p for p in given if p and " " not in p and os.path.isdir(p) and os.access(p, os.W_OK)]
    if not usable:
        raise OSError("evcxr needs a folder without a space in its path; set TMPDIR to one")
    return Path(usable[0])


def make(folder, name):
    """Fills `name` with what is in `folder`, and a link to its target."""
    if name == folder:
        return name
    name.mkdir(mode=0o700)  # fails if somebody else has it already
    (folder / "target").mkdir(exist_ok=True)
    copy(folder, name)
    (name / "target").symlink_to(folder / "target")
    return name


def copy(source, target):
    """All but the target, and the connection's keys."""
    for path in source.iterdir():
        if path.is_file() and path.name != "connection.json":
            shutil.copy2(path, target / path.name)
        elif path.is_dir() and path.name != "target":
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)


def remove(folder):
    if of(folder) != folder:
        shutil.rmtree(of(folder), ignore_errors=True)


@contextmanager
def while_warming(folder):
    """Where evcxr may work on `folder`; what it wrote is in `folder` afterwards."""
    if of(folder) == folder:
        yield folder
        return
    name = place() / f"convlens-{uuid.uuid4().hex}"
    try:
        yield make(folder, name)
        copy(name, folder)
    finally:
        shutil.rmtree(name, ignore_errors=True)
