"""Executes one notebook in the real kernel: `run_notebook.py NOTEBOOK OUT_FOLDER [--update]`.

Stops at the first cell that fails, and says which and why. Writes the executed notebook and its
HTML page to OUT_FOLDER; with --update also refreshes the outputs of NOTEBOOK itself.
"""

import sys
import time
from pathlib import Path

import nbformat
import page
from session import CellError, Session, problem
from tidy import tidy


def execute(notebook, folder, log):
    """Fills in the outputs of every code cell."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.outputs, cell.execution_count = [], None
    number = 0
    try:
        with Session(folder, log) as session:
            for number, cell in enumerate(cells, 1):
                print(f"cell {number} of {len(cells)}", flush=True)
                cell.outputs = session.run(cell.source)
                if why := problem(cell.outputs):
                    raise CellError(why)
    except CellError as error:
        raise CellError(describe(number, cells, str(error))) from None


def describe(number, cells, why):
    if number == 0:
        return why
    return f"code cell {number} (`{first_line(cells[number - 1].source)}`): {why}"


def first_line(text):
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def write(notebook, path):
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    temporary.replace(path)


def main(source, out, *options):
    source, out = Path(source).resolve(), Path(out)
    target, html = out / source.name, out / f"{source.stem}.html"
    html.unlink(missing_ok=True)
    notebook = nbformat.read(source, as_version=4)
    began = time.monotonic()
    try:
        execute(notebook, source.parent, out / f"{source.stem}.log")
    except CellError as error:
        write(tidy(notebook), target)
        why = first_line(str(error))
        if str(error) != why:
            print(error, file=sys.stderr)  # all of it, then one sentence
        sys.exit(f"{source.name}, {why}; the notebook as far as it came is {target}")
    if "--update" in options:
        write(tidy(notebook), source)
    tidy(notebook).metadata["convlens"] = {"seconds": round(time.monotonic() - began, 1)}
    write(notebook, target)
    page.write(notebook, html)


if __name__ == "__main__":
    main(*sys.argv[1:])
