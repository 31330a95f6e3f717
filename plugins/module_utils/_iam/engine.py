# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wishes in, result out: read, plan, guard, and unless it is only a preview, apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .._api.account import Account
from .._api.records import Group, User
from .._core.change import Change, described
from .._core.errors import CallFailed, CollectionError, Effect, Refused
from .._core.execute import Failed, Progress, Watch, execute, unwatched
from .._core.plan import Plan
from .apply import Applier
from .desired import Desired
from .guards import Guards, check, may_end_in_part
from .model import Snapshot
from .needs import to_read
from .planner import make_access_plan
from .project import project
from .reader import Reader
from .thresholds import UNLIMITED
from .undo import keepsakes

ROUNDS = 3
"""How often a run plans anew when it can't know whether something was created."""


@dataclass(frozen=True)
class Mode:
    """How to run: ``preview`` reads and plans only; ``expected_plan`` is the id of the only plan to be applied.

    ``reviewed`` are the changes of that plan (as in return values), where somebody kept them.
    """

    preview: bool = False
    expected_plan: str | None = None
    reviewed: tuple[dict[str, Any], ...] | None = None
    keep_going: bool = False
    watch: Watch = unwatched


@dataclass
class Result:
    """What came of a run. ``error`` is set when it ended early; ``applied`` and ``pending`` say how far it came."""

    plan: Plan
    before: Snapshot
    after: Snapshot
    """Predicted; ids of what was created are in ``users`` and ``groups``."""
    applied: list[Change] = field(default_factory=list)
    pending: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: CollectionError | None = None
    failures: list[Failed] = field(default_factory=list)
    """All calls that failed in the end; ``error`` is that of the first."""
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Real ids of whatever else was created by those that stood for them."""
    sample: list[dict[str, Any]] = field(default_factory=list)
    """People by whom to see that a migration took nothing away."""


def converge(account: Account, desired: Desired, guards: Guards, mode: Mode) -> Result:
    """Make ``desired`` true. Raises InvalidInput, Refused or CallFailed as long as nothing was written."""
    reader = Reader(account)
    thorough = mode.preview or mode.expected_plan is not None
    result = _planned(reader, desired, guards, thorough, mode)
    if desired.migration:
        from .sampling import sample

        result.sample = sample(account, result.before, desired.migration, desired.migration.sample)
    if mode.preview:
        result.applied = list(result.plan.changes)
        if _has_texts(result.plan):
            from .findings import validated

            result.warnings += validated(account, result.plan)
        return result
    progress = _apply(account, result, desired, mode, guards)
    for _round in range(1, ROUNDS):
        if not _worth_another_look(progress):
            break
        progress = _resume(account, reader, desired, guards, mode, result, progress)
    result.pending = progress.pending
    result.failures = progress.failures
    if progress.failures:
        result.error = progress.failures[0].error
    return result


def _moved(mode: Mode, plan: Plan) -> Refused:
    """The error for a plan that isn't the expected one, with what moved since where that is known."""
    moved = ""
    if mode.reviewed is not None:
        old = {described(change) for change in mode.reviewed}
        new = {described(change) for change in plan.as_list()}
        gone, come = sorted(old - new), sorted(new - old)
        moved = f" No longer in it: {'; '.join(gone) or 'nothing'}. New in it: {'; '.join(come) or 'nothing'}."
    refusal = Refused(
        f"The account or the task has changed since plan {mode.expected_plan} was made; now it is {plan.id}.{moved}"
        " Nothing was written. Review the new plan in check mode and pass its id."
    )
    refusal.changes = plan.as_list()
    return refusal


def _planned(reader: Reader, desired: Desired, guards: Guards, thorough: bool, mode: Mode | None = None) -> Result:
    snapshot = reader.nothing(of_account=not desired.only_parts)
    while needs := to_read(desired, snapshot, thorough):
        snapshot = reader.fetch(snapshot, needs)
    plan = make_access_plan(desired, snapshot)
    remarks: list[str] = []
    if _has_texts(plan):
        from .findings import check_texts, texts_to_check

        while needs := texts_to_check(plan, snapshot):
            snapshot = reader.fetch(snapshot, needs)
        remarks = check_texts(plan, snapshot, desired.on_finding)
    if mode and mode.expected_plan not in (None, plan.id):
        raise _moved(mode, plan)
    people = desired.emails().keys() - {wish.key for wish in desired.users if wish.state == "absent"}
    while needs := keepsakes(plan, snapshot):
        snapshot = reader.fetch(snapshot, needs)
    try:
        while (verdict := check(plan, snapshot, guards, people)).needs:
            snapshot = reader.fetch(snapshot, verdict.needs)
    except Refused as refusal:
        refusal.changes = plan.as_list()
        raise
    return Result(
        plan=plan,
        before=snapshot,
        after=project(snapshot, plan.changes),
        warnings=[*plan.warnings, *remarks, *verdict.warnings],
        users=dict(snapshot.users),
        groups=dict(snapshot.groups),
    )


def _has_texts(plan: Plan) -> bool:
    """Whether policies or boundaries are written or bound, so that their texts are looked at."""
    return any(change.fact.kind in ("policy", "boundary", "binding") for change in plan.changes)


def _apply(account: Account, result: Result, desired: Desired, mode: Mode, guards: Guards) -> Progress:
    """Where user management passes from some to others, nobody loses it while that fails: then nothing goes on."""
    applier = Applier(account, result.before, desired.parts)
    keep_going = mode.keep_going and may_end_in_part(result.plan, result.before, guards)
    progress = execute(result.plan, applier.steps, account.workers, keep_going, mode.watch)
    result.users.update(applier.users)
    result.groups.update(applier.groups)
    result.ids.update(applier.ids)
    result.applied.extend(progress.applied)
    return progress


def _worth_another_look(progress: Progress) -> bool:
    """Whether something may be there although its creation failed: then only reading again can tell."""
    return any(failed.error.effect is not Effect.NONE for failed in progress.failures)


def _resume(
    account: Account,
    reader: Reader,
    desired: Desired,
    guards: Guards,
    mode: Mode,
    result: Result,
    progress: Progress,
) -> Progress:
    """Read and plan again, note what turns out to be done after all, and apply the rest.

    What was to be taken away has passed the thresholds before, and does so again unless more has come to it. Of a
    reviewed plan only the rest may be applied.
    """
    try:
        again = _planned(reader, desired, replace(guards, thresholds=UNLIMITED), thorough=True)
        if not _taken_away(again.plan.changes) <= _taken_away(progress.pending):
            check(again.plan, again.before, guards)
        if mode.expected_plan and not _all_told(again.plan.changes) <= _all_told(result.plan.changes):
            raise _moved(mode, again.plan)
    except CollectionError as error:
        failure = error if isinstance(error, CallFailed) else CallFailed(str(error), "", "")
        return Progress(pending=progress.pending, failures=[Failed((), failure)])
    lost = {
        _told(change)
        for failed in progress.failures
        if failed.error.effect is Effect.UNKNOWN
        for change in failed.changes
    }
    open_changes = {_told(change) for change in again.plan.changes}
    result.applied.extend(
        change for change in progress.pending if _told(change) in lost and _told(change) not in open_changes
    )
    result.after = again.after
    result.warnings = list(dict.fromkeys([*result.warnings, *again.warnings]))
    progress = _apply(account, again, desired, mode, guards)
    result.applied.extend(progress.applied)
    result.users.update(again.users)
    result.groups.update(again.groups)
    result.ids.update(again.ids)
    return progress


def _all_told(changes: Iterable[Change]) -> set[str]:
    return {_told(change) for change in changes}


def _taken_away(changes: Iterable[Change]) -> set[str]:
    return {_told(change) for change in changes if change.takes}


def _told(change: Change) -> str:
    """A change without the ids in it, which may be known only afterwards."""
    return str(change.as_dict())
