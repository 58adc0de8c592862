"""The cell that runs now: what it prints, shows and asks for, and whether it failed."""

import time

import failure
from bars import Bars
from budget import Budget
from request import MARK, parse

CLOSE = "EVCXR_END_CONTENT\n"  # printed at the end of every cell; see prelude.rs
TEXT, MARKED = b'{"name":"std', rb"\u001eConvLens "  # as evcxr sends them
NOTHING = rb'{"name":"stdout","text":"\u001eConvLens {\"type\":\"end\"}\n"}'
CHUNK = 64 * 1024  # characters of text that travel together at most
LATE = 0.02  # seconds; evcxr sends `idle` beside the last output, not behind it
PATIENCE = 1.0  # for the end of a cell that has begun; it never comes if evcxr has lost the thread
SOON = 0.05
HINT_AFTER = 1.0
HINT = (
    "Stop: no progress loop runs that could end by itself. "
    "Stop once more ends the cell at once; all variables are lost.\n"
)
STOPPING = "stopping after this step; Stop once more ends the cell at once, and all variables are lost"
ENDED = "the cell's process ended here"


class Cell:
    """`send(kind, content)` tells Jupyter something about the cell, the `number`-th of the kernel.

    evcxr counts otherwise: it begins with 2, and it also counts what we run in it.
    """

    def __init__(self, request, number, send):
        self.request, self.number, self.send = request, number, send
        self.bars, self.pictures, self.budget = Bars(), set(), Budget()
        self.stream, self.pieces, self.size = None, [], 0  # text that is about to be sent
        self.error, self.told = None, False
        self.panic = self.complaint = ""  # the reason, if the cell is about to fail
        self.begun = self.done = False  # where its process says it is
        self.stopped = self.killed = self.killing = self.hinted = self.lost = False
        self.reply = self.since = self.theirs = None

    def take(self, kind, content):
        """What evcxr says about this cell; Jupyter hears of `idle` only at the very end."""
        if kind == "stream" and content["name"] == "stdout":
            self.line(content["text"])
        elif kind == "stream":
            self.write(content["name"], content["text"])
        elif kind == "error":
            self.refused(content)
        elif kind == "execute_result":
            self.publish(kind, self.numbered(content) | {"data": self.result(content["data"])})
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

    def result(self, data):
        """A last expression's output; one that was never closed has our own marks at its end."""
        data = {kind: v.partition(MARK)[0] if isinstance(v, str) else v for kind, v in data.items()}
        return self.budget.take_data(data)

    def line(self, text):
        if text == CLOSE:
            return
        before, mark, rest = text.partition(MARK)
        if before:
            self.write("stdout", before)
        request = parse(rest) if mark else None
        if request:
            self.obey(request)
        elif rest:
            self.write("stdout", rest)

    def write(self, name, text):
        """Text, sent together with what else comes at this moment: 10,000 lines are not 10,000 messages."""
        self.give_up_complaint()
        if name != self.stream or self.size > CHUNK:
            self.flush()
        text = self.budget.take_text(text)
        if text:
            self.stream, self.size = name, self.size + len(text)
            self.pieces.append(text)

    def ignores(self, content):
        """Of a flood's million lines most are not shown; to find that out, they need not be read."""
        flood = self.budget.told and content.startswith(TEXT) and MARKED not in content
        return flood or content == NOTHING

    def flush(self):
        if self.pieces:
            self.send("stream", {"name": self.stream, "text": "".join(self.pieces)})
        self.stream, self.pieces, self.size = None, [], 0

    def publish(self, kind, content):
        self.flush()
        self.send(kind, content)

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
            case "begun":
                self.begun, self.done = True, False
            case "done":
                self.done = True

    def display(self, request):
        key = request["id"]
        known = key in self.pictures
        content = {"data": self.budget.take_data(request["data"], known), "metadata": request["metadata"]}
        if key:
            self.pictures.add(key)
            content["transient"] = {"display_id": key}
        self.publish("update_display_data" if known else "display_data", content)

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

    def fail(self, error):
        """The cell's process is gone, which outdoes all other errors."""
        self.error, self.told, self.lost = error, True, True
        self.publish("error", error)

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
            self.publish("stream", {"name": "stdout", "text": HINT})
        self.flush()

    def astray(self):
        """The process has not come to the cell's end, whatever evcxr has read."""
        return self.begun and not self.done and not self.lost

    def settled(self):
        """evcxr and the process are done with the cell, and all that they said is here."""
        wait = PATIENCE if self.astray() else LATE
        return self.reply and self.since and not self.killing and time.monotonic() - self.since > wait

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
        content = self.numbered(self.reply.content) if self.reply else {"execution_count": self.number}
        return content | {"status": "error", **self.error} if self.error else content
