# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One limiter for all workers of a task."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from threading import Lock

WINDOW = 60.0
"""Seconds: the service counts requests a minute."""

ANNOUNCED = 5.0
"""Seconds: a longer wait is told to the user."""


def silent(_message: str) -> None:
    """Announces nothing."""


class Limiter:
    """At most ``per_minute`` requests in any 60 seconds: the first ones go at full speed, only what is beyond is paced.

    A sliding window rather than a bucket that refills steadily: the latter lets nearly twice the limit pass in the
    first minute, which a service that counts by the minute answers with 429.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        announce: Callable[[str], None] = silent,
    ) -> None:
        self.waited = 0.0
        self._per_minute = per_minute
        self._clock = clock
        self._sleep = sleep
        self._announce = announce
        self._lock = Lock()
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._paused_until = 0.0
        self._waiting_until = 0.0

    def acquire(self) -> None:
        """Wait until one more request may be sent."""
        while True:
            with self._lock:
                delay = self._delay()
                if delay <= 0:
                    self._begun.append(self._clock())
                    return
            self.rest(delay, f"the limit of {self._per_minute} requests a minute")

    def pause(self, seconds: float, at_most: float = math.inf) -> float:
        """Stop all workers for ``seconds`` from now; returns by how many seconds that prolongs an earlier pause.

        Nobody is stopped if that is more than ``at_most``.
        """
        with self._lock:
            now = self._clock()
            until = max(self._paused_until, now + seconds)
            longer = until - max(self._paused_until, now)
            if longer <= at_most:
                self._paused_until = until
            return longer

    def rest(self, seconds: float, reason: str) -> None:
        """Let the calling worker wait. ``waited`` counts time during which any worker waited, once."""
        with self._lock:
            now = self._clock()
            longer = max(0.0, now + seconds - max(self._waiting_until, now))
            self._waiting_until = max(self._waiting_until, now + seconds)
            self.waited += longer
        if longer > ANNOUNCED:
            self._announce(f"Waiting {seconds:.0f} s for {reason}.")
        self._sleep(seconds)

    def _delay(self) -> float:
        now = self._clock()
        delay = self._paused_until - now
        if len(self._begun) == self._per_minute:
            delay = max(delay, self._begun[0] + WINDOW - now)
        return delay
