# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan may not do, whatever the task says. Pure: a guard that has to know more says what has to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .._api.records import Group, ServiceUser
from .._core.change import Action, Change
from .._core.errors import Refused
from .._core.plan import Plan
from .administrators import keep_administrators
from .blank import blank_people
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import NOTHING, Needs, Snapshot, matches
from .part import PartFact
from .policy_facts import BindingFact, ThingFact
from .project import project
from .thresholds import UNLIMITED, Thresholds, excesses


@dataclass(frozen=True)
class Guards:
    """What the user protects. ``blank_screen``: fail, warn or ignore people who couldn't open ``environments``."""

    protected_users: frozenset[str] = frozenset()
    """Keys of users who are never deleted, locked out, and never lose a group or a token."""
    protected_groups: tuple[str, ...] = ()
    """Names, with wildcards, or ids of groups that are never deleted or renamed and never lose anything, be it through
    the boundaries of a policy binding."""
    min_admins: int = 1
    """How many active users who may manage users must remain."""
    thresholds: Thresholds = UNLIMITED
    reviewed_plan: str | None = None
    """The id of a plan that may go beyond the thresholds, since somebody has looked at it."""
    blank_screen: str = "ignore"
    environments: tuple[str, ...] = ()
    """Names or ids; none means that any environment will do."""


@dataclass(frozen=True)
class Verdict:
    """What is left to read before the guards can decide, and what they warn of."""

    needs: Needs = NOTHING
    warnings: tuple[str, ...] = ()


def check(plan: Plan, snapshot: Snapshot, guards: Guards, people: Iterable[str] = ()) -> Verdict:
    """Raise Refused for a plan that goes too far. ``people``: keys of those whom the task wants in the account."""
    needs = _groups_of_protected(plan, snapshot, guards)
    if needs:
        return Verdict(needs)
    _keep_protected(plan, snapshot, guards)
    found = excesses(plan, snapshot, guards.thresholds)
    if found and plan.id != guards.reviewed_plan:
        raise Refused(
            f"The plan takes away {' and '.join(found)}. If that is meant, expected_plan={plan.id} lets exactly this"
            " plan through."
        )
    needs = keep_administrators(plan, snapshot, guards.min_admins)
    if needs or guards.blank_screen == "ignore":
        return Verdict(needs)
    return _keep_from_blank_screens(plan, snapshot, guards, people)


def may_end_in_part(plan: Plan, snapshot: Snapshot, guards: Guards) -> bool:
    """Whether enough administrators remain even if all that the plan gives fails, and all that it takes is taken."""
    try:
        return not keep_administrators(replace(plan, changes=plan.takes), snapshot, guards.min_admins)
    except Refused:
        return False


def _groups_of_protected(plan: Plan, snapshot: Snapshot, guards: Guards) -> Needs:
    """What to read to know whether protected users are in groups that go."""
    deleted = {change.fact.group.id for change in plan.takes if isinstance(change.fact, GroupFact)}
    if not guards.protected_users or deleted <= snapshot.whole_groups:
        return NOTHING
    unknown = guards.protected_users - snapshot.whole_users
    listed = unknown & snapshot.users.keys()
    return Needs(users=bool(unknown - listed) and not snapshot.users_listed, groups_of=listed)


def _keep_protected(plan: Plan, snapshot: Snapshot, guards: Guards) -> None:
    people = {change.fact.user.key for change in plan.takes if isinstance(change.fact, (UserFact, MembershipFact))}
    things = [change.fact.thing for change in plan.takes if isinstance(change.fact, ThingFact)]
    people |= {thing.user.key for thing in things if isinstance(thing, ServiceUser)}
    parts = [change.fact.person for change in plan.takes if isinstance(change.fact, PartFact)]
    people |= {person[0].lower() for person in parts if person}
    for change in plan.takes if guards.protected_users else ():
        if isinstance(change.fact, GroupFact):
            people |= snapshot.members_of(change.fact.group.id)
    emails = sorted(
        snapshot.users[key].email if key in snapshot.users else key for key in people & guards.protected_users
    )
    if emails:
        raise Refused(f"protected_users forbids to delete, or to take anything from: {', '.join(emails)}.")
    changes = plan.changes if guards.protected_groups else ()
    groups = {(group.id, group.name): group for group in map(_group_harmed, changes) if group}
    names = sorted(group.name for group in groups.values() if matches(group, guards.protected_groups))
    if names:
        raise Refused(f"protected_groups forbids to delete, to rename, or to take anything from: {', '.join(names)}.")


def _group_harmed(change: Change) -> Group | None:
    """The group that a change renames, deletes or takes something from; as it is called today."""
    fact = change.fact
    if isinstance(fact, GroupFact) and fact.was is not None:
        return fact.was if fact.was.name != fact.group.name else None
    takes = change.action in (Action.REMOVE, Action.DELETE) or (isinstance(fact, BindingFact) and fact.narrows)
    return fact.group if takes and isinstance(fact, (GroupFact, MembershipFact, PermissionFact, BindingFact)) else None


def _keep_from_blank_screens(plan: Plan, snapshot: Snapshot, guards: Guards, people: Iterable[str]) -> Verdict:
    found = blank_people(snapshot, project(snapshot, plan.changes), people, guards.environments)
    if found.needs or not found.emails:
        return Verdict(found.needs, found.warnings)
    message = (
        f"Would log in to a blank screen: {', '.join(found.emails)}. Their groups don't open"
        f" {' and '.join(guards.environments) or 'any environment'}."
    )
    if guards.blank_screen == "fail":
        raise Refused(f"{message} Give them a group that does, or give one of their groups a permission there.")
    return Verdict(warnings=(message,))
