# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One limiter for all workers, on a made-up clock."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.limit import WINDOW, Limiter

from ..builders import FakeTime


def limiter(per_minute: int, time: FakeTime, said: list[str] | None = None) -> Limiter:
    return Limiter(per_minute, time.clock, time.sleep, [].append if said is None else said.append)


def begun(per_minute: int, requests: int, pauses: dict[int, float] | None = None) -> list[float]:
    """When each of so many requests was let through; ``pauses`` come after the request of that number."""
    time = FakeTime()
    limit = limiter(per_minute, time)
    moments = []
    for number in range(requests):
        limit.acquire()
        moments.append(time.clock())
        if pauses and number in pauses:
            limit.pause(pauses[number])
    return moments


def test_a_small_run_goes_at_full_speed() -> None:
    assert begun(200, 200) == [0.0] * 200


def test_only_what_is_beyond_waits() -> None:
    assert begun(200, 201)[-1] == WINDOW
    assert begun(200, 1000)[-1] == 4 * WINDOW


@given(
    per_minute=st.integers(1, 20),
    steps=st.lists(st.floats(0, 90, allow_subnormal=False), min_size=1, max_size=60),
    pauses=st.dictionaries(st.integers(0, 60), st.floats(0, 100, allow_subnormal=False), max_size=4),
)
def test_never_more_than_the_limit_in_any_minute(per_minute: int, steps: list[float], pauses: dict[int, float]) -> None:
    time = FakeTime()
    limit = limiter(per_minute, time)
    moments: list[float] = []
    for number, step in enumerate(steps):
        time.passed += step if step > 45 else 0.0
        limit.acquire()
        moments.append(time.clock())
        if number in pauses:
            limit.pause(pauses[number])
    for first, later in zip(moments, moments[per_minute:], strict=False):
        assert later - first >= WINDOW - 1e-6


def test_a_pause_stops_everybody() -> None:
    assert begun(200, 3, {0: 7.0}) == [0.0, 7.0, 7.0]


def test_pauses_do_not_add_up() -> None:
    time = FakeTime()
    limit = limiter(200, time)
    assert limit.pause(10.0) == 10.0
    assert limit.pause(4.0) == 0.0
    assert limit.pause(12.0) == 2.0
    limit.acquire()
    assert time.clock() == 12.0


def test_a_pause_that_is_over_costs_nothing_later() -> None:
    time = FakeTime()
    limit = limiter(200, time)
    limit.pause(10.0)
    time.passed = 30.0
    assert limit.pause(1.0) == 1.0


def test_waiting_of_several_workers_is_counted_once() -> None:
    time = FakeTime()
    limit = Limiter(200, time.clock, lambda _seconds: None)
    for seconds in (10.0, 10.0, 4.0):
        limit.rest(seconds, "a test")
    assert limit.waited == 10.0
    limit.rest(12.0, "a test")
    assert limit.waited == 12.0
    time.passed = 20.0
    limit.rest(3.0, "a test")
    assert limit.waited == 15.0


def test_no_wait_no_figure() -> None:
    time = FakeTime()
    limit = limiter(2, time)
    limit.acquire()
    limit.acquire()
    assert limit.waited == 0.0
    limit.acquire()
    assert limit.waited == WINDOW


@pytest.mark.parametrize(("seconds", "count"), [(5.0, 0), (5.1, 1), (60.0, 1)])
def test_long_waits_are_announced(seconds: float, count: int) -> None:
    said: list[str] = []
    limiter(200, FakeTime(), said).rest(seconds, "a test")
    assert len(said) == count
    assert all("a test" in message and f"{seconds:.0f} s" in message for message in said)


def test_a_wait_of_all_workers_is_announced_once() -> None:
    said: list[str] = []
    limit = Limiter(200, lambda: 0.0, lambda _seconds: None, said.append)
    for _worker in range(5):
        limit.rest(30.0, "a test")
    assert len(said) == 1


def test_many_workers_share_it() -> None:
    """On real threads: each sleep ends when all workers sleep, so that time passes for all of them at once."""
    time = FakeTime()
    moments: list[float] = []
    lock = threading.Lock()
    limit = Limiter(10, time.clock, lambda seconds: _advance(time, lock, seconds))

    def work() -> None:
        for _request in range(10):
            limit.acquire()
            with lock:
                moments.append(time.clock())

    workers = [threading.Thread(target=work) for _worker in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert len(moments) == 50
    assert time.passed >= 4 * WINDOW


def _advance(time: FakeTime, lock: threading.Lock, seconds: float) -> None:
    with lock:
        time.passed += seconds
