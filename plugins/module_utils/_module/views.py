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
    """``group`` with its ``permissions``."""
    group = Directory(result.after).group(desired.groups[0].ref)
    return {"group": {"id": group.id, "name": group.name, "permissions": permission_shapes(result.after, group.id)}}


def group_bindings(result: Result, desired: Desired) -> dict[str, Any]:
    """``group`` with its ``bindings`` at the levels that the task names."""
    access, wish = _access(result), desired.groups[0]
    group = Directory(result.after).group(wish.ref)
    levels = {access.level(each) for part in wish.bindings or () for each in part.environments or (None,)}
    bindings = [each for level in levels for each in result.after.bindings.get(level) or () if each.group == group.id]
    return {"group": {"id": group.id, "name": group.name, "bindings": binding_shapes(access, bindings)}}


def one_policy(result: Result, desired: Desired) -> dict[str, Any]:
    """``policy``"""
    access, wish = _access(result), desired.policies[0]
    level = access.level(wish.environment)
    policy = access.policy_at(wish.new_name or wish.ref, level) or access.policy_at(wish.ref, level)
    if policy is None:
        return {"policy": None}
    real = replace(policy, id=result.ids.get(policy.id, policy.id))
    return {"policy": policy_shape(real, level_name(access, level))}


def one_boundary(result: Result, desired: Desired) -> dict[str, Any]:
    """``boundary``"""
    known, wish = _access(result).boundaries, desired.boundaries[0]
    boundary = known.look(wish.new_name or wish.ref) or known.look(wish.ref)
    return {"boundary": boundary and boundary_shape(replace(boundary, id=result.ids.get(boundary.id, boundary.id)))}


def one_service_user(result: Result, desired: Desired) -> dict[str, Any]:
    """``service_user``"""
    after, wish = result.after, desired.service_users[0]
    robot = service_user_named(after, wish.new_name or wish.ref) or service_user_named(after, wish.ref)
    if robot is None:
        return {"service_user": None}
    key = robot.user.key
    groups = after.group_names(key) if wish.groups is not None and key in after.whole_users else None
    email = result.users[key].email if key in result.users else robot.email
    real = replace(robot, uid=result.ids.get(robot.uid, robot.uid), email=email)
    return {"service_user": service_user_shape(real, groups)}


def users_and_groups(result: Result, desired: Desired) -> dict[str, Any]:
    """``users`` and ``groups`` that the task names and that are there."""
    users = [_user(result, wish) for wish in desired.users]
    directory = Directory(result.after)
    groups = []
    for wish in desired.groups:
        group = _group(directory, wish)
        if group:
            shape = group_shape(_real(result, group))
            managed = {"permissions": permission_shapes(result.after, group.id)} if wish.permissions is not None else {}
            groups.append({**shape, **managed})
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


def _access(result: Result) -> PolicyDirectory:
    return PolicyDirectory(result.after, Directory(result.after))
