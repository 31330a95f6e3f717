# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How policies, boundaries, bindings and service users look in return values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._api.records import GLOBAL, Binding, Boundary, Level, Policy, ServiceUser
from .policy_directory import PolicyDirectory
from .policy_facts import is_new


def policy_shape(policy: Policy, level: str, *, statement: bool = True) -> dict[str, Any]:
    """A policy; ``level`` as :func:`level_name` has it. One that is only planned has no id yet."""
    shape: dict[str, Any] = {
        "id": _id(policy.id),
        "name": policy.name,
        "description": policy.description,
        "tags": sorted(policy.tags),
        "level": level,
    }
    return {**shape, "statement": policy.statement} if statement else shape


def boundary_shape(boundary: Boundary) -> dict[str, Any]:
    """A policy boundary; one that is only planned has no id yet."""
    return {"id": _id(boundary.id), "name": boundary.name, "query": boundary.query}


def service_user_shape(robot: ServiceUser, groups: list[str] | None) -> dict[str, Any]:
    """A service user, without id and e-mail when only planned; ``groups`` None leaves them out."""
    shape: dict[str, Any] = {
        "id": _id(robot.uid),
        "email": None if is_new(robot.uid) else robot.email,
        "name": robot.name,
        "description": robot.description,
    }
    return shape if groups is None else {**shape, "groups": groups}


def binding_shape(access: PolicyDirectory, binding: Binding) -> dict[str, Any]:
    """A binding of a group, in names; ids where no list shows them."""
    called = dict(access.names(binding))
    return {
        "policy": access.policy_name(binding.policy),
        "level": level_name(access, binding.level),
        "parameters": dict(binding.parameters),
        "metadata": dict(binding.metadata),
        "boundaries": sorted(called.get(each, each) for each in binding.boundaries),
    }


def binding_shapes(access: PolicyDirectory, bindings: Iterable[Binding]) -> list[dict[str, Any]]:
    """Bindings of one group, in order."""
    return in_order(binding_shape(access, binding) for binding in bindings)


def in_order(shapes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bindings as shapes, sorted by group, level, policy, parameters and metadata."""
    return sorted(
        shapes,
        key=lambda each: (
            each.get("group", ""),
            each["level"],
            each["policy"],
            *(sorted(each[part].items()) for part in ("parameters", "metadata")),
        ),
    )


def binding_with_ids(access: PolicyDirectory, binding: Binding, group: str) -> dict[str, Any]:
    """A binding of whichever group, which is called ``group``, in names and ids."""
    return {
        "group": group,
        "group_id": binding.group,
        "policy_id": binding.policy,
        "level_id": binding.level[1],
        "boundary_ids": list(binding.boundaries),
        **binding_shape(access, binding),
    }


def level_name(access: PolicyDirectory, level: Level) -> str:
    """``account``, ``global``, or the name of an environment."""
    return access.environment_name(level) if level[0] == "environment" else GLOBAL[0] if level == GLOBAL else level[0]


def _id(text: str) -> str | None:
    return None if is_new(text) else text
