"""Stands between Jupyter and evcxr: passes messages on, and makes more of what the crate asks for.

Cells go to evcxr one by one, so that an error, or Stop, also ends the cells that wait. The first
Stop leaves a file that progress loops look for; the second ends the process of the cells.
"""

import time

from cell import Cell

WAKE = {"code": "let x = vec![0]; x.", "cursor_pos": 19}  # a completion wakes the type inference
QUIET = 1.0  # seconds without work, then the type inference is woken
NUDGE = 1.0


class Relay:
    """`sockets` and `wire` as in their modules; `stop_file` is where progress loops look."""

    def __init__(self, sockets, wire, stop_file):
        self.sockets, self.wire, self.stop_file = sockets, wire, stop_file
        front, back = sockets.front, sockets.back
        self.handlers = {
            sockets.output: self.said,
            back["shell"]: self.answered,
            front["shell"]: self.asked,
            front["control"]: self.controlled,
            back["control"]: self.to(front["control"]),
            back["stdin"]: self.to(front["stdin"]),
            front["stdin"]: self.to(back["stdin"]),
        }
        self.own = set()  # ids of our own requests to evcxr, of which Jupyter hears nothing
        self.cell, self.waiting, self.count = None, [], 0
        self.ready = self.awake = self.ended = False
        self.last = 0.0  # when there was something to do

    def run(self, alive):
        """Until evcxr or Jupyter is gone, or Jupyter says that it is the end."""
        while alive() and not self.ended:
            for socket, frames in self.sockets.receive(10 if self.cell else 200):
                message = self.wire.read(frames)
                if message and message.parent.get("msg_id") not in self.own:
                    self.handlers[socket](message)
                elif message:
                    self.own_answer(socket)
            self.tick()

    def to(self, socket):
        return lambda message: socket.send_multipart(message.frames)

    def ask(self, kind, content, channel="shell"):
        """A request of our own to evcxr."""
        request = self.wire.make(kind, content)
        self.own.add(request.header["msg_id"])
        self.sockets.back[channel].send_multipart(request.frames)

    def own_answer(self, socket):
        """Output of evcxr's arrives here, so nothing of what Jupyter asks for can be missed."""
        if socket is self.sockets.output and not self.ready:
            self.ready, self.last = True, time.monotonic()
            self.sockets.listen()

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
        if self.cell and message.parent.get("msg_id") == self.cell.request.header["msg_id"]:
            self.cell.reply = message
        else:
            self.sockets.front["shell"].send_multipart(message.frames)

    def said(self, message):
        """From evcxr, for everybody who looks at the notebook."""
        if self.cell and message.parent.get("msg_id") == self.cell.request.header["msg_id"]:
            self.cell.take(message.kind, message.content)
        else:
            self.sockets.publisher.send_multipart(message.frames)

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
        if not self.cell:
            return
        if self.cell.stopped:
            self.cell.killed = True
            self.ask("interrupt_request", {}, "control")
        else:
            self.stop_file.touch()
            self.cell.stop()

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
                self.finish()
        if not self.cell and self.waiting:
            self.start(self.waiting.pop(0))
        if not self.ready and now - self.last > NUDGE:
            self.last = now
            self.ask("kernel_info_request", {})
        if self.ready and not self.awake and now - self.last > QUIET:
            self.awake = True
            self.ask("complete_request", WAKE)

    def start(self, request):
        self.stop_file.unlink(missing_ok=True)
        self.count += 1
        self.cell = Cell(request, self.count, lambda *said: self.publish(*said, request))
        self.sockets.back["shell"].send_multipart(request.frames)

    def finish(self):
        cell, self.cell = self.cell, None
        self.reply(cell.request, cell.finish())
        if cell.stopped or cell.error and cell.request.content.get("stop_on_error", True):
            self.abort_waiting()
