# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What groups have been given, and where: one grant for each role permission and each binding. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..._api.records import Binding, Permission
from ..model import Snapshot
from ..resolve import Directory


@dataclass(frozen=True, order=True)
class Grant:
    """Something that a group has in an environment (its id), or in the account when that is empty.

    ``what`` is the role permission's name, or the policy's. ``zones`` and ``boundaries`` are names of what it is
    limited to. ``since`` is an ISO moment where the service tells it: of role permissions, not of bindings.
    """

    group: str
    environment: str
    what: str
    mechanism: str
    """``role`` or ``policy``."""
    policy: str = ""
    """Id of the policy."""
    zones: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    since: str | None = None


def grants_of_groups(snapshot: Snapshot) -> Mapping[str, tuple[Grant, ...]]:
    """By group id, sorted. Groups that no list shows, as service users have them, are among the keys."""
    found: dict[str, list[Grant]] = {}
    for grant in (*_roles(snapshot), *_policies(snapshot)):
        found.setdefault(grant.group, []).append(grant)
    return {group: tuple(sorted(grants)) for group, grants in sorted(found.items())}


def _roles(snapshot: Snapshot) -> Iterator[Grant]:
    directory = Directory(snapshot)
    for group, held in snapshot.permissions.items():
        for permission in held:
            environment, _colon, zone = _place(permission)
            zones = (directory.zone_name(environment, zone),) if zone else ()
            yield Grant(group, environment, permission.name, "role", zones=zones, since=permission.since)


def _place(permission: Permission) -> tuple[str, str, str]:
    return ("", "", "") if permission.scope_type == "account" else permission.scope.partition(":")


def _policies(snapshot: Snapshot) -> Iterator[Grant]:
    for (kind, place), found in snapshot.bindings.items():
        for binding in found or ():
            policy = snapshot.policies.get(binding.policy)
            yield Grant(
                group=binding.group,
                environment=place if kind == "environment" else "",
                what=policy.name if policy else binding.policy,
                mechanism="policy",
                policy=binding.policy,
                boundaries=_boundaries(snapshot, binding),
                parameters=binding.parameters,
            )


def _boundaries(snapshot: Snapshot, binding: Binding) -> tuple[str, ...]:
    known = snapshot.boundaries or {}
    return tuple(sorted(known[each].name if each in known else each for each in binding.boundaries))
