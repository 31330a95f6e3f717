# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups in SCIM: those whose owner is SCIM, with their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from .model import Group
from .scim_answers import SEARCH, listing, resource, search
from .scim_language import parse_filter
from .scim_patch import Change, Shape, changes_of, flat
from .scim_users import text
from .scim_wire import (
    CORE,
    ScimRefused,
    View,
    body_of,
    check_version,
    deleted,
    endpoints,
    place,
    resource_routes,
    with_meta,
)
from .wire import Call

SCHEMA = CORE + "Group"
FILTERED = ("id", "displayname", "externalid", "meta.created", "meta.lastmodified")
SHAPE = Shape(("displayname", "externalid", "members"), ("schemas",), ("id", "meta"))


def facts(group: Group) -> dict[str, Any]:
    """What filters ask for."""
    values = (group.uuid, group.name, group.external_id, group.created_at, group.updated_at)
    return dict(zip(FILTERED, values, strict=True))


def view(call: Call, group: Group) -> View:
    """A group with its members."""
    found: View = {
        "schemas": [SCHEMA],
        "id": group.uuid,
        "displayName": group.name,
        "members": [{"value": uid, "$ref": place(call, f"/Users/{uid}"), "type": "User"} for uid in group.members],
    }
    if group.external_id is not None:
        found["externalId"] = group.external_id
    return with_meta(call, "Group", found, group.created_at, group.updated_at)


def group_of(call: Call) -> Group:
    """The group whose id is in the path; groups of other owners are none."""
    group = call.account.groups.get(call.params["id"])
    if group is None or group.owner != "SCIM":
        raise ScimRefused(404, f"Group {call.params['id']} not found")
    return group


def members_of(call: Call, value: Any) -> list[dict[str, str]]:
    """The members that a request names, else invalidValue."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    for item in items:
        user = call.account.users.get(str(item.get("value"))) if isinstance(item, dict) else None
        if user is None or user.service:
            raise ScimRefused(400, "Each member must have the id of a user as its value", "invalidValue")
    return [{"value": item["value"]} for item in items]


def check_name(call: Call, group: Group | None, document: Mapping[str, Any]) -> str:
    """The display name of a document; one that another group has is refused."""
    name = text(document, "displayname") or ""
    if not name.strip():
        raise ScimRefused(400, "displayName must not be empty", "invalidValue")
    if (group is None or group.name != name) and call.account.names.get(name):
        raise ScimRefused(409, f"Group {name} already exists", "uniqueness")
    return name


def write(call: Call, group: Group, document: Mapping[str, Any]) -> None:
    """Give a group the external id and the members that a document says."""
    external, wanted = text(document, "externalid"), members_of(call, document.get("members"))
    uids = dict.fromkeys(item["value"] for item in wanted)
    for uid in list(group.members):
        if uid not in uids:
            call.account.detach(call.account.users[uid], group)
    for uid in uids:
        call.account.attach(call.account.users[uid], group)
    group.external_id, group.updated_at = external, call.account.stamp()


def found_groups(call: Call, known: tuple[str, ...]) -> list[Group]:
    """The groups that a filter means; it may ask for what is known."""
    wanted = parse_filter(call.value("filter"), known)
    return [group for group in call.account.groups.values() if group.owner == "SCIM" and wanted.holds(facts(group))]


def list_groups(call: Call) -> Response:
    """The groups that a filter means."""
    return listing(call, found_groups(call, FILTERED), lambda group: view(call, group))


def create_group(call: Call) -> Response:
    """A new group, which SCIM owns."""
    document = flat(body_of(call, SCHEMA))
    name = check_name(call, None, document)
    members_of(call, document.get("members"))
    text(document, "externalid")
    group = Group(call.account.new_id(), name, owner="SCIM", created_at=call.account.stamp())
    call.account.insert_group(group)
    write(call, group, document)
    return resource(call, view(call, group), 201)


def get_group(call: Call) -> Response:
    """One group."""
    return resource(call, view(call, group_of(call)))


def change_group(call: Call, group: Group, document: Mapping[str, Any]) -> Response:
    """Name and members; a wrong one of them changes nothing."""
    name = check_name(call, group, document)
    write(call, group, document)
    call.account.rename_group(group, name)
    return resource(call, view(call, group))


def replace_group(call: Call) -> Response:
    """Replace a group: members that are omitted leave."""
    group = group_of(call)
    check_version(call, view(call, group))
    return change_group(call, group, flat(body_of(call, SCHEMA)))


def patched(call: Call, members: list[dict[str, str]], change: Change) -> list[dict[str, str]]:
    """The members after one change."""
    named = [] if change.operation == "remove" else members_of(call, change.value)
    meant = change.path.filter
    if change.operation == "add":
        return members + named
    if meant is not None:
        left = [item for item in members if not meant.holds(item)]
        if change.operation == "replace" and len(left) == len(members):
            raise ScimRefused(400, "No member is meant by the path", "noTarget")
        return left + named
    if change.operation == "remove" and change.value:
        gone = [item["value"] for item in members_of(call, change.value)]
        return [item for item in members if item["value"] not in gone]
    return named


def patch_group(call: Call) -> Response:
    """Change what the operations name."""
    group = group_of(call)
    current = view(call, group)
    check_version(call, current)
    document = flat(current)
    for change in changes_of(call, SHAPE):
        name = change.path.attribute
        if name == "members":
            document[name] = patched(call, document[name], change)
        else:
            document[name] = None if change.operation == "remove" else change.value
    return change_group(call, group, document)


def delete_group(call: Call) -> Response:
    """Delete a group and all memberships in it."""
    group = group_of(call)
    return deleted(call, view(call, group), lambda: call.account.remove_group(group))


ROUTES = [
    *resource_routes(
        "/Groups",
        {"GET": list_groups, "POST": create_group},
        {"GET": get_group, "PUT": replace_group, "PATCH": patch_group, "DELETE": delete_group},
    ),
    *endpoints("POST", "/Groups" + SEARCH, search(list_groups)),
]
