"""A notebook of the course on stock evcxr, without the relay: plainer, but without a fault."""

import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import nbformat
from jupyter_client.kernelspec import get_kernel_spec
from support import CLONE, Kernel

import crates
import evcxr
from session import problem
from template import Template


class Stock(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        patch = mock.patch.dict(os.environ, get_kernel_spec("convlens").env)
        patch.start()
        self.addCleanup(patch.stop)
        self.install("stock")

    def install(self, name):
        """evcxr's own kernel spec; a warm build folder only saves the two minutes of compiling."""
        build, config = self.folder / "build", self.folder / "config"
        config.mkdir()
        self.assertTrue(Template(CLONE).copy_to(build))
        spec = {
            "argv": [evcxr.binary(), "--control_file", "{connection_file}"],
            "display_name": name,
            "language": "rust",
            "env": evcxr.environment(CLONE, build, config, crates.path(CLONE)),
        }
        path = self.folder / "kernels" / name / "kernel.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(spec))
        patch = mock.patch.dict(os.environ, {"JUPYTER_PATH": str(self.folder)})
        patch.start()
        self.addCleanup(patch.stop)

    def test_every_cell_of_a_notebook(self):
        path = CLONE / "notebooks" / "07_saliency.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        pictures = 0
        with Kernel("stock", path.parent) as kernel:
            for cell in [c for c in cells if c.cell_type == "code"]:
                outputs = kernel.run(cell.source)
                self.assertIsNone(problem(outputs), cell.source)
                text = "".join(o.get("text", "") for o in outputs)
                self.assertNotIn("\x1e", text, "a request to a relay that is not there")
                pictures += sum("image" in key for o in outputs for key in o.get("data", {}))
        self.assertGreater(pictures, 8)


if __name__ == "__main__":
    unittest.main()
