# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service users and the limits of the account, the same in both contracts."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from starlette.responses import Response

from .account import own_group
from .model import MAX_PERMISSIONS_PER_GROUP, Refused, User
from .paging import Cursor, decode
from .wire import Call, Endpoint, answer, empty

ACCOUNT = "/iam/v1/accounts/{account}"
SERVICE_USERS = ACCOUNT + "/service-users"
READ = ("account-idm-read",)
WRITE = ("account-idm-write",)
KIND = "service users"
DEFAULT_SIZE, MAX_SIZE = 100, 1000


def check_body(call: Call) -> tuple[str, str | None]:
    """Name and description of a request, else 400."""
    body = call.object()
    name, description = body.get("name"), body.get("description")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "name should not be empty")
    if description is not None and not isinstance(description, str):
        raise Refused(400, "description must be a string")
    return name, description


def view(user: User) -> dict[str, Any]:
    """What all answers say about a service user; a description that was never given is absent."""
    found = {"uid": user.uid, "email": user.email, "name": user.name or "", "surname": user.surname or ""}
    if user.description is not None:
        found["description"] = user.description
    return {**found, "createdAt": re.sub(r"\.\d+Z$", "Z", user.created_at or "")}


def whole_view(user: User) -> dict[str, Any]:
    """One service user, with its own group."""
    return {**view(user), **({"groupUuid": user.service_group} if user.service_group else {})}


def listed_view(user: User) -> dict[str, Any]:
    """A service user as in the list: its own group is not there."""
    return {**view(user), "login": user.email, "type": "SERVICE_EXTERNAL", "userStatus": user.status}


def service_user(call: Call) -> User:
    """The service user whose uid is in the path; a person is none."""
    user = call.account.user_by_uid(call.params["userUuid"])
    if not user.service:
        raise Refused(404, f"User {user.uid} not found")
    return user


def number(call: Call, key: str, default: int) -> int:
    """A number above 0 in the query, else 400."""
    given = call.value(key, str(default))
    if not given.isdecimal() or int(given) < 1:
        raise Refused(400, f"{key} must be a number above 0")
    return int(given)


def list_service_users(call: Call) -> Response:
    """A page, by its number from 1 or by the key that the page before gave; the last one has no key."""
    everybody = [user for user in call.account.users.values() if user.service]
    size = min(number(call, "page-size", DEFAULT_SIZE), MAX_SIZE)
    key = call.value("page-key")
    if key:
        cursor = decode(key, KIND)
        size, rest = cursor.size, [user for user in everybody if user.seq > cursor.after]
    else:
        rest = everybody[(number(call, "page", 1) - 1) * size :]
    found = rest[:size]
    body: dict[str, Any] = {"results": [listed_view(user) for user in found], "totalCount": len(everybody)}
    if len(rest) > size:
        body["nextPageKey"] = Cursor(KIND, found[-1].seq, size).encode()
    return answer(body)


def create_service_user(call: Call) -> Response:
    """A new service user with a hidden group for itself; names need not be unique."""
    name, description = check_body(call)
    account = call.account
    uid = account.new_id()
    user = User(uid, f"{uid}@service.sso.dynatrace.com", name, "SERVICE_IDENTITY", "ACTIVE", service=True)
    user.created_at = user.modified_at = account.stamp()
    user.description, user.service_group = description, account.new_id()
    account.insert_group(own_group(user, user.service_group))
    account.insert_user(user, [user.service_group])
    return answer(whole_view(user), 201)


def get_service_user(call: Call) -> Response:
    """One service user."""
    return answer(whole_view(service_user(call)))


def replace_service_user(call: Call) -> Response:
    """Name and description; a description that is omitted is cleared."""
    user = service_user(call)
    user.name, user.description = check_body(call)
    user.modified_at = call.account.stamp()
    return empty()


def delete_service_user(call: Call) -> Response:
    """Delete a service user and its own group; the bindings of that group stay."""
    call.account.remove_user(service_user(call))
    return empty()


def limits(call: Call) -> Response:
    """The limits of the account. Hidden groups count, although no list shows them."""
    account = call.account
    tokens = Counter(token.owner for token in account.platform_tokens)
    by_kind = {True: 0, False: 0}
    for user in account.users.values():
        by_kind[user.service] = max(by_kind[user.service], tokens[user.email])
    people = sum(not user.service for user in account.users.values())
    rows = {
        "REGULAR_USER": (10_000, people),
        "MAX_GROUPS_PER_ACCOUNT": (5_000, len(account.groups)),
        "MAX_PERMISSIONS_PER_GROUP": (
            MAX_PERMISSIONS_PER_GROUP,
            max((len(group.permissions) for group in account.groups.values()), default=0),
        ),
        "MAX_PLATFORM_TOKENS_PER_USER": (50, by_kind[False]),
        "MAX_PLATFORM_TOKENS_PER_SERVICE_USER": (100, by_kind[True]),
        "MAX_PLATFORM_TOKENS_PER_ACCOUNT": (50_000, len(account.platform_tokens)),
    }
    results = [{"limitType": key, "limitValue": most, "currentValue": now} for key, (most, now) in rows.items()]
    return answer({"pageSize": 1000, "pageNumber": 1, "total": len(results), "results": results})


ROUTES = [
    Endpoint("GET", SERVICE_USERS, list_service_users, READ),
    Endpoint("POST", SERVICE_USERS, create_service_user, WRITE),
    Endpoint("GET", SERVICE_USERS + "/{userUuid}", get_service_user, READ),
    Endpoint("PUT", SERVICE_USERS + "/{userUuid}", replace_service_user, WRITE),
    Endpoint("DELETE", SERVICE_USERS + "/{userUuid}", delete_service_user, WRITE),
    Endpoint("GET", ACCOUNT + "/limits", limits, READ),
]
