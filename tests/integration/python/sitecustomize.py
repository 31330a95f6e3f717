# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets runs share what Python has compiled of packed modules: from archives it compiles the same source every time.

Python itself imports this at its start, in each process of a run. The folder is the one of callback/packed.py.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import zipimport
from pathlib import Path
from types import CodeType

FOLDER = os.environ["PACKED_MODULES"]
really_compile = zipimport._compile_source


def compile_once(path: str, source: bytes) -> CodeType:
    """The code of a source, by its content and its place in the archive."""
    key = hashlib.sha256(path.rpartition(".zip")[2].encode() + b"\0" + source).hexdigest()
    kept = Path(FOLDER, f"{key}.{sys.implementation.cache_tag}")
    try:
        return marshal.loads(kept.read_bytes())  # noqa: S302  # written by ourselves, below
    except FileNotFoundError:
        code = really_compile(path, source)
    begun = kept.with_suffix(f".{os.getpid()}")
    begun.write_bytes(marshal.dumps(code))
    begun.replace(kept)
    return code


zipimport._compile_source = compile_once
