# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The return values of the modules for SCIM that are their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._iam.desired import Desired
from .._iam.engine import Result
from .._iam.scim.members import Members
from .._iam.scim.plan import ScimPart, find_group, find_user
from .._iam.scim.shapes import scim_group_shape, scim_user_shape


def one_scim_user(result: Result, desired: Desired) -> dict[str, Any]:
    """``scim_user``"""
    user = find_user(result.after, _part(desired).users[0])
    real = user and replace(user, id=result.ids.get(user.id, user.id))
    return {"scim_user": real and scim_user_shape(real)}


def one_scim_group(result: Result, desired: Desired) -> dict[str, Any]:
    """``scim_group`` with its ``members`` as far as the task looks at them."""
    wish = _part(desired).groups[0]
    group = find_group(result.after, wish)
    if group is None:
        return {"scim_group": None}
    members = Members(result.after, wish.members, group).named if wish.members else None
    return {"scim_group": scim_group_shape(replace(group, id=result.ids.get(group.id, group.id)), members)}


def _part(desired: Desired) -> ScimPart:
    (part,) = desired.parts
    if not isinstance(part, ScimPart):
        raise TypeError(part)
    return part
