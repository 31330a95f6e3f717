# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with role permissions."""

from __future__ import annotations

from collections.abc import Set

from .._api.records import Group, Permission
from .._core.change import Action
from .._core.errors import InvalidInput
from .desired import GroupWish, PermissionWish
from .draft import Draft
from .facts import PermissionFact
from .permissions import is_account_permission

Scope = tuple[str, str]
"""A scope type, and the id of what is meant."""


def plan_permissions(draft: Draft, wish: GroupWish, group: Group) -> None:
    """Note the permissions to add and to remove. Whoever manages the group, its permissions are decided here."""
    current = draft.snapshot.permissions.get(group.id, frozenset())
    wanted = wanted_permissions(draft, wish)
    unwanted = {each for part in _parts(wish, "absent") for each in _permissions(draft, part)}
    surplus = {each for part in _parts(wish, "exact") for each in _surplus(draft, part, current | wanted)}
    both = sorted(f"{each.name} on {draft.directory.scope_name(each)}" for each in wanted & (unwanted | surplus))
    if both:
        raise InvalidInput(f"The task wants group {group.name!r} both to have and not to have {', '.join(both)}.")
    for action, permissions in ((Action.ADD, wanted - current), (Action.REMOVE, current & (unwanted | surplus))):
        for permission in permissions:
            draft.change(action, PermissionFact(group, permission, draft.directory.scope_name(permission)))


def wanted_permissions(draft: Draft, wish: GroupWish) -> set[Permission]:
    """All permissions that the group shall have; raises InvalidInput for an unknown environment or management zone."""
    return {each for part in _parts(wish, "present", "exact") for each in _permissions(draft, part)}


def _surplus(draft: Draft, part: PermissionWish, permissions: Set[Permission]) -> set[Permission]:
    """What an exact part rules out: all others on the scopes that it names."""
    managed = _scopes(draft, part)
    return {each for each in permissions if (each.scope_type, each.scope) in managed} - _permissions(draft, part)


def _parts(wish: GroupWish, *states: str) -> list[PermissionWish]:
    return [part for part in wish.permissions or () if part.state in states]


def _permissions(draft: Draft, part: PermissionWish) -> set[Permission]:
    """Each permission of the part on each scope that it can be held on."""
    return {
        Permission(name, *scope)
        for name in part.permissions
        for scope in _scopes(draft, part)
        if is_account_permission(name) == (scope[0] == "account")
    }


def _scopes(draft: Draft, part: PermissionWish) -> set[Scope]:
    """The environments or management zones that the part names, and the account when it names a permission on it."""
    scopes: set[Scope] = set()
    if any(is_account_permission(name) for name in part.permissions):
        scopes.add(("account", draft.snapshot.account))
    for ref in part.environments:
        environment = draft.directory.environment(ref)
        zones = [draft.directory.zone(environment, zone) for zone in part.zones]
        scopes |= {("management-zone", f"{environment.id}:{zone.id}") for zone in zones}
        if not zones:
            scopes.add(("tenant", environment.id))
    return scopes
