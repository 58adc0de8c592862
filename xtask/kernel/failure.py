"""How a failure reads: one line, without libtorch's C++ frames."""

import re

RED, PLAIN = "\x1b[31m", "\x1b[0m"
FRAMES = re.compile(r"(\\n|\n)Exception raised from.*", re.DOTALL)
ENDED = re.compile(r"Subprocess terminated with status: (.*)", re.DOTALL)
LOST = "all variables are lost; functions, `use` lines and dependencies are kept"


def error(name, text):
    """The content of Jupyter's message."""
    return {"ename": name, "evalue": text, "traceback": [f"{RED}{name}{PLAIN}: {text}"]}


def failed(by, reason):
    """A panic, or a `?` on an error."""
    return error(by, " ".join(FRAMES.sub("", reason).split()) or "no reason given")


def process_ended(evalue):
    """evcxr's error when the process of the cells is gone: what it had still printed, and why."""
    found = ENDED.search(evalue)
    if not found:
        return None
    why = f"the process of the cells ended ({found[1].strip()}): {LOST}"
    return evalue[: found.start()], error("process ended", why)


def killed():
    return error("stopped", f"Stop ended the process of the cells: {LOST}")
