# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with role permissions."""

from __future__ import annotations

from dataclasses import dataclass

from .._api.records import Group, Permission
from .._core.change import Action
from .._core.errors import InvalidInput
from .desired import GroupWish, PermissionWish
from .draft import Draft
from .facts import PermissionFact
from .permissions import is_account_permission


@dataclass(frozen=True)
class Scope:
    """Where a permission holds, with the words that people use for it."""

    type: str
    id: str
    name: str


def plan_permissions(draft: Draft, wish: GroupWish, group: Group) -> None:
    """Note the permissions to add and to remove. Whoever manages the group, its permissions are decided here."""
    current = draft.snapshot.permissions.get(group.id, frozenset())
    held: dict[Permission, Scope] = {}
    unheld: dict[Permission, Scope] = {}
    exact: list[tuple[set[Permission], dict[tuple[str, str], Scope]]] = []
    for part in wish.permissions:
        account, tenants = scopes(draft, part)
        named = {
            _permission(name, scope): scope for name in part.permissions for scope in _fitting(name, account, tenants)
        }
        (unheld if part.state == "absent" else held).update(named)
        if part.state == "exact":
            exact.append((set(named), {(scope.type, scope.id): scope for scope in [*account, *tenants]}))
    for wanted, managed in exact:
        others = {each for each in {*held, *current} - wanted if (each.scope_type, each.scope) in managed}
        unheld.update({each: managed[each.scope_type, each.scope] for each in others})
    both = sorted({f"{each.name} on {held[each].name}" for each in held.keys() & unheld.keys()})
    if both:
        raise InvalidInput(f"The task wants group {group.name!r} both to have and not to have {', '.join(both)}.")
    _note(draft, group, Action.ADD, {each: scope for each, scope in held.items() if each not in current})
    _note(draft, group, Action.REMOVE, {each: scope for each, scope in unheld.items() if each in current})


def scopes(draft: Draft, wish: PermissionWish) -> tuple[list[Scope], list[Scope]]:
    """The scope on the account, if any, and those on environments or management zones; raises InvalidInput."""
    account = [Scope("account", draft.snapshot.account, "the account")]
    if not any(is_account_permission(name) for name in wish.permissions):
        account = []
    tenants = []
    for ref in wish.environments:
        environment = draft.directory.environment(ref)
        place = environment.name or environment.id
        if not wish.zones:
            tenants.append(Scope("tenant", environment.id, f"environment {place}"))
        for zone_ref in wish.zones:
            zone = draft.directory.zone(environment, zone_ref)
            tenants.append(
                Scope("management-zone", f"{environment.id}:{zone.id}", f"management zone {zone.name} of {place}")
            )
    return account, tenants


def _fitting(name: str, account: list[Scope], tenants: list[Scope]) -> list[Scope]:
    return account if is_account_permission(name) else tenants


def _permission(name: str, scope: Scope) -> Permission:
    return Permission(name, scope.type, scope.id)


def _note(draft: Draft, group: Group, action: Action, permissions: dict[Permission, Scope]) -> None:
    for permission, scope in permissions.items():
        draft.change(action, PermissionFact(group, permission, scope.name))
