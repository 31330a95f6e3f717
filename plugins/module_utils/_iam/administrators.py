# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps somebody in the account who can give access to others."""

from __future__ import annotations

from .._api.records import User
from .._core.change import Fact
from .._core.errors import Refused
from .._core.plan import Plan
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import NOTHING, USER_MANAGEMENT, Needs, Snapshot
from .part import PartFact
from .project import project

ACTIVE = "ACTIVE"
FEW = 3
"""So many groups are looked at one by one; for more, it is worth while to look elsewhere first."""
BATCH = 50
"""How many users or groups are read at once while looking for another administrator."""


def keep_administrators(plan: Plan, snapshot: Snapshot, minimum: int = 1) -> Needs:
    """The last ``minimum`` active holders of account-user-management stay: without them nobody could give any access.

    Raises Refused, or returns what has to be read to tell. Nothing is read for a plan that takes nothing from anybody
    who could be one of them, and no more than it takes to find enough others.
    """
    losing, unread = _groups_that_lose(plan, snapshot)
    unlisted = not snapshot.groups_listed and bool(losing - snapshot.groups.keys())
    losing &= snapshot.groups.keys()
    unread_permissions = frozenset(losing - snapshot.permissions.keys())
    if len(unread_permissions) > FEW and snapshot.abilities.lists_members:
        needs = _look_where_they_should_be(snapshot)
        if needs or len(_administrators(project(snapshot, plan.changes))) >= minimum:
            return needs
    if unread or unread_permissions or unlisted:
        return Needs(groups=unlisted, groups_of=unread, permissions_of=unread_permissions)
    admin_groups = {group for group in losing if _manages_users(snapshot, group)}
    if not admin_groups:
        return NOTHING
    future = project(snapshot, plan.changes)
    left = len(_administrators(future))
    if left >= minimum:
        return NOTHING
    needs = _look_for_administrators(snapshot, future)
    if not needs and left < len(_administrators(snapshot)):
        names = ", ".join(sorted(snapshot.groups[group].name for group in admin_groups))
        raise Refused(
            f"This plan would leave {left or 'nobody'} active who may manage users ({USER_MANAGEMENT}, so far through"
            f" {names}), at least {minimum} must stay. Give that permission to somebody else first."
        )
    return needs


def _groups_that_lose(plan: Plan, snapshot: Snapshot) -> tuple[set[str], frozenset[str]]:
    """Groups that lose active members or permissions, and the deleted users whose groups aren't known yet."""
    groups: set[str] = set()
    unread: set[str] = set()
    for change in plan.takes:
        fact = change.fact
        user = _locked_out(fact, snapshot)
        if user and user.status == ACTIVE:
            groups |= snapshot.groups_of(user.key)
            unread |= {user.key} - snapshot.whole_users
        elif (isinstance(fact, MembershipFact) and fact.user.status != ACTIVE) or (
            isinstance(fact, PermissionFact) and fact.permission.name != USER_MANAGEMENT
        ):
            continue
        elif isinstance(fact, (GroupFact, MembershipFact, PermissionFact)):
            groups.add(fact.group.id)
    return groups, frozenset(unread)


def _locked_out(fact: Fact, snapshot: Snapshot) -> User | None:
    """The user who is deleted or deactivated, as far as the account is looked at."""
    if isinstance(fact, UserFact):
        return fact.user
    if isinstance(fact, PartFact) and fact.locks_out and fact.person:
        return snapshot.users.get(fact.person[0].lower())
    return None


def _manages_users(snapshot: Snapshot, group_id: str) -> bool:
    return any(each.name == USER_MANAGEMENT for each in snapshot.permissions.get(group_id, ()))


def _administrators(snapshot: Snapshot) -> list[str]:
    """People only: a service user can't mend what went wrong."""
    groups = {group for group in snapshot.groups if _manages_users(snapshot, group)}
    holders = [
        snapshot.users[key] for key, have in snapshot.memberships.items() if have & groups and key in snapshot.users
    ]
    return [user.key for user in holders if user.status == ACTIVE and not user.is_service_user]


def _look_where_they_should_be(snapshot: Snapshot) -> Needs:
    """Groups called admins, mostly, are: two or three reads can save hundreds."""
    if not snapshot.groups_listed:
        return Needs(groups=True)
    likely = {group.id for group in snapshot.groups.values() if "admin" in group.name.lower()}
    permissions = frozenset(likely - snapshot.permissions.keys())
    if permissions:
        return Needs(permissions_of=permissions)
    managing = {group for group in likely if _manages_users(snapshot, group)}
    return Needs(members_of=frozenset(managing - snapshot.whole_groups))


def _look_for_administrators(snapshot: Snapshot, future: Snapshot) -> Needs:
    """Where another one could be found: first in the groups concerned, then in all others, a few at a time."""
    if snapshot.abilities.lists_members:
        managing = {group for seen in (snapshot, future) for group in snapshot.groups if _manages_users(seen, group)}
        unread = managing - snapshot.whole_groups
        if unread:
            return Needs(members_of=frozenset(unread))
    if not snapshot.groups_listed:
        return Needs(groups=True)
    unknown = sorted(snapshot.groups.keys() - snapshot.permissions.keys())
    if unknown:
        return Needs(permissions_of=frozenset(unknown[:BATCH]))
    if snapshot.abilities.lists_members:
        return NOTHING
    if not snapshot.users_listed:
        return Needs(users=True)
    active = {key for key, user in snapshot.users.items() if user.status == ACTIVE}
    return Needs(groups_of=frozenset(sorted(active - snapshot.whole_users)[:BATCH]))
