# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan: stage after stage, the calls of a stage side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from .change import Action, Change
from .errors import CallFailed
from .plan import Plan
from .workers import run_side_by_side


@dataclass(frozen=True)
class Step:
    """One call and the changes that it makes."""

    changes: tuple[Change, ...]
    call: Callable[[], None]


@dataclass(frozen=True)
class Failed:
    """A call that failed for good, and the changes that it was to make."""

    changes: tuple[Change, ...]
    error: CallFailed


@dataclass
class Progress:
    """How far a run came. ``pending`` holds all that isn't applied, what failed included."""

    applied: list[Change] = field(default_factory=list)
    pending: list[Change] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)


Compile = Callable[[Action, Sequence[Change]], Iterable[Step]]
"""Turns the changes of one stage into the fewest calls; asked when the stage begins, so that new ids are known."""


Watch = Callable[[int, int, int], None]
"""Told after each call how many changes are done, how many are left, and how many failed or have to wait."""


def unwatched(_done: int, _left: int, _failed: int) -> None:
    """Watches nothing."""


def execute(
    plan: Plan, compile_stage: Compile, workers: int, keep_going: bool = False, watch: Watch = unwatched
) -> Progress:
    """Apply ``plan``; never raises for a failed call, but reports it.

    After a failure no further call is begun, or with ``keep_going`` only those are left out that depend on what failed.
    """
    runner = _Runner(keep_going, len(plan.changes), watch)
    for action, changes in plan.stages():
        ready = runner.ready(changes)
        run_side_by_side(runner.run, compile_stage(action, ready), workers)
    order = {id(change): index for index, change in enumerate(plan.changes)}
    runner.progress.applied.sort(key=lambda change: order[id(change)])
    runner.progress.pending.sort(key=lambda change: order[id(change)])
    return runner.progress


class _Runner:
    def __init__(self, keep_going: bool, total: int, watch: Watch) -> None:
        self.progress = Progress()
        self._total = total
        self._watch = watch
        self._keep_going = keep_going
        self._lock = Lock()
        self._lost: set[str] = set()

    def ready(self, changes: Sequence[Change]) -> list[Change]:
        """The changes that may be carried out; the others are noted as pending."""
        ready = []
        for change in changes:
            if self._stopped() or change.fact.needs() & self._lost:
                self._postpone((change,))
            else:
                ready.append(change)
        return ready

    def run(self, step: Step) -> None:
        if self._stopped():
            with self._lock:
                self._postpone(step.changes)
            return
        try:
            step.call()
        except CallFailed as failure:
            with self._lock:
                self.progress.failures.append(Failed(step.changes, failure))
                self._postpone(step.changes)
        else:
            with self._lock:
                self.progress.applied.extend(step.changes)
        done, failed = len(self.progress.applied), len(self.progress.pending)
        self._watch(done, self._total - done - failed, failed)

    def _stopped(self) -> bool:
        return bool(self.progress.failures) and not self._keep_going

    def _postpone(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.progress.pending.append(change)
            self._lost |= change.fact.provides()
