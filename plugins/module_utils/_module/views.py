# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The return values of managing modules that are their own: the object in its final or predicted shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._api.records import Group
from .._iam.desired import Desired, GroupWish, UserWish
from .._iam.engine import Result
from .._iam.policy_directory import PolicyDirectory, service_user_named
from .._iam.policy_shapes import binding_shapes, boundary_shape, level_name, policy_shape, service_user_shape
from .._iam.policy_wishes import BoundaryWish, PolicyWish, ServiceUserWish
from .._iam.resolve import Directory
from .._iam.shapes import group_shape, permission_shapes, user_shape


def one_user(result: Result, desired: Desired) -> dict[str, Any]:
    """``user``"""
    return {"user": _user(result, desired.users[0])}


def one_group(result: Result, desired: Desired) -> dict[str, Any]:
    """``group``"""
    group = _group(Directory(result.after), desired.groups[0])
    return {"group": group and group_shape(_real(result, group))}


def group_members(result: Result, desired: Desired) -> dict[str, Any]:
    """``group`` with its ``members`` as far as the task looks at them."""
    wish = desired.groups[0]
    group = Directory(result.after).group(wish.ref)
    members = result.after.members_of(group.id)
    if wish.members and wish.members.set is None:
        members &= {text.lower() for text in wish.members.named}
    emails = sorted(result.after.users[key].email for key in members)
    return {"group": {"id": group.id, "name": group.name, "members": emails}}


def group_permissions(result: Result, desired: Desired) -> dict[str, Any]:
    """``group`` with its ``permissions``, and what is bound to it where the task grants some."""
    wish = desired.groups[0]
    group = Directory(result.after).group(wish.ref)
    shape = {"id": group.id, "name": group.name, "permissions": permission_shapes(result.after, group.id)}
    return {"group": {**shape, "bindings": _bindings(result, wish, group)}}


def group_bindings(result: Result, desired: Desired) -> dict[str, Any]:
    """``group`` with its ``bindings`` at the levels that the task names."""
    wish = desired.groups[0]
    group = Directory(result.after).group(wish.ref)
    return {"group": {"id": group.id, "name": group.name, "bindings": _bindings(result, wish, group)}}


def one_policy(result: Result, desired: Desired) -> dict[str, Any]:
    """``policy``"""
    return {"policy": _policy(result, desired.policies[0])}


def one_boundary(result: Result, desired: Desired) -> dict[str, Any]:
    """``boundary``"""
    return {"boundary": _boundary(result, desired.boundaries[0])}


def one_service_user(result: Result, desired: Desired) -> dict[str, Any]:
    """``service_user``"""
    return {"service_user": _service_user(result, desired.service_users[0])}


def everything(result: Result, desired: Desired) -> dict[str, Any]:
    """All objects that the task names and that are there."""
    policies = [_policy(result, wish) for wish in desired.policies]
    boundaries = [_boundary(result, wish) for wish in desired.boundaries]
    robots = [_service_user(result, wish) for wish in desired.service_users]
    return {
        **users_and_groups(result, desired),
        "policies": [each for each in policies if each],
        "boundaries": [each for each in boundaries if each],
        "service_users": [each for each in robots if each],
    }


def users_and_groups(result: Result, desired: Desired) -> dict[str, Any]:
    """``users`` and ``groups`` that the task names and that are there."""
    users = [_user(result, wish) for wish in desired.users]
    directory = Directory(result.after)
    groups = []
    for wish in desired.groups:
        group = _group(directory, wish)
        if group:
            shape = group_shape(_real(result, group))
            if wish.permissions is not None:
                shape["permissions"] = permission_shapes(result.after, group.id)
            if _may_be_bound(wish):
                shape["bindings"] = _bindings(result, wish, group)
            groups.append(shape)
    return {"users": [user for user in users if user], "groups": groups}


def _user(result: Result, wish: UserWish) -> dict[str, Any] | None:
    planned = result.after.users.get(wish.key)
    if planned is None:
        return None
    real = result.users.get(wish.key, planned)
    uid = planned.uid or real.uid
    known = wish.groups is not None and wish.key in result.after.whole_users
    groups = result.after.group_names(wish.key) if known else None
    return {**user_shape(planned, groups), "uid": uid}


def _group(directory: Directory, wish: GroupWish) -> Group | None:
    """By its old name where it could not be renamed, and still there where it could not be deleted."""
    return directory.find_group(wish.new_name or wish.ref) or directory.find_group(wish.ref)


def _real(result: Result, group: Group) -> Group:
    """The group with the id that it got when it was created."""
    created = result.groups.get(group.id)
    return created if created and group.id.startswith("new:") else group


def _may_be_bound(wish: GroupWish) -> bool:
    """Whether the task may bind policies to the group."""
    return wish.bindings is not None or any(part.mechanism != "role" for part in wish.permissions or ())


def _bindings(result: Result, wish: GroupWish, group: Group) -> list[dict[str, Any]]:
    """Where the task binds, as far as that had to be read."""
    access = _access(result)
    levels = {access.level(each) for part in wish.bindings or () for each in part.environments or (None,)}
    levels |= {access.level(each) for part in wish.permissions or () for each in part.environments}
    here = [each for level in levels for each in result.after.bindings.get(level) or ()]
    return binding_shapes(access, [each for each in here if each.group == group.id])


def _policy(result: Result, wish: PolicyWish) -> dict[str, Any] | None:
    access = _access(result)
    level = access.level(wish.environment)
    policy = access.policy_at(wish.new_name or wish.ref, level) or access.policy_at(wish.ref, level)
    if policy is None:
        return None
    return policy_shape(replace(policy, id=result.ids.get(policy.id, policy.id)), level_name(access, level))


def _boundary(result: Result, wish: BoundaryWish) -> dict[str, Any] | None:
    known = _access(result).boundaries
    boundary = known.look(wish.new_name or wish.ref) or known.look(wish.ref)
    if boundary is None:
        return None
    return boundary_shape(replace(boundary, id=result.ids.get(boundary.id, boundary.id)))


def _service_user(result: Result, wish: ServiceUserWish) -> dict[str, Any] | None:
    after = result.after
    robot = service_user_named(after, wish.new_name or wish.ref) or service_user_named(after, wish.ref)
    if robot is None:
        return None
    key = robot.user.key
    groups = after.group_names(key) if wish.groups is not None and key in after.whole_users else None
    email = result.users[key].email if key in result.users else robot.email
    real = replace(robot, uid=result.ids.get(robot.uid, robot.uid), email=email)
    return service_user_shape(real, groups)


def _access(result: Result) -> PolicyDirectory:
    return PolicyDirectory(result.after, Directory(result.after))
