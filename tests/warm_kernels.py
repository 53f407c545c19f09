"""Kernels that need not import what every kernel imports: each is forked from one process that has done so.

A kernel of its own for every notebook stays: a fresh process with nothing in it but imported modules. Run as a script,
this listens on the socket of the given name; `tests/ask_for_kernel.py` is what Jupyter starts in a kernel's place.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CAN_FORK = sys.platform == "linux"  # elsewhere libraries of the system forbid it


@contextmanager
def warm_kernels(folder: Path) -> Iterator[None]:
    """Let whatever starts a kernel meanwhile, in this process or below, get a forked one."""
    if not CAN_FORK:
        yield
        return
    from ipykernel.kernelspec import get_kernel_dict  # noqa: PLC0415  not for those who fork

    address = folder / "socket"
    command = [sys.executable, "-I", "-S", str(HERE / "ask_for_kernel.py"), str(address), "-f", "{connection_file}"]
    described = {"argv": command, "display_name": "Python 3", "language": "python"}
    described["metadata"] = {**get_kernel_dict().get("metadata", {}), "debugger": False}  # older kernels do not encrypt
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(described), encoding="utf-8")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), before]))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen(32)
        server = subprocess.Popen(
            [sys.executable, str(HERE / "warm_kernels.py"), str(listening.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()],
        )
    try:
        yield
    finally:
        if before is None:
            del os.environ["JUPYTER_PATH"]
        else:
            os.environ["JUPYTER_PATH"] = before
        server.stdin.close()  # by which it knows
        server.wait(20)


def _import_what_kernels_import() -> None:
    import ipykernel.kernelapp  # noqa: F401, PLC0415  that is what this process is for
    import IPython.core.completer  # noqa: F401, PLC0415  as above
    import numpy as np  # noqa: F401, PLC0415  as above

    import backpropviz as bpv  # noqa: PLC0415  as above

    for name in dir(bpv):
        getattr(bpv, name)
    bpv.parse("x*z")  # makes the table of the grammar


def _serve(listening: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([listening, 0], [], [])
        if 0 in ready:
            return
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _become_kernel(asked)
            return
        asked.close()
        while _reaped():
            pass


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _become_kernel(asked: socket.socket) -> None:
    said, streams, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    told = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.setsid()
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    asked.sendall(f"{os.getpid()}\n".encode())

    def end_with_who_asked() -> None:
        asked.recv(1)
        os._exit(0)

    threading.Thread(target=end_with_who_asked, daemon=True).start()
    import numpy as np  # noqa: PLC0415  imported before the fork
    from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415  as above

    np.random.seed()  # noqa: NPY002  two kernels throw different dice
    sys.argv = [find_spec("ipykernel_launcher").origin, *told["arguments"]]
    launch_new_instance(argv=[*told["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"])
    os._exit(0)


if __name__ == "__main__":
    sys.path.pop(0)  # this folder, which no kernel sees
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        _import_what_kernels_import()
        _serve(listening)
