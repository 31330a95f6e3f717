# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's contract: users by uid, lists in pages, writable names, memberships by group."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from . import groups, people, shared
from .model import Group, User
from .paging import cut, listing
from .wire import Call, Endpoint, answer, no_content

ACCOUNT = "/iam/v1/accounts/{account}"
READ = ("account-idm-read",)
WRITE = ("account-idm-write",)


def user_view(user: User) -> dict[str, Any]:
    """A user as in the list."""
    return {
        "uid": user.uid,
        "email": user.email,
        "firstName": user.name or "",
        "lastName": user.surname or "",
        "userStatus": user.status,
    }


def group_view(group: Group) -> dict[str, Any]:
    """A group; `managedBy` is there only when somebody else than the account owns it."""
    view: dict[str, Any] = {"groupId": group.uuid, "name": group.name, "description": group.description}
    if group.owner != "LOCAL":
        view["managedBy"] = group.owner
    if group.federated:
        view["federatedAttributeValues"] = list(group.federated)
    return view


def user_of(call: Call) -> User:
    """The user whose uid is in the path; an e-mail there is simply unknown."""
    return call.account.user_by_uid(call.params["uid"])


def list_users(call: Call) -> Response:
    """A page of users; service users have a list of their own."""
    humans = [user for user in call.account.users.values() if not user.service]
    found, key = cut(call, "users", humans)
    return answer(listing([user_view(user) for user in found], len(humans), key))


def get_user(call: Call) -> Response:
    """One user with group ids and dates."""
    user = user_of(call)
    more = {"groups": list(user.groups), "createdAt": user.created_at, "lastModifiedAt": user.modified_at}
    return answer({**user_view(user), **more})


def invite_user(call: Call) -> Response:
    """Invite somebody, with names if they are given; the answer doesn't repeat them."""
    body = call.object()
    names = people.check_names(body)
    email = people.check_email(body.get("email"))
    user = people.invite(call.account, email, 409, names["firstName"], names["lastName"])
    return answer({"uid": user.uid, "email": user.email, "userStatus": user.status}, 201)


def replace_user(call: Call) -> Response:
    """Replace a user: what the body omits is cleared."""
    user = user_of(call)
    people.replace(call.account, user, call.object())
    return answer(user_view(user))


def delete_user(call: Call) -> Response:
    """Delete a user for good."""
    call.account.remove_user(user_of(call))
    return no_content()


def list_groups(call: Call) -> Response:
    """A page of the groups that are not hidden; the last page has no key at all."""
    visible = call.account.visible_groups()
    found, key = cut(call, "groups", visible)
    body = listing([group_view(group) for group in found], len(visible), key)
    if key is None:
        del body["nextPageKey"]
    return answer(body)


def create_group(call: Call) -> Response:
    """One new group."""
    made = groups.create(call.account, [groups.check_group(call.json())])
    return answer(group_view(made[0]), 201)


def replace_group(call: Call) -> Response:
    """Replace a group: what the body omits is cleared."""
    return answer(group_view(groups.replace(call.account, call.params["group"], groups.check_group(call.json()))))


def delete_group(call: Call) -> Response:
    """Delete a group."""
    groups.delete(call.account, call.params["group"])
    return no_content()


def add_members(call: Call) -> Response:
    """Add many users to one group."""
    people.add_members(call.account, call.params["group"], people.check_ids(call.json(), "user uids"))
    return no_content()


def remove_member(call: Call) -> Response:
    """Remove one user from one group."""
    people.remove_member(call.account, call.params["group"], call.params["uid"])
    return no_content()


def permissions_view(group: Group) -> dict[str, Any]:
    """A group with its permissions."""
    return {**group_view(group), "permissions": shared.permission_views(group)}


ROUTES = [
    Endpoint("GET", ACCOUNT + "/users", list_users, READ),
    Endpoint("POST", ACCOUNT + "/users", invite_user, WRITE),
    Endpoint("GET", ACCOUNT + "/users/{uid}", get_user, READ),
    Endpoint("PUT", ACCOUNT + "/users/{uid}", replace_user, WRITE),
    Endpoint("DELETE", ACCOUNT + "/users/{uid}", delete_user, WRITE),
    Endpoint("GET", ACCOUNT + "/groups", list_groups, READ),
    Endpoint("POST", ACCOUNT + "/groups", create_group, WRITE),
    Endpoint("PUT", ACCOUNT + "/groups/{group}", replace_group, WRITE),
    Endpoint("DELETE", ACCOUNT + "/groups/{group}", delete_group, WRITE),
    Endpoint("POST", ACCOUNT + "/groups/{group}/users", add_members, WRITE),
    Endpoint("DELETE", ACCOUNT + "/groups/{group}/users/{uid}", remove_member, WRITE),
    *shared.permission_routes(permissions_view, ("account-env-read",), ("account-env-write",)),
    *shared.ROUTES,
]
