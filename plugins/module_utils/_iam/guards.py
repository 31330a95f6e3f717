# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan may not do, whatever the task says. Pure: a guard that has to know more says what has to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._core.change import Action
from .._core.errors import Refused
from .._core.plan import Plan
from .blank import blank_people
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import NOTHING, USER_MANAGEMENT, Needs, Snapshot
from .project import project

ACTIVE = "ACTIVE"
BATCH = 50
"""How many users or groups are read at once while looking for another administrator."""


@dataclass(frozen=True)
class Guards:
    """What the user protects. ``blank_screen``: fail, warn or ignore people who couldn't open ``environments``."""

    protected_users: frozenset[str] = frozenset()
    """Keys of users who are never deleted and never lose a group."""
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
    _keep_protected(plan, guards)
    needs = _keep_an_administrator(plan, snapshot)
    if needs or guards.blank_screen == "ignore":
        return Verdict(needs)
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


def _keep_protected(plan: Plan, guards: Guards) -> None:
    touched = sorted(
        {
            change.fact.user.email
            for change in plan.changes
            if change.action in (Action.REMOVE, Action.DELETE)
            and isinstance(change.fact, (UserFact, MembershipFact))
            and change.fact.user.key in guards.protected_users
        }
    )
    if touched:
        raise Refused(f"protected_users forbids to delete, or to take groups from: {', '.join(touched)}.")


def _keep_an_administrator(plan: Plan, snapshot: Snapshot) -> Needs:
    """The last active holder of account-user-management stays: after them nobody could give access to anyone."""
    losing, unread = _groups_that_lose(plan, snapshot)
    unlisted = not snapshot.groups_listed and bool(losing - snapshot.groups.keys())
    losing &= snapshot.groups.keys()
    unread_permissions = frozenset(losing - snapshot.permissions.keys())
    if unread or unread_permissions or unlisted:
        return Needs(groups=unlisted, groups_of=unread, permissions_of=unread_permissions)
    admin_groups = {group for group in losing if _manages_users(snapshot, group)}
    if not admin_groups:
        return Needs()
    after = project(snapshot, plan.changes)
    if _administrators(after):
        return Needs()
    needs = _look_for_administrators(snapshot)
    if not needs and _administrators(snapshot):
        names = ", ".join(sorted(snapshot.groups[group].name for group in admin_groups))
        raise Refused(
            f"This plan would leave nobody active who may manage users ({USER_MANAGEMENT}, so far through {names})."
            " Give that permission to somebody else first."
        )
    return needs


def _groups_that_lose(plan: Plan, snapshot: Snapshot) -> tuple[set[str], frozenset[str]]:
    """Groups that lose active members or permissions, and the deleted users whose groups aren't known yet."""
    groups: set[str] = set()
    unread: set[str] = set()
    for change in plan.changes:
        fact = change.fact
        if change.action not in (Action.REMOVE, Action.DELETE):
            continue
        if isinstance(fact, UserFact) and fact.user.status == ACTIVE:
            groups |= snapshot.groups_of(fact.user.key)
            unread |= {fact.user.key} - snapshot.whole_users
        elif (isinstance(fact, MembershipFact) and fact.user.status != ACTIVE) or (
            isinstance(fact, PermissionFact) and fact.permission.name != USER_MANAGEMENT
        ):
            continue
        elif isinstance(fact, (GroupFact, MembershipFact, PermissionFact)):
            groups.add(fact.group.id)
    return groups, frozenset(unread)


def _manages_users(snapshot: Snapshot, group_id: str) -> bool:
    return any(each.name == USER_MANAGEMENT for each in snapshot.permissions.get(group_id, ()))


def _administrators(snapshot: Snapshot) -> bool:
    groups = {group for group in snapshot.groups if _manages_users(snapshot, group)}
    return any(
        snapshot.users[key].status == ACTIVE and have & groups
        for key, have in snapshot.memberships.items()
        if key in snapshot.users
    )


def _look_for_administrators(snapshot: Snapshot) -> Needs:
    """Where another one could be found: first in the groups concerned, then in all others, a few at a time."""
    if snapshot.abilities.lists_members:
        unread = {group for group in snapshot.groups if _manages_users(snapshot, group)} - snapshot.whole_groups
        if unread:
            return Needs(members_of=frozenset(unread))
    if not snapshot.groups_listed:
        return Needs(groups=True)
    unknown = sorted(snapshot.groups.keys() - snapshot.permissions.keys())
    if unknown:
        return Needs(permissions_of=frozenset(unknown[:BATCH]))
    if snapshot.abilities.lists_members:
        return Needs()
    if not snapshot.users_listed:
        return Needs(users=True)
    active = {key for key, user in snapshot.users.items() if user.status == ACTIVE}
    return Needs(groups_of=frozenset(sorted(active - snapshot.whole_users)[:BATCH]))
