"""The relay's sockets: those that Jupyter connects to, and those to evcxr."""

import ipaddress
import uuid

import zmq
from wire import WireError

CHANNELS = ("shell", "control", "stdin")
LINGER = 1000  # milliseconds in which the last messages may still leave
AT_ONCE = 200  # messages of one socket that are taken before the others have their turn
UNREAD = 1000  # messages of evcxr's that may wait here; the rest waits in evcxr, in less memory


class Sockets:
    """`outer` is Jupyter's connection file. The others are known as ("front", "shell") and so on."""

    def __init__(self, outer):
        check_address(outer)
        self.context = zmq.Context()
        self.heart = self.bind(zmq.ROUTER, outer, "hb")
        self.front = {name: self.bind(zmq.ROUTER, outer, name) for name in CHANNELS}
        self.publisher = self.bind(zmq.PUB, outer, "iopub")
        self.back, self.monitors, self.lost = {}, [], False
        self.poller = zmq.Poller()
        self.poller.register(self.heart, zmq.POLLIN)
        self.poller.register(self.front["control"], zmq.POLLIN)

    def socket(self, kind):
        """One that keeps all messages: a lost `idle` would leave a cell waiting for ever."""
        socket = self.context.socket(kind)
        socket.set_hwm(0)
        return socket

    def bind(self, kind, outer, name):
        socket = self.socket(kind)
        socket.linger = LINGER
        separator = "-" if outer["transport"] == "ipc" else ":"
        socket.bind(f"{outer['transport']}://{outer['ip']}{separator}{outer[name + '_port']}")
        return socket

    def connect(self, inner):
        """To evcxr; what was still on its way to an earlier one is forgotten."""
        self.disconnect()
        # evcxr asks for input from whoever sent the cell, by this name. Whoever else comes with it would
        # get our answers, so nobody can know it.
        name = uuid.uuid4().hex.encode()
        for channel in (*CHANNELS, "iopub"):
            socket = self.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
            if channel == "iopub":
                socket.subscribe(b"")
                socket.rcvhwm = UNREAD
            else:
                socket.identity = name
            self.back[channel] = socket
            self.watch(socket)
            socket.connect(f"tcp://{inner['ip']}:{inner[channel + '_port']}")

    def watch(self, socket):
        """evcxr closes a socket after the first message that it cannot read, and goes on without it."""
        self.monitors.append(socket.get_monitor_socket(zmq.EVENT_DISCONNECTED))
        for each in (socket, self.monitors[-1]):
            self.poller.register(each, zmq.POLLIN)

    def disconnect(self):
        for socket, monitor in zip(self.back.values(), self.monitors):
            self.poller.unregister(socket)
            self.poller.unregister(monitor)
            socket.disable_monitor()
            socket.close(linger=0)
        self.back, self.monitors, self.lost = {}, [], False

    def listen(self):
        """Takes requests: until now they waited, because evcxr was not ready."""
        for name in ("shell", "stdin"):
            self.poller.register(self.front[name], zmq.POLLIN)

    def receive(self, milliseconds):
        """What has come, as (side, channel, frames); answers heartbeats, and sees when evcxr is lost."""
        ready = dict(self.poller.poll(milliseconds))
        if self.heart in ready:
            self.heart.send_multipart(self.heart.recv_multipart())
        self.lost = self.lost or any(monitor in ready for monitor in self.monitors)
        for side in ("front", "back"):
            for channel, socket in getattr(self, side).items():
                if socket in ready:
                    yield from ((side, channel, frames) for frames in waiting(socket))

    def close(self):
        self.disconnect()
        self.context.destroy(linger=LINGER)


def waiting(socket):
    """The messages that are there, up to a number."""
    try:
        for _ in range(AT_ONCE):
            yield socket.recv_multipart(zmq.NOBLOCK)
    except zmq.Again:
        return


def check_address(outer):
    """Files are private to their owner, and of the network only our own machine may come in."""
    if outer["transport"] == "tcp" and not is_loopback(outer["ip"]):
        raise WireError(
            f"the connection file asks to listen on {outer['ip']}; this kernel takes code only from its "
            "own machine, so start Jupyter with the address 127.0.0.1"
        )


def is_loopback(address):
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
