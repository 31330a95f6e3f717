# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of the benchmarks and what they print. Times are measured by `make bench`, never here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.benchmarks.cases import CASES, Case, Cost
from tests.benchmarks.report import OVER, Line, Section
from tests.benchmarks.requests import cost_of, costs, count, judged
from tests.benchmarks.scale_out import Figures, Memory, descendants
from tests.benchmarks.scale_out import judged as judged_accounts
from tests.benchmarks.wall_time import PAIRS, PING, USER, WARM_UP, Times, seconds, tasks
from tests.benchmarks.wall_time import judged as judged_time
from tests.simulator.auth import TOKEN_PATH

SMALL = [case for case in CASES if max(limit.requests for limit in case.limits.values()) <= 25]


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("contract", ["published", "guide"])
@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_small_cases_keep_their_limits(case: Case, contract: str) -> None:
    line = judged(case, contract, count(case, contract))
    assert line.ok, line.data


def test_tokens_are_not_counted() -> None:
    log = [
        {"method": "POST", "path": TOKEN_PATH},
        {"method": "GET", "path": "/iam/v1/accounts/a/users"},
        {"method": "POST", "path": "/iam/v1/accounts/a/users"},
    ]
    assert cost_of(log) == Cost(reads=1, writes=1)


def test_a_limit_that_is_not_kept() -> None:
    case = CASES[0]
    limit = case.limits["published"]
    assert judged(case, "published", limit).ok
    assert not judged(case, "published", Cost(limit.reads + 1, limit.writes)).ok
    assert not judged(case, "published", Cost(limit.reads - 1, limit.writes + 1)).ok


def test_a_table() -> None:
    lines = [Line(("one", 5, "x"), ok=True, data={"n": 5}), Line(("three", 250, "é"), ok=False, data={"n": 250})]
    section = Section("some", "Some figures", ("", "n", "text"), lines)
    assert section.text().splitlines() == [
        "Some figures",
        "",
        "         n  text",
        "-----  ---  ----  ----",
        "one      5  x     ok",
        f"three  250  é     {OVER}",
    ]
    assert not section.ok
    assert section.as_dict() == {"name": "some", "ok": False, "lines": [{"n": 5, "ok": True}, {"n": 250, "ok": False}]}


def test_a_contract_without_limits_is_left_out() -> None:
    assert costs("elsewhere").lines == []


def test_tasks_take_turns() -> None:
    names = [task["name"] for task in tasks()]
    assert names.count(PING) == names.count(USER) == WARM_UP + PAIRS
    assert names[:4] == [USER, PING, PING, USER]


def test_the_usual_time_leaves_out_warming_up() -> None:
    times: Times = [(PING, 9.0)] * WARM_UP + [(PING, 0.1), (PING, 0.3), (PING, 0.2), (USER, 7.0)]
    assert seconds(times, PING) == 0.2


@pytest.mark.parametrize(("duration", "ok"), [(0.19, True), (0.2, False)])
def test_a_ratio(duration: float, ok: bool) -> None:
    times = [(PING, 0.1)] * 5 + [(USER, duration)] * 5
    line = judged_time("published", times)
    assert line.ok is ok
    assert line.data["ratio"] == round(duration / 0.1, 3)


@pytest.mark.parametrize(
    ("seconds_taken", "requests", "ok"), [(10.0, 140, True), (10.1, 140, False), (10.0, 141, False)]
)
def test_many_accounts(seconds_taken: float, requests: int, ok: bool) -> None:
    """Neither the time nor the requests for an account grow."""
    figures = Figures(10, 5, seconds_taken, processor=5, megabytes=250, requests=requests, tokens=10)
    assert judged_accounts(figures, limit=1.0, requests=14).ok is ok


def test_memory_of_children() -> None:
    """A child counts while it is there, and only one that came after the start."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as old:
        memory = Memory()
        memory.look()
        assert memory.peak == 0
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as new:
            memory.look()
            assert memory.peak > 0
            assert descendants(os.getpid()) >= {old.pid, new.pid}
            new.communicate(b"\n")
        assert new.pid not in descendants(os.getpid())
        old.communicate(b"\n")
