# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants, checked as far as that is possible before the first request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from .._core.errors import InvalidInput
from .lists import ListWish, list_wish, named, names
from .migration import Migration
from .part import Part
from .permissions import is_account_permission, permission_name
from .policy_wishes import BindingsWish, BoundaryWish, PolicyWish, ServiceUserWish, bindings_wish
from .purge import NO_PURGE, Purge
from .timebox import ALWAYS

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+", re.UNICODE)
LONGEST_DESCRIPTION = 255


@dataclass(frozen=True)
class UserWish:
    """A user; ``state`` ``existing`` means to change who is there, and to pass over who isn't. None is not managed."""

    email: str
    state: str = "present"
    first_name: str | None = None
    last_name: str | None = None
    groups: ListWish | None = None

    @cached_property
    def key(self) -> str:
        """As in snapshots."""
        return self.email.lower()


@dataclass(frozen=True)
class PermissionWish:
    """Permissions of a group on all scopes that are named; ``state`` present, absent or exact.

    ``mechanism``: role permissions, Dynatrace's ready-made policies, or ``auto`` for either.
    """

    permissions: tuple[str, ...]
    environments: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    state: str = "present"
    mechanism: str = "role"


@dataclass(frozen=True)
class GroupWish:
    """A group by name or id; ``state`` ``existing`` means that it must be there. None is not managed."""

    name: str | None = None
    id: str | None = None
    state: str = "existing"
    new_name: str | None = None
    description: str | None = None
    federated: tuple[str, ...] | None = None
    members: ListWish | None = None
    permissions: tuple[PermissionWish, ...] | None = None
    """None is not managed; an empty one means none, as far as the task purges permissions."""
    bindings: tuple[BindingsWish, ...] | None = None

    @property
    def ref(self) -> str:
        """The name or id to find it by."""
        return self.id or self.name or ""


@dataclass(frozen=True)
class Desired:
    """All that one task wants of an account.

    ``on_managed``: what to do about groups that others manage, fail, warn or skip. ``lookup_failure``: the same for
    members to be that aren't in the account (fail, warn, ignore). ``on_finding``: fail or warn when a policy or a
    boundary certainly doesn't do what it says.
    """

    users: tuple[UserWish, ...] = ()
    groups: tuple[GroupWish, ...] = ()
    on_managed: str = "fail"
    lookup_failure: str = "fail"
    purge: Purge = NO_PURGE
    policies: tuple[PolicyWish, ...] = ()
    boundaries: tuple[BoundaryWish, ...] = ()
    service_users: tuple[ServiceUserWish, ...] = ()
    migration: Migration | None = None
    on_finding: str = "fail"
    parts: tuple[Part, ...] = ()

    @property
    def only_parts(self) -> bool:
        """Whether nothing of the account itself is named, so that nobody has to log in there."""
        named = self.users or self.groups or self.policies or self.boundaries or self.service_users or self.migration
        return bool(self.parts) and not named

    @property
    def concerns_access(self) -> bool:
        """Whether more is named than people, groups, and who is in which."""
        by_group = any(group.permissions is not None or group.bindings is not None for group in self.groups)
        return by_group or bool(self.policies or self.boundaries or self.service_users or self.migration)

    def emails(self) -> dict[str, str]:
        """Key → spelling of everybody who is named."""
        spellings = [user.email for user in self.users]
        for group in self.groups:
            spellings.extend(group.members.named if group.members else ())
        return {spelling.lower(): spelling for spelling in spellings}

    def group_refs(self) -> list[str]:
        """Names and ids of all groups that users are to join or leave."""
        lists = [*(wish.groups for wish in self.users), *(wish.groups for wish in self.service_users)]
        return [ref for each in lists if each for ref in each.named]


def email(given: str) -> str:
    """The address without surrounding blanks; raises InvalidInput for what can't be one."""
    text = given.strip()
    if not _EMAIL.fullmatch(text):
        raise InvalidInput(f"{given!r} is not an e-mail address.")
    return text


def emails(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """The addresses of a list, each once; None for an omitted one."""
    return None if given is None else tuple(dict.fromkeys(email(item) for item in given))


def user_wish(given: Mapping[str, Any], now: datetime = ALWAYS) -> UserWish:
    """From the options of a user; ``now`` decides about time-boxed groups."""
    groups = list_wish("groups", given.get("groups"), now)
    state = given.get("state") or "present"
    if state == "absent" and groups and (groups.add or groups.set):
        raise InvalidInput(
            f"{given['email']}: who is deleted can't join groups; with state=absent only groups.set=[] fits."
        )
    return UserWish(email(given["email"]), state, given.get("first_name"), given.get("last_name"), groups)


def user_wishes(given: Iterable[Mapping[str, Any]], now: datetime = ALWAYS) -> tuple[UserWish, ...]:
    """From a list of users; the same e-mail twice, in whatever case, is refused."""
    wishes = tuple(user_wish(item, now) for item in given)
    seen: set[str] = set()
    for wish in wishes:
        if wish.key in seen:
            raise InvalidInput(f"{wish.email} is named more than once in users.")
        seen.add(wish.key)
    return wishes


def group_wish(given: Mapping[str, Any]) -> GroupWish:
    """From the options of a group."""
    name, group_id, new_name = (
        named(option, given[option]) if given.get(option) is not None else None for option in ("name", "id", "new_name")
    )
    description = given.get("description")
    if description is not None and len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            f"description of {name or group_id} has {len(description)} characters, at most 255 are allowed."
        )
    federated, permissions = given.get("federated_attribute_values"), given.get("permissions")
    bindings = given.get("bindings")
    return GroupWish(
        name=name,
        id=group_id,
        state=given.get("state") or "present",
        new_name=new_name,
        description=description,
        federated=None if federated is None else names("federated_attribute_values", federated),
        permissions=None if permissions is None else tuple(permission_wish(item) for item in permissions),
        bindings=None if bindings is None else tuple(bindings_wish(item) for item in bindings),
    )


def group_wishes(given: Iterable[Mapping[str, Any]]) -> tuple[GroupWish, ...]:
    """From a list of groups; the same one twice is refused."""
    wishes = tuple(group_wish(item) for item in given)
    refs = [ref for wish in wishes for ref in dict.fromkeys((wish.ref, wish.new_name or wish.ref))]
    twice = sorted({ref for ref in refs if refs.count(ref) > 1})
    if twice:
        raise InvalidInput(f"{', '.join(twice)} is named more than once in groups.")
    return wishes


def permissions_wish(given: Mapping[str, Any]) -> GroupWish:
    """From ``group`` and what :func:`permission_wish` takes."""
    return GroupWish(name=named("group", given["group"]), permissions=(permission_wish(given),))


def members_wish(given: Mapping[str, Any]) -> GroupWish:
    """From ``group``, ``users`` and ``state`` (present, absent, exact)."""
    users = tuple(dict.fromkeys(email(item) for item in given["users"]))
    part = {"present": "add", "absent": "remove", "exact": "set"}[given["state"]]
    return GroupWish(name=named("group", given["group"]), members=ListWish(**{part: users}))


def group_bindings_wish(given: Mapping[str, Any]) -> GroupWish:
    """From ``group`` and what :func:`bindings_wish` takes."""
    return GroupWish(name=named("group", given["group"]), bindings=(bindings_wish(given),))


def permission_wish(given: Mapping[str, Any]) -> PermissionWish:
    """From ``permissions``, ``environments``, ``management_zones`` and ``state``."""
    wanted = tuple(dict.fromkeys(permission_name(item) for item in given["permissions"]))
    environments = names("environments", given.get("environments") or ())
    zones = names("management_zones", given.get("management_zones") or ())
    state = given.get("state") or "present"
    on_tenants = [name for name in wanted if not is_account_permission(name)]
    if on_tenants and not environments:
        raise InvalidInput(f"{', '.join(on_tenants)} is a permission on environments: name them in environments.")
    if environments and wanted and not on_tenants:
        raise InvalidInput(f"{', '.join(wanted)} is a permission on the account: leave environments out.")
    if zones and not environments:
        raise InvalidInput("management_zones are looked up in environments: name those, too.")
    if state == "exact" and not wanted and not environments:
        raise InvalidInput(
            "state=exact with no permissions takes away all that are on the environments named: name some."
        )
    return PermissionWish(wanted, environments, zones, state, given.get("mechanism") or "role")
