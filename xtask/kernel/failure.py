"""How a failure reads: one line, without libtorch's C++ frames."""

import re

RED, PLAIN = "\x1b[31m", "\x1b[0m"
LONGEST = 10_000  # characters; who fails with more has not written them to be read
FRAMES = re.compile(r"(\\n|\n)Exception raised from.*", re.DOTALL)
ENDED = re.compile(r"Subprocess terminated with status: (.*)", re.DOTALL)
LOST = "all variables are lost; functions, `use` lines and dependencies are kept"
AGAIN = "it is started again; all variables, functions and `use` lines are lost, so run it all from the top"


def error(name, text):
    """The content of Jupyter's message."""
    return {"ename": name, "evalue": text, "traceback": [f"{RED}{name}{PLAIN}: {text}"]}


def failed(by, reason):
    """A panic, or a `?` on an error."""
    reason = " ".join(FRAMES.sub("", reason).split())
    if len(reason) > LONGEST:
        reason = f"{reason[:LONGEST]} ... ({len(reason) - LONGEST:,} more characters)"
    return error(by, reason or "no reason given")


def process_ended(evalue):
    """evcxr's error when the process of the cells is gone: what it had still printed, and why."""
    found = ENDED.search(evalue)
    if not found:
        return None
    why = f"the process of the cells ended ({found[1].strip()}): {LOST}"
    return evalue[: found.start()], error("process ended", why)


def killed():
    return error("stopped", f"Stop ended the process of the cells: {LOST}")


def lost():
    return error("evcxr lost", f"evcxr, which runs the cells, was lost: {AGAIN}")


def astray():
    why = "the cell printed evcxr's own mark for its end, or bytes that are no text, so evcxr lost its place"
    return error("output unreadable", f"{why}: {AGAIN}")
