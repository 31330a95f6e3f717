# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of many people: they judge rightly, and small ones keep their limits."""

from __future__ import annotations

import pytest

from tests.benchmarks import comparison, latency, limits, naive, planning
from tests.benchmarks.access import FEWEST, MOVED, NEW, SAME, SAME_LIST, SPARE, Team, count, judged, tables
from tests.benchmarks.accounts import email, group_id, group_name, make_account
from tests.benchmarks.apart import apart
from tests.benchmarks.cases import Cost, three_of
from tests.benchmarks.requests import cost_of
from tests.simulator.default import ALL_USERS
from tests.simulator.server import serve

WHAT = (NEW, SAME, SAME_LIST, MOVED)


@pytest.mark.parametrize("contract", FEWEST)
def test_small_teams_cost_next_to_the_fewest(contract: str) -> None:
    teams = [Team(people, 20, 9, what) for what in WHAT for people in (1, 12)]
    with apart(contract) as simulator:
        lines = [judged([team], contract, lambda each: count(simulator, each)) for team in teams]
    assert [line.data for line in lines if not line.ok] == []


def test_the_table_of_the_project() -> None:
    assert FEWEST["published"](Team(250, 250, 150, SAME)) == Cost(152, 0)
    assert FEWEST["published"](Team(250, 250, 150, NEW)) == Cost(2, 500)
    assert FEWEST["published"](Team(1000, 10_000, 500, SAME_LIST)) == Cost(502, 0)


def test_a_team_beyond_the_limit() -> None:
    team = Team(250, 250, 150, SAME)
    fewest = FEWEST["published"](team)
    assert judged([team], "published", lambda each: Cost(fewest.reads + SPARE, 0)).ok
    assert not judged([team], "published", lambda each: Cost(fewest.reads + SPARE + 1, 0)).ok
    assert not judged([team], "published", lambda each: Cost(fewest.reads, 1)).ok


def test_accounts_hold_the_teams_that_are_there() -> None:
    assert all(team.what == NEW or team.people <= team.users for teams in tables() for team in teams)


@pytest.mark.parametrize(("seconds", "ok"), [(0.8, True), (0.86, False)])
def test_latency(seconds: float, ok: bool) -> None:
    line = latency.judged("x", 5, latency.Timed(150, seconds), latency.Timed(1, 0.1))
    assert line.ok is ok


@pytest.mark.parametrize(("last", "ok"), [(120.0, True), (126.0, True), (127.0, False)])
def test_the_share_of_the_limit(last: float, ok: bool) -> None:
    arrivals = limits.Arrivals()
    arrivals.passed = [0.0] * limits.LIMIT + [60.0] * limits.LIMIT + [last]
    assert (arrivals.used >= limits.LEAST_USED) is ok


def test_planning() -> None:
    for what, changes in planning.CHANGES.items():
        account = planning.Remembered(30, 9)
        assert len(planning.plan(account, planning.options(30, 9, what))["changes"]) == changes * 30


@pytest.mark.parametrize(("seconds", "memory", "ok"), [(2.9, 299, True), (3.1, 299, False), (2.9, 301, False)])
def test_planning_beyond_the_limit(seconds: float, memory: float, ok: bool) -> None:
    large = {"changes": 0, "seconds": seconds, "megabytes": memory}
    assert planning.judged("unchanged", large, {**large, "seconds": 0.3}).ok is ok
    assert not planning.judged("unchanged", large, {**large, "seconds": 0.2}).ok


def test_the_other_clients_do_the_job() -> None:
    users = {email(number): [group_id(group) for group in three_of(9)(number)] for number in range(5)}
    groups = {group_id(number): (group_name(number), [comparison.PERMISSION]) for number in range(9)}
    job = naive.Job(users, groups)
    for work in (naive.write_all, lambda place, wanted: naive.keep_state(place, wanted, [])):
        with serve("published", make_account(0, 9)) as simulator:
            work(simulator, job)
            there = {user["email"]: set(user["groups"]) for user in simulator.state()["users"]}
            assert all(there[each] == {*joined, ALL_USERS} for each, joined in users.items())
            simulator.clear()
            work(simulator, job) if work is naive.write_all else naive.keep_state(simulator, job, users)
            cost = cost_of(simulator.requests)
        assert cost == (Cost(2 + 5, 5 + 2 * 9) if work is naive.write_all else Cost(5 + 9, 0))


def test_a_comparison_that_is_lost() -> None:
    ours, dearer = comparison.Figures(10, 0, 1.0), comparison.Figures(11, 2, 1.1)
    assert comparison.judged("x", dearer, dearer, (ours, ours)).ok
    assert not comparison.judged("x", comparison.Figures(9, 0, 2.0), dearer, (ours, ours)).ok
