"""Once set up, a kernel starts and runs a notebook of the course with no network at all."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from support import CLONE, KERNEL

NOTEBOOK = CLONE / "notebooks" / "01_first_layer_filters.ipynb"


class Offline(unittest.TestCase):
    def test_a_notebook_runs(self):
        with tempfile.TemporaryDirectory() as out:
            cut_off = [sys.executable, Path(__file__).with_name("cut_off.py")]
            run = [sys.executable, KERNEL / "run_notebook.py", NOTEBOOK, out]
            done = subprocess.run([*cut_off, *run], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            cells = nbformat.read(Path(out, NOTEBOOK.name), as_version=4).cells
            self.assertTrue(all(c.execution_count for c in cells if c.cell_type == "code"))


if __name__ == "__main__":
    unittest.main()
