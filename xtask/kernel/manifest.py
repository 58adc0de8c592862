"""Whether a part of the cache still is what set-up made.

A finished part holds a list of its files. `manifest.py write FOLDER` makes it; `check FOLDER` says `whole`,
`unknown` (there is no list) or what is damaged, by sizes; `repair HOME` also compares contents, and removes
what is damaged, so that set-up makes it again. It runs in any Python, because the private one is such a part.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

NAME = ".manifest"
REWRITTEN = ("__pycache__", "index")  # by Python, and by cargo
PARTS = ("*", "cargo/*", "templates/*/*")


class DamagedError(Exception):
    """A part of the cache is not what set-up made; `why` says which."""

    def __init__(self, why):
        super().__init__(f"the cache is damaged: {why}; run `cargo xtask setup --repair`")


def write(folder, *below):
    """Lists the files of `folder`, or of these folders below it."""
    tops = [Path(folder, name) for name in below or ("",)]
    lines = [line(folder, path) for top in tops for path in sorted(files(top))]
    finished = Path(folder, NAME + ".tmp")
    finished.write_text("".join(lines), errors="surrogateescape")
    finished.replace(Path(folder, NAME))


def files(top):
    for folder, subfolders, names in os.walk(top):
        subfolders[:] = [name for name in subfolders if name not in REWRITTEN]
        yield from (os.path.join(folder, name) for name in names if not name.startswith(NAME))


def line(folder, path):
    return f"{os.lstat(path).st_size} {digest(path)} {os.path.relpath(path, folder)}\n"


def digest(path):
    """A link is listed as such: what it leads to may be the system's, and change."""
    if os.path.islink(path):
        return "-"
    sha256 = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            sha256.update(block)
    return sha256.hexdigest()


def damage(folder, contents=False):
    """What is not as it was, in words; None if all is, or if nothing is known."""
    if not os.path.isdir(folder):
        return f"{folder} is not there"
    try:
        listed = Path(folder, NAME).read_text(errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return None
    try:
        wrong = (compare(folder, *entry.split(" ", 2), contents) for entry in listed)
        return next(filter(None, wrong), None)
    except (TypeError, ValueError):
        return f"{Path(folder, NAME)} is not the list of files that it was"


def compare(folder, size, sha256, name, contents):
    path = os.path.join(folder, name)
    try:
        found = os.lstat(path).st_size
        same = not contents or digest(path) == sha256
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    if found != int(size):
        return f"{path} has {found} bytes instead of {size}"
    return None if same else f"{path} has other contents than when it was made"


def require(*folders):
    """For a kernel's start, which has no time to make anything again."""
    for folder in folders:
        if why := damage(folder):
            raise DamagedError(why)


def repair(home):
    for pattern in PARTS:
        for listed in sorted(Path(home).glob(f"{pattern}/{NAME}")):
            if why := damage(listed.parent, contents=True):
                print(why)
                shutil.rmtree(listed.parent)


def main(action, folder):
    sys.stdout.reconfigure(errors="backslashreplace")
    if action == "write":
        write(folder)
    elif action == "repair":
        repair(folder)
    elif os.path.isfile(os.path.join(folder, NAME)):
        print(damage(folder) or "whole")
    else:
        print("unknown")


if __name__ == "__main__":
    main(*sys.argv[1:])
