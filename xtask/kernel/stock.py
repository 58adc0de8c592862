"""evcxr's own kernel, without the relay, for tests and benchmarks to compare with."""

import json
import os
from pathlib import Path

import crates
import evcxr
from jupyter_client.kernelspec import get_kernel_spec


def install(folder, clone):
    """A kernel spec `stock` below `folder`, with evcxr's build folder in `folder/build`."""
    folder = Path(folder)
    os.environ.update(get_kernel_spec("convlens").env)  # where set-up put evcxr
    for name in ("build", "config"):
        (folder / name).mkdir(exist_ok=True)
    spec = {
        "argv": [evcxr.binary(), "--control_file", "{connection_file}"],
        "display_name": "stock evcxr",
        "language": "rust",
        "interrupt_mode": "message",
        "env": evcxr.environment(clone, folder / "build", folder / "config", crates.path(clone)),
    }
    path = folder / "kernels" / "stock" / "kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(folder)
