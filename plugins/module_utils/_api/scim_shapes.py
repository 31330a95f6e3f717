# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of SCIM (RFC 7643) and how to change them (RFC 7644, 3.5.2), as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .answers import as_object, items_of
from .records import ScimGroup, ScimUser

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WITH_PATH = "patch"
WITHOUT_PATH = "patch_without_path"
WHOLE = "replace"
FORMS = (WITH_PATH, WITHOUT_PATH, WHOLE)
"""The ways to change a user, in the order in which to try them."""
_READ_ONLY = ("meta", "groups")


def equals(attribute: str, value: str) -> str:
    """A filter; values are JSON strings (RFC 7644, 3.4.2.2), so quotes and backslashes are escaped."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def read_user(item: Mapping[str, Any], etag: str | None = None) -> ScimUser:
    """From a resource, of which only the id has to be there."""
    name = as_object(item.get("name"))
    return ScimUser(
        id=str(item["id"]),
        user_name=_text(item, "userName"),
        given_name=_text(name, "givenName"),
        family_name=_text(name, "familyName"),
        # some services answer with the word
        active=str(item.get("active", True)).lower() != "false",
        external_id=_text(item, "externalId") or None,
        version=_version(item, etag),
    )


def read_group(item: Mapping[str, Any], etag: str | None = None) -> ScimGroup:
    """From a resource, of which only the id has to be there. Groups within groups aren't members."""
    members = [each for each in items_of(item, "members") if each.get("value") and each.get("type") != "Group"]
    return ScimGroup(
        id=str(item["id"]),
        name=_text(item, "displayName"),
        members=tuple(dict.fromkeys(str(each["value"]) for each in members)),
        external_id=_text(item, "externalId") or None,
        version=_version(item, etag),
    )


def user_body(user: ScimUser) -> dict[str, Any]:
    """A new user."""
    names = {"givenName": user.given_name, "familyName": user.family_name}
    body = {"schemas": [f"{CORE}User"], "userName": user.user_name, "active": user.active}
    given = {key: value for key, value in names.items() if value}
    external = {"externalId": user.external_id} if user.external_id else {}
    return {**body, **external, **({"name": given} if given else {})}


def group_body(group: ScimGroup) -> dict[str, Any]:
    """A new group with its members."""
    external = {"externalId": group.external_id} if group.external_id else {}
    members = {"members": member_values(group.members)} if group.members else {}
    return {"schemas": [f"{CORE}Group"], "displayName": group.name, **external, **members}


def member_values(ids: Iterable[str]) -> list[dict[str, str]]:
    """Members as a value."""
    return [{"value": each} for each in ids]


def patch_body(user: ScimUser, was: ScimUser, form: str) -> dict[str, Any]:
    """What differs, each with its path, or all of it as one value."""
    changed = _changed(user, was)
    if form == WITHOUT_PATH:
        return patch({"op": "replace", "value": _nested(changed)})
    return patch(*({"op": "replace", "path": path, "value": value} for path, value in changed.items()))


def patch(*operations: Mapping[str, Any]) -> dict[str, Any]:
    """A request with some operations."""
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def whole_body(resource: Mapping[str, Any], user: ScimUser, was: ScimUser) -> dict[str, Any]:
    """A resource as it was read, with what differs in it: a replacement clears what it lacks."""
    kept = {key: value for key, value in resource.items() if key not in _READ_ONLY}
    changed = _nested(_changed(user, was))
    name = {**as_object(kept.get("name")), **changed.pop("name", {})}
    return {**kept, **changed, **({"name": name} if name else {})}


def _changed(user: ScimUser, was: ScimUser) -> dict[str, Any]:
    return {path: value for path, value in _attributes(user).items() if value != _attributes(was)[path]}


def _attributes(user: ScimUser) -> dict[str, Any]:
    return {
        "active": user.active,
        "externalId": user.external_id,
        "name.givenName": user.given_name,
        "name.familyName": user.family_name,
    }


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in flat.items():
        whole, _dot, part = path.partition(".")
        if part:
            found.setdefault(whole, {})[part] = value
        else:
            found[whole] = value
    return found


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value)


def _version(item: Mapping[str, Any], etag: str | None) -> str | None:
    return etag or _text(as_object(item.get("meta")), "version") or None
