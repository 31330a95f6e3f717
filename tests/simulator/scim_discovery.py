# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the SCIM service says about itself (RFC 7643, 5 to 7), and the search in all that it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import Response

from . import scim_groups, scim_users
from .model import Group, User
from .scim_answers import SEARCH, listing, search
from .scim_wire import CORE, MAX_COUNT, ScimRefused, View, endpoints, place, scim_answer
from .wire import Call, Handler

Attribute = dict[str, Any]
KINDS = ("User", "Group")
NONE_NEEDED = ("changePassword", "sort")


def attribute(name: str, kind: str = "string", mutability: str = "readWrite", **more: Any) -> Attribute:
    """An attribute of a schema; what isn't said is as with most of them."""
    usual = {"multiValued": False, "required": False, "returned": "default"}
    texts = {"caseExact": False, "uniqueness": "none"} if kind in ("string", "reference") else {}
    return {"name": name, "type": kind, "description": name, "mutability": mutability, **usual, **texts, **more}


def composed(name: str, mutability: str, *parts: Attribute, many: bool = True) -> Attribute:
    """An attribute that has parts."""
    return attribute(name, "complex", mutability, multiValued=many, subAttributes=list(parts))


read_only = partial(attribute, mutability="readOnly")
fixed = partial(attribute, mutability="immutable")
ATTRIBUTES = {
    "User": [
        fixed("userName", required=True, uniqueness="server"),
        composed("name", "readWrite", attribute("givenName"), attribute("familyName"), many=False),
        read_only("displayName"),
        attribute("active", "boolean"),
        composed("emails", "readOnly", read_only("value"), read_only("type"), read_only("primary", "boolean")),
        composed("groups", "readOnly", read_only("value"), read_only("display")),
    ],
    "Group": [
        attribute("displayName", required=True, uniqueness="server"),
        composed(
            "members",
            "readWrite",
            fixed("value", caseExact=True),
            fixed("$ref", "reference", caseExact=True, referenceTypes=["User"]),
            fixed("type", canonicalValues=["User"]),
        ),
    ],
}


def described(call: Call, kind: str, path: str, **content: Any) -> View:
    """A document of the service about itself."""
    return {"schemas": [CORE + kind], **content, "meta": {"resourceType": kind, "location": place(call, path)}}


def provider_config(call: Call) -> Response:
    """What is supported."""
    found: dict[str, Any] = {key: {"supported": True} for key in ("patch", "etag")}
    found.update({key: {"supported": False} for key in NONE_NEEDED})
    found["bulk"] = {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}
    found["filter"] = {"supported": True, "maxResults": MAX_COUNT}
    found["authenticationSchemes"] = [{"type": "oauthbearertoken", "name": "Bearer", "description": "A SCIM token"}]
    return scim_answer(described(call, "ServiceProviderConfig", "/ServiceProviderConfig", **found))


def schema(call: Call, kind: str) -> View:
    """The schema of one kind of resource."""
    uri = CORE + kind
    return described(
        call, "Schema", f"/Schemas/{uri}", id=uri, name=kind, description=kind, attributes=ATTRIBUTES[kind]
    )


def resource_type(call: Call, kind: str) -> View:
    """One kind of resource and where it is."""
    where = {"endpoint": f"/{kind}s", "schema": CORE + kind}
    return described(call, "ResourceType", f"/ResourceTypes/{kind}", id=kind, name=kind, description=kind, **where)


def list_of(view: Callable[[Call, str], View]) -> Handler:
    """A list of what there is of each kind."""
    return lambda call: listing(call, list(KINDS), partial(view, call))


def one_of(view: Callable[[Call, str], View]) -> Handler:
    """What there is of the kind whose id is in the path."""

    def answered(call: Call) -> Response:
        for found in (view(call, kind) for kind in KINDS):
            if found["id"] == call.params["id"]:
                return scim_answer(found)
        raise ScimRefused(404, f"{call.params['id']} not found")

    return answered


def everything(call: Call) -> Response:
    """The people and groups that a filter means."""
    known = (*scim_users.FILTERED, *scim_groups.FILTERED)
    found: list[User | Group] = [*scim_users.found_users(call, known), *scim_groups.found_groups(call, known)]
    return listing(
        call,
        found,
        lambda item: scim_users.view(call, item) if isinstance(item, User) else scim_groups.view(call, item),
    )


ROUTES = [
    *endpoints("GET", "/ServiceProviderConfig", provider_config),
    *endpoints("GET", "/Schemas", list_of(schema)),
    *endpoints("GET", "/Schemas/{id}", one_of(schema)),
    *endpoints("GET", "/ResourceTypes", list_of(resource_type)),
    *endpoints("GET", "/ResourceTypes/{id}", one_of(resource_type)),
    *endpoints("POST", SEARCH, search(everything)),
]
