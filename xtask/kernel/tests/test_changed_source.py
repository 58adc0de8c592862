"""A change of the crate's source is compiled once, however many kernels start."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from jupyter_client.kernelspec import get_kernel_spec
from support import CLONE, HOME, Kernel
from support import slot as slots

import slot
from template import Template

NOT_COMPILED = shutil.ignore_patterns(".git", "target", "data", "notebooks", "__pycache__")


class ChangedSource(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(dir=HOME)
        self.addCleanup(scratch.cleanup)
        self.clone = Path(scratch.name, "clone")
        shutil.copytree(CLONE, self.clone, ignore=NOT_COMPILED)
        env = get_kernel_spec("convlens").env | {"CONVLENS_CRATE": str(self.clone)}
        patch = mock.patch.dict(os.environ, env)
        patch.start()
        self.addCleanup(patch.stop)
        self.warm_from_this_clone()

    def warm_from_this_clone(self):
        """As if the copy had been warmed before: all that it needs is compiled."""
        copy, ours = Template(self.clone), Template(CLONE)
        self.addCleanup(shutil.rmtree, copy.folder, ignore_errors=True)
        copy.folder.mkdir(parents=True)
        slot.copy_folder(ours.current, copy.folder / f"{copy.tools}-before")

    def test_is_compiled_once(self):
        with (self.clone / "src/lib.rs").open("a") as source:
            source.write("/// New.\npub fn answer() -> i64 {\n    42\n}\n")
        os.utime(self.clone / "src/lib.rs", (0, 0))  # as of a file that was moved here
        first, second = Kernel(), Kernel()
        with first, second:
            for kernel in (first, second):
                answer = kernel.run("convlens::answer()")
                self.assertEqual(answer[0].data["text/plain"], "42")
        for source in (self.clone / "src").rglob("*"):
            source.touch()  # as in a fresh clone
        with Kernel() as third:
            third.run("convlens::answer()")
            (folder,) = slots(third.pid)
            times = {p.stat().st_mtime_ns for p in folder.rglob("*convlens*") if p.is_file()}
            self.assertEqual(len(times), 1, "cargo compiled the crate again")
        made = [kernel.log_text.count("warmed in") for kernel in (first, second, third)]
        self.assertEqual(sorted(made[:2]), [0, 1])
        self.assertEqual(made[2], 0)


if __name__ == "__main__":
    unittest.main()
