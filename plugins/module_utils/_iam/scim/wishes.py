# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of users and groups in SCIM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import InvalidInput
from ..desired import email
from ..lists import ListWish, list_wish, named


@dataclass(frozen=True)
class ScimUserWish:
    """A user by name or id. None is not managed; a new user is active unless the task says otherwise."""

    user_name: str | None = None
    id: str | None = None
    state: str = "present"
    given_name: str | None = None
    family_name: str | None = None
    active: bool | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class ScimGroupWish:
    """A group by name or id. None is not managed; ``members`` are named by user name or id."""

    name: str | None = None
    id: str | None = None
    state: str = "present"
    new_name: str | None = None
    members: ListWish | None = None


def scim_user_wish(given: Mapping[str, Any]) -> ScimUserWish:
    """From the options of a SCIM user."""
    user_name = given.get("user_name")
    return ScimUserWish(
        user_name=None if user_name is None else email(user_name),
        id=_named(given, "id"),
        state=given.get("state") or "present",
        given_name=given.get("given_name"),
        family_name=given.get("family_name"),
        active=given.get("active"),
        external_id=_named(given, "external_id"),
    )


def scim_group_wish(given: Mapping[str, Any]) -> ScimGroupWish:
    """From the options of a SCIM group."""
    wish = ScimGroupWish(
        name=_named(given, "name"),
        id=_named(given, "id"),
        state=given.get("state") or "present",
        new_name=_named(given, "new_name"),
        members=list_wish("members", given.get("members")),
    )
    if wish.state == "absent" and (wish.members or wish.new_name):
        raise InvalidInput(f"{wish.name or wish.id}: a group that is deleted has no members and no new name.")
    return wish


def _named(given: Mapping[str, Any], option: str) -> str | None:
    return named(option, given[option]) if given.get(option) is not None else None
