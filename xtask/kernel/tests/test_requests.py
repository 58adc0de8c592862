"""Forged, broken and endless output of a cell, without a kernel: the relay lives on, and stays small."""

import json
import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from budget import LARGEST, MOST_SHOWN, MOST_TEXT, TEXT_CUT
from cell import Cell
from request import MARK, parse
from wire import Wire

KEY = {"key": "secret", "signature_scheme": "hmac-sha256"}
PNG = {"image/png": "iVBORw0KGgo=", "text/plain": "grey"}
GOOD = [
    {"type": "display", "data": PNG, "metadata": {"image/png": {"width": 60, "height": 40}}, "id": "live"},
    {"type": "display", "data": PNG, "metadata": {}},
    {"type": "progress", "id": "0a", "text": "a: 1/2", "done": 1, "total": 2, "state": "running"},
    {"type": "progress", "id": "0b", "text": "b: 9", "done": 9, "total": None, "state": "stopped"},
    {"type": "panic", "text": "index out of bounds"},
    {"type": "stderr", "text": "a warning"},
    {"type": "failed", "by": "panic"},
    {"type": "failed", "by": "error"},
    {"type": "begun"},
    {"type": "done"},
    {"type": "end"},
]
LONE = "\\ud800"  # half of a character, as JSON spells it
BAD = {
    "not JSON": "no request",
    "nested too deep": "[" * 200_000,
    "nested too deep, and whole": '{"type": ' + "[" * 5_000 + "]" * 5_000 + "}",
    "no object": '["display"]',
    "no type": "{}",
    "a type that is no text": '{"type": ["display"]}',
    "no such type": '{"type": "shutdown"}',
    "half a character in a complaint": f'{{"type": "stderr", "text": "{LONE}"}}',
    "half a character in a panic": f'{{"type": "panic", "text": "{LONE}"}}',
    "half a character in a figure": json.dumps(GOOD[1] | {"data": {"text/plain": "\ud800"}}),
    "half a character in an id": json.dumps(GOOD[0] | {"id": "\ud800"}),
    "an id that is no text": json.dumps(GOOD[2] | {"id": 5}),
    "an id that is a list": json.dumps(GOOD[0] | {"id": []}),
    "a bar that is no text": json.dumps(GOOD[2] | {"text": None}),
    "a count that is none": json.dumps(GOOD[2] | {"done": "1"}),
    "a count below 0": json.dumps(GOOD[2] | {"done": -1}),
    "a count with 5,000 digits": '{"type": "progress", "done": ' + "9" * 5_000 + "}",
    "a state that is none": json.dumps(GOOD[2] | {"state": "gone"}),
    "data that is none": json.dumps(GOOD[0] | {"data": "x"}),
    "data that is no text": json.dumps(GOOD[0] | {"data": {"image/png": 5}}),
    "metadata that is none": json.dumps(GOOD[0] | {"metadata": []}),
    "a width that is no number": json.dumps(GOOD[0] | {"metadata": {"image/png": {"width": float("nan")}}}),
    "a reason that is none": json.dumps({"type": "failed", "by": {}}),
}
VALUES = [None, True, -1, 1.5, float("inf"), 10**30, "", "a", "\ud800", "\x1e", [], [[]], {}, {"a": {}}]


class WithCell(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.wire = Wire(KEY)
        self.cell = Cell(self.wire.make("execute_request", {}), 1, self.send)
        self.cell.reply = self.wire.make("execute_reply", {"status": "ok", "execution_count": 2})

    def send(self, kind, content):
        self.wire.make(kind, content)  # as the relay does: what cannot be sent raises here
        self.sent.append((kind, content))

    def say(self, line):
        self.cell.take("stream", {"name": "stdout", "text": f"{line}\n"})

    def text(self):
        self.cell.flush()
        return "".join(content["text"] for kind, content in self.sent if kind == "stream")


class Broken(WithCell):
    def test_what_is_no_request_is_text(self):
        for what, request in BAD.items():
            with self.subTest(what):
                self.sent.clear()
                self.say(MARK + request)
                self.assertEqual(self.text(), request + "\n")
                self.assertEqual({kind for kind, _ in self.sent}, {"stream"})

    def test_all_that_the_crate_says_is_understood(self):
        for request in GOOD:
            without_id = {"id": None} if request == GOOD[1] else {}
            self.assertEqual(parse(json.dumps(request)), request | without_id)

    def test_no_line_ever_raises(self):
        chance = random.Random(17)
        for number in range(20_000):
            if number % 50 == 0:
                self.cell.stop()
                self.cell.finish()
                self.setUp()
            self.say(chance.choice(["", "", "text"]) + MARK + spoilt(chance))
            self.cell.tick()

    def test_loops_without_end_are_a_bounded_output(self):
        for number in range(1000):
            self.say(MARK + json.dumps(GOOD[2] | {"id": f"{number:04}"}))
        self.assertLessEqual(len(self.sent[-1][1]["data"]["text/plain"].splitlines()), 20)


def spoilt(chance):
    """A request with other values somewhere, or with characters that are missing or too many."""
    request = dict(chance.choice(GOOD))
    for _ in range(chance.randrange(3)):
        key = chance.choice([*request, "id", "type", "by"])
        request[key] = chance.choice([*VALUES, *GOOD[0].values(), *GOOD[2].values()])
    line = json.dumps(request, ensure_ascii=chance.random() < 0.9)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(line) + 1)
        piece = chance.choice(['"', "{", "[" * 3000, "\\ud800", "\\", "\x1e", "é", "9" * 400, MARK, line[:at]])
        line = line[:at] + piece + line[at + chance.randrange(3) :]
    return line.replace("\ud800", "?")  # evcxr says only what is UTF-8


class Endless(WithCell):
    def test_text_is_cut_once_and_says_so(self):
        for _ in range(20):
            self.say("x" * (MOST_TEXT // 10))
        text = self.text()
        self.assertEqual(text.count("x"), MOST_TEXT - 9)  # with the ends of nine lines
        self.assertTrue(text.endswith("\n" + TEXT_CUT))
        self.assertEqual(text.count(TEXT_CUT), 1)

    def test_one_line_of_20_megabytes(self):
        self.say("x" * 20_000_000)
        self.assertEqual(self.text(), "x" * MOST_TEXT + "\n" + TEXT_CUT)

    def test_lines_travel_together(self):
        for _ in range(5000):
            self.say("a line")
        self.assertEqual(self.text(), "a line\n" * 5000)
        self.assertLess(len(self.sent), 5)

    def test_after_the_cut_only_requests_are_read(self):
        def sent(text):
            content = {"name": "stdout", "text": f"{text}\n"}
            return json.dumps(content, separators=(",", ":")).encode()  # as evcxr does

        end, request = sent(MARK + '{"type":"end"}'), sent(MARK + '{"type":"done"}')
        self.assertEqual([self.cell.ignores(each) for each in (sent("a"), end, request)], [False, True, False])
        self.say("x" * 2 * MOST_TEXT)
        self.assertEqual([self.cell.ignores(each) for each in (sent("a"), end, request)], [True, True, False])

    def test_a_figure_that_is_too_large_is_a_sentence(self):
        for size, shown in [(LARGEST - 100, "image/png"), (LARGEST, "text/plain")]:
            self.say(MARK + json.dumps(GOOD[1] | {"data": PNG | {"image/png": "A" * size}}))
            self.assertEqual(next(iter(self.sent[-1][1]["data"])), shown)
        self.assertIn("a figure of 10.0 MB is not shown", self.sent[-1][1]["data"]["text/plain"])
        self.cell.take("execute_result", {"data": {"text/html": "A" * 20_000_000}, "metadata": {}})
        self.assertIn("20.0 MB is not shown", self.sent[-1][1]["data"]["text/plain"])

    def test_many_figures_are_bounded_but_not_one_that_moves(self):
        each = GOOD[0] | {"data": {"image/png": "A" * (LARGEST - 9)}}
        for _ in range(10):
            self.say(MARK + json.dumps(each))
        self.assertEqual([kind for kind, _ in self.sent].count("update_display_data"), 9)
        self.assertTrue(all("image/png" in content["data"] for _, content in self.sent))
        for _ in range(10):
            self.say(MARK + json.dumps(each | {"id": None}))
        new = [content["data"] for kind, content in self.sent if kind == "display_data"]
        shown = sum(len(data.get("image/png", "")) for data in new)
        self.assertLessEqual(shown, MOST_SHOWN)
        self.assertIn("one more figure", self.sent[-1][1]["data"]["text/plain"])

    def test_a_panic_of_a_megabyte_is_cut(self):
        self.say(MARK + json.dumps({"type": "panic", "text": "x" * 1_000_000}))
        self.say(MARK + json.dumps({"type": "failed", "by": "panic"}))
        self.assertLess(len(self.cell.finish()["evalue"]), 11_000)


if __name__ == "__main__":
    unittest.main()
