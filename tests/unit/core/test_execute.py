# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carrying out a plan: stages, workers, and what a failure leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action, Change, DiffEntry
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.execute import Progress, Step, execute
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import make_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.workers import run_side_by_side


@dataclass(frozen=True)
class Thing:
    """A made-up fact: it provides its own name, and needs what it is told to."""

    name: str
    wants: frozenset[str] = frozenset()

    kind = "thing"
    identity = ""

    def detail(self) -> dict[str, Any]:
        return {}

    def diff(self, _view: str, /) -> DiffEntry:
        return DiffEntry(self.name)

    def provides(self) -> frozenset[str]:
        return frozenset({self.name})

    def needs(self) -> frozenset[str]:
        return self.wants


def change(action: Action, name: str, *wants: str) -> Change:
    return Change(action, Thing(name, frozenset(wants)))


CHANGES = [
    change(Action.CREATE, "a"),
    change(Action.CREATE, "b"),
    change(Action.ADD, "a1", "a"),
    change(Action.ADD, "b1", "b"),
    change(Action.REMOVE, "a2", "a1"),
    change(Action.DELETE, "c"),
]


def run(broken: set[str], workers: int = 1, **more: Any) -> tuple[Progress, list[str]]:
    """Execute the changes, one call each; calls for what is broken fail. Also returns what was called."""
    called: list[str] = []

    def call(name: str) -> None:
        called.append(name)
        if name in broken:
            raise CallFailed(f"{name} is broken", "POST", f"/{name}", 500)

    def compile_stage(_action: Action, changes: Sequence[Change]) -> list[Step]:
        return [Step((each,), lambda name=each.fact.name: call(name)) for each in changes]

    return execute(make_plan("account a", CHANGES), compile_stage, workers, **more), called


def names(changes: Sequence[Change]) -> list[str]:
    return [each.fact.name for each in changes]


def test_all_of_it_in_the_order_of_the_stages() -> None:
    progress, called = run(set())
    assert called == ["a", "b", "a1", "b1", "a2", "c"]
    assert names(progress.applied) == called
    assert progress.pending == []
    assert progress.failures == []


@pytest.mark.parametrize("workers", [1, 4])
def test_a_failure_stops_what_has_not_begun(workers: int) -> None:
    progress, called = run({"a1"}, workers)
    assert names(progress.applied)[:2] == ["a", "b"]
    assert "a2" not in called
    assert "c" not in called
    assert names(progress.pending)[-2:] == ["a2", "c"]
    assert sorted(names([*progress.applied, *progress.pending])) == sorted(names(CHANGES))
    assert [str(failed.error) for failed in progress.failures] == ["a1 is broken"]
    assert names(progress.failures[0].changes) == ["a1"]


def test_within_a_stage_too() -> None:
    progress, called = run({"a"})
    assert called == ["a"]
    assert names(progress.pending) == ["a", "b", "a1", "b1", "a2", "c"]


@pytest.mark.parametrize("workers", [1, 4])
def test_keep_going_leaves_out_only_what_depends(workers: int) -> None:
    progress, called = run({"a"}, workers, keep_going=True)
    assert names(progress.applied) == ["b", "b1", "c"]
    assert names(progress.pending) == ["a", "a1", "a2"]
    assert sorted(called) == ["a", "b", "b1", "c"]


def test_keep_going_reports_every_failure() -> None:
    progress, _called = run({"a", "b1"}, keep_going=True)
    assert [str(failed.error) for failed in progress.failures] == ["a is broken", "b1 is broken"]
    assert names(progress.pending) == ["a", "a1", "b1", "a2"]


def test_a_stage_begins_when_the_one_before_has_ended() -> None:
    under_way: list[Action] = []
    overlaps: list[Action] = []
    lock = threading.Lock()

    def compile_stage(action: Action, changes: Sequence[Change]) -> list[Step]:
        def call() -> None:
            with lock:
                overlaps.extend(other for other in under_way if other is not action)
                under_way.append(action)
            with lock:
                under_way.remove(action)

        return [Step((each,), call) for each in changes]

    progress = execute(make_plan("account a", CHANGES), compile_stage, workers=8)
    assert overlaps == []
    assert len(progress.applied) == len(CHANGES)


def test_a_call_may_make_several_changes() -> None:
    def compile_stage(_action: Action, changes: Sequence[Change]) -> list[Step]:
        return [Step(tuple(changes), _refuse)]

    progress = execute(make_plan("account a", CHANGES), compile_stage, workers=2)
    assert names(progress.failures[0].changes) == ["a", "b"]
    assert names(progress.pending) == ["a", "b", "a1", "b1", "a2", "c"]


def _refuse() -> None:
    raise CallFailed("no", "POST", "/x", 403)


def test_a_bug_is_not_taken_for_a_failed_call() -> None:
    def compile_stage(_action: Action, changes: Sequence[Change]) -> list[Step]:
        return [Step(tuple(changes), _bug)]

    with pytest.raises(ZeroDivisionError):
        execute(make_plan("account a", CHANGES), compile_stage, workers=2)


def _bug() -> None:
    raise ZeroDivisionError


class TestWorkers:
    @pytest.mark.parametrize("workers", [0, 1, 3, 50])
    def test_answers_come_in_the_order_of_the_items(self, workers: int) -> None:
        assert run_side_by_side(lambda item: item * item, range(20), workers) == [item * item for item in range(20)]

    def test_nothing_to_do(self) -> None:
        assert run_side_by_side(_never, [], 5) == []

    def test_they_work_side_by_side(self) -> None:
        together = threading.Barrier(4, timeout=10)
        assert len(run_side_by_side(lambda _item: together.wait(), range(4), 4)) == 4

    @pytest.mark.parametrize("items", [1, 100])
    def test_the_first_error_is_raised(self, items: int) -> None:
        def work(item: int) -> None:
            raise CallFailed(f"number {item}", "GET", "/x")

        with pytest.raises(CallFailed, match="number 0"):
            run_side_by_side(work, range(items), 2)


def _never(item: object) -> Callable[[], None]:
    raise AssertionError(item)
