# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection awx.awx, whose modules make what the pattern describes.

    python -m tests.awx.collection

It is on PyPI as a part of the package ansible, most of which nobody needs here.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.tools.tree import ROOT

PACKAGE = "ansible==12.3.0"
PART = "ansible_collections/awx/awx/"
PLACE = ROOT / ".cache/awx"


def awx_collections() -> Path:
    """A folder for ANSIBLE_COLLECTIONS_PATH that holds awx.awx; fetched where it is missing."""
    if not (PLACE / PART / "MANIFEST.json").exists():
        PLACE.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=PLACE.parent) as scratch:
            _fetch(Path(scratch))
    return PLACE


def _fetch(scratch: Path) -> None:
    pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "download", "--no-deps", "--only-binary=:all:", "--dest", str(scratch), PACKAGE], check=True)
    (wheel,) = scratch.glob("*.whl")
    fetched = scratch / "awx"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(fetched, [name for name in archive.namelist() if name.startswith(PART)])
    with contextlib.suppress(FileExistsError, OSError):  # another process was faster
        fetched.rename(PLACE)


if __name__ == "__main__":
    print(awx_collections())
