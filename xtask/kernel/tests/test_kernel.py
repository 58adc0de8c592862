"""What the kernel's Python does without a kernel."""

import os
import unittest

from support import Folder

import page
import session
import slot
import start
import tidy
from nbformat.v4 import new_code_cell, new_notebook, new_output


SAID = (("stdout", "one\n"), ("stdout", "two\n"), ("stderr", "loud\n"), ("stderr", "three\n"))


class CopyFolder(Folder):
    def copy(self, name):
        source = self.write(f"template/{name}")
        slot.copy_folder(self.folder / "template", self.folder / "copy")
        target = self.folder / "copy" / name
        return source, target if target.exists() else None

    def test_artefacts_are_linked(self):
        source, target = self.copy("deps/libtch-1.rlib")
        self.assertTrue(source.samefile(target))

    def test_small_files_are_copied_with_their_time(self):
        os.utime(self.write("template/Cargo.lock"), (5, 5))
        slot.copy_folder(self.folder / "template", self.folder / "copy")
        target = self.folder / "copy/Cargo.lock"
        self.assertFalse(target.samefile(self.folder / "template/Cargo.lock"))
        self.assertEqual(target.stat().st_mtime, 5)

    def test_a_private_folder_stays_private(self):
        self.write("template/debug/Cargo.lock")
        (self.folder / "copy").mkdir(mode=0o700)
        slot.copy_folder(self.folder / "template", self.folder / "copy")
        self.assertEqual(mode(self.folder / "copy"), 0o700)

    def test_our_own_crate_is_never_shared(self):
        source, target = self.copy("deps/libconvlens-1.rlib")
        self.assertFalse(source.samefile(target))

    def test_cells_of_another_kernel_stay_behind(self):
        self.assertIsNone(self.copy("deps/libcode_3.so")[1])
        self.assertIsNone(self.copy("incremental/a/b")[1])


class Slots(Folder):
    def test_only_slots_without_owner_are_swept(self):
        alive = slot.Slot(self.folder)
        dead = self.folder / "dead"
        dead.mkdir()
        self.write("dead.lock")
        (self.folder / "without-lock").mkdir()
        slot.sweep(self.folder)
        self.assertEqual(mode(alive.path), 0o700)
        self.assertFalse(dead.exists())
        alive.remove()
        self.assertEqual([p.name for p in self.folder.iterdir()], [".all"])


def mode(path):
    """Who may read, write and come in."""
    return path.stat().st_mode & 0o777


class Clone(Folder):
    def test_the_nearest_convlens_above_the_notebook(self):
        self.write("Cargo.toml", '[package]\nname = "convlens" # the crate\n')
        self.write("notebooks/Cargo.toml", '[package]\nname = "other"\n')
        self.assertEqual(start.find(self.folder / "notebooks"), self.folder)

    def test_outside_a_clone_says_what_to_do(self):
        with self.assertRaises(SystemExit) as stopped:
            start.find(self.folder)
        self.assertIn("set CONVLENS_CRATE", stopped.exception.code)


class Outputs(unittest.TestCase):
    def test_stderr_is_a_problem_and_stdout_is_not(self):
        out = new_output("stream", name="stdout", text="fine")
        self.assertIsNone(session.problem([out]))
        err = new_output("stream", name="stderr", text="\x1b[31mboom\x1b[0m\n")
        self.assertEqual(session.problem([out, err]), "boom")

    def test_tidy_leaves_nothing_that_changes(self):
        cell = new_code_cell("1", execution_count=9, metadata={"execution": {"started": "now"}})
        bar = new_output("display_data", {"text/plain": "steps: 9/9, 3 s"}, metadata={"convlens": "progress"})
        cell.outputs = [bar, new_output("execute_result", {"text/plain": "1"}, execution_count=9)]
        notebook = tidy.tidy(new_notebook(cells=[cell], metadata={"widgets": {}}))
        self.assertEqual(cell.metadata, {})
        self.assertEqual((cell.execution_count, [o.execution_count for o in cell.outputs]), (1, [1]))
        self.assertEqual(sorted(notebook.metadata), ["kernelspec", "language_info"])

    def test_tidy_joins_what_only_a_bar_has_parted(self):
        said = [new_output("stream", name=name, text=text) for name, text in SAID]
        bar = new_output("display_data", {"text/plain": "1/9"}, metadata={"convlens": "progress"})
        figure = new_output("display_data", {"text/plain": "a figure"})
        cell = new_code_cell("1", outputs=[said[0], bar, said[1], said[2], figure, said[3]])
        tidy.tidy(new_notebook(cells=[cell]))
        texts = [out.get("text") for out in cell.outputs]
        self.assertEqual(texts, ["one\ntwo\n", "loud\n", None, "three\n"])


class Formulas(unittest.TestCase):
    def test_formulas_become_mathml_and_code_stays(self):
        text = page.with_formulas("Let $x$ and `$y$`:\n\n$$z$$")
        self.assertIn("<mi>x</mi>", text)
        self.assertIn("`$y$`", text)
        self.assertIn('display="block"', text)


if __name__ == "__main__":
    unittest.main()
