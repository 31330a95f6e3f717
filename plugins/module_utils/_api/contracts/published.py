# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of Dynatrace's own OpenAPI document: users are addressed by e-mail, lists aren't paged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from ..._core.retry import Safety
from ..answers import as_object, items_of
from ..records import Group, User, UserWithGroups
from .base import Batch, Contract, Membership, chunks, text_or_none


class Published(Contract):
    """Memberships are changed user by user, with many groups in one call."""

    name = "published"
    names_writable = False
    finds_by_email = True
    lists_members = True
    groups_at_once = None
    read_permissions = Contract.READ
    write_permissions = Contract.WRITE

    def users(self) -> list[User]:
        items = self._list(self._make("GET", "users", query=(("service-users", "false"),)))
        return [_user(item) for item in items if item.get("email")]

    def find_user(self, email: str) -> UserWithGroups | None:
        body = self._ask(self._make("GET", "users", email, absent_is_fine=True), "groups")
        if body is None:
            return None
        groups = tuple(_group(item) for item in items_of(body, "groups") if item.get("uuid"))
        return UserWithGroups(_user({"email": email, **body}), frozenset(group.id for group in groups), groups)

    def user_with_groups(self, user: User) -> UserWithGroups | None:
        return self.find_user(user.email)

    def invite_user(self, user: User) -> User:
        """Names aren't sent: they come from the login, the IdP or SCIM."""
        body = self._call("POST", "users", body={"email": user.email}, safety=Safety.CREATE)
        uid = as_object(body).get("userUuid") or as_object(body).get("uid")
        return User(user.email, text_or_none(uid), status="PENDING")

    def update_user(self, user: User) -> None:
        raise NotImplementedError("this contract can't change a user; the planner must not ask for it")

    def delete_user(self, user: User) -> None:
        self._call("DELETE", "users", user.email, absent_is_fine=True)

    def groups(self) -> list[Group]:
        return read_groups(self._list(self._make("GET", "groups")))

    def create_groups(self, groups: Sequence[Group]) -> list[Group]:
        body = [_group_body(group) for group in groups]
        return read_groups(self._call("POST", "groups", body=body, safety=Safety.CREATE))

    def update_group(self, group: Group) -> None:
        self._call("PUT", "groups", group.id, body=_group_body(group))

    def members(self, group: Group) -> list[User]:
        items = self._list(self._make("GET", "groups", group.id, "users"))
        return [_user(item) for item in items if item.get("email")]

    def batches(self, memberships: Iterable[Membership], *, add: bool, fresh: bool = False) -> list[Batch]:
        """One call a user and 200 groups. There is a call that sets all of a user's groups, but it would also take away
        what was added by somebody else since reading."""
        by_user: dict[str, list[Membership]] = {}
        for membership in memberships:
            by_user.setdefault(membership[0].email, []).append(membership)
        change = partial(self._add, fresh=fresh) if add else self._remove
        return [
            Batch(tuple(chunk), partial(change, email, [group.id for _user, group in chunk]))
            for email, wanted in by_user.items()
            for chunk in chunks(wanted)
        ]

    def _add(self, email: str, group_ids: list[str], fresh: bool) -> None:
        self._call("POST", "users", email, body=group_ids, fresh=fresh)

    def _remove(self, email: str, group_ids: list[str]) -> None:
        query = tuple(("group-uuid", group_id) for group_id in group_ids)
        self._call("DELETE", "users", email, "groups", query=query)


def read_groups(body: Any) -> list[Group]:
    """The groups in a list answer."""
    return [_group(item) for item in items_of(body, "items") if item.get("uuid")]


def _user(item: dict[str, Any]) -> User:
    return User(
        email=str(item["email"]),
        uid=text_or_none(item.get("uid")),
        first_name=text_or_none(item.get("name")),
        last_name=text_or_none(item.get("surname")),
        status=text_or_none(item.get("userStatus")),
        created=text_or_none(as_object(item.get("userLoginMetadata")).get("createdAt")),
        last_login=text_or_none(as_object(item.get("userLoginMetadata")).get("lastSuccessfulLogin")),
    )


def _group(item: dict[str, Any]) -> Group:
    """Lists call the name ``name``, a user's groups call it ``groupName`` (and have no federated values)."""
    return Group(
        id=str(item["uuid"]),
        name=str(item.get("name") or item.get("groupName") or ""),
        description=str(item.get("description") or ""),
        owner=str(item.get("owner") or "LOCAL"),
        federated=tuple(str(value) for value in item.get("federatedAttributeValues") or ()),
        hidden=bool(item.get("hidden")),
    )


def _group_body(group: Group) -> dict[str, Any]:
    """Left out, the federated values would be dropped and the group turned from SAML to LOCAL; [] means just that."""
    body: dict[str, Any] = {"name": group.name, "description": group.description}
    if group.federated:
        body["federatedAttributeValues"] = list(group.federated)
    return body
