# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How users and groups of SCIM look in return values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._api.records import ScimGroup, ScimUser
from .facts import is_new


def scim_user_shape(user: ScimUser) -> dict[str, Any]:
    """A user; one that is only planned has no id yet."""
    return {
        "id": None if is_new(user.id) else user.id,
        "user_name": user.user_name,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "active": user.active,
        "external_id": user.external_id,
    }


def scim_group_shape(group: ScimGroup, members: Iterable[str] | None) -> dict[str, Any]:
    """A group; ``members`` are user names, None leaves them out."""
    shape = {"id": None if is_new(group.id) else group.id, "name": group.name, "external_id": group.external_id}
    return shape if members is None else {**shape, "members": sorted(members, key=str.lower)}
