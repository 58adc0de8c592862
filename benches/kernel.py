"""A kernel as a reader meets it, ours beside stock evcxr in one run: `cargo xtask times`."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CLONE / "xtask" / "kernel"))
import stock  # noqa: E402
from session import CellError, Session, problem  # noqa: E402

FIRST = ':dep convlens = { path = ".." }\nuse convlens::prelude::*;'
LET = "let net = zoo::efficientnet_lite0()?;"
CALL = "Objective::class(281).to_string()"
READING = 8  # seconds that a reader spends on the first paragraph
ROUNDS, CALLS = 3, 9
ROWS = {
    "ready": "kernel ready, s",
    "first": "first cell (:dep and use), s",
    "at once": "first `let`, at once, s",
    "after reading": f"first `let`, after {READING} s of reading, s",
    "call": f"later cell with a library call, s (median of {CALLS} a kernel)",
    "slowest call": "the slowest of them, s",
    "memory": "memory of the open kernel, MB",
}


def run(session, source):
    """Seconds until the kernel has answered."""
    began = time.monotonic()
    outputs = session.run(source)
    if why := problem(outputs):
        raise CellError(f"`{source}`: {why}")
    return session.answered - began


def meet(name, read, log):
    """One kernel from its start to its tenth call."""
    seen, began = {}, time.monotonic()
    with Session(CLONE / "notebooks", log, name) as session:
        seen["ready"] = time.monotonic() - began
        seen["first"] = run(session, FIRST)
        time.sleep(READING if read else 0)
        seen["after reading" if read else "at once"] = run(session, LET)
        calls = [run(session, CALL) for _ in range(CALLS)]
        seen["call"], seen["slowest call"] = statistics.median(calls), max(calls)
        seen["memory"] = memory(session.manager.provisioner.process.pid)
    return seen


def memory(pid):
    """Megabytes of a process and all below it, shared pages counted in parts; Linux only."""
    folder = Path(f"/proc/{pid}")
    if not folder.is_dir():
        return 0
    pss = next(line for line in (folder / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    below = [child for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    return int(pss.split()[1]) / 1024 + sum(map(memory, below))


def compare():
    """Every figure of both kernels: the stock one compiles the crate in its very first cell."""
    seen = {"convlens": [], "stock": []}
    with tempfile.TemporaryDirectory() as folder:
        stock.install(folder, CLONE)
        for number in range(ROUNDS):
            for name, rounds in seen.items():
                for read in (False, True):
                    print(f"round {number + 1} of {ROUNDS}, {name}", file=sys.stderr)
                    rounds.append(meet(name, read, Path(folder, "log")))
    return seen


def median(rounds, key):
    values = [r[key] for r in rounds if key in r]
    return max(values) if key == "slowest call" else statistics.median(values)


def main():
    seen = compare()
    print(f"{'median of ' + str(2 * ROUNDS) + ' starts':62} ConvLens  stock evcxr")
    for key, text in ROWS.items():
        digits = 0 if key == "memory" else 2
        ours, theirs = (median(seen[name], key) for name in ("convlens", "stock"))
        print(f"{text:62} {ours:8.{digits}f}  {theirs:11.{digits}f}")
    cold = seen["stock"][0]["first"]
    print(f"{'the very first cell on a new machine or after an update, s':62} {'':8}  {cold:11.2f}")


if __name__ == "__main__":
    try:
        main()
    except CellError as error:
        sys.exit(str(error))
