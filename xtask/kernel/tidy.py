"""An executed notebook in a form that differs from the last one only where it matters."""

VOLATILE = ("execution", "collapsed", "scrolled", "jupyter", "trusted", "ExecuteTime")
KERNEL = {"display_name": "ConvLens (Rust)", "language": "rust", "name": "convlens"}
LANGUAGE = {
    "codemirror_mode": "rust",
    "file_extension": ".rs",
    "mimetype": "text/rust",
    "name": "rust",
    "pygments_lexer": "rust",
}


def tidy(notebook):
    """Removes what changes from run to run; numbers the cells from 1."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell.setdefault("id", f"cell-{number:02}")
        for key in VOLATILE:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = joined(out for out in cell.outputs if not is_progress(out))
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    return notebook


def joined(outputs):
    """Text on both sides of a bar that is left out is one text: only a slow machine showed the bar."""
    kept = []
    for output in outputs:
        if kept and output.output_type == "stream" and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def is_progress(output):
    """How long a loop took is of interest only while it runs."""
    return output.get("metadata", {}).get("convlens") == "progress"
