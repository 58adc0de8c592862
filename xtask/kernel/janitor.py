"""A small process that outlives the launcher just long enough to clean up after it.

It waits on a pipe of which only the launcher holds the other end, so it notices that the launcher
is gone however that came: a normal end, an error, or SIGKILL.
"""

import contextlib
import os
import signal

from engine import GROUP, end_group


def appoint(slot):
    """Call once, early: forks, and makes this process the leader of all it will start."""
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    launcher = os.getpid()
    read, write = os.pipe()  # not inherited by programs that we start
    if os.fork() == 0:
        os.close(write)
        wait(read)
        clean_up(launcher, slot)
        os._exit(0)
    os.close(read)


def wait(pipe):
    os.setsid()  # signals to the launcher's group are not for us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.read(pipe, 1)


def clean_up(launcher, slot):
    """evcxr, and a cell in an endless loop, are still there if nobody asked them to go."""
    end_group(launcher)
    with contextlib.suppress(OSError, ValueError):  # evcxr was not started yet
        end_group(int((slot.path / GROUP).read_text()))
    slot.remove()
