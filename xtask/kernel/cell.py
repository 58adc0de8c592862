"""The cell that runs now: what it prints, shows and asks for, and whether it failed."""

import json
import time

import failure
from bars import Bars

MARK = "\x1eConvLens "  # begins a line that is a request of the crate's, not text
LATE = 0.02  # seconds; evcxr sends `idle` beside the last output, not behind it
SOON = 0.05
HINT_AFTER = 1.0
HINT = (
    "Stop: no progress loop runs that could end by itself. "
    "Stop once more ends the cell at once; all variables are lost.\n"
)
STOPPING = "stopping after this step; Stop once more ends the cell at once, and all variables are lost"
ENDED = "the cell's process ended here"


class Cell:
    """`publish(kind, content)` tells Jupyter something about the cell, the `number`-th of the kernel.

    evcxr counts otherwise: it begins with 2, and it also counts what we run in it.
    """

    def __init__(self, request, number, publish):
        self.request, self.number, self.publish = request, number, publish
        self.bars, self.pictures = Bars(), set()
        self.error, self.told = None, False
        self.panic = self.complaint = ""  # the reason, if the cell is about to fail
        self.stopped = self.killed = self.hinted = self.lost = False
        self.reply = self.since = self.theirs = None

    def take(self, kind, content):
        """What evcxr says about this cell; Jupyter hears of `idle` only at the very end."""
        if kind == "stream" and content["name"] == "stdout":
            self.line(content["text"])
        elif kind == "error":
            self.refused(content)
        elif kind == "status" and content["execution_state"] == "idle":
            self.since = time.monotonic()
        else:
            self.publish(kind, self.numbered(content))

    def numbered(self, content):
        """With our number instead of evcxr's."""
        if "execution_count" not in content:
            return content
        self.theirs = content["execution_count"]
        return content | {"execution_count": self.number}

    def line(self, text):
        before, mark, request = text.partition(MARK)
        if before:
            self.write("stdout", before)
        if mark:
            try:
                self.obey(json.loads(request))
            except (ValueError, KeyError, TypeError):
                self.write("stdout", request)

    def write(self, name, text):
        self.give_up_complaint()
        self.publish("stream", {"name": name, "text": text})

    def obey(self, request):
        """Does what the crate asks for."""
        match request["type"]:
            case "display":
                self.give_up_complaint()
                self.display(request)
            case "progress":
                if output := self.bars.update(request):
                    self.publish(*output)
            case "panic":
                self.panic = request["text"]
            case "stderr":
                self.give_up_complaint()
                self.complaint, self.complained = request["text"], time.monotonic()
            case "failed":
                reason = self.panic if request["by"] == "panic" else self.complaint
                self.error = failure.failed(request["by"], reason)
                self.panic = self.complaint = ""

    def display(self, request):
        content = {"data": request["data"], "metadata": request["metadata"]}
        key = request.get("id")
        kind = "update_display_data" if key in self.pictures else "display_data"
        if key:
            self.pictures.add(key)
            content["transient"] = {"display_id": key}
        self.publish(kind, content)

    def give_up_complaint(self):
        """Text for stderr that was no reason to fail."""
        text, self.complaint = self.complaint, ""
        if text:
            self.write("stderr", f"{text}\n")

    def refused(self, content):
        """An error that evcxr found itself: the cell does not compile, or its process is gone."""
        if ended := failure.process_ended(content["evalue"]):
            printed, content = ended
            for line in printed.split("\n")[:-1]:
                self.line(f"{line}\n")
            content = failure.killed() if self.killed else content
            self.lost = True
        old, new = f"command_{self.theirs}", f"command_{self.number}"
        content["traceback"] = [line.replace(old, new) for line in content["traceback"]]
        self.error, self.told = self.error or content, True
        self.publish("error", content)

    def stop(self):
        """The first Stop: a progress loop sees it and ends."""
        self.stopped, self.stopped_at = True, time.monotonic()
        if self.bars.loops:
            self.publish(*self.bars.draw(STOPPING))

    def tick(self):
        now = time.monotonic()
        if self.complaint and now - self.complained > SOON:
            self.give_up_complaint()
        if self.stopped and not self.bars.loops and not self.hinted and now - self.stopped_at > HINT_AFTER:
            self.hinted = True
            self.write("stdout", HINT)

    def settled(self):
        return self.reply and self.since and time.monotonic() - self.since > LATE

    def finish(self):
        """Tells what was held back; returns the content of the reply."""
        self.give_up_complaint()
        if self.lost and self.bars.loops:
            self.publish(*self.bars.draw(ENDED))
        if self.panic:  # one that was caught
            self.write("stderr", f"{self.panic}\n")
        if self.error and not self.told:
            self.publish("error", self.error)
        self.publish("status", {"execution_state": "idle"})
        content = self.numbered(self.reply.content)
        return content | {"status": "error", **self.error} if self.error else content
