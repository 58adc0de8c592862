"""Many lines of a tool go to a file in the cache; the reader gets one sentence that names it."""

import re

import evcxr

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def sentence(what, said):
    """Why `what` failed, by the most telling line of `said`, and where all of it is."""
    text = ANSI.sub("", said)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line for line in lines if line.lower().startswith("error")]
    why = errors[0] if errors and "Caused by:" not in lines else lines[-1]
    return f"{what}: {why}; all that was said is in {keep(text)}"


def keep(text):
    path = evcxr.home() / "logs" / "kernel.log"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path
