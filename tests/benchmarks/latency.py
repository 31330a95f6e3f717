# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall time of runs where each answer takes 20 ms, beside what so many requests would take side by side."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from tests.benchmarks.accounts import State, make_account
from tests.benchmarks.apart import Apart, apart
from tests.benchmarks.cases import everybody, three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import cost_of, run
from tests.simulator.default import VIEWERS

LATENCY_MS = 20
FACTOR = 1.25
PEOPLE, GROUPS = 250, 150
WORKERS = (1, 5, 10)
LOOKS = 25
TRIES = 3
"""Other work on the machine makes a run slower, never faster: the fastest counts. A long one is run once."""
LONG = 2.5
COLUMNS = ("", "at once", "requests", "side by side, s", "empty, s", "limit, s", "took, s")


def answer_ms(simulator: Apart) -> float:
    """What an answer takes, the simulator's own work included, by a client that does next to nothing."""
    took = []
    path = f"/iam/v1/accounts/{simulator.account_uuid}/groups/{VIEWERS}/users"
    connection = HTTPConnection(simulator.url.removeprefix("http://"))
    for _turn in range(LOOKS):
        started = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        took.append((time.perf_counter() - started) * 1000)
    connection.close()
    return median(took)


def own_ms() -> float:
    """What the simulator itself adds to the latency that it is told."""
    with apart("published", LATENCY_MS) as simulator:
        return answer_ms(simulator) - LATENCY_MS


@dataclass(frozen=True)
class Timed:
    """One run."""

    requests: int
    seconds: float


def timed(simulator: Apart, account: State, wish: Desired, workers: int) -> Timed:
    """The fastest of a few runs, each on a fresh account; the login is part of it."""
    runs: list[Timed] = []
    while len(runs) < TRIES and (not runs or runs[0].seconds < LONG):
        simulator.load(account)
        started = time.perf_counter()
        result = run(simulator, wish, concurrency=workers)
        seconds = time.perf_counter() - started
        if result.error:
            raise Unsound(f"the run to be timed failed: {result.error}")
        runs.append(Timed(cost_of(simulator.requests).requests, seconds))
    return min(runs, key=lambda each: each.seconds)


def judged(label: str, workers: int, took: Timed, empty: Timed) -> Line:
    """The wall time beside its limit; a run that has nothing to do logs in and sees which contract answers."""
    side_by_side = took.requests * LATENCY_MS / 1000 / workers
    limit = FACTOR * side_by_side + empty.seconds
    seconds = [f"{value:.2f}" for value in (side_by_side, empty.seconds, limit, took.seconds)]
    return Line(
        cells=(label, workers, took.requests, *seconds),
        ok=took.seconds <= limit,
        data={
            "case": label,
            "concurrency": workers,
            "requests": took.requests,
            "seconds": round(took.seconds, 3),
            "limit_seconds": round(limit, 3),
        },
    )


def latencies() -> Section:
    """The table."""
    accounts: Mapping[str, State] = {
        f"{PEOPLE} users in {GROUPS} groups, unchanged": make_account(PEOPLE, GROUPS, three_of(GROUPS)),
        f"{PEOPLE} new users in {GROUPS} groups": make_account(0, GROUPS),
    }
    wish = everybody(PEOPLE, GROUPS)
    lines = []
    with apart("published", LATENCY_MS - own_ms()) as simulator:
        measured = answer_ms(simulator)
        for label, account in accounts.items():
            for workers in WORKERS:
                empty = timed(simulator, account, Desired(), workers)
                lines.append(judged(label, workers, timed(simulator, account, wish, workers), empty))
    title = f"Wall time with {measured:.1f} ms a request, no limit; at most {FACTOR} of side by side and an empty run"
    return Section("latency", title, COLUMNS, lines)
