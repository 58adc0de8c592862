"""Progress bars: the loops that run in a cell, as one output that changes in place."""

import html
import uuid


class Bars:
    """The outermost loop and those inside it, each a line; inner ones go when they end.

    Ids sort by age: a loop that is older than another one which is shown encloses it, even if it is
    heard of only after that one has ended.
    """

    def __init__(self):
        self.loops = {}  # id -> its last message
        self.newest = ""  # of the loops in the present output
        self.display = None

    def update(self, loop):
        """Takes the crate's news of one loop; returns (message type, content) for Jupyter."""
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

    def draw(self):
        kind = "update_display_data" if self.display else "display_data"
        self.display = self.display or uuid.uuid4().hex
        loops = [self.loops[key] for key in sorted(self.loops)]
        data = {
            "text/html": "<br>".join(map(line, loops)),
            "text/plain": "\n".join(loop["text"] for loop in loops),
        }
        metadata, transient = {"convlens": "progress"}, {"display_id": self.display}
        return kind, {"data": data, "metadata": metadata, "transient": transient}

    def note(self, text):
        """Adds a remark to all that runs, such as that it was told to stop."""
        for loop in self.loops.values():
            loop["text"] += f", {text}"
        return self.draw() if self.loops else None

    def end(self):
        """The last state of the output; a later loop makes a new one."""
        shown = self.draw()
        self.loops = {}
        return shown


def line(loop):
    """A bar and its text; a bar without a value where nobody knows how long the loop is."""
    done, total = loop["done"], loop["total"]
    if loop["state"] != "running" and not total:
        done, total = 1, 1
    value = f'value="{done}" max="{total}" ' if total else ""
    bar = f'<progress {value}style="vertical-align: middle; width: 16em"></progress>'
    return f"{bar} <code>{html.escape(loop['text'])}</code>"
