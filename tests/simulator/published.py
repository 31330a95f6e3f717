# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The published contract: users by e-mail, lists that are not paged, answers as recorded from a live account."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from . import groups, people, shared
from .model import Group, Refused, User
from .wire import Call, Endpoint, answer, empty, page

ACCOUNT = "/iam/v1/accounts/{account}"
READ = ("account-idm-read",)
WRITE = ("account-idm-write",)
LOGIN_DATES = (
    "lastSuccessfulLogin",
    "lastFailedLogin",
    "lastSuccessfulBasicAuthentication",
    "createdAt",
    "updatedAt",
    "resetPasswordTokenSentAt",
)


def with_milliseconds(date: str | None) -> str | None:
    """A date as the user calls write it: always with milliseconds."""
    return date and re.sub(r"(:\d\d)Z$", r"\1.000Z", date)


def without_milliseconds(date: str | None) -> str | None:
    """A date as the group calls write it: never with milliseconds."""
    return date and re.sub(r"\.\d+Z$", "Z", date)


def user_view(user: User) -> dict[str, Any]:
    """A user as in the members of a group. A PENDING one has no names yet, others may have empty ones."""
    view: dict[str, Any] = {"uid": user.uid, "email": user.email}
    if user.status != "PENDING":
        view.update(name=user.name or "", surname=user.surname or "")
    kind = "SERVICE_EXTERNAL" if user.service else "DEFAULT"
    view.update(userStatus=user.status, emergencyContact=user.emergency_contact, type=kind)
    return view


def listed_user_view(user: User) -> dict[str, Any]:
    """A user as in the list: with login data for whoever ever logged in."""
    view = user_view(user)
    if user.login is not None and user.status != "PENDING":
        login: dict[str, Any] = {
            "successfulLoginCounter": user.login.get("successfulLoginCounter", 0),
            "failedLoginCounter": user.login.get("failedLoginCounter", 0),
        }
        login.update({key: with_milliseconds(user.login.get(key)) for key in LOGIN_DATES})
        view["userLoginMetadata"] = login
    return view


def group_view(group: Group, fresh: bool = False) -> dict[str, Any]:
    """A group as in the list. The answer to its creation has no dates yet."""
    view: dict[str, Any] = {
        "uuid": group.uuid,
        "name": group.name,
        "description": group.description,
        "owner": group.owner,
        "hidden": group.hidden,
        "createdAt": None if fresh else without_milliseconds(group.created_at),
        "updatedAt": None if fresh else without_milliseconds(group.updated_at),
    }
    if group.federated:
        view["federatedAttributeValues"] = list(group.federated)
    return view


def membership_view(call: Call, group: Group) -> dict[str, Any]:
    """A group as in one user: its name has another key here."""
    return {
        "groupName": group.name,
        "uuid": group.uuid,
        "owner": group.owner,
        "accountUUID": call.account.uuid,
        "accountName": call.account.name,
        "description": group.description,
        "createdAt": with_milliseconds(group.created_at),
        "updatedAt": with_milliseconds(group.updated_at),
    }


def counted(items: list[Any]) -> Response:
    """A list with its length."""
    return answer({"count": len(items), "items": items})


def user_of(call: Call) -> User:
    """The user whose e-mail is in the path."""
    return call.account.user_by_email(call.params["email"])


def list_users(call: Call) -> Response:
    """All users; service users only on request."""
    wanted = call.value("service-users", "false")
    if wanted not in ("true", "false"):
        raise Refused(400, "service-users must be a boolean")
    everybody = wanted == "true"
    return counted([listed_user_view(user) for user in call.account.users.values() if everybody or not user.service])


def invite_user(call: Call) -> Response:
    """Invite somebody; only the e-mail is read."""
    user = people.invite(call.account, people.check_email(call.object().get("email")), status=400)
    if call.account.options.invite_answers_empty:
        return empty(201)
    return answer({"userUuid": user.uid}, 201)


def get_user(call: Call) -> Response:
    """One user with the groups, hidden ones too."""
    user = user_of(call)
    memberships = [membership_view(call, call.account.groups[uuid]) for uuid in user.groups]
    return answer({**user_view(user), "groups": memberships})


def delete_user(call: Call) -> Response:
    """Delete a user for good."""
    call.account.remove_user(user_of(call))
    return empty()


def group_ids(call: Call) -> list[str]:
    """The group ids of a membership call's body."""
    return people.check_ids(call.json(), "group uuids", call.account.options.max_groups_per_call)


def add_groups(call: Call) -> Response:
    """Add memberships to one user."""
    people.join(call.account, user_of(call), group_ids(call))
    return empty(201)


def set_groups(call: Call) -> Response:
    """Replace the memberships of one user."""
    people.set_groups(call.account, user_of(call), group_ids(call))
    return empty()


def remove_groups(call: Call) -> Response:
    """Remove memberships from one user."""
    uuids = people.check_ids(call.values("group-uuid"), "group uuids", call.account.options.max_groups_per_call)
    if not uuids:
        raise Refused(400, "group-uuid should not be empty")
    people.leave(call.account, user_of(call), uuids)
    return empty()


def list_groups(call: Call) -> Response:
    """All groups that are not hidden."""
    return counted([group_view(group) for group in call.account.visible_groups()])


def create_groups(call: Call) -> Response:
    """New groups: an array in, an array out."""
    body = call.json()
    if not isinstance(body, list) or not body:
        raise Refused(400, "The body must be an array of groups")
    made = groups.create(call.account, [groups.check_group(item) for item in body])
    return answer([group_view(group, fresh=True) for group in made], 201)


def replace_group(call: Call) -> Response:
    """Replace a group; a uuid in the body is ignored."""
    groups.replace(call.account, call.params["group"], groups.check_group(call.json()))
    return empty()


def delete_group(call: Call) -> Response:
    """Delete a group; the live API answers with a 1."""
    groups.delete(call.account, call.params["group"])
    return page("1")


def list_members(call: Call) -> Response:
    """The members of a group, service users included."""
    group = call.account.group(call.params["group"])
    return counted([user_view(call.account.users[uid]) for uid in group.members])


def permissions_view(group: Group) -> dict[str, Any]:
    """A group with its permissions."""
    return {**group_view(group), "permissions": shared.permission_views(group)}


ROUTES = [
    Endpoint("GET", ACCOUNT + "/users", list_users, READ),
    Endpoint("POST", ACCOUNT + "/users", invite_user, WRITE),
    Endpoint("GET", ACCOUNT + "/users/{email}", get_user, READ),
    Endpoint("POST", ACCOUNT + "/users/{email}", add_groups, WRITE),
    Endpoint("DELETE", ACCOUNT + "/users/{email}", delete_user, WRITE),
    Endpoint("PUT", ACCOUNT + "/users/{email}/groups", set_groups, WRITE),
    Endpoint("DELETE", ACCOUNT + "/users/{email}/groups", remove_groups, WRITE),
    Endpoint("GET", ACCOUNT + "/groups", list_groups, READ),
    Endpoint("POST", ACCOUNT + "/groups", create_groups, WRITE),
    Endpoint("PUT", ACCOUNT + "/groups/{group}", replace_group, WRITE),
    Endpoint("DELETE", ACCOUNT + "/groups/{group}", delete_group, WRITE),
    Endpoint("GET", ACCOUNT + "/groups/{group}/users", list_members, READ),
    *shared.permission_routes(permissions_view, READ, WRITE),
    *shared.ROUTES,
]
