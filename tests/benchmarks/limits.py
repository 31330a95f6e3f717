# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the service's limit is used while there is more to do than it lets through.

All clocks, those of the simulator and of the client, run ten times as fast: a minute lasts six seconds. Whatever takes
real time, such as sending a request, so weighs ten times as much as it would.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.transport import Runtime
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from tests.benchmarks.accounts import make_account
from tests.benchmarks.cases import everybody
from tests.benchmarks.report import Line, Section
from tests.benchmarks.requests import run
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.log import Exchange
from tests.simulator.server import serve

SPEED = 10
LIMIT = 600
MINUTE = 60.0
LEAST_USED = 95.0
PEOPLE, GROUPS = 800, 150
WORKERS = (5, 20)
COLUMNS = ("", "at once", "requests", "minutes at the limit", "used, %", "at least", "429s", "at most", "failed")


def clock() -> float:
    """Seconds since some moment, ten a second."""
    return time.monotonic() * SPEED


def now() -> float:
    """Seconds since 1970, ten a second from now on; simulator and client only have to agree."""
    return time.time() * SPEED


def sleep(seconds: float) -> None:
    """A tenth of the time."""
    time.sleep(seconds / SPEED)


@dataclass
class Arrivals:
    """When requests were let through, and how many weren't."""

    def __post_init__(self) -> None:
        self.passed: list[float] = []
        self.refused = 0

    def __call__(self, exchange: Exchange) -> None:
        if exchange.path == TOKEN_PATH:
            return
        if exchange.status == 429:
            self.refused += 1
        else:
            self.passed.append(clock())

    @property
    def windows(self) -> int:
        """Whole minutes' worth of requests after which there were still more."""
        return (len(self.passed) - 1) // LIMIT

    @property
    def used(self) -> float:
        """The share, in per cent, of what the limit lets through until the last of those windows was over."""
        return 100 * self.windows * MINUTE / (self.passed[self.windows * LIMIT] - self.passed[0])


def measure(contract: str, workers: int) -> tuple[Arrivals, Result]:
    """Invite many people, and give each three groups."""
    arrivals = Arrivals()
    runtime = Runtime(clock, now, sleep, random.random)
    with serve(contract, make_account(0, GROUPS), rate_limit=LIMIT, observer=arrivals, clock=now) as simulator:
        result = run(simulator, everybody(PEOPLE, GROUPS), contract, workers, LIMIT, runtime)
    return arrivals, result


def judged(contract: str, workers: int, arrivals: Arrivals, result: Result) -> Line:
    """The share beside its limit."""
    most = workers * (arrivals.windows + 1)
    failed = len(result.pending)
    label = f"{PEOPLE} new users in {GROUPS} groups, {contract}"
    used = f"{arrivals.used:.1f}"
    figures = {"requests": len(arrivals.passed), "used_percent": round(arrivals.used, 2), "refused": arrivals.refused}
    return Line(
        cells=(
            label,
            workers,
            len(arrivals.passed),
            arrivals.windows,
            used,
            LEAST_USED,
            arrivals.refused,
            most,
            failed,
        ),
        ok=arrivals.used >= LEAST_USED and arrivals.refused <= most and not failed and not result.error,
        data={"contract": contract, "concurrency": workers, **figures, "refused_limit": most, "failed": failed},
    )


def limited() -> Section:
    """The table of both contracts."""
    lines = [
        judged(contract, workers, *measure(contract, workers))
        for contract in ("published", "guide")
        for workers in WORKERS
    ]
    title = f"With {LIMIT} requests a minute, on clocks that run {SPEED} times as fast"
    return Section("limit", title, COLUMNS, lines)
