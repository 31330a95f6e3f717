# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what a poll of the event source costs, and how many polls it takes to see everything once."""

from __future__ import annotations

from math import ceil

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.changes import ORDER
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.rounds import Watched, look
from tests.benchmarks.accounts import State, make_account
from tests.benchmarks.cases import three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import connected, cost_of
from tests.simulator.server import Simulator, serve

MOST = 60
"""Requests that a poll may send, by default: one a second."""
PAGE = 500
SIZES = ((100, 20), (1000, 150), (1000, 500))
EVERYTHING = Watched(frozenset(ORDER))


def fewest(contract: str, state: State) -> tuple[int, int]:
    """Requests for the lists, and for all that isn't listed."""
    users, groups = len(state["users"]), len(state["groups"])
    pages = ceil(users / PAGE) + ceil(groups / PAGE) if contract == "guide" else 2
    members = min(users, groups - 1) if contract == "published" else users
    # the group of everybody has permissions and no members to ask for; bindings are at the account, too
    return pages + 1, members + groups + 1 + len(state["environments"])


def sweep(simulator: Simulator, contract: str, most: int) -> tuple[int, int]:
    """Polls until all has been seen once, and the most requests of one of them."""
    dearest, polls, last, seen = 0, 0, None, 0
    while True:
        before = cost_of(simulator.requests).requests
        with connected(simulator, contract) as account:
            found = look(account, None, last, EVERYTHING, most)
        polls, last, seen = polls + 1, found.last, seen + len(found.asked)
        dearest = max(dearest, cost_of(simulator.requests).requests - before)
        if seen >= len(found.units):
            return polls, dearest


def watched(contract: str, users: int, groups: int) -> Line:
    """One account, with the contract known, as it is from the second poll on."""
    state = make_account(users - 1, groups - 3, three_of(groups - 3))
    lists, rest = fewest(contract, state)
    with serve(contract, state) as simulator:
        polls, dearest = sweep(simulator, contract, MOST)
        whole = sweep(simulator, contract, 1_000_000)
    if whole[0] != 1:
        raise Unsound(f"{whole[0]} polls, although one may read everything")
    limit = ceil(rest / (MOST - lists))
    cells = (f"{users} users, {groups} groups", contract, whole[1], lists + rest, dearest, MOST, polls, limit)
    data = {"users": users, "groups": groups, "contract": contract, "requests": whole[1], "polls": polls}
    return Line(cells, whole[1] <= lists + rest and dearest <= MOST and polls <= limit, data)


def watching() -> Section:
    """The table."""
    lines = [watched(contract, *size) for contract in ("published", "guide") for size in SIZES]
    columns = ("", "contract", "requests in all", "fewest", "in a poll", "at most", "polls", "at most")
    return Section("watching", "Polls of the event source", columns, lines)
