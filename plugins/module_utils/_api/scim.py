# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM 2.0 (RFC 7643 and 7644): users and groups as an identity provider writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .._core.errors import CallFailed, Effect, InvalidInput
from .._core.retry import Answer, Safety
from .answers import as_object, items_of
from .calls import Call
from .dialects import Dialect
from .http import path_of
from .records import ScimGroup, ScimUser
from .refusals import common_advice
from .scim_shapes import (
    equals,
    group_body,
    member_values,
    patch,
    patch_body,
    read_group,
    read_user,
    user_body,
    whole_body,
)
from .transport import Transport

PAGE = 500
SHAPES = (
    "https://api.sso.dynatrace.com/idm/public/scim/ACCOUNT-UUID/v2 or, as guides say,"
    " https://ENVIRONMENT-ID.live.dynatrace.com/api/v2/scim"
)
WHERE = "Account Management > Identity & access management > SCIM configuration"


_TOLD = {
    401: (
        "the SCIM token is wrong, or was rotated away (at an environment's address only the newest token is active,"
        f" an account has up to ten): take the current one from {WHERE}; "
    ),
    403: "SCIM may write only people whose e-mail domain is verified for the account; ",
    409: (
        "the name is taken by what SCIM doesn't show, as groups that were made in Dynatrace: take another one, or"
        " delete that group first; "
    ),
    412: "somebody has changed it since it was read, run again; ",
}


def _advice(call: Call, answer: Answer, _granted: frozenset[str] | None) -> str:
    if answer.status == 404 and call.method in ("GET", "POST"):
        return f"nothing is there, so scim_url is wrong; it is {SHAPES}; "
    if answer.status == 404:
        return "it has gone since it was read, run again; "
    if answer.status == 403 and call.method == "GET":
        return "the SCIM token may not read here, or the environment isn't active; "
    return _TOLD.get(answer.status or 0) or common_advice(answer, "scim_url")


DIALECT = Dialect("Bearer", "application/scim+json", _advice, "scim_url")
Resource = dict[str, Any]


class Scim:
    """The calls of SCIM; all methods raise CallFailed. Those that write give the resource's new version, None where
    the service doesn't tell. A version in a record makes the service refuse the write if somebody was quicker."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def users(self, filter_text: str = "") -> list[ScimUser]:
        """All users, or those that a filter of RFC 7644, 3.4.2.2, means."""
        return [read_user(item) for item in self._pages("Users", filter_text)]

    def groups(self, filter_text: str = "", *, members: bool = True) -> list[ScimGroup]:
        """All groups, or those that a filter means."""
        return [read_group(item) for item in self._pages("Groups", filter_text, members=members)]

    def user_named(self, user_name: str) -> ScimUser | None:
        """The user with this user name, whatever its case."""
        found = map(read_user, self._matching("Users", equals("userName", user_name)))
        return next((user for user in found if user.key == user_name.lower()), None)

    def group_named(self, name: str) -> ScimGroup | None:
        """The group with this name, preferably in this case, with its members; raises InvalidInput for namesakes."""
        named = map(read_group, self._matching("Groups", equals("displayName", name)))
        found = [group for group in named if group.name.lower() == name.lower()]
        alike = [group for group in found if group.name == name] or found
        if len(alike) > 1:
            ids = " and ".join(sorted(group.id for group in alike))
            raise InvalidInput(f"The name {name!r} isn't clear, it is that of several SCIM groups: {ids}. Give the id.")
        # lists may leave members out
        return next((group if group.members else self.group(group.id) for group in alike), None)

    def user(self, user_id: str) -> ScimUser | None:
        """The user with this id."""
        found, etag = self._read("Users", user_id)
        return read_user(found, etag) if found.get("id") else None

    def group(self, group_id: str) -> ScimGroup | None:
        """The group with this id, with its members."""
        found, etag = self._read("Groups", group_id)
        return read_group(found, etag) if found.get("id") else None

    def create_user(self, wanted: ScimUser) -> ScimUser:
        """As the service made it, with its id."""
        return read_user(*self._create("Users", user_body(wanted), wanted.user_name))

    def create_group(self, wanted: ScimGroup) -> ScimGroup:
        """As the service made it, with its id; ``members`` are those that it says it has taken."""
        return read_group(*self._create("Groups", group_body(wanted), wanted.name))

    def patch_user(self, user: ScimUser, was: ScimUser, form: str) -> str | None:
        """Change what differs, as one of the first two of FORMS."""
        return self._write("PATCH", "Users", user.id, was.version, patch_body(user, was, form))

    def replace_user(self, user: ScimUser, was: ScimUser) -> str | None:
        """Change what differs by sending the whole user, whatever else there is to it."""
        found, etag = self._read("Users", user.id)
        return self._write("PUT", "Users", user.id, was.version or etag, whole_body(found, user, was))

    def delete_user(self, gone: ScimUser) -> None:
        """Delete; who has gone already is fine."""
        self._write("DELETE", "Users", gone.id, gone.version)

    def rename_group(self, group: ScimGroup, name: str) -> str | None:
        """Give it another name."""
        body = patch({"op": "replace", "path": "displayName", "value": name})
        return self._write("PATCH", "Groups", group.id, group.version, body)

    def change_members(self, group: ScimGroup, ids: Collection[str], *, add: bool) -> str | None:
        """Take users in or out, in one request."""
        if add:
            operations: list[Resource] = [{"op": "add", "path": "members", "value": member_values(ids)}]
        else:
            operations = [{"op": "remove", "path": f"members[{equals('value', each)}]"} for each in ids]
        return self._write("PATCH", "Groups", group.id, group.version, patch(*operations))

    def delete_group(self, gone: ScimGroup) -> None:
        """Delete; one that has gone already is fine."""
        self._write("DELETE", "Groups", gone.id, gone.version)

    def service_provider_config(self) -> Resource:
        """What the service says it can do."""
        return as_object(self._transport.send(Call("GET", path_of("ServiceProviderConfig"), ())))

    def schemas(self) -> list[Resource]:
        """The attributes that there are."""
        return items_of(self._transport.send(Call("GET", path_of("Schemas"), ())), "Resources")

    def resource_types(self) -> list[Resource]:
        """The kinds of resources that there are."""
        return items_of(self._transport.send(Call("GET", path_of("ResourceTypes"), ())), "Resources")

    def _read(self, kind: str, resource_id: str) -> tuple[Resource, str | None]:
        body, headers = self._transport.ask(Call("GET", path_of(kind, resource_id), (), absent_is_fine=True))
        return as_object(body), headers.get("ETag")

    def _create(self, kind: str, body: Resource, name: str) -> tuple[Resource, str | None]:
        call = Call("POST", path_of(kind), (), body=body, safety=Safety.CREATE)
        answer, headers = self._transport.ask(call)
        created = as_object(answer)
        if not created.get("id"):
            problem = f"The service gave no id for {name!r}."
            raise CallFailed(problem, call.method, call.path, effect=Effect.UNKNOWN)
        return {**body, **created} if kind == "Users" else created, headers.get("ETag")

    def _write(
        self, method: str, kind: str, resource_id: str, version: str | None, body: Resource | None = None
    ) -> str | None:
        headers = (("If-Match", version),) if version else ()
        call = Call(
            method, path_of(kind, resource_id), (), body=body, absent_is_fine=method == "DELETE", headers=headers
        )
        answer, told = self._transport.ask(call)
        return told.get("ETag") or as_object(as_object(answer).get("meta")).get("version")

    def _matching(self, kind: str, filter_text: str) -> Iterable[Resource]:
        """What a filter means, or all where the service has no such filters: callers look for themselves, too."""
        try:
            return self._pages(kind, filter_text)
        except CallFailed as failure:
            if failure.code != "invalidFilter" and failure.status != 501:
                raise
            return self._pages(kind, "")

    def _pages(self, kind: str, filter_text: str, *, members: bool = True) -> Iterable[Resource]:
        """Counts what came: a service may give fewer than were asked for."""
        query = {"count": str(PAGE), **({"filter": filter_text} if filter_text else {})}
        if not members:
            query["excludedAttributes"] = "members"
        found: dict[str, Resource] = {}
        number, total = 0, None
        while total is None or number < total:
            call = Call("GET", path_of(kind), (), (("startIndex", str(number + 1)), *query.items()))
            total, items = _page(call, self._transport.send(call))
            new = {str(item["id"]): item for item in items if item.get("id") and str(item["id"]) not in found}
            if not new:
                break
            found.update(new)
            number += len(items)
        if total is not None and len(found) < total:
            # half a list would make people look as if they weren't there
            problem = f"{call.method} {call.path}: the service gives only {len(found)} of {total}; run again"
            raise CallFailed(problem, call.method, call.path)
        return found.values()


def _page(call: Call, body: Any) -> tuple[int | None, list[Resource]]:
    """How many there are in all, where that is told, and some of them.

    An empty list may lack its key, but a proxy's page isn't an empty list.
    """
    answer: Mapping[str, Any] = as_object(body)
    total = answer.get("totalResults")
    if not isinstance(answer.get("Resources"), list) and total != 0:
        problem = f"{call.method} {call.path}: the answer is no list of SCIM; scim_url is {SHAPES}"
        raise CallFailed(problem, call.method, call.path)
    return total if isinstance(total, int) else None, items_of(body, "Resources")
