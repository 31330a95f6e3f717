# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a watch stands, on disk: what it knows, what is to be told, and how much of that has been.

Each file is replaced as a whole, so a crash leaves the old one or the new one. What is to be told is written down with
what is then known, before any of it is told.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ..._core.errors import CollectionError

FORMAT = 1
Json = dict[str, Any]


class CursorError(CollectionError):
    """What is on disk can't be gone on from."""


@dataclass(frozen=True)
class Page:
    """What one poll wrote down. ``known``, ``last`` and ``unread`` are for the next poll, ``events`` are to be told."""

    generation: int
    contract: str
    known: Json
    last: list[str] | None
    events: list[Json]
    unread: list[list[str]] = field(default_factory=list)


class Cursor:
    """A folder that one watch has for itself; use it as a context manager. Raises CursorError."""

    def __init__(self, folder: Path, account: str) -> None:
        self._folder = folder
        self._account = account
        self._lock: IO[str] | None = None

    def __enter__(self) -> Cursor:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self._folder / "lock").open("a", encoding="utf-8")
        except OSError as error:
            raise CursorError(f"state_dir {self._folder} can't be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            if isinstance(error, BlockingIOError):
                problem = f"Another event source is using {self._folder}: give each a state_dir of its own."
            else:
                problem = f"state_dir {self._folder} is on a file system that can't lock files: {error.strerror}."
            raise CursorError(problem) from error
        return self

    def __exit__(self, *_error: object) -> None:
        if self._lock:
            self._lock.close()

    def load(self) -> tuple[Page | None, int]:
        """The last page, None at the very first start; and how many of its events have been told."""
        known, told = self._read("known"), self._read("told")
        if told is None and known is None:
            self._begin()
            return None, 0
        if told is None or (known is None and told["generation"]):
            raise self._unusable("told" if told is None else "known", "is missing")
        if known is None:
            return None, 0
        try:
            page = Page(**known)
            generation, number = int(told["generation"]), int(told["number"])
        except (TypeError, KeyError, ValueError) as error:
            raise self._unusable("known", "isn't one of ours") from error
        if (generation, number) > (page.generation, len(page.events)):
            raise self._unusable("known", "is older than what has been told: it was restored from a backup")
        return page, number if generation == page.generation else 0

    def _begin(self) -> None:
        """That there was a start, so that a page that is missing later isn't taken for another one."""
        try:
            self._write("told", {"generation": 0, "number": 0})
        except OSError as error:
            raise CursorError(f"state_dir {self._folder} can't be written: {error.strerror}.") from error

    def save(self, page: Page) -> None:
        """Write down a page; only when all events of the one before have been told. Raises OSError."""
        self._write("known", vars(page))

    def mark(self, page: Page, number: int) -> None:
        """So many events of a page have been told. Raises OSError."""
        self._write("told", {"generation": page.generation, "number": number})

    def _unusable(self, name: str, problem: str) -> CursorError:
        return CursorError(
            f"{self._path(name)} {problem}. Nothing is told, since changes could be lost or told twice. Put the folder"
            f" back from a copy, or begin anew with an empty state_dir: then changes since the last poll are not told."
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _read(self, name: str) -> Json | None:
        try:
            text = self._path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(name, f"can't be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self._unusable(name, "isn't text") from error
        try:
            outer = json.loads(text)
            content: Json = outer["content"]
            sound = outer["format"] == FORMAT and outer["checksum"] == _checksum(content)
        except (ValueError, KeyError, TypeError) as error:
            raise self._unusable(name, "is torn, or isn't one of ours") from error
        if not sound:
            raise self._unusable(name, "was changed by somebody else, or by another version of this source")
        if outer["account"] != self._account:
            raise CursorError(
                f"{self._path(name)} is of account {outer['account']}, not of {self._account}:"
                " give each account a state_dir of its own."
            )
        return content

    def _write(self, name: str, content: Json) -> None:
        outer = {"format": FORMAT, "account": self._account, "checksum": _checksum(content), "content": content}
        path = self._path(name)
        fresh = path.with_suffix(".new")
        # what a crash or somebody else left there keeps neither its rights nor its place
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(outer, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _checksum(content: Json) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
