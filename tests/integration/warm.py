# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that is warm: each module runs in a process of its own, forked from one that has done the imports.

Half of the time of a task would go into importing the same things again. Nothing of Ansible or of the collection is
imported beforehand: that comes out of the archive that Ansible packs, as always.
"""

from __future__ import annotations

import array
import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
# What ansible.module_utils.basic and the collection's client take from outside.
# fmt: off
IMPORTS = (
    "argparse", "concurrent.futures", "copy", "dataclasses", "datetime", "difflib", "email.utils", "enum",
    "fcntl", "functools", "grp", "hashlib", "http.client", "inspect", "io", "itertools", "locale",
    "logging.handlers", "operator", "platform", "pwd", "queue", "random", "re", "requests", "runpy", "secrets",
    "select", "selectors", "shlex", "shutil", "ssl", "stat", "string", "syslog", "threading", "traceback",
    "types", "typing", "urllib.parse", "uuid", "warnings", "zipfile", "zipimport",
)
# fmt: on
PATIENCE = 30


@contextlib.contextmanager
def interpreter(packed: Path) -> Iterator[tuple[Path, Path]]:
    """The path of an interpreter for Ansible, and that of the socket which it finds in WARM_SOCKET."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        program, path = Path(folder, "python"), Path(folder, "socket")
        program.write_text(f"#!{sys.executable} -ISE\n" + (HERE / "warm_client.py").read_text(encoding="utf-8"))
        program.chmod(0o700)
        own = {**os.environ, "PACKED_MODULES": str(packed), "PYTHONPATH": str(HERE / "python"), "LC_ALL": "C.UTF-8"}
        with subprocess.Popen([sys.executable, __file__, str(path)], env=own) as server:
            try:
                _wait(path, server)
                yield program, path
            finally:
                server.terminate()


def _wait(path: Path, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not path.exists():
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the warm interpreter did not start")
        time.sleep(0.01)


def serve(path: str) -> None:
    """Listen at a path until somebody ends this process."""
    for name in IMPORTS:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(path + ".new")
        listener.listen(64)
        Path(path + ".new").rename(path)
        while True:
            connection, _address = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                os._exit(run(connection))
            connection.close()


def run(connection: socket.socket) -> int:
    """Become the process at the other end, run its script, tell it the status."""
    wanted, control, _flags, _address = connection.recvmsg(1 << 20, socket.CMSG_SPACE(12))
    for mine, theirs in enumerate(array.array("i", control[0][2])):
        os.dup2(theirs, mine)
        os.close(theirs)
    asked = json.loads(wanted)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = [""]
    status = 1
    try:
        exec(compile(sys.stdin.buffer.read(), "<stdin>", "exec"), {"__name__": "__main__"})  # noqa: S102  # as a Python does
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # whatever ends a program is printed
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(bytes([status & 255]))
    return status


if __name__ == "__main__":
    serve(sys.argv[1])
