# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of ansible-core that the collection is tested with, their Pythons, and an environment for each pair.

The table in the README is made from this; `make bars` runs it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO

from tests.tools.sanity import search_path
from tests.tools.tree import ROOT

# ansible-core 2.20 and 2.21 run on 3.14 as well.
PYTHONS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13"),
    "2.21": ("3.12", "3.13"),
}
MISSING = "missing"
NAME = "ansible_collections/identityops/dynatrace"


@dataclass(frozen=True)
class Pair:
    """A release of ansible-core, such as 2.16, and the Python that it runs on."""

    core: str
    python: str

    def __str__(self) -> str:
        return f"{self.core}-{self.python}"

    @property
    def place(self) -> Path:
        """Its environment."""
        return ROOT / ".cache/cores" / str(self)


PAIRS = tuple(Pair(core, python) for core, pythons in PYTHONS.items() for python in pythons)
# Old releases play on their oldest Python, new ones on their newest.
PLAYING = (Pair("2.16", "3.10"), Pair("2.18", "3.11"), Pair("2.20", "3.13"), Pair("2.21", "3.13"))


def wanted(pair: Pair) -> list[str]:
    """What its environment holds: without versions, since old Pythons get old ones."""
    return [f"ansible-core=={pair.core}.*", "pytest", "pytest-xdist", "-r", "tests/unit/requirements.txt"]


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Waits until no other process is in here with this file."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def environment(pair: Pair, log: IO[str]) -> Path:
    """The bin of its environment, where this checkout is the collection. Made when it is missing or not what is wanted.

    Raises CalledProcessError when Python or a package is missing; which, is in the log.
    """
    ready = pair.place / ".ready"
    content = "\n".join([*wanted(pair), (ROOT / "tests/unit/requirements.txt").read_text(encoding="utf-8")])
    with alone(pair.place.with_name(f"{pair}.lock")):
        if release(pair) == MISSING or not ready.exists() or ready.read_text(encoding="utf-8") != content:
            _make(pair, log)
            ready.write_text(content, encoding="utf-8")
    return pair.place / "bin"


def release(pair: Pair) -> str:
    """The release that its environment holds, such as 2.16.19, or that it is missing."""
    site = pair.place / f"lib/python{pair.python}/site-packages"
    held = [it.version for it in metadata.distributions(name="ansible-core", path=[str(site)])]
    return next((version for version in held if version.startswith(f"{pair.core}.")), MISSING)


def _make(pair: Pair, log: IO[str]) -> None:
    uv = str(Path(sys.executable).parent / "uv")
    settings = {**os.environ, "PATH": search_path(), "UV_PYTHON_DOWNLOADS": "never"}
    place = str(pair.place)
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", pair.python, place],
        [uv, "pip", "install", "--quiet", "--python", place, *wanted(pair)],
    ):
        subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=log, stderr=log)
    link = pair.place / f"lib/python{pair.python}/site-packages/{NAME}"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT, target_is_directory=True)


def table() -> list[str]:
    """The README's table, line by line."""
    played = {pair.core: pair.python for pair in PLAYING}
    rows = [(core, ", ".join(pythons), played.get(core, "")) for core, pythons in PYTHONS.items()]
    header = "| ansible-core | Python: sanity and unit tests | Python: playbooks against the simulator |"
    return [header, "|---|---|---|", *(f"| {core} | {pythons} | {own} |" for core, pythons, own in rows)]
