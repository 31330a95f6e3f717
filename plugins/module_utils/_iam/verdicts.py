# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether somebody may do something in an environment, and through what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .._api.records import Permission
from .._core.errors import InvalidInput
from .._policy.reference import CONDITIONS, ENVIRONMENT_ROLES, ZONE
from .permissions import FRIENDLY, TENANT_PERMISSIONS

ROLES = {role: each.permission for role, each in ENVIRONMENT_ROLES.items()}
PARTS_OF_A_NAME = 3
EQUALS = ("EQ", "IN", "=")
"""Operators by which a condition names management zones one by one: codes in answers, or as people write them."""


@dataclass(frozen=True)
class Question:
    """``asked`` as in the task; ``permission`` is a policy's, ``role`` the role permission that gives the same."""

    asked: str
    permission: str | None
    role: str | None


@dataclass(frozen=True)
class Way:
    """One thing that gives or denies: a role permission of a group, or a policy bound to it."""

    effect: str
    group: str
    """Its id."""
    policy: str | None = None
    """Name of the policy; None for a role permission."""
    policy_id: str | None = None
    level: str | None = None
    conditions: tuple[str, ...] = ()
    holds: bool = True
    """Whether the conditions hold for what is asked about."""


@dataclass(frozen=True)
class Verdict:
    """``state``: granted; conditional, when it depends on more than was asked about; or denied."""

    question: Question
    state: str
    ways: tuple[Way, ...] = ()


def question(asked: str) -> Question:
    """From a role permission (``viewer`` or ``tenant-viewer``) or a policy's permission; raises InvalidInput."""
    text = asked.strip()
    role = FRIENDLY.get(text.lower(), text.lower())
    if role in TENANT_PERMISSIONS:
        return Question(asked, ROLES.get(role), role)
    parts = text.split(":")
    if len(parts) >= PARTS_OF_A_NAME and all(parts):
        same = [name for name, permission in ROLES.items() if permission == text]
        return Question(asked, text, same[0] if same else None)
    near = get_close_matches(text.lower(), [*FRIENDLY, *CONDITIONS], n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise InvalidInput(f"{asked!r} is neither a role permission nor one of a policy (service:resource:action).{hint}")


def judge(
    asked: Question,
    effective: Iterable[Mapping[str, Any]],
    roles: Mapping[str, Iterable[Permission]],
    environment: str,
    zone: tuple[str, str] | None,
) -> Verdict:
    """``effective``: what the service says of policies. ``roles``: role permissions by group id, as far as they were
    read. ``zone``: id and name of the management zone in question, None for the whole environment."""
    ways = [way for item in effective if item.get("permission") == asked.permission for way in _policy_ways(item, zone)]
    ways += [
        Way("ALLOW", group)
        for group, held in sorted(roles.items())
        for each in held
        if each.name == asked.role and _covers(each, environment, zone)
    ]
    return Verdict(asked, state_of(ways), tuple(ways))


def state_of(ways: list[Way]) -> str:
    """granted, conditional or denied. A role permission is beyond the reach of a DENY, which belongs to policies."""
    roles = [way for way in ways if way.policy is None]
    denies = [way for way in ways if way.effect == "DENY"]
    allows = [way for way in ways if way.effect == "ALLOW" and way.policy is not None]
    if roles or (not denies and any(way.holds for way in allows)):
        return "granted"
    if any(way.holds for way in denies) or not allows:
        return "denied"
    return "conditional"


def _policy_ways(item: Mapping[str, Any], zone: tuple[str, str] | None) -> list[Way]:
    found = []
    for effect in item.get("effects") or ():
        conditions = [each for each in effect.get("conditions") or () if isinstance(each, Mapping)]
        for origin in effect.get("effectivePolicies") or ():
            policy, binding = origin.get("policy") or {}, origin.get("binding") or {}
            found.append(
                Way(
                    effect=str(effect.get("effect")),
                    group=str(binding.get("groupUuid")),
                    policy=str(policy.get("name")),
                    policy_id=str(policy.get("uuid")),
                    level=str(binding.get("levelType")),
                    conditions=tuple(_told(each) for each in conditions),
                    holds=all(_holds(each, zone) for each in conditions),
                )
            )
    return found


def _holds(condition: Mapping[str, Any], zone: tuple[str, str] | None) -> bool:
    """Only a condition on the management zone asked about can be told to hold."""
    values = [str(value) for value in condition.get("values") or ()]
    return (
        zone is not None and condition.get("name") == ZONE and condition.get("operator") in EQUALS and zone[1] in values
    )


def _told(condition: Mapping[str, Any]) -> str:
    values = ", ".join(str(value) for value in condition.get("values") or ())
    return f"{condition.get('name')} {condition.get('operator')} {values}"


def _covers(permission: Permission, environment: str, zone: tuple[str, str] | None) -> bool:
    if permission.scope_type == "tenant":
        return permission.scope == environment
    return zone is not None and permission.scope == f"{environment}:{zone[0]}"
