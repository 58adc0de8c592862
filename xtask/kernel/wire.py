"""Jupyter's messages as they travel: signed lists of bytes on a ZeroMQ socket."""

from dataclasses import dataclass

from jupyter_client.session import DELIM, Session


class WireError(Exception):
    """The connection file asks for what we do not offer."""


@dataclass
class Message:
    """One message; `frames` is how it came, so that it can go on as it is."""

    header: dict
    parent: dict
    content: dict
    frames: list

    @property
    def kind(self):
        return self.header["msg_type"]

    @property
    def identities(self):
        """Where a reply goes."""
        return self.frames[: self.frames.index(DELIM)]


class Wire:
    """Reads and writes messages signed with the key of the connection file."""

    def __init__(self, connection):
        if not connection["key"]:
            raise WireError("the connection file has no key, so any program could send us code; give it one")
        key, scheme = connection["key"].encode(), connection["signature_scheme"]
        self.session = Session(key=key, signature_scheme=scheme, username="kernel")

    def read(self, frames):
        """The message; None if it is not one, is not signed with our key, or has come before."""
        try:
            _, signed = self.session.feed_identities(frames)
            message = self.session.deserialize(signed)
        except (ValueError, TypeError, KeyError, IndexError):
            return None
        return Message(message["header"], message["parent_header"], message["content"], frames)

    def make(self, kind, content, parent=None, identities=()):
        """A message of our own, about `parent`."""
        message = self.session.msg(kind, content, parent=parent and parent.header)
        frames = self.session.serialize(message, ident=list(identities))
        return Message(message["header"], message["parent_header"], content, frames)

    def reply(self, request, content):
        kind = request.kind.replace("_request", "_reply")
        return self.make(kind, content, request, request.identities)
