# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for groups, for both contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account
from .model import MAX_DESCRIPTION, Group, Refused
from .people import FIXED_OWNERS


@dataclass(frozen=True)
class Wanted:
    """What a request says about a group."""

    name: str
    description: str
    federated: list[str]


def check_group(body: Any) -> Wanted:
    """Name, description and federated attribute values of a request, else 400."""
    if not isinstance(body, Mapping):
        raise Refused(400, "A group must be an object")
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "name should not be empty")
    description = body.get("description")
    if description is not None and not isinstance(description, str):
        raise Refused(400, "description must be a string")
    if description and len(description) > MAX_DESCRIPTION:
        raise Refused(400, f"description must be shorter than or equal to {MAX_DESCRIPTION} characters")
    values = body.get("federatedAttributeValues")
    if values is not None and not (isinstance(values, list) and all(isinstance(item, str) for item in values)):
        raise Refused(400, "federatedAttributeValues must be an array of strings")
    return Wanted(name, description or "", list(values or []))


def create(account: Account, wanted: list[Wanted]) -> list[Group]:
    """New groups; a name that is taken, here or in the same request, refuses them all."""
    names = [item.name for item in wanted]
    for index, name in enumerate(names):
        if account.names.get(name) or name in names[:index]:
            raise Refused(409, f"Group with name {name} already exists")
    stamp = account.stamp()
    made = []
    for item in wanted:
        owner = "SAML" if item.federated else "LOCAL"
        group = Group(account.new_id(), item.name, item.description, owner, item.federated)
        group.created_at = group.updated_at = stamp
        account.insert_group(group)
        made.append(group)
    return made


def changeable(account: Account, uuid: str) -> Group:
    """A group that the API may rename or delete: SCIM and ALL_USERS groups are not."""
    group = account.group(uuid)
    if group.owner in FIXED_OWNERS:
        raise Refused(400, f"Group {group.name} is managed by {group.owner} and can't be modified")
    return group


def replace(account: Account, uuid: str, wanted: Wanted) -> Group:
    """Full replacement. Federated values make a LOCAL group SAML; leaving them out makes a SAML group LOCAL."""
    group = changeable(account, uuid)
    if wanted.name != group.name and account.names.get(wanted.name):
        raise Refused(409, f"Group with name {wanted.name} already exists")
    account.rename_group(group, wanted.name)
    group.description = wanted.description
    group.federated = wanted.federated
    if group.owner in ("LOCAL", "SAML"):
        group.owner = "SAML" if wanted.federated else "LOCAL"
    group.updated_at = account.stamp()
    return group


def delete(account: Account, uuid: str) -> None:
    """Delete a group and all memberships in it."""
    account.remove_group(changeable(account, uuid))
