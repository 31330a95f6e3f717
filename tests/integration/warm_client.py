# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interpreter that Ansible starts: its script is run by the process of warm.py, which has imports behind it.

It imports next to nothing itself, since it is started for every task.
"""

import _json
import _socket
import os
import sys

STANDARD = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))


def text(value):
    """As JSON."""
    return _json.encode_basestring_ascii(value)


def main():
    """Returns the status of the script on standard input."""
    if len(sys.argv) > 1:
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606  # a file: a task in the background
    folder = os.getcwd()  # noqa: PTH109  # pathlib is much to import
    own = ", ".join(f"{text(name)}: {text(value)}" for name, value in os.environ.items())
    wanted = f'{{"environment": {{{own}}}, "folder": {text(folder)}}}'.encode()
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    server.connect(os.environ["WARM_SOCKET"])
    server.sendmsg([wanted], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, STANDARD)])
    return (server.recv(1) or b"\x01")[0]


sys.exit(main())
