"""Kernels start, restart and end, however they end: nothing of them is left behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import KERNEL, Kernel, alive, children, command, eventually, slot

JUPYTER = """
import sys, time
sys.path.insert(0, {kernel!r})
from session import Session
with Session({kernel!r}, {log!r}) as session:
    session.client.execute({cell!r})
    print(session.manager.provisioner.process.pid, flush=True)
    time.sleep(600)
"""
ENDLESS = 'println!("running"); loop {}'
LOOPBACK = "0100007F"  # 127.0.0.1 as /proc/net/tcp writes it


def engine(launcher):
    """evcxr, and the process that runs the cells."""
    evcxr = next(pid for pid in children(launcher) if "evcxr_jupyter" in command(pid))
    return evcxr, next(pid for pid in children(evcxr) if "evcxr_jupyter" in command(pid))


on_linux = unittest.skipUnless(sys.platform == "linux", "reads /proc")


@on_linux
class Ends(unittest.TestCase):
    def started(self):
        """A kernel with a cell in an endless loop, and its processes."""
        kernel = Kernel().__enter__()
        self.addCleanup(kernel.close)
        self.cell = kernel.send(ENDLESS)
        kernel.until(lambda m: m["content"].get("text") == "running\n")
        self.assertEqual(len(slot(kernel.pid)), 1)
        return kernel, engine(kernel.pid)

    def assert_gone(self, launcher, pids):
        eventually(lambda: not any(map(alive, pids)), f"processes {pids} end")
        eventually(lambda: not slot(launcher), "the slot is removed")

    def test_shutdown(self):
        kernel, _ = self.started()
        launcher, pids = kernel.pid, children(kernel.pid)
        kernel.manager.shutdown_kernel()
        self.assert_gone(launcher, pids)

    def test_sigkill_of_the_launcher(self):
        kernel, pids = self.started()
        launcher = kernel.pid
        os.kill(launcher, signal.SIGKILL)
        self.assert_gone(launcher, pids)

    def test_sigkill_of_evcxr_costs_only_what_it_knew(self):
        kernel, pids = self.started()
        os.kill(pids[0], signal.SIGKILL)
        reply, _ = kernel.finish(self.cell)
        self.assertIn("evcxr, which runs the cells, was lost", reply["evalue"])
        self.assertEqual(kernel.run("1 + 1")[0].data["text/plain"], "2")
        self.assertFalse(alive(pids[1]), "the endless loop goes on")

    def test_sigkill_of_the_cells_process_costs_only_the_variables(self):
        kernel, (_, cells) = self.started()
        os.kill(cells, signal.SIGKILL)
        reply, _ = kernel.finish(self.cell)
        self.assertIn("ended (signal: 9 (SIGKILL)): all variables are lost", reply["evalue"])
        self.assertEqual(kernel.run("1 + 1")[0].data["text/plain"], "2")

    def test_sigkill_of_jupyter(self):
        with tempfile.TemporaryDirectory() as folder:
            code = JUPYTER.format(kernel=str(KERNEL), log=str(Path(folder, "log")), cell=ENDLESS)
            jupyter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
            launcher = int(jupyter.stdout.readline())
            pids = [launcher, *engine(launcher)]
            jupyter.kill()
            jupyter.communicate()
            self.assert_gone(launcher, pids)


class Starts(unittest.TestCase):
    def test_two_at_once_do_not_meet(self):
        with contextlib.ExitStack() as stack:
            started = [Kernel(), Kernel()]
            kernels = [stack.enter_context(kernel) for kernel in started]

            def both(cell):
                sent = [k.send(cell.replace("ME", str(i))) for i, k in enumerate(kernels)]
                for kernel, request in zip(kernels, sent):
                    reply, messages = kernel.finish(request)
                    self.assertEqual(reply["status"], "ok", messages)

            both("fn me() -> i64 { ME } let mine = ME;")
            for n in range(4):
                both(f"assert_eq!((me(), mine, {n}), (ME, ME, {n}));")

    def test_restart(self):
        with Kernel() as kernel:
            kernel.run("let a = 1;")
            old = kernel.pid
            kernel.manager.restart_kernel()
            kernel.client.wait_for_ready(timeout=60)
            self.assertIn("cannot find value `a`", kernel.run("a")[0].evalue)
            self.assertEqual(len(slot(kernel.pid)), 1)
            eventually(lambda: not slot(old), "the old slot is removed")

    @on_linux
    def test_strangers_are_not_heard(self):
        with Kernel() as kernel:
            session = kernel.client.session
            key, session.key = session.key, b"another key"
            kernel.send('println!("forged");')
            session.key = key
            self.assertEqual([o.data["text/plain"] for o in kernel.run("1")], ["1"])
            connection = json.loads(Path(kernel.manager.connection_file).read_text())
            self.assertEqual(self.addresses(connection), {LOOPBACK})

    def addresses(self, connection):
        """Where the ports of a connection file listen."""
        ports = {value for name, value in connection.items() if name.endswith("_port")}
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        local = [line.split()[1].split(":") for line in lines]
        return {address for address, port in local if int(port, 16) in ports}


if __name__ == "__main__":
    unittest.main()
