# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group has been given, as options of ``dynatrace_access``. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._api.records import Binding, Group, Level, Permission
from ..model import Snapshot
from ..permissions import ACCOUNT_PERMISSIONS, TENANT_PERMISSIONS
from .names import Names

Item = dict[str, Any]


def permissions_of(snapshot: Snapshot, names: Names, group: Group, left: set[str]) -> Item:
    """``permissions`` of the group, an entry for each place; what can't be expressed is told in ``left``.

    An entry is all that there is on its place, unless something there can't be expressed.
    """
    if group.id not in snapshot.permissions:
        left.add(f"role permissions of group {group.name!r}: they can't be read")
        return {}
    places: dict[tuple[str, str], list[Permission]] = {}
    for each in sorted(snapshot.permissions[group.id]):
        places.setdefault((each.scope_type, each.scope), []).append(each)
    entries = []
    for place, held in places.items():
        where = _where(snapshot, names, place)
        plain = [each.name for each in held if where is not None and _is_known(each)]
        told = place[1].replace(":", ", management zone ")
        left |= {
            f"role permission {each.name} of group {group.name!r} on {told}: no option names it"
            for each in held
            if each.name not in plain
        }
        if plain:
            state = "exact" if len(plain) == len(held) else "present"
            entries.append({"permissions": plain, **(where or {}), "state": state, "mechanism": "role"})
    return {"permissions": sorted(entries, key=str)}


def _is_known(permission: Permission) -> bool:
    return permission.name in (ACCOUNT_PERMISSIONS if permission.scope_type == "account" else TENANT_PERMISSIONS)


def _where(snapshot: Snapshot, names: Names, place: tuple[str, str]) -> Item | None:
    """The options that name a place; None for one that isn't there."""
    kind, scope = place
    if kind == "account":
        return {} if scope == snapshot.account else None
    environment, _colon, zone = scope.partition(":")
    zones = names.zones(environment)
    if environment not in names.environments or (zone and zone not in zones) or bool(zone) != (kind != "tenant"):
        return None
    found = {"environments": [names.environments[environment]]}
    return {**found, "management_zones": [zones[zone]]} if zone else found


def bindings_of(snapshot: Snapshot, names: Names, group: Group, left: set[str]) -> Item:
    """``bindings`` of the group, an entry for the account and for each environment; as :func:`permissions_of`.

    Where it has none, entries say that, so that what is bound there later goes when they are fed back.
    """
    inactive = {each.id for each in snapshot.environments or () if each.active is False}
    entries, without = [], []
    for level in sorted(snapshot.bindings):
        held = sorted(each for each in snapshot.bindings[level] or () if each.group == group.id)
        if level[1] in inactive:
            if held:
                left.add(f"what is bound in environment {names.environments[level[1]]}: it isn't active")
        elif held:
            entries.append(_at_level(names, level, held, group, left))
        elif snapshot.bindings[level] is not None:
            without.append(level)
    return {"bindings": [*(each for each in entries if each["policies"]), *_nothing_at(names, without)]}


def _nothing_at(names: Names, levels: list[Level]) -> Iterator[Item]:
    """One entry for the account, one for all environments."""
    places = sorted(names.environments.get(level[1], level[1]) for level in levels if level[0] == "environment")
    if len(places) < len(levels):
        yield {"policies": [], "state": "exact"}
    if places:
        yield {"policies": [], "environments": places, "state": "exact"}


def _at_level(names: Names, level: Level, held: list[Binding], group: Group, left: set[str]) -> Item:
    found = [_policy(names, level, each, group, left) for each in held]
    policies = sorted((each for each in found if each is not None), key=lambda each: str(_sortable(each)))
    where = {"environments": [names.environments.get(level[1], level[1])]} if level[0] == "environment" else {}
    return {"policies": policies, **where, "state": "exact" if len(policies) == len(held) else "present"}


def _policy(names: Names, level: Level, binding: Binding, group: Group, left: set[str]) -> str | Item | None:
    """A name where there is nothing particular; else all that tells the binding from others of the policy."""
    ref = names.bindable(binding.policy, level)
    if ref is None:
        left.add(f"policy {binding.policy!r} of group {group.name!r}: no option names it")
        return None
    if not (binding.parameters or binding.metadata or binding.boundaries):
        return ref
    found: Item = {"policy": ref, "parameters": dict(binding.parameters), "metadata": dict(binding.metadata)}
    unknown = [each for each in binding.boundaries if each not in names.boundaries]
    if unknown:
        left.add(f"boundaries of policy {ref!r} of group {group.name!r}: no list shows {', '.join(unknown)}")
        return found
    return {**found, "boundaries": sorted(names.boundaries[each] for each in binding.boundaries)}


def _sortable(entry: str | Item) -> tuple[str, Item]:
    return (entry, {}) if isinstance(entry, str) else (entry["policy"], entry)
