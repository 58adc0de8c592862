"""Bars and cells without a kernel: what goes to Jupyter for what comes from evcxr."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bars import Bars
from cell import LATE, Cell
from failure import failed, process_ended
from request import MARK
from sockets import check_address
from wire import Wire, WireError

KEY = {"key": "secret", "signature_scheme": "hmac-sha256"}


def loop(key, state="running", done=1, total=2):
    text = f"{key}: {done}/{total}"
    return {"id": key, "state": state, "done": done, "total": total, "text": text}


class OneOutput(unittest.TestCase):
    def feed(self, *loops):
        """(is it a new output, its lines) for each message."""
        bars = Bars()
        shown = list(filter(None, (bars.update(dict(each)) for each in loops)))
        kinds = [kind == "display_data" for kind, _ in shown]
        return list(zip(kinds, (content["data"]["text/plain"].splitlines() for _, content in shown)))

    def test_inner_loops_are_lines_that_go(self):
        shown = self.feed(loop("a"), loop("b"), loop("b", "done"), loop("c"), loop("a", "done", 2))
        lines = [["a: 1/2"], ["a: 1/2", "b: 1/2"], ["a: 1/2"], ["a: 1/2", "c: 1/2"], ["a: 2/2", "c: 1/2"]]
        self.assertEqual([s[1] for s in shown], lines)
        self.assertEqual([s[0] for s in shown], [True, False, False, False, False])

    def test_one_loop_after_another_is_another_output(self):
        shown = self.feed(loop("a"), loop("a", "done"), loop("b"), loop("b", "done"))
        self.assertEqual([s[0] for s in shown], [True, False, True, False])

    def test_a_loop_heard_of_late_takes_the_place_of_those_inside_it(self):
        shown = self.feed(loop("b"), loop("b", "done"), loop("a"), loop("c"))
        self.assertEqual([s[0] for s in shown], [True, False, False, False])
        self.assertEqual(shown[-1][1], ["a: 1/2", "c: 1/2"])
        self.assertEqual(self.feed(loop("b"), loop("a"))[-1], (False, ["a: 1/2", "b: 1/2"]))

    def test_stop_is_told_once(self):
        shown = self.feed(*(loop(key, "stopped", done=0) for key in "abc"), loop("d", "stopped", done=1))
        self.assertEqual([s[1] for s in shown], [["a: 0/2"], ["d: 1/2"]])

    def test_html(self):
        bars = Bars()
        _, content = bars.update(loop("a<b", done=3, total=None))
        html = content["data"]["text/html"]
        self.assertIn("<progress style", html)  # no value: the browser shows that nobody knows
        self.assertIn("a&lt;b: 3/None", html)
        _, content = bars.update(loop("a<b", "done", done=3, total=None))
        self.assertIn('<progress value="1" max="1"', content["data"]["text/html"])


class OneCell(unittest.TestCase):
    def setUp(self):
        self.sent = []
        wire = Wire(KEY)
        self.cell = Cell(wire.make("execute_request", {}), 3, lambda *said: self.sent.append(said))
        self.cell.reply = wire.make("execute_reply", {"status": "ok", "execution_count": 4})

    def say(self, text):
        self.cell.take("stream", {"name": "stdout", "text": text})

    def ask(self, **request):
        self.say(f"{MARK}{json.dumps(request)}\n")

    def text(self):
        self.cell.flush()
        return [(c["name"], c["text"]) for kind, c in self.sent if kind == "stream"]

    def test_text_before_a_request_and_what_only_looks_like_one_are_kept(self):
        self.say(f'abc{MARK}{{"type": "panic", "text": "x"}}\n')
        self.say(f"{MARK}no request\n")
        self.say(f'{MARK}{{"type": "display"}}\n')
        self.assertEqual(self.text(), [("stdout", 'abcno request\n{"type": "display"}\n')])

    def test_the_last_complaint_is_why_a_cell_failed_and_others_are_stderr(self):
        self.ask(type="stderr", text="a remark")
        self.ask(type="stderr", text="it broke\nException raised from f at g:1\nframe #0")
        self.ask(type="failed", by="error")
        content = self.cell.finish()
        self.assertEqual(self.text(), [("stderr", "a remark\n")])
        self.assertEqual((content["status"], content["evalue"]), ("error", "it broke"))
        kinds = [kind for kind, _ in self.sent]
        self.assertEqual(kinds, ["stream", "error", "status"])

    def test_a_panic_is_a_failure_only_if_nobody_caught_it(self):
        self.ask(type="panic", text="oh")
        content = self.cell.finish()
        self.assertEqual(content["status"], "ok")
        self.assertEqual(self.text(), [("stderr", "oh\n")])

    def test_loops_of_a_process_that_is_gone_are_ended(self):
        self.ask(**loop("a"), type="progress")
        said = f"{MARK}{json.dumps(loop('a', done=2) | {'type': 'progress'})}\nlast words\n"
        status = "Subprocess terminated with status: signal: 9 (SIGKILL)"
        self.cell.take("error", {"evalue": said + status, "traceback": []})
        content = self.cell.finish()
        self.assertEqual(self.text(), [("stdout", "last words\n")])
        self.assertIn("ended (signal: 9 (SIGKILL)): all variables are lost", content["evalue"])
        bars = [c["data"]["text/plain"] for kind, c in self.sent if "display" in kind]
        self.assertEqual(bars[-1], "a: 2/2\nthe cell's process ended here")

    def test_loops_that_live_on_in_a_variable_are_left_alone(self):
        self.ask(**loop("a"), type="progress")
        self.ask(type="end")
        self.cell.finish()
        self.assertEqual(len([kind for kind, _ in self.sent if "display" in kind]), 1)

    def test_cells_are_counted_from_one(self):
        self.cell.take("execute_input", {"execution_count": 4, "code": "x"})
        self.cell.take("error", {"evalue": "no", "traceback": ["at command_4:1:1", "x"]})
        self.assertEqual(self.sent[0][1]["execution_count"], 3)
        self.assertEqual(self.sent[1][1]["traceback"], ["at command_3:1:1", "x"])
        self.assertEqual(self.cell.finish()["execution_count"], 3)

    def test_output_after_idle_still_comes_before_it(self):
        self.cell.take("status", {"execution_state": "idle"})
        self.assertFalse(self.cell.settled())
        self.say("late\n")
        self.cell.since -= LATE
        self.assertTrue(self.cell.settled())
        self.cell.finish()
        self.assertEqual([kind for kind, _ in self.sent], ["stream", "status"])


class Failures(unittest.TestCase):
    def test_are_one_line(self):
        said = failed("panic", "a\n b\\nException raised from x (most recent call first)\nframe #0: y")
        self.assertEqual(said["evalue"], "a b")
        self.assertEqual(len(said["traceback"]), 1)
        self.assertIsNone(process_ended("mismatched types"))


class Doors(unittest.TestCase):
    def test_only_this_machine_may_connect(self):
        check_address({"transport": "tcp", "ip": "127.0.0.1"})
        check_address({"transport": "ipc", "ip": "/run/kernel"})
        for address in ("0.0.0.0", "*", "10.1.2.3"):
            with self.assertRaisesRegex(WireError, "only from its own machine"):
                check_address({"transport": "tcp", "ip": address})

    def test_messages_need_the_key_and_come_once(self):
        wire, stranger = Wire(KEY), Wire(KEY | {"key": "other"})
        frames = Wire(KEY).make("execute_request", {"code": "1"}).frames
        self.assertEqual(wire.read(frames).content, {"code": "1"})
        self.assertIsNone(wire.read(frames), "a copy of an old message")
        self.assertIsNone(stranger.read(frames))
        self.assertIsNone(wire.read([b"", b"<IDS|MSG>"]))
        self.assertIsNone(wire.read([b"no message"]))
        with self.assertRaisesRegex(WireError, "no key"):
            Wire(KEY | {"key": ""})


if __name__ == "__main__":
    unittest.main()
