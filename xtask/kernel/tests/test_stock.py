"""A notebook of the course on stock evcxr, without the relay: plainer, but without a fault."""

import os
import tempfile
import unittest
from unittest import mock

import nbformat
from support import CLONE, Kernel

import stock
from session import problem
from template import Template

NOTEBOOK = CLONE / "notebooks" / "07_saliency.ipynb"


class Stock(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        patch = mock.patch.dict(os.environ)
        patch.start()
        self.addCleanup(patch.stop)
        stock.install(scratch.name, CLONE)
        # A warm build folder only saves the two minutes of compiling.
        self.assertTrue(Template(CLONE).copy_to(f"{scratch.name}/build"))

    def test_every_cell_of_a_notebook_and_a_panic(self):
        cells = nbformat.read(NOTEBOOK, as_version=4).cells
        pictures = 0
        with Kernel("stock", NOTEBOOK.parent) as kernel:
            for cell in [c for c in cells if c.cell_type == "code"]:
                outputs = kernel.run(cell.source)
                self.assertIsNone(problem(outputs), cell.source)
                text = "".join(o.get("text", "") for o in outputs)
                self.assertNotIn("\x1e", text, "a request to a relay that is not there")
                pictures += sum("image" in key for o in outputs for key in o.get("data", {}))
            self.assertGreater(pictures, 8)
            outputs = kernel.run("Tensor::zeros([2, 3], tch::kind::FLOAT_CPU).matmul(&map)")
            self.assertRegex(problem(outputs), r"^error: libtorch: [^\n]{20,100}$")


if __name__ == "__main__":
    unittest.main()
