"""The warm build folder every kernel starts from: made once, made again when sources change.

`python template.py status CLONE` says `ready`, `changed`, `missing` or what is damaged; `warm CLONE` makes it.
"""

import fcntl
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import alias
import clone as checkout
import crates
import evcxr
import manifest
import slot
import warm_up


class Template:
    """The templates of one clone; the current one is a folder named by what it was made from."""

    def __init__(self, clone):
        self.clone = clone
        self.seen = time.time_ns()  # what changes later, cargo compiles
        self.folder = evcxr.home() / "templates" / checkout.digest(clone)
        self.tools = checkout.tools(clone)
        self.current = self.folder / f"{self.tools}-{checkout.sources(clone)}"
        self.config = self.folder / "config"

    def status(self):
        if self.current.is_dir():
            return self.damage() or "ready"
        return "changed" if self.previous() else "missing"

    def damage(self):
        """What is damaged of the template, or of the crates it was made from, in words."""
        return manifest.damage(self.current) or manifest.damage(crates.path(self.clone))

    def is_whole(self):
        return self.current.is_dir() and not self.damage()

    def previous(self):
        """The newest whole template made with the same tools."""
        made = self.folder.glob(f"{self.tools}-*")
        made = [p for p in made if p.suffix != ".tmp" and p != self.current and not manifest.damage(p)]
        return max(made, key=lambda p: p.stat().st_mtime, default=None)

    @contextmanager
    def locked(self, mode):
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / ".lock", "w") as lock:
            fcntl.flock(lock, mode)
            yield

    def copy_to(self, target):
        """A private copy for one kernel; False if the template is not there (any more)."""
        with self.locked(fcntl.LOCK_SH):
            if not self.current.is_dir():
                return False
            slot.copy_folder(self.current, target)
            slot.date(target, self.seen)
            return True

    def make(self):
        """Warms the template; returns how many seconds that took, 0 if somebody else just did it."""
        with self.locked(fcntl.LOCK_EX):
            if self.is_whole():
                return 0
            began = time.monotonic()
            self.make_new()
            self.remove_old()
            return time.monotonic() - began

    def make_new(self):
        cargo_home = crates.fetch(self.clone)
        if self.is_whole():
            return  # only the crates were damaged
        shutil.rmtree(self.current, ignore_errors=True)
        temporary = self.current.with_suffix(".tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        if self.previous():
            slot.copy_folder(self.previous(), temporary)
            slot.date(temporary, 0)  # so all of the crate is compiled
        temporary.mkdir(exist_ok=True)
        self.write_config()
        with alias.while_warming(temporary) as folder:
            env = evcxr.environment(self.clone, folder, self.config, cargo_home)
            warm_up.run(self.clone, folder, env)
        manifest.write(temporary)
        temporary.rename(self.current)

    def write_config(self):
        """The settings of evcxr for this clone."""
        self.config.mkdir(exist_ok=True)
        (self.folder / "clone").write_text(str(self.clone))
        for name, text in warm_up.startup(self.clone).items():
            (self.config / name).write_text(text)

    def remove_old(self):
        """Earlier templates of this clone, and those of clones that are gone."""
        for old in self.folder.glob("*-*"):
            if old != self.current:
                shutil.rmtree(old, ignore_errors=True)
        for name in self.folder.parent.glob("*/clone"):
            if not Path(name.read_text()).is_dir():
                shutil.rmtree(name.parent, ignore_errors=True)


def main(action, clone):
    template = Template(Path(clone).resolve())
    if action == "status":
        print(template.status())
        return
    print(f"warm in {template.make():.1f} s")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (crates.FetchError, warm_up.WarmUpError) as error:
        sys.exit(str(error))
