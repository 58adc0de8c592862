"""Stands between Jupyter and evcxr: passes messages on, and makes more of what the crate asks for.

Cells go to evcxr one by one, so that an error, or Stop, also ends the cells that wait. The first
Stop leaves a file that progress loops look for; the second ends the process of the cells.
"""

import time

import failure
from cell import CLOSE, Cell
from request import MARK

# Makes evcxr say where a cell begins and ends (see prelude.rs); a first `let` also wakes the type inference.
SIGN = "let convlens_cell: () = ();"
NOTHING = "();"
QUIET = 1.0  # seconds without work, then the type inference is woken
NUDGE = 1.0


class Relay:
    """`sockets`, `wire` and `engine` as in their modules; `stop_file` is where progress loops look."""

    def __init__(self, sockets, wire, engine, stop_file):
        self.sockets, self.wire, self.engine, self.stop_file = sockets, wire, engine, stop_file
        self.handlers = {
            ("back", "iopub"): self.said,
            ("back", "shell"): self.answered,
            ("back", "control"): self.to("front", "control"),
            ("back", "stdin"): self.to("front", "stdin"),
            ("front", "shell"): self.asked,
            ("front", "control"): self.controlled,
            ("front", "stdin"): self.to("back", "stdin"),
        }
        self.cell, self.waiting, self.count = None, [], 0
        self.news = ""  # for the next cell
        self.ended = False
        self.last = 0.0  # when there was something to do
        self.start_engine()

    def start_engine(self):
        self.sockets.connect(self.engine.start())
        self.own = set()  # ids of our own requests to evcxr, of which Jupyter hears nothing
        self.ready = self.signed = False

    def run(self, jupyter_runs):
        """Until evcxr cannot be started or Jupyter is gone, or Jupyter says that it is the end."""
        while jupyter_runs() and not self.ended:
            for side, channel, frames in self.sockets.receive(10 if self.cell else 200):
                if channel == "iopub" and self.cell and self.cell.ignores(frames[-1]):
                    continue
                message = self.wire.read(frames)
                if message and message.parent.get("msg_id") not in self.own:
                    self.handlers[side, channel](message)
                elif message:
                    self.own_answer(channel)
            if self.sockets.lost or not self.engine.runs():
                self.start_again(failure.lost())
            self.tick()
        self.engine.kill()

    def start_again(self, why):
        """With a new evcxr, which knows nothing of what the last one ran."""
        self.engine.kill()
        if not self.ready:
            self.ended = True
            return
        self.start_engine()
        if self.cell:
            self.cell.fail(why)
            self.finish()
        else:
            self.news = why["evalue"]

    def to(self, side, channel):
        return lambda message: getattr(self.sockets, side)[channel].send_multipart(message.frames)

    def ask(self, kind, content, channel="shell"):
        """A request of our own to evcxr."""
        request = self.wire.make(kind, content)
        self.own.add(request.header["msg_id"])
        self.sockets.back[channel].send_multipart(request.frames)

    def own_answer(self, channel):
        """Output of evcxr's arrives here, so nothing of what Jupyter asks for can be missed."""
        if channel == "iopub" and not self.ready:
            self.ready, self.last = True, time.monotonic()
            self.sockets.listen()
        if channel == "control" and self.cell:
            self.cell.killing = False

    def publish(self, kind, content, parent):
        self.sockets.publisher.send_multipart(self.wire.make(kind, content, parent).frames)

    def asked(self, message):
        """From Jupyter, on the shell channel."""
        self.last = time.monotonic()
        if message.kind == "execute_request":
            self.waiting.append(message)
        else:
            self.sockets.back["shell"].send_multipart(message.frames)

    def answered(self, message):
        """From evcxr, on the shell channel."""
        if self.is_about_cell(message):
            self.cell.reply = message
        else:
            self.sockets.front["shell"].send_multipart(message.frames)

    def said(self, message):
        """From evcxr, for everybody who looks at the notebook."""
        if self.is_about_cell(message):
            self.cell.take(message.kind, message.content)
        elif not is_request(message):
            self.sockets.publisher.send_multipart(message.frames)

    def is_about_cell(self, message):
        return self.cell and message.parent.get("msg_id") == self.cell.request.header["msg_id"]

    def controlled(self, message):
        """From Jupyter, past all cells that wait."""
        answer = {"status": "ok"}
        if message.kind == "shutdown_request":
            self.ended, answer["restart"] = True, message.content.get("restart", False)
        elif message.kind == "interrupt_request":
            self.stop()
        else:
            return self.sockets.back["control"].send_multipart(message.frames)
        self.sockets.front["control"].send_multipart(self.wire.reply(message, answer).frames)

    def stop(self):
        self.abort_waiting()
        if not self.cell or self.cell.reply:  # nothing is left that Stop could end
            return
        if not self.cell.stopped:
            self.stop_file.touch()
            self.cell.stop()
        elif not self.cell.killed:
            self.cell.killed = self.cell.killing = True
            self.ask("interrupt_request", {}, "control")

    def abort_waiting(self):
        waiting, self.waiting = self.waiting, []
        for request in waiting:
            self.publish("status", {"execution_state": "busy"}, request)
            self.reply(request, {"status": "aborted"})
            self.publish("status", {"execution_state": "idle"}, request)

    def reply(self, request, content):
        self.sockets.front["shell"].send_multipart(self.wire.reply(request, content).frames)

    def tick(self):
        now = time.monotonic()
        if self.cell:
            self.last = now
            self.cell.tick()
            if self.cell.settled():
                self.end_cell()
        if not self.cell and self.waiting and self.ready:
            self.sign()
            self.start(self.waiting.pop(0))
        if not self.ready and now - self.last > NUDGE:
            self.last = now
            self.ask("kernel_info_request", {})
        if self.ready and now - self.last > QUIET:
            self.sign()

    def start(self, request):
        self.stop_file.unlink(missing_ok=True)
        self.count += 1
        self.cell = Cell(request, self.count, lambda *said: self.publish(*said, request))
        if self.news:
            self.cell.write("stderr", f"{self.news}\n")
            self.news = ""
        self.sockets.back["shell"].send_multipart(request.frames)

    def end_cell(self):
        if self.cell.astray():
            return self.start_again(failure.astray())
        if self.cell.killed and not self.cell.lost:
            # Stop came as the cell ended: evcxr will notice with the next one that the process is gone.
            self.cell.fail(failure.killed())
            self.run_own(NOTHING)
        self.signed = self.signed and not self.cell.lost
        self.finish()

    def sign(self):
        """Once for each process of cells, before the first of them."""
        if not self.signed:
            self.signed = True
            self.run_own(SIGN)

    def run_own(self, code):
        self.ask("execute_request", {"code": code, "silent": True, "allow_stdin": False})

    def finish(self):
        cell, self.cell = self.cell, None
        self.reply(cell.request, cell.finish())
        if cell.stopped or cell.error and cell.request.content.get("stop_on_error", True):
            self.abort_waiting()


def is_request(message):
    """A cell's request that comes when the cell has ended, which nobody should read as text."""
    text = message.content.get("text", "")
    return message.kind == "stream" and (MARK in text or text == CLOSE)
