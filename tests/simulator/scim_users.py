# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users in SCIM: the people of the account, written only where their domain is verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from .account import Account
from .model import User
from .people import EMAIL
from .scim_answers import SEARCH, listing, resource, search
from .scim_language import parse_filter
from .scim_patch import Shape, changes_of, flat
from .scim_wire import (
    CORE,
    ScimRefused,
    View,
    body_of,
    check_domain,
    check_version,
    deleted,
    endpoints,
    resource_routes,
    with_meta,
)
from .wire import Call

SCHEMA = CORE + "User"
FILTERED = (
    "id",
    "username",
    "displayname",
    "active",
    "externalid",
    "name.givenname",
    "name.familyname",
    "meta.created",
    "meta.lastmodified",
)
SHAPE = Shape(
    ("username", "externalid", "active", "name.givenname", "name.familyname"),
    ("schemas", "displayname", "emails", "name.formatted"),
)
ENABLED = ("ACTIVE", "PENDING")


def display_name(user: User) -> str:
    """The names that there are."""
    return " ".join(item for item in (user.name, user.surname) if item)


def facts(user: User) -> dict[str, Any]:
    """What filters ask for."""
    basic = (user.uid, user.email, display_name(user), user.status in ENABLED, user.external_id)
    values = (*basic, user.name, user.surname, user.created_at, user.modified_at)
    return dict(zip(FILTERED, values, strict=True))


def view(call: Call, user: User) -> View:
    """A user. Display name and e-mails follow from the name and the user name."""
    groups = [call.account.groups[uuid] for uuid in user.groups]
    name = {"givenName": user.name, "familyName": user.surname}
    found: View = {
        "schemas": [SCHEMA],
        "id": user.uid,
        "userName": user.email,
        **({"name": filled} if (filled := {key: value for key, value in name.items() if value}) else {}),
        "displayName": display_name(user),
        "emails": [{"value": user.email, "type": "work", "primary": True}],
        "active": user.status in ENABLED,
        "groups": [{"value": group.uuid, "display": group.name} for group in groups if group.owner == "SCIM"],
    }
    if user.external_id is not None:
        found["externalId"] = user.external_id
    return with_meta(call, "User", found, user.created_at, user.modified_at)


def user_of(call: Call) -> User:
    """The person whose id is in the path; service users are none."""
    user = call.account.users.get(call.params["id"])
    if user is None or user.service:
        raise ScimRefused(404, f"User {call.params['id']} not found")
    return user


def boolean(value: Any) -> bool:
    """A boolean, which some identity providers send as a string."""
    text = str(value).lower()
    if not isinstance(value, bool | str) or text not in ("true", "false"):
        raise ScimRefused(400, "active must be a boolean", "invalidValue")
    return text == "true"


def text(document: Mapping[str, Any], key: str) -> str | None:
    """A string of a document, or None."""
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise ScimRefused(400, f"{key} must be a string", "invalidValue")
    return value


def note(emails: list[str], email: str) -> None:
    """Put an e-mail on a list, once."""
    if email.lower() not in [item.lower() for item in emails]:
        emails.append(email)


def write(call: Call, user: User, document: Mapping[str, Any]) -> None:
    """Give a user what a document says; from now on SCIM manages it."""
    check_domain(call, user.email)
    if (text(document, "username") or "").lower() != user.email.lower():
        raise ScimRefused(400, "userName can't be changed", "mutability")
    given, family, external = (text(document, key) for key in ("name.givenname", "name.familyname", "externalid"))
    active = boolean(document.get("active", True))
    user.name, user.surname, user.external_id = given, family, external
    if active != (user.status in ENABLED):
        user.status = "ACTIVE" if active else "INACTIVE"
    user.modified_at = call.account.stamp()
    note(call.account.scim.managed, user.email)


def found_users(call: Call, known: tuple[str, ...]) -> list[User]:
    """The people that a filter means; it may ask for what is known."""
    wanted = parse_filter(call.value("filter"), known)
    return [user for user in call.account.users.values() if not user.service and wanted.holds(facts(user))]


def list_users(call: Call) -> Response:
    """The people that a filter means."""
    return listing(call, found_users(call, FILTERED), lambda user: view(call, user))


def create_user(call: Call) -> Response:
    """A new user, who needs no invitation."""
    document, account = flat(body_of(call, SCHEMA)), call.account
    email = text(document, "username") or ""
    if not EMAIL.fullmatch(email):
        raise ScimRefused(400, "userName must be an e-mail", "invalidValue")
    check_domain(call, email)
    if email.lower() in account.emails:
        raise ScimRefused(409, f"User {email} already exists", "uniqueness")
    user = User(account.new_id(), email, status="ACTIVE", created_at=account.stamp())
    write(call, user, document)
    account.insert_user(user)
    note(account.scim.provisioned, email)
    return resource(call, view(call, user), 201)


def get_user(call: Call) -> Response:
    """One user."""
    return resource(call, view(call, user_of(call)))


def replace_user(call: Call) -> Response:
    """Replace a user: names that are omitted are cleared."""
    user = user_of(call)
    check_version(call, view(call, user))
    write(call, user, flat(body_of(call, SCHEMA)))
    return resource(call, view(call, user))


def patch_user(call: Call) -> Response:
    """Change what the operations name."""
    user = user_of(call)
    current = view(call, user)
    check_version(call, current)
    document = flat(current)
    for change in changes_of(call, SHAPE):
        document[change.path.attribute] = None if change.operation == "remove" else change.value
    write(call, user, document)
    return resource(call, view(call, user))


def delete_user(call: Call) -> Response:
    """Delete a user for good; the identity provider doesn't want it any more."""
    user, scim = user_of(call), call.account.scim
    check_domain(call, user.email)

    def delete() -> None:
        call.account.remove_user(user)
        scim.managed = [item for item in scim.managed if item.lower() != user.email.lower()]
        scim.provisioned = [item for item in scim.provisioned if item.lower() != user.email.lower()]

    return deleted(call, view(call, user), delete)


def sync(account: Account) -> list[str]:
    """What an identity provider's next sync does: whoever is missing is created again. Gives their e-mails."""
    missing = [email for email in account.scim.provisioned if email.lower() not in account.emails]
    for email in missing:
        stamp = account.stamp()
        account.insert_user(User(account.new_id(), email, status="ACTIVE", created_at=stamp, modified_at=stamp))
        note(account.scim.managed, email)
    return missing


ROUTES = [
    *resource_routes(
        "/Users",
        {"GET": list_users, "POST": create_user},
        {"GET": get_user, "PUT": replace_user, "PATCH": patch_user, "DELETE": delete_user},
    ),
    *endpoints("POST", "/Users" + SEARCH, search(list_users)),
]
