# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much one plan may take away before somebody has to look at it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .._core.change import Action
from .._core.plan import Plan
from .facts import MembershipFact, PermissionFact
from .model import Snapshot, is_implicit
from .part import PartFact
from .policy_facts import BindingFact

NOUNS = {
    "membership": "members",
    "user": "users",
    "group": "groups",
    "permission": "permissions",
    "binding": "policy bindings",
    "policy": "policies",
    "boundary": "policy boundaries",
    "service_user": "service users",
}


@dataclass(frozen=True)
class Thresholds:
    """Counted for members, users, groups, permissions, bindings and so on separately; None is no limit.

    The share counts only where there are at least ``min_existing`` of a kind: of three members, one may well go.
    """

    max_removals: int | None = None
    max_removal_percent: float | None = None
    min_existing: int = 0


UNLIMITED = Thresholds()


def excesses(plan: Plan, snapshot: Snapshot, thresholds: Thresholds) -> list[str]:
    """What goes too far, in words; empty when nothing does."""
    counted = [each.fact for each in plan.takes if not isinstance(each.fact, PartFact) or each.fact.counts]
    removed = Counter(fact.kind for fact in counted)
    parts = {change.fact.kind: change.fact for change in plan.takes if isinstance(change.fact, PartFact)}
    nouns = {**NOUNS, **{kind: fact.noun for kind, fact in parts.items()}}
    found = []
    for kind, number in sorted(removed.items()):
        existing = parts[kind].population(snapshot) if kind in parts else _existing(kind, plan, snapshot)
        if thresholds.max_removals is not None and number > thresholds.max_removals:
            found.append(f"{number} {nouns[kind]}, more than max_removals={thresholds.max_removals}")
        elif existing and is_too_large_a_share(number, existing, thresholds):
            limit = f"max_removal_percent={thresholds.max_removal_percent:g}"
            found.append(f"{number} of {existing} {nouns[kind]}, more than {limit}")
    return found


def is_too_large_a_share(number: int, existing: int, thresholds: Thresholds) -> bool:
    percent = thresholds.max_removal_percent
    return percent is not None and existing >= thresholds.min_existing and 100 * number > percent * existing


def _existing(kind: str, plan: Plan, snapshot: Snapshot) -> int | None:
    """How many there are of what is counted; None when that wasn't read.

    For members, permissions and bindings, those of the groups that lose some: what is emptied is one team, seldom the
    account.
    """
    if kind in ("membership", "permission", "binding"):
        return _existing_in_groups(kind, plan, snapshot)
    if kind == "user":
        return len(snapshot.users) if snapshot.users_listed else None
    if kind == "group":
        return sum(not is_implicit(group) for group in snapshot.groups.values())
    things = {"policy": snapshot.policies, "boundary": snapshot.boundaries, "service_user": snapshot.service_users}
    return len(things[kind] or ())


def _existing_in_groups(kind: str, plan: Plan, snapshot: Snapshot) -> int:
    losing = {
        change.fact.group.id
        for change in plan.takes
        if change.action is Action.REMOVE
        and isinstance(change.fact, (MembershipFact, PermissionFact, BindingFact))
        and change.fact.kind == kind
    }
    if kind == "binding":
        return sum(each.group in losing for level in snapshot.bindings.values() for each in level or ())
    if kind == "permission":
        return sum(len(snapshot.permissions.get(group, ())) for group in losing)
    return sum(len(have & losing) for have in snapshot.memberships.values())
