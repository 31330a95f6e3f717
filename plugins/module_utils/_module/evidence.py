# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence: a folder of files that say what was done, complete or not there at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from .._core.errors import InvalidInput
from .paths import check_whole

SUMS = "SHA256SUMS"


def check_evidence_dir(path: str | None, attempt: bool = False) -> None:
    """Raise InvalidInput for a folder that can't be written to, before anything else is done.

    With ``attempt`` the folder is made, and something in it for a moment: on some file systems only that tells.
    """
    if path is None:
        return
    check_whole("evidence_dir", path)
    folder = Path(path)
    nearest = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InvalidInput(
            f"evidence_dir {path} can't be written to: {nearest} is no folder that this user may write to."
        )
    if attempt:
        _new_folder(path).rmdir()


def write_evidence(path: str, name: str, files: Mapping[str, str]) -> str:
    """Write texts by file name, and their SHA-256 sums, into the folder ``name`` in ``path``, for the owner only.

    Returns where it is. The folder appears in one step; where its name is taken, a number is added.
    Raises InvalidInput.
    """
    made = _new_folder(path)
    try:
        # a name may hold half a character, which JSON can escape
        data = {file: text.encode(errors="backslashreplace") for file, text in files.items()}
        sums = "".join(f"{sha256(content).hexdigest()}  {file}\n" for file, content in sorted(data.items()))
        for file, content in {**data, SUMS: sums.encode()}.items():
            _write(made / file, content)
        return str(_moved(made, Path(path), name))
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise _no_place(path, error) from error


def _new_folder(path: str) -> Path:
    """One in ``path`` that nobody else looks for."""
    try:
        Path(path).mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=".evidence-", dir=path))
    except OSError as error:
        raise _no_place(path, error) from error


def _no_place(path: str, error: OSError) -> InvalidInput:
    return InvalidInput(f"evidence_dir {path} can't be written to: {error.strerror}.")


def _write(file: Path, content: bytes) -> None:
    """For the owner only, and on the disk before anybody is told of it."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _moved(made: Path, folder: Path, name: str) -> Path:
    """A folder takes another's place only when that is empty, so evidence is never overwritten."""
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{name}-{number}")
        try:
            return made.rename(target)
        except OSError:
            if not target.exists():
                raise
        number += 1
