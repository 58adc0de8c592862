"""Prints how long a kernel takes to be ready and a later cell to answer: `times.py FOLDER`."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from session import CellError, Session, problem

FIRST = ':dep convlens = { path = ".." }\nuse convlens::prelude::*;'
CALL = 'Objective::class(281).to_string()'
STARTS, CALLS = 3, 9


def run(session, source):
    """Seconds until the kernel has answered."""
    began = time.monotonic()
    outputs = session.run(source)
    if why := problem(outputs):
        raise CellError(f"`{source}`: {why}")
    return session.answered - began


def measure(folder, log):
    """Seconds of one kernel start with the first cell, and of each later call."""
    began = time.monotonic()
    with Session(folder, log) as session:
        run(session, FIRST)
        start = session.answered - began
        return start, [run(session, CALL) for _ in range(CALLS)]


def main(folder):
    starts, calls = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(STARTS):
            start, answers = measure(folder, Path(scratch, "log"))
            starts.append(start)
            calls += answers
    print(f"kernel start, first cell included: {statistics.median(starts):.1f} s (median of {STARTS})")
    print(f"a later cell that calls the library: {statistics.median(calls):.2f} s "
          f"(median of {len(calls)}, slowest {max(calls):.2f} s)")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except CellError as error:
        sys.exit(str(error))
