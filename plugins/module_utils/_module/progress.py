# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells how a long run goes: one line about every ten seconds."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType

INTERVAL = 10.0
"""Seconds."""


class Progress:
    """Use it as a context manager around a run; :meth:`watch` is what the executor tells."""

    def __init__(
        self,
        tell: Callable[[str], None],
        waited: Callable[[], float],
        requests: Callable[[], int],
        interval: float = INTERVAL,
    ) -> None:
        self._tell = tell
        self._waited = waited
        self._requests = requests
        self._interval = interval
        self._ended = Event()
        self._counts: tuple[int, int, int] | None = None
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def watch(self, done: int, left: int, failed: int) -> None:
        """Note how many changes are done, left, and failed or put off."""
        self._counts = (done, left, failed)

    def line(self) -> str:
        """How the run goes, in a line."""
        waited = f"{self._waited():.0f} s spent waiting for the limit"
        if self._counts is None:
            return f"Reading the account, {self._requests()} requests so far; {waited}."
        done, left, failed = self._counts
        return f"{done} of {done + left + failed} changes done, {failed} failed or put off, {left} left; {waited}."

    def _run(self) -> None:
        while not self._ended.wait(self._interval):
            self._tell(self.line())
