"""What a cell prints, and what strangers send, costs a sentence and never the kernel; the real kernel runs."""

import json
import stat
import sys
import tempfile
import time
import unittest
from pathlib import Path

import zmq
from support import Kernel, eventually, shown, slot

from budget import MOST_TEXT, TEXT_CUT

MARK = r"\u{1e}ConvLens "
DEEP = f'println!("{MARK}{{}}", "[".repeat(200_000));'
HALVES = f"""
println!("{MARK}{{}}", r#"{{"type":"stderr","text":"\\ud800"}}"#);
println!("{MARK}{{}}", r#"{{"type":"panic","text":"\\ud800"}}"#);
"""
LOOP = '{{"type":"progress","id":{id},"text":"t","done":1,"total":null,"state":"running"}}'
LOOPS = "".join(f'println!("{MARK}{{}}", r#"{LOOP.format(id=key)}"#);' for key in ('"a"', "5", "[]"))
UNTIL_STOP = 'while !std::path::Path::new(&std::env::var("CONVLENS_STOP").unwrap()).exists() {}'
FIGURE = """
println!("\\u{1e}ConvLens {{\\"type\\":\\"display\\",\\"data\\":{{\\"image/png\\":\\"{}\\"}},\\"metadata\\":{{}}}}",
         "A".repeat(20_000_000));
"""
SLEEP = "std::thread::sleep(std::time::Duration::from_millis(300));"
COMPLETE = f'println!("before"); println!("EVCXR_EXECUTION_COMPLETE"); {SLEEP} println!("after");'
NO_TEXT = "std::io::Write::write_all(&mut std::io::stdout(), &[0xff, 0x0a])?; println!(\"after\");"
OPEN = 'println!("in front EVCXR_BEGIN_CONTENT text/plain"); println!("inside");'
MEMORY = 300  # MB; the relay alone needs 60


class Untrusted(unittest.TestCase):
    """One kernel for all, with UNIX sockets towards Jupyter."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = f"{folder.name}/kernel.json"  # the sockets' names begin with it
        cls.kernel = Kernel(transport="ipc", connection_file=file).__enter__()
        cls.addClassCleanup(cls.kernel.close)

    def text(self, cell):
        """All that a cell writes."""
        return "".join(output.get("text", "") for output in self.kernel.run(cell))

    def answers(self):
        """The kernel is well, and its next output belongs to the next cell."""
        for number in (41, 42):
            (output,) = self.kernel.run(f'println!("{number}");')
            self.assertEqual(output.text, f"{number}\n")

    def test_broken_requests_are_text(self):
        self.assertEqual(self.text(DEEP), "[" * 200_000 + "\n")
        self.assertEqual(self.text(HALVES).count("ud800"), 2)
        request = self.kernel.send(f"{LOOPS} {UNTIL_STOP}")
        self.kernel.until(lambda m: shown(m) == "t")
        self.kernel.stop()
        reply, _ = self.kernel.finish(request)
        self.assertEqual(reply["status"], "ok")
        self.answers()

    def test_a_flood_is_cut_and_stays_in_its_cell(self):
        text = self.text('for i in 0..200_000 { println!("line {i}"); }')
        self.assertTrue(text.startswith("line 0\nline 1\n") and text.endswith(TEXT_CUT), text[-200:])
        self.assertLess(len(text), MOST_TEXT + 200)
        self.answers()
        self.assertEqual(self.text('println!("{}", "x".repeat(30_000_000));'), "x" * MOST_TEXT + "\n" + TEXT_CUT)
        self.answers()
        self.assertLess(memory(self.kernel.pid), MEMORY)

    def test_a_figure_of_20_megabytes_is_a_sentence(self):
        (output,) = self.kernel.run(FIGURE)
        self.assertIn("a figure of 20.0 MB is not shown", output.data["text/plain"])
        self.answers()

    def test_an_output_that_is_never_closed_ends_with_its_cell(self):
        (output,) = self.kernel.run(OPEN)
        self.assertEqual(output.data["text/plain"].strip(), "inside")
        reply, _ = self.kernel.finish(self.kernel.send(f'{OPEN} panic!("oh");'))
        self.assertEqual((reply["status"], reply["ename"]), ("error", "panic"))
        self.answers()

    def test_a_second_stop_as_a_cell_ends_spares_the_next(self):
        for _ in range(5):
            request = self.kernel.send(f'println!("here"); {UNTIL_STOP}')
            self.kernel.until(lambda m: m["content"].get("text") == "here\n")
            self.kernel.stop()
            time.sleep(0.01)  # in which the cell ends, and Jupyter is about to be told
            self.kernel.stop()
            self.kernel.finish(request)
            self.answers()

    def test_evcxrs_own_mark_shifts_no_output(self):
        self.loses_its_place(COMPLETE)

    def test_bytes_that_are_no_text_shift_no_output(self):
        self.loses_its_place(NO_TEXT)

    def loses_its_place(self, cell):
        reply, messages = self.kernel.finish(self.kernel.send(cell))
        self.assertEqual((reply["status"], reply["ename"]), ("error", "output unreadable"), messages)
        self.assertIn("all variables, functions and `use` lines are lost", reply["evalue"])
        self.answers()

    def test_a_stranger_at_evcxrs_port_costs_only_the_variables(self):
        self.kernel.run("let lost = 1;")
        old = self.engine()
        strange(old, "shell", [b"hello"])
        eventually(lambda: self.engine() not in ("", old), "evcxr is started again")
        outputs = self.kernel.run('println!("{}", 6 * 7);')
        self.assertEqual([o.get("name") for o in outputs], ["stderr", "stdout"], outputs)
        self.assertIn("was lost", outputs[0].text)
        self.answers()
        self.assertIn("cannot find value `lost`", self.kernel.run("lost")[0].evalue)

    def engine(self):
        """evcxr's connection file; between two of them, none."""
        (folder,) = slot(self.kernel.pid)
        path = folder / "connection.json"
        return path.read_text() if path.is_file() else ""

    def test_other_users_cannot_come_in(self):
        (folder,) = slot(self.kernel.pid)
        paths = [folder, *Path(self.kernel.manager.connection_file).parent.glob("kernel-ipc-*")]
        self.assertEqual(len(paths), 6, "the folder and five sockets")
        self.assertEqual(folder.stat().st_mode & 0o077, 0)
        for path in paths[1:]:
            self.assertTrue(stat.S_ISSOCK(path.stat().st_mode) and not path.stat().st_mode & 0o022, path)


def strange(connection, port, frames):
    """Sends what no Jupyter sends to a port of evcxr's."""
    inner = json.loads(connection)
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 1000
        socket.connect(f"tcp://{inner['ip']}:{inner[port + '_port']}")
        socket.send_multipart(frames)


def memory(pid):
    """The most that a process ever had, in MB; where nobody knows, nothing."""
    if sys.platform != "linux":
        return 0
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    unittest.main()
