# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts requests and writes, in the simulator's log, while the real engine does the work."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import Settings
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.transport import Runtime
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Mode, Result, converge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from tests.benchmarks.cases import CASES, Case, Cost
from tests.benchmarks.report import Line, Section, Unsound
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.log import Entry, is_write
from tests.simulator.server import serve
from tests.tools.playbook import Reachable

UNLIMITED = 1_000_000
COLUMNS = ("", "requests", "limit", "writes", "limit")


def cost_of(log: Iterable[Entry]) -> Cost:
    """What a log cost, tokens apart: they come from another service."""
    counted = [entry for entry in log if entry["path"] != TOKEN_PATH]
    writes = sum(map(is_write, counted))
    return Cost(len(counted) - writes, writes)


REAL = Runtime(time.monotonic, time.time, time.sleep, random.random)


def run(
    simulator: Reachable,
    wish: Desired,
    contract: str = "auto",
    concurrency: int = 5,
    rate_limit: int = UNLIMITED,
    runtime: Runtime = REAL,
) -> Result:
    """Make a wish true on a simulated account, as a module would."""
    with connected(simulator, contract, concurrency, rate_limit, runtime) as account:
        return converge(account, wish, Guards(), Mode())


def connected(
    simulator: Reachable,
    contract: str = "auto",
    concurrency: int = 5,
    rate_limit: int = UNLIMITED,
    runtime: Runtime = REAL,
    **more: Any,
) -> Account:
    """A client of a simulated account; use it as a context manager. ``more`` are settings."""
    settings = Settings(
        account_uuid=simulator.account_uuid,
        client_id="simulated-client",
        client_secret="simulated-secret",
        api_url=simulator.url,
        token_url=simulator.token_url,
        contract=contract,
        concurrency=concurrency,
        rate_limit=rate_limit,
        **more,
    )
    return Account(settings.checked(), runtime)


def count(case: Case, contract: str) -> Cost:
    """Run a case on an account of its own."""
    with serve(contract, case.account()) as simulator:
        result = run(simulator, case.wish, contract if case.pinned else "auto")
        cost = cost_of(simulator.requests)
    done = len(result.applied)
    if result.error or done != case.changes:
        reason = result.error or "that is not what is to be counted"
        raise Unsound(f"{case.name} ({contract}): {done} changes applied, expected {case.changes}: {reason}")
    return cost


def judged(case: Case, contract: str, cost: Cost) -> Line:
    """The measured cost beside its limit."""
    limit = case.limits[contract]
    return Line(
        cells=(case.name, cost.requests, limit.requests, cost.writes, limit.writes),
        ok=cost.requests <= limit.requests and cost.writes <= limit.writes,
        data={
            "case": case.name,
            "contract": contract,
            "requests": cost.requests,
            "requests_limit": limit.requests,
            "writes": cost.writes,
            "writes_limit": limit.writes,
        },
    )


def costs(contract: str, cases: Iterable[Case] = CASES, subject: str = "") -> Section:
    """The table of one contract; ``subject`` tells it from others."""
    lines = [judged(case, contract, count(case, contract)) for case in cases if contract in case.limits]
    name = "_".join(filter(None, ("requests", subject, contract)))
    return Section(name, f"Requests{subject and f' of {subject}'}, {contract} contract", COLUMNS, lines)
