"""The kernel spec's program. Set-up copies it to the cache, which several clones share:

it finds the ConvLens clone that the notebook belongs to, and starts that clone's own launcher.
"""

import os
import re
import sys
from pathlib import Path

PACKAGE = re.compile(r'^\s*name\s*=\s*"convlens"\s*(#.*)?$', re.MULTILINE)


def find(start):
    """The nearest folder at or above `start` whose Cargo.toml is ConvLens's."""
    for folder in [start, *start.parents]:
        manifest = folder / "Cargo.toml"
        if manifest.is_file() and PACKAGE.search(manifest.read_text()):
            return folder
    sys.exit(
        f"[ConvLens] no ConvLens clone at or above {start}; open the notebook inside one, "
        "or set CONVLENS_CRATE to its folder"
    )


if __name__ == "__main__":
    clone = find(Path(os.environ.get("CONVLENS_CRATE") or os.getcwd()).resolve())
    os.environ["CONVLENS_CRATE"] = str(clone)
    launcher = clone / "xtask" / "kernel" / "launch.py"
    os.execv(sys.executable, [sys.executable, str(launcher), *sys.argv[1:]])
