# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every contract can do, and the calls that are the same in all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.errors import CallFailed
from ..answers import as_object, items_of
from ..calls import Call, Send, check_list
from ..http import path_of
from ..records import Environment, Group, Permission, User, UserWithGroups, Zone

Membership = tuple[User, Group]
Method = Literal["GET", "POST", "PUT", "DELETE"]

TOTALS = {"published": "count", "guide": "totalCount"}
"""For each contract: the key of the number of items in its lists, by which they are told apart."""

LARGEST_BATCH = 200
"""Entries in one membership call."""


@dataclass(frozen=True)
class Batch:
    """Memberships that one call adds or removes."""

    memberships: tuple[Membership, ...]
    call: Callable[[], None]


class Contract(ABC):
    """One shape of the account API. Everything above knows only this interface.

    All methods raise CallFailed. Users come by the spelling of their e-mail in the account, groups by their id.
    """

    name: str
    names_writable: bool
    """Whether first and last names can be set here."""
    finds_by_email: bool
    """Whether :meth:`find_user` is one call; otherwise users are found in the list."""
    lists_members: bool
    """Whether :meth:`members` exists; otherwise members are found by reading users."""
    groups_at_once: int | None
    """How many groups one call creates; None for any number."""
    read_permissions: tuple[str, ...]
    write_permissions: tuple[str, ...]

    READ = ("account-idm-read",)
    WRITE = ("account-idm-write",)

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account = account_uuid

    @abstractmethod
    def users(self) -> list[User]:
        """All people of the account; service users may be among them or not."""

    @abstractmethod
    def find_user(self, email: str) -> UserWithGroups | None:
        """The user with exactly this e-mail, or None."""

    @abstractmethod
    def user_with_groups(self, user: User) -> UserWithGroups | None:
        """A listed user again, with all groups; None when the user has gone meanwhile."""

    @abstractmethod
    def invite_user(self, user: User) -> User:
        """Create the user, who gets an invitation; the answer has the ``uid`` where the service tells it."""

    @abstractmethod
    def update_user(self, user: User) -> None:
        """Replace the user's names by those of ``user``."""

    @abstractmethod
    def delete_user(self, user: User) -> None:
        """Delete for good; a user who has gone already is fine."""

    @abstractmethod
    def groups(self) -> list[Group]:
        """All groups that the service lists."""

    @abstractmethod
    def create_groups(self, groups: Sequence[Group]) -> list[Group]:
        """Create up to ``groups_at_once`` groups in one call; the answers have the ids."""

    @abstractmethod
    def update_group(self, group: Group) -> None:
        """Replace name, description and federated attribute values: all three are always sent."""

    @abstractmethod
    def members(self, group: Group) -> list[User]:
        """All members of the group."""

    @abstractmethod
    def batches(self, memberships: Iterable[Membership], *, add: bool, fresh: bool = False) -> list[Batch]:
        """The fewest calls that add (or remove) these memberships; ``fresh``: some of them are just created."""

    def delete_group(self, group: Group) -> None:
        """Delete for good; a group that has gone already is fine."""
        self._call("DELETE", "groups", group.id, absent_is_fine=True)

    def permissions(self, group: Group) -> list[Permission]:
        """The role permissions of a group."""
        call = self._make("GET", "groups", group.id, "permissions", scopes=self.read_permissions)
        return [
            Permission(
                str(item["permissionName"]),
                str(item.get("scopeType", "")),
                str(item.get("scope", "")),
                text_or_none(item.get("createdAt")),
            )
            for item in self._list(call, "permissions")
            if item.get("permissionName")
        ]

    def add_permissions(self, group: Group, permissions: Sequence[Permission], *, fresh: bool = False) -> None:
        """Add role permissions to those that the group has, in one call."""
        body = [
            {"permissionName": each.name, "scope": each.scope, "scopeType": each.scope_type} for each in permissions
        ]
        self._call("POST", "groups", group.id, "permissions", body=body, fresh=fresh, scopes=self.write_permissions)

    def remove_permission(self, group: Group, permission: Permission) -> None:
        """Remove one role permission; one that has gone already is fine. The service knows no removal of several."""
        query = (
            ("scope", permission.scope),
            ("permission-name", permission.name),
            ("scope-type", permission.scope_type),
        )
        self._call(
            "DELETE",
            "groups",
            group.id,
            "permissions",
            query=query,
            absent_is_fine=True,
            scopes=self.write_permissions,
        )

    def environments_with_zones(self) -> list[Environment]:
        """All environments with names and management zones, but without state and address."""
        body = self._ask(self._environments("v1", self.READ), "tenantResources", "managementZoneResources")
        zones: dict[str, list[Zone]] = {}
        for item in items_of(body, "managementZoneResources"):
            zones.setdefault(str(item.get("parent")), []).append(Zone(str(item["id"]), str(item.get("name") or "")))
        return [
            Environment(str(item["id"]), str(item.get("name") or ""), zones=tuple(zones.get(str(item["id"]), ())))
            for item in items_of(body, "tenantResources")
        ]

    def environments(self) -> list[Environment]:
        """All environments with state and address, but without management zones."""
        return [
            Environment(str(item["id"]), str(item.get("name") or ""), item.get("active"), item.get("url"))
            for item in self._list(self._environments("v2", ("account-env-read",)), "data")
        ]

    def _environments(self, version: str, scopes: tuple[str, ...]) -> Call:
        return Call("GET", path_of("env", version, "accounts", self._account, "environments"), scopes)

    def _make(self, method: Method, *segments: str, scopes: tuple[str, ...] = (), **particulars: Any) -> Call:
        path = path_of("iam", "v1", "accounts", self._account, *segments)
        return Call(method, path, scopes or (self.READ if method == "GET" else self.WRITE), **particulars)

    def _call(self, method: Method, *segments: str, **particulars: Any) -> Any:
        return self._send(self._make(method, *segments, **particulars))

    def _ask(self, call: Call, *keys: str) -> Any:
        """An answer with lists under these keys. A proxy's page, which has none, must not look like an empty list."""
        body = self._send(call)
        if body is not None or not call.absent_is_fine:
            for key in keys:
                if key == "items":
                    self._check_shape(call, as_object(body))
                check_list(call, body, key)
        return body

    def _check_shape(self, call: Call, body: dict[str, Any]) -> None:
        """A pinned contract may be the wrong one; then names and ids would be looked for where they aren't."""
        for name, total in TOTALS.items():
            if name != self.name and total in body and TOTALS[self.name] not in body:
                problem = f"{call.method} {call.path}: the service speaks {name}, but api_contract is {self.name}"
                raise CallFailed(problem, call.method, call.path)

    def _list(self, call: Call, key: str = "items") -> list[dict[str, Any]]:
        return items_of(self._ask(call, key), key)


def chunks(items: Sequence[Any], size: int = LARGEST_BATCH) -> list[Sequence[Any]]:
    """``items`` in pieces of at most ``size``."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def text_or_none(value: Any) -> str | None:
    """A text, where null and the empty text both mean that there is none."""
    return str(value) if value not in (None, "") else None
