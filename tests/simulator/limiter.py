# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""So many requests a minute, in fixed windows that start with their first request."""

from __future__ import annotations

import math
from collections.abc import Callable
from email.utils import formatdate

RESET_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}
HEADER_FORMS = (
    "retry-after-seconds",
    "retry-after-date",
    "x-ratelimit-s",
    "x-ratelimit-ms",
    "x-ratelimit-us",
    "none",
)


def wait_headers(form: str, now: float, reset: float, limit: int | None = None) -> dict[str, str]:
    """The headers of a 429 that tell when to come back, in one of the forms seen on Dynatrace's APIs."""
    if form == "retry-after-seconds":
        return {"Retry-After": str(max(0, math.ceil(reset - now)))}
    if form == "retry-after-date":
        return {"Retry-After": formatdate(math.ceil(reset), usegmt=True)}
    if form.startswith("x-ratelimit-"):
        headers = {"X-RateLimit-Limit": str(limit)} if limit is not None else {}
        unit = RESET_UNITS[form[len("x-ratelimit-") :]]
        headers.update({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(math.ceil(reset * unit))})
        return headers
    return {}


class Limiter:
    """Counts requests; `limit` None lets everything pass."""

    def __init__(self, limit: int | None, now: Callable[[], float]) -> None:
        self.limit = limit
        self._now = now
        self._reset = 0.0
        self._used = 0

    def refuse(self, window: float, form: str) -> dict[str, str] | None:
        """None when the request may pass, else the headers of its 429."""
        if self.limit is None:
            return None
        now = self._now()
        if now >= self._reset:
            self._reset, self._used = now + window, 0
        if self._used < self.limit:
            self._used += 1
            return None
        return wait_headers(form, now, self._reset, self.limit)
