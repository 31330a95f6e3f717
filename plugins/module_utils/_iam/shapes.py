# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How things look in return values: plain dictionaries, names where people expect names, sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .._api.records import Environment, Group, Permission, User
from .blank import bound, opened
from .model import Snapshot

if TYPE_CHECKING:
    from .verdicts import Verdict


def user_shape(user: User, groups: list[str] | None) -> dict[str, Any]:
    """A user; ``groups`` None leaves them out, since they weren't read."""
    shape: dict[str, Any] = {
        "uid": user.uid,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "status": user.status,
    }
    if groups is not None:
        shape["groups"] = groups
    return shape


def group_shape(group: Group) -> dict[str, Any]:
    """A group; a group that is only planned has no id yet."""
    return {
        "id": None if group.id.startswith("new:") else group.id,
        "name": group.name,
        "description": group.description,
        "owner": group.owner,
        "federated_attribute_values": sorted(group.federated),
    }


def verdict_shape(verdict: Verdict, group_name: Callable[[str], str]) -> dict[str, Any]:
    """What was found about one permission."""
    through = [
        {
            "effect": way.effect,
            "mechanism": "role" if way.policy is None else "policy",
            "group": group_name(way.group),
            "policy": way.policy,
            "level": way.level,
            "conditions": list(way.conditions),
        }
        for way in verdict.ways
    ]
    return {"permission": verdict.question.asked, "state": verdict.state, "through": through}


def permission_shape(permission: Permission) -> dict[str, str]:
    """A role permission as the service has it."""
    return {"permission": permission.name, "scope_type": permission.scope_type, "scope": permission.scope}


def permission_shapes(snapshot: Snapshot, group_id: str) -> list[dict[str, str]]:
    """All role permissions of a group."""
    return [permission_shape(each) for each in sorted(snapshot.permissions.get(group_id, ()))]


def environment_shape(environment: Environment) -> dict[str, Any]:
    """An environment with its management zones."""
    zones = sorted(environment.zones, key=lambda zone: (zone.name, zone.id))
    return {
        "id": environment.id,
        "name": environment.name,
        "active": environment.active,
        "url": environment.url,
        "management_zones": [{"id": zone.id, "name": zone.name} for zone in zones],
    }


def environments_of(snapshot: Snapshot, user_key: str, places: Iterable[Environment]) -> list[dict[str, Any]]:
    """Those of the environments ``places`` that a user can open, each with the groups that open it."""
    names = {environment.id: environment.name for environment in places}
    through: dict[str, set[str]] = {}
    for group_id in snapshot.groups_of(user_key):
        group = snapshot.groups.get(group_id)
        for environment in (opened(snapshot, group_id) | bound(snapshot, group_id)) & names.keys():
            through.setdefault(environment, set()).add(group.name if group else group_id)
    return [
        {"id": environment, "name": names[environment], "through": sorted(groups)}
        for environment, groups in sorted(through.items())
    ]
