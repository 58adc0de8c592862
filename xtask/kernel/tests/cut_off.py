"""`cut_off.py COMMAND ...` runs a command without any network but this machine's own loopback.

On Linux in a network namespace of its own; where that is not allowed, behind proxies that nobody
answers, and it says so.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SET_FLAGS, UP = 0x8914, 1
NOBODY = "http://127.0.0.1:9"
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "CARGO_HTTP_PROXY")


def leave_the_network():
    """True if this process is now in a namespace where only loopback is up."""
    if sys.platform != "linux":
        return False
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(NEW_NETWORK | (NEW_USER if user else 0)):
        return False
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh22x", b"lo", UP))
    return True


def check():
    """192.0.2.1 is an address that nobody has; without a network it is not even tried."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=3).close()
    except TimeoutError:
        sys.exit("the network is still there")
    except OSError:
        return


def main(command):
    if leave_the_network():
        check()
    else:
        print("cut_off.py: no namespace allowed here, so only proxies that nobody answers")
        os.environ.update(dict.fromkeys(PROXIES, NOBODY))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
