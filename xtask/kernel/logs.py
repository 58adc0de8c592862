"""Many lines of a tool go to a file in the cache; the reader gets one sentence that names it."""

import re

import evcxr

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def sentence(what, said):
    """`what` failed: the most telling line of `said`, and where all of it is."""
    text = ANSI.sub("", said)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it said nothing"]
    why = next((line for line in lines if line.lower().startswith("error")), lines[-1])
    return f"{what}: {why}; all that was said is in {keep(text)}"


def keep(text):
    path = evcxr.home() / "logs" / "kernel.log"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path
