"""What Jupyter starts in a kernel's place: asks `tests/warm_kernels.py` for one, and lives and dies with it."""

import json
import os
import signal
import socket
import sys

with socket.socket(socket.AF_UNIX) as asking:
    asking.connect(sys.argv[1])
    told = {"arguments": sys.argv[2:], "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109  light
    socket.send_fds(asking, [json.dumps(told).encode()], [0, 1, 2])
    kernel = int(asking.recv(20))
    signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
    asking.recv(1)
