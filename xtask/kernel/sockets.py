"""The relay's sockets: those that Jupyter connects to, and those to evcxr."""

import ipaddress

import zmq
from wire import WireError

CHANNELS = ("shell", "control", "stdin")
IDENTITY = b"relay"  # evcxr asks for input from whoever sent the cell, by this name
LINGER = 1000  # milliseconds in which the last messages may still leave


class Sockets:
    """`outer` is Jupyter's connection file, `inner` evcxr's."""

    def __init__(self, outer, inner):
        check_address(outer)
        self.context = zmq.Context()
        self.heart = self.bind(zmq.ROUTER, outer, "hb")
        self.front = {name: self.bind(zmq.ROUTER, outer, name) for name in CHANNELS}
        self.publisher = self.bind(zmq.PUB, outer, "iopub")
        self.back = {name: self.connect(zmq.DEALER, inner, name) for name in CHANNELS}
        self.output = self.connect(zmq.SUB, inner, "iopub")
        self.poller = zmq.Poller()
        for socket in (self.heart, self.front["control"], *self.back.values(), self.output):
            self.poller.register(socket, zmq.POLLIN)

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

    def connect(self, kind, inner, name):
        socket = self.socket(kind)
        socket.linger = 0
        if kind == zmq.SUB:
            socket.subscribe(b"")
        else:
            socket.identity = IDENTITY
        socket.connect(f"tcp://{inner['ip']}:{inner[name + '_port']}")
        return socket

    def listen(self):
        """Takes requests: until now they waited, because evcxr was not ready."""
        for name in ("shell", "stdin"):
            self.poller.register(self.front[name], zmq.POLLIN)

    def receive(self, milliseconds):
        """What has come, as (socket, frames); answers heartbeats."""
        for socket, _ in self.poller.poll(milliseconds):
            frames = socket.recv_multipart()
            if socket is self.heart:
                socket.send_multipart(frames)
            else:
                yield socket, frames

    def close(self):
        self.context.destroy(linger=LINGER)


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
