"""An executed notebook as one HTML file that needs no network, formulas included."""

import copy
import re

from latex2mathml.converter import convert
from nbconvert import HTMLExporter

CODE = r"```.*?```|`[^`\n]*`"
FORMULA = re.compile(rf"(?P<code>{CODE})|\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
REMOTE_SCRIPT = re.compile(r'<script[^>]*\bsrc="[^"]*"[^>]*>\s*</script>')
MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)


def with_formulas(markdown):
    """LaTeX between dollars becomes MathML, which browsers draw by themselves."""

    def replace(found):
        if found["code"]:
            return found["code"]
        display = "block" if found["block"] else "inline"
        return convert((found["block"] or found["inline"]).strip(), display=display)

    return FORMULA.sub(replace, markdown)


def write(notebook, path):
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_formulas(cell.source)
    exporter = HTMLExporter(template_name="lab", mathjax_url="", require_js_url="", jquery_url="")
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    html, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    path.write_text(REMOTE_SCRIPT.sub("", MATHJAX.sub("", html)))
