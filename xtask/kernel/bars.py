"""Progress bars: the loops that run in a cell, as one output that changes in place."""

import html
import uuid
from itertools import zip_longest

MOST = 20  # loops inside one another that are shown


class Bars:
    """The outermost loop and those inside it, each a line; inner ones go when they end.

    Ids sort by age: a loop that is older than another one which is shown encloses it, even if it is
    heard of only after that one has ended.
    """

    def __init__(self):
        self.loops = {}  # id -> its last message
        self.newest = ""  # of the loops in the present output
        self.display = None
        self.stopped = False

    def update(self, loop):
        """Takes the crate's news of one loop; returns (message type, content) for Jupyter.

        After Stop all later loops of the cell end at once; that it was pressed is said only once.
        """
        if loop["state"] == "stopped" and self.stopped and loop["done"] == 0:
            return None
        self.stopped = self.stopped or loop["state"] == "stopped"
        if loop["id"] not in self.loops and len(self.loops) >= MOST:
            return None
        if not self.loops and loop["id"] > self.newest:
            self.display = None
        self.loops[loop["id"]] = loop
        self.newest = max(self.newest, loop["id"])
        if loop["state"] == "running":
            return self.draw()
        if loop["id"] != min(self.loops):
            del self.loops[loop["id"]]
            return self.draw()
        return self.end()

    def draw(self, remark=""):
        kind = "update_display_data" if self.display else "display_data"
        self.display = self.display or uuid.uuid4().hex
        loops = [self.loops[key] for key in sorted(self.loops)]
        texts = [loop["text"] for loop in loops]
        if remark:
            texts.append(remark)
        lines = [bar(loop) + text for loop, text in zip_longest(loops, map(code, texts))]
        data = {"text/html": "<br>".join(lines), "text/plain": "\n".join(texts)}
        metadata, transient = {"convlens": "progress"}, {"display_id": self.display}
        return kind, {"data": data, "metadata": metadata, "transient": transient}

    def end(self):
        """The last state of the output; a later loop makes a new one."""
        shown = self.draw()
        self.loops = {}
        return shown


def bar(loop):
    """Without a value where nobody knows how long the loop is; browsers show that."""
    if not loop:
        return ""
    done, total = loop["done"], loop["total"]
    if loop["state"] != "running" and not total:
        done, total = 1, 1
    value = f'value="{done}" max="{total}" ' if total else ""
    return f'<progress {value}style="vertical-align: middle; width: 12em"></progress> '


def code(text):
    size = "font-size: var(--jp-code-font-size)"  # JupyterLab's own; elsewhere it means nothing
    return f'<code style="{size}">{html.escape(text)}</code>'
