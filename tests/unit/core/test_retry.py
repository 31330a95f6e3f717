# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a call is sent again, after how long, and when not."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.limit import Limiter
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.retry import (
    LONGEST_RESET,
    Answer,
    Backoff,
    Patience,
    Safety,
    may_repeat,
    told_wait,
)

from ..builders import NOON, FakeTime


def answer(status: int | None = 429, reached: bool = True, **headers: str) -> Answer:
    return Answer(status, {key.replace("_", "-"): value for key, value in headers.items()}, reached=reached)


def patience(budget: float = 300.0, random: float = 0.5, time: FakeTime | None = None) -> tuple[Patience, FakeTime]:
    time = time or FakeTime()
    limiter = Limiter(200, time.clock, time.sleep)
    return Patience(limiter, Backoff(lambda: random), budget, time.now), time


class TestHowLong:
    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            pytest.param({"Retry-After": "3"}, 3.0, id="seconds"),
            pytest.param({"Retry-After": "0"}, 0.0, id="at once"),
            pytest.param({"Retry-After": "1.5"}, 1.5, id="fraction"),
            pytest.param({"Retry-After": " 3 "}, 3.0, id="blanks"),
            pytest.param({"Retry-After": formatdate(NOON + 7, usegmt=True)}, 7.0, id="date"),
            pytest.param({"Retry-After": formatdate(NOON - 7, usegmt=True)}, 0.0, id="date in the past"),
            pytest.param({"X-RateLimit-Reset": f"{NOON + 9:.0f}"}, 9.0, id="moment in s"),
            pytest.param({"X-RateLimit-Reset": f"{(NOON + 9) * 1e3:.0f}"}, 9.0, id="moment in ms"),
            pytest.param({"X-RateLimit-Reset": f"{(NOON + 9) * 1e6:.0f}"}, 9.0, id="moment in us"),
            pytest.param({"X-RateLimit-Reset": "9"}, 9.0, id="seconds from now"),
            pytest.param({"X-RateLimit-Reset": f"{NOON - 9:.0f}"}, 0.0, id="moment in the past"),
            pytest.param({"X-RateLimit-Reset": f"{NOON + 86400:.0f}"}, LONGEST_RESET, id="far away"),
            pytest.param({"Retry-After": "3", "X-RateLimit-Reset": "9"}, 3.0, id="Retry-After comes first"),
            pytest.param({"Retry-After": "soon", "X-RateLimit-Reset": "9"}, 9.0, id="nonsense, then a reset"),
            pytest.param({"Retry-After": "-3"}, None, id="negative"),
            pytest.param({"Retry-After": "nan"}, None, id="not a number"),
            pytest.param({"X-RateLimit-Reset": "soon"}, None, id="nonsense"),
            pytest.param({"Retry-After": ""}, None, id="empty"),
            pytest.param({}, None, id="nothing"),
        ],
    )
    def test_what_the_service_asks_for(self, headers: dict[str, str], seconds: float | None) -> None:
        assert told_wait(headers, NOON) == (None if seconds is None else pytest.approx(seconds, abs=0.01))

    @pytest.mark.parametrize("number", range(1, 8))
    def test_jitter_keeps_its_bounds(self, number: int) -> None:
        waits = [Backoff(lambda share=share: share).wait(number, answer(503), NOON) for share in (0.0, 0.5, 1.0)]
        assert waits[0] == 0.0
        assert waits[1] == waits[2] / 2
        assert waits[2] == min(60.0, 2.0**number)

    def test_it_gives_up(self) -> None:
        assert Backoff(lambda: 0.0).wait(8, answer(503), NOON) is None
        assert Backoff(lambda: 0.0).wait(8, answer(Retry_After="1"), NOON) is None


class TestWhether:
    @pytest.mark.parametrize(
        ("status", "reached", "repeatable", "create"),
        [
            pytest.param(429, True, True, True, id="429"),
            pytest.param(502, True, True, False, id="502"),
            pytest.param(503, True, True, False, id="503"),
            pytest.param(504, True, True, False, id="504"),
            pytest.param(None, True, True, False, id="connection broke"),
            pytest.param(None, False, True, True, id="connection refused"),
            pytest.param(500, True, False, False, id="500"),
            pytest.param(400, True, False, False, id="400"),
            pytest.param(403, True, False, False, id="403"),
            pytest.param(404, True, False, False, id="404"),
            pytest.param(409, True, False, False, id="409"),
        ],
    )
    def test_by_verb(self, status: int | None, reached: bool, repeatable: bool, create: bool) -> None:
        assert may_repeat(answer(status, reached), Safety.REPEATABLE) is repeatable
        assert may_repeat(answer(status, reached), Safety.CREATE) is create

    @pytest.mark.parametrize(("status", "fresh", "again"), [(404, True, True), (404, False, False), (400, True, False)])
    def test_404_where_something_is_fresh(self, status: int, fresh: bool, again: bool) -> None:
        assert patience()[0].again(1, answer(status), Safety.REPEATABLE, fresh) is again


class TestWaiting:
    def test_429_stops_everybody(self) -> None:
        time = FakeTime()
        limiter = Limiter(200, time.clock, time.sleep)
        many = Patience(limiter, Backoff(lambda: 0.5), 300.0, time.now)
        assert many.again(1, answer(Retry_After="7"), Safety.CREATE)
        assert time.clock() == 0.0
        limiter.acquire()
        assert time.clock() == 7.0

    def test_others_only_the_worker_concerned(self) -> None:
        one, time = patience()
        assert one.again(1, answer(503, Retry_After="7"), Safety.REPEATABLE)
        assert time.slept == [7.0]

    def test_the_budget_is_for_all_calls_together(self) -> None:
        one, _time = patience(budget=10.0)
        waits = [one.again(1, answer(503, Retry_After="4"), Safety.REPEATABLE) for _call in range(3)]
        assert waits == [True, True, False]

    def test_one_pause_of_many_workers_is_paid_once(self) -> None:
        one, _time = patience(budget=10.0)
        assert [one.again(1, answer(Retry_After="8"), Safety.REPEATABLE) for _call in range(5)] == [True] * 5

    def test_no_budget_no_wait(self) -> None:
        one, time = patience(budget=0.0)
        assert not one.again(1, answer(503, Retry_After="1"), Safety.REPEATABLE)
        assert time.slept == []

    @pytest.mark.parametrize("workers", [1, 5])
    def test_a_pause_beyond_the_budget_holds_nobody_up(self, workers: int) -> None:
        time = FakeTime()
        limiter = Limiter(200, time.clock, time.sleep)
        one = Patience(limiter, Backoff(lambda: 0.5), 300.0, time.now)
        far: dict[str, Any] = {"Retry_After": "3600"}
        assert [one.again(1, answer(**far), Safety.REPEATABLE) for _call in range(workers)] == [False] * workers
        limiter.acquire()
        assert time.clock() == 0.0
