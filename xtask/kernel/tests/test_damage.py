"""A cache that is damaged, read-only or at a path with a space: one sentence, or it works."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from jupyter_client.kernelspec import get_kernel_spec
from support import CLONE, HOME, KERNEL, Folder, Kernel

import alias
import crates
import evcxr
import logs
import manifest
from slot import Slot
from template import Template


LAUNCH = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import launch
launch.crates.path = lambda clone: Path({crates!r})
launch.main(sys.argv[1])
"""


class Damaged(Folder):
    """With an environment of its own, too."""

    def environment(self, **variables):
        patch = mock.patch.dict(os.environ, variables)
        patch.start()
        self.addCleanup(patch.stop)


class Manifest(Folder):
    def setUp(self):
        super().setUp()
        self.file = self.write("lib/a b ü.so")
        self.write("lib/__pycache__/a.pyc")
        (self.folder / "lib/link").symlink_to("a b ü.so")
        manifest.write(self.folder)

    def assert_damaged(self, words, **options):
        said = manifest.damage(self.folder, **options)
        self.assertIn(words, said or "")
        self.assertNotIn("\n", said)

    def test_whole(self):
        shutil.rmtree(self.folder / "lib/__pycache__")  # Python makes it again
        self.write("new")
        self.assertIsNone(manifest.damage(self.folder, contents=True))

    def test_other_size(self):
        self.file.write_text("")
        self.assert_damaged("a b ü.so has 0 bytes instead of 4")

    def test_gone(self):
        self.file.unlink()
        self.assert_damaged("a b ü.so cannot be read (No such file or directory)")
        shutil.rmtree(self.folder)
        self.assert_damaged("is not there")

    def test_other_content_of_the_same_size(self):
        self.file.write_text("tex!")
        self.assertIsNone(manifest.damage(self.folder))
        self.assert_damaged("has other contents", contents=True)

    def test_the_list_itself(self):
        self.write(".manifest", "half\n")
        self.assert_damaged("is not the list of files that it was")

    def test_repair_removes_what_is_damaged(self):
        for part in ("venv", "cargo/a", "templates/b/c"):
            self.write(f"{part}/good")
            manifest.write(self.folder / part)
        self.write("cargo/a/good", "evil")
        self.write("templates/b/c/good", "")
        with mock.patch("builtins.print") as said:
            manifest.repair(self.folder)
        self.assertEqual(said.call_count, 2)
        left = [p.name for p in self.folder.rglob("good")]
        self.assertEqual((left, (self.folder / "venv/good").exists()), (["good"], True))


class Templates(Damaged):
    """A template of this clone that holds one file, and its crates."""

    def setUp(self):
        super().setUp()
        self.environment(CONVLENS_HOME=str(self.folder), CONVLENS_EVCXR="/no/evcxr")
        self.template = Template(CLONE)
        self.library = self.make(self.template.current, "target/libtch.rlib")
        self.crate = self.make(crates.path(CLONE), "registry/src/a/lib.rs")
        self.make(crates.path(CLONE), "registry/index/cache")

    def make(self, part, name):
        path = self.write(part / name)
        crates.note(part) if "registry" in name else manifest.write(part)
        return path

    def test_whole(self):
        (crates.path(CLONE) / "registry/index/cache").unlink()  # cargo rewrites it
        self.assertEqual(self.template.status(), "ready")

    def test_a_library_is_gone(self):
        self.library.unlink()
        self.assertIn("libtch.rlib cannot be read", self.template.status())

    def test_sources_of_a_crate_are_gone(self):
        self.crate.unlink()
        self.assertIn("lib.rs cannot be read", self.template.status())
        shutil.rmtree(crates.path(CLONE))
        self.assertIn("is not there", self.template.status())

    def test_a_damaged_one_is_never_the_base_of_the_next(self):
        self.template.current.rename(self.template.folder / f"{self.template.tools}-before")
        self.assertEqual(self.template.status(), "changed")
        (self.template.previous() / "target/libtch.rlib").unlink()
        self.assertEqual(self.template.status(), "missing")


class Start(Damaged):
    """What the launcher says; nothing is there but a clone that is set up, evcxr and libtorch."""

    def setUp(self):
        super().setUp()
        self.home = self.folder / "home"
        torch = self.write("home/libtorch/lib/libtorch_cpu.so").parent.parent
        program = self.write("home/evcxr/bin/evcxr_jupyter")
        self.write("clone/.cargo/local.toml", f"[env]\nLIBTORCH = {json.dumps(str(torch))}\n")
        manifest.write(torch)
        manifest.write(self.home / "evcxr")
        ports = {f"{name}_port": 0 for name in ("shell", "control", "stdin", "iopub", "hb")}
        connection = {"ip": "127.0.0.1", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256", **ports}
        self.connection = self.write("connection.json", json.dumps(connection))
        clone = self.folder / "clone"
        self.environment(
            CONVLENS_HOME=str(self.home), CONVLENS_EVCXR=str(program), CONVLENS_CRATE=str(clone)
        )

    def assert_says(self, *words, before=(), python=sys.executable):
        command = [*before, python, KERNEL / "launch.py", self.connection]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if "unshare" in done.stderr or done.returncode == 99:
            self.skipTest("this machine does not let a test mount a file system")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in ("[ConvLens] ", *words):
            self.assertIn(word, done.stderr)

    def test_libtorch_is_truncated(self):
        self.write("home/libtorch/lib/libtorch_cpu.so", "")
        self.assert_says("libtorch_cpu.so has 0 bytes", "run `cargo xtask setup --repair`")

    def test_evcxr_is_empty(self):
        self.write("home/evcxr/bin/evcxr_jupyter", "")
        self.assert_says("evcxr_jupyter has 0 bytes", "run `cargo xtask setup --repair`")

    def test_a_package_is_gone(self):
        bare = self.folder / "bare"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
        self.assert_says("No module named", "run `cargo xtask setup --repair`", python=bare / "bin/python")

    @unittest.skipUnless(sys.platform == "linux", "mounts")
    def test_the_cache_is_read_only(self):
        mount = f"mount --bind {self.home} {self.home} && mount -o remount,ro,bind {self.home}"
        before = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} || exit 99; exec "$@"', "sh"]
        self.assert_says(f"{self.home}/slots", "Read-only file system", "set CONVLENS_HOME", before=before)


class Logs(Damaged):
    def test_many_lines_are_one_sentence_and_a_file(self):
        self.environment(CONVLENS_HOME=str(self.folder))
        said = logs.sentence("the cell `a` failed", "\x1b[1mhm\nError: no b\n\n  help: c\n")
        self.assertTrue(said.startswith("the cell `a` failed: Error: no b; all that was said is in "))
        self.assertEqual(logs.keep("x").read_text(), "x")

    def test_of_cargos_reasons_the_last_says_most(self):
        self.environment(CONVLENS_HOME=str(self.folder))
        said = logs.sentence("`cargo fetch`", "error: failed to get `a`\n\nCaused by:\n  no host\n")
        self.assertTrue(said.startswith("`cargo fetch`: no host; "), said)


class Spaces(Damaged):
    def test_a_path_without_spaces_stays(self):
        self.assertEqual(alias.of(Path("/a/b")), Path("/a/b"))

    def test_the_other_name_is_private_and_goes_with_the_slot(self):
        slot = Slot(self.folder / "two words")
        self.write(slot.path / "target/a.so")
        self.write(slot.path / "src/lib.rs")
        self.write(slot.path / "connection.json")
        short = slot.build_folder()
        self.assertNotIn(" ", str(short))
        self.assertEqual(short.stat().st_mode & 0o777, 0o700)
        self.assertTrue((short / "target/a.so").samefile(slot.path / "target/a.so"))
        self.assertEqual(sorted(p.name for p in short.iterdir()), ["src", "target"])
        slot.remove()
        self.assertFalse(short.exists() or slot.path.exists())

    def test_what_was_warmed_is_kept(self):
        with alias.while_warming(self.write("two words/Cargo.toml").parent) as short:
            (short / "target/new").write_text("")
            (short / "Cargo.lock").write_text("")
        names = sorted(p.name for p in (self.folder / "two words").rglob("*"))
        self.assertEqual(names, ["Cargo.lock", "Cargo.toml", "new", "target"])
        self.assertFalse(short.exists())

    def test_a_kernel_runs_in_a_home_with_spaces(self):
        scratch = tempfile.TemporaryDirectory(dir=HOME)
        self.addCleanup(scratch.cleanup)
        home = Path(scratch.name, "Anna Ö")
        home.mkdir()
        (home / "templates").symlink_to(HOME / "templates")
        env = get_kernel_spec("convlens").env
        self.environment(JUPYTER_PATH=str(self.folder), **env)
        # Crates at another path would be compiled again.
        code = LAUNCH.format(folder=str(KERNEL), crates=str(crates.path(CLONE)))
        spec = {
            "argv": [sys.executable, "-c", code, "{connection_file}"],
            "display_name": "in a home with spaces",
            "language": "rust",
            "interrupt_mode": "message",
            "env": env | {"CONVLENS_HOME": str(home), "CONVLENS_CRATE": str(CLONE)},
        }
        self.write("kernels/spaced/kernel.json", json.dumps(spec))
        with Kernel("spaced") as kernel:
            self.assertEqual(kernel.run("1 + 1")[0].data["text/plain"], "2")


if __name__ == "__main__":
    unittest.main()
