# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of the guides: users are addressed by uid, lists come in pages behind a cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from ..._core.errors import CallFailed, Effect
from ..._core.retry import Safety
from ..answers import as_object, items_of
from ..records import Group, User, UserWithGroups
from .base import Batch, Contract, Membership, chunks, text_or_none

PAGE_SIZE = "500"
"""The maximum; one more is answered with 400."""


class Guide(Contract):
    """Members are added group by group, with many users in one call, and removed one by one."""

    name = "guide"
    names_writable = True
    finds_by_email = False
    lists_members = False
    groups_at_once = 1
    read_permissions = ("account-env-read",)
    write_permissions = ("account-env-write",)

    def users(self) -> list[User]:
        return [_user(item) for item in self._pages("users") if item.get("uid") and item.get("email")]

    def find_user(self, email: str) -> UserWithGroups | None:
        raise NotImplementedError("this contract can't look up an e-mail; the reader must not ask for it")

    def user_with_groups(self, user: User) -> UserWithGroups | None:
        body = self._call("GET", "users", _uid(user), absent_is_fine=True)
        if body is None:
            return None
        group_ids = frozenset(str(group) for group in as_object(body).get("groups") or ())
        return UserWithGroups(_user({"email": user.email, **as_object(body)}), group_ids)

    def invite_user(self, user: User) -> User:
        answer = as_object(self._call("POST", "users", body=_user_body(user), safety=Safety.CREATE))
        return User(
            email=user.email,
            uid=text_or_none(answer.get("uid")),
            first_name=user.first_name,
            last_name=user.last_name,
            status=text_or_none(answer.get("userStatus")) or "PENDING",
        )

    def update_user(self, user: User) -> None:
        """The call replaces the user: what isn't sent is cleared."""
        self._call("PUT", "users", _uid(user), body=_user_body(user))

    def delete_user(self, user: User) -> None:
        self._call("DELETE", "users", _uid(user), absent_is_fine=True)

    def groups(self) -> list[Group]:
        return [_group(item) for item in self._pages("groups") if item.get("groupId")]

    def more_groups(self, first_page: Any) -> list[Group]:
        """The groups of a first page that was read already, and of those after it."""
        items = [*items_of(first_page, "items"), *self._pages("groups", as_object(first_page).get("nextPageKey") or "")]
        return [_group(item) for item in items if item.get("groupId")]

    def create_groups(self, groups: Sequence[Group]) -> list[Group]:
        created = []
        for group in groups:
            answer = as_object(self._call("POST", "groups", body=_group_body(group), safety=Safety.CREATE))
            if answer.get("groupId"):
                created.append(_group({**_group_body(group), **answer}))
        return created

    def update_group(self, group: Group) -> None:
        self._call("PUT", "groups", group.id, body=_group_body(group))

    def members(self, group: Group) -> list[User]:
        raise NotImplementedError("this contract can't list members; the reader must not ask for it")

    def batches(self, memberships: Iterable[Membership], *, add: bool, fresh: bool = False) -> list[Batch]:
        if not add:
            return [Batch((each,), partial(self._remove, *each)) for each in memberships]
        by_group: dict[str, list[Membership]] = {}
        for membership in memberships:
            by_group.setdefault(membership[1].id, []).append(membership)
        return [
            Batch(tuple(chunk), partial(self._add, group_id, [user for user, _group in chunk], fresh))
            for group_id, wanted in by_group.items()
            for chunk in chunks(wanted)
        ]

    def _add(self, group_id: str, users: list[User], fresh: bool) -> None:
        """A list of uids: an e-mail in it is answered with 400."""
        self._call("POST", "groups", group_id, "users", body=[_uid(user) for user in users], fresh=fresh)

    def _remove(self, user: User, group: Group) -> None:
        self._call("DELETE", "groups", group.id, "users", _uid(user), absent_is_fine=True)

    def _pages(self, collection: str, key: str | None = None) -> Iterator[dict[str, Any]]:
        """All items, from the first page or from the page behind ``key`` ("" for: there is none)."""
        seen = {""}
        while key is None or key not in seen:
            seen.add(key or "")
            cursor = (("nextPageKey", key),) if key else ()
            body = self._ask(self._make("GET", collection, query=(("pageSize", PAGE_SIZE), *cursor)), "items")
            yield from items_of(body, "items")
            key = as_object(body).get("nextPageKey") or ""


def _uid(user: User) -> str:
    """The effect is unknown, so that the user is looked up again: an invitation may be answered without a uid."""
    if user.uid is None:
        raise CallFailed(f"The service gave no uid for {user.email}.", "GET", "users", effect=Effect.UNKNOWN)
    return user.uid


def _user(item: dict[str, Any]) -> User:
    return User(
        email=str(item["email"]),
        uid=text_or_none(item.get("uid")),
        first_name=text_or_none(item.get("firstName")),
        last_name=text_or_none(item.get("lastName")),
        status=text_or_none(item.get("userStatus")),
        created=text_or_none(item.get("createdAt")),
    )


def _user_body(user: User) -> dict[str, str]:
    names = {"firstName": user.first_name, "lastName": user.last_name}
    return {"email": user.email, **{key: value for key, value in names.items() if value is not None}}


def _group(item: dict[str, Any]) -> Group:
    return Group(
        id=str(item["groupId"]),
        name=str(item.get("name") or ""),
        description=str(item.get("description") or ""),
        owner=str(item.get("managedBy") or "LOCAL"),
        federated=tuple(str(value) for value in item.get("federatedAttributeValues") or ()),
    )


def _group_body(group: Group) -> dict[str, Any]:
    body: dict[str, Any] = {"name": group.name, "description": group.description}
    if group.federated:
        body["federatedAttributeValues"] = list(group.federated)
    return body
