# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to try a call again, and how long to wait before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from threading import Lock

from .limit import Limiter

TRY_AGAIN = frozenset({429, 502, 503, 504})
LONGEST_RESET = 300.0
"""Seconds: a reset further away is taken for a misread unit; limits are counted by the minute."""


class Safety(Enum):
    """Whether sending a call a second time does harm."""

    REPEATABLE = "repeatable"
    """Reads, PUT, DELETE and additive calls: a second time changes nothing more."""
    CREATE = "create"
    """A second time could make a second object."""


@dataclass(frozen=True)
class Answer:
    """What came of one try: an answer of the service, or a broken connection (``status`` is None)."""

    status: int | None
    headers: Mapping[str, str]
    text: str = ""
    reason: str = ""
    """The status line's words, or what broke the connection."""
    reached: bool = True
    """Whether the request may have arrived."""
    hopeless: bool = False
    """Whether another try can't end better, as with a certificate that isn't trusted."""


@dataclass(frozen=True)
class Backoff:
    """Full-jitter back-off: a random share of ``base`` · 2ⁿ seconds, at most ``ceiling``; ``random`` gives 0 to 1."""

    random: Callable[[], float]
    base: float = 1.0
    ceiling: float = 60.0
    attempts: int = 8
    contacts: int = 4
    """Tries to reach a service that no connection comes about to: its address may be wrong."""

    def wait(self, number: int, answer: Answer, now: float) -> float | None:
        """Seconds to wait after the ``number``-th try, or None to give up. ``now`` is in seconds since 1970."""
        if number >= (self.attempts if answer.reached else self.contacts):
            return None
        told = told_wait(answer.headers, now)
        if told is not None:
            return told
        return self.random() * min(self.ceiling, self.base * 2.0**number)


class Patience:
    """Decides whether to try again, and waits; one for all workers, since they share the service's limit.

    ``budget``: seconds that all of them together may spend waiting for the service to recover.
    """

    def __init__(self, limiter: Limiter, backoff: Backoff, budget: float, now: Callable[[], float]) -> None:
        self._limiter = limiter
        self._backoff = backoff
        self._now = now
        self._lock = Lock()
        self._left = budget

    def again(self, number: int, answer: Answer, safety: Safety, fresh: bool = False, shared: bool = True) -> bool:
        """True once it is time for another try. With ``fresh``, 404 may mean "not visible yet".

        429 stops all workers through the limiter; not so where the limit is another one than ``shared`` by them.
        """
        if not may_repeat(answer, safety) and not (fresh and answer.status == 404):
            return False
        wait = self._backoff.wait(number, answer, self._now())
        if wait is None:
            return False
        everybody = shared and answer.status == 429
        with self._lock:
            cost = self._limiter.pause(wait, self._left) if everybody else wait
            if cost > self._left:
                return False
            self._left -= cost
        if not everybody:
            self._limiter.rest(wait, "the service to recover")
        return True


def may_repeat(answer: Answer, safety: Safety) -> bool:
    """A create is sent again only when it surely had no effect, everything else whenever that may help."""
    if answer.hopeless:
        return False
    if safety is Safety.CREATE:
        return answer.status == 429 or not answer.reached
    return answer.status is None or answer.status in TRY_AGAIN


def told_wait(headers: Mapping[str, str], now: float) -> float | None:
    """The wait that the service asks for in ``Retry-After`` or else ``X-RateLimit-Reset``, in seconds, 0 or more.

    ``Retry-After`` is seconds or an HTTP date (RFC 9110, 10.2.3). The reset is a moment in s, ms or µs since 1970, or
    seconds from now: documents and clients disagree, and the magnitude tells which.
    """
    after = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", after):
        return float(after)
    if after:
        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - now)
        except (TypeError, ValueError):
            pass
    return _until_reset(headers.get("X-RateLimit-Reset", "").strip(), now)


def _until_reset(text: str, now: float) -> float | None:
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        return None
    value = float(text)
    for smallest, unit in ((1e14, 1e6), (1e11, 1e3), (1e8, 1.0)):
        if value >= smallest:
            value = max(0.0, value / unit - now)
            break
    return min(value, LONGEST_RESET)
