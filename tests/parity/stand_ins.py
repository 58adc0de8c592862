"""Lets torch's CUDA build start without the 2 GB of CUDA libraries that it is linked with: python stand_ins.py

On a CPU none of their functions runs. Here one library has them all, and ends the process should one be
called; each library that torch asks for by name is a link to an empty one that loads it. (Not a link to
the first: torch asks for versions of some functions, and only a library of another name need not have them.)
"""

import importlib.util
import os
import pathlib
import shutil
import subprocess

ABSENT = """libcublas.so.13 libcublasLt.so.13 libcudnn.so.9 libcufft.so.12 libcufile.so.0 libcurand.so.10
libcusparse.so.12 libcusparseLt.so.0 libnccl.so.2 libnvrtc.so.13 libnvshmem_host.so.3""".split()
LIB = pathlib.Path(importlib.util.find_spec("torch").origin).parent / "lib"


def functions():
    """What torch's libraries take from the absent ones; their names begin alike."""
    begin = tuple(name[3:].split(".")[0].removesuffix("_host").lower() for name in ABSENT)
    has, wants = set(), set()
    for library in LIB.glob("libtorch*.so"):
        table = subprocess.run(["nm", "-D", library], check=True, capture_output=True, text=True)
        for line in table.stdout.splitlines():
            kind, name = line.split()[-2:]
            (wants if kind == "U" else has).add(name.split("@")[0])
    return sorted(name for name in wants - has if name.lower().startswith(begin))


def link(name, code, *options):
    compiler = os.environ.get("CXX") or next(filter(shutil.which, ["c++", "g++", "clang++"]))
    command = [compiler, "-shared", "-w", "-x", "c", "-", "-o", LIB / name, *options]
    subprocess.run(command, check=True, input=code, text=True)


link("libstand_ins.so", "".join(f"void {name}() {{ __builtin_trap(); }}\n" for name in functions()))
link("libempty.so", "", f"-L{LIB}", "-Wl,--no-as-needed", "-lstand_ins", "-Wl,-rpath,$ORIGIN")
for name in ABSENT:
    (LIB / name).symlink_to("libempty.so")
