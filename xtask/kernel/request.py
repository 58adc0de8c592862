"""What a cell may ask of the relay, checked field by field.

A cell's process is not trusted: it may print anything. Whatever is not exactly a request is text.
"""

import json
import math

MARK = "\x1eConvLens "  # begins a line that is a request of the crate's
LONGEST_NAME, LONGEST_LINE = 200, 10_000  # characters of an id, and of the text beside a bar
MOST_ENTRIES = 20  # kinds of data for one figure
STATES = ("running", "done", "stopped", "left")


def is_text(value):
    """Text that can be sent on: JSON also knows halves of characters, which UTF-8 does not."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def is_name(value):
    return is_text(value) and 0 < len(value) <= LONGEST_NAME


def is_line(value):
    return is_text(value) and len(value) <= LONGEST_LINE


def is_count(value):
    return type(value) is int and 0 <= value < 2**64  # `True` would be an int, too


def is_number(value):
    return is_count(value) or isinstance(value, float) and math.isfinite(value)


def is_map_of(check):
    """A small object whose values all pass `check`."""

    def passes(value):
        if not isinstance(value, dict) or len(value) > MOST_ENTRIES:
            return False
        return all(is_name(k) and check(v) for k, v in value.items())

    return passes


def optional(check):
    return lambda value: value is None or check(value)


FIELDS = {
    "display": {
        "data": is_map_of(is_text),
        "metadata": is_map_of(is_map_of(is_number)),  # such as a width
        "id": optional(is_name),
    },
    "progress": {
        "id": is_name,
        "text": is_line,
        "done": is_count,
        "total": optional(is_count),
        "state": lambda value: value in STATES,
    },
    "panic": {"text": is_text},
    "stderr": {"text": is_text},
    "failed": {"by": lambda value: value in ("panic", "error")},
    "begun": {},
    "done": {},
    "end": {},
}


def parse(text):
    """The request that `text`, the rest of a line after MARK, asks for; None if it is none."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or nested too deep
        return None
    kind = given.get("type") if isinstance(given, dict) else None
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None or not all(check(given.get(name)) for name, check in fields.items()):
        return None
    return {"type": kind} | {name: given.get(name) for name in fields}
