# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the SCIM service says about itself."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from .scim_wire import CORE, MAX_COUNT, endpoints, listing, scim_answer
from .wire import Call

ATTRIBUTES = {
    "User": {"userName": "string", "name": "complex", "emails": "complex", "active": "boolean", "externalId": "string"},
    "Group": {"displayName": "string", "members": "complex", "externalId": "string"},
}


def provider_config(call: Call) -> Response:
    """What is supported."""
    supported = {key: {"supported": key != "changePassword"} for key in ("patch", "etag", "changePassword")}
    more: dict[str, Any] = {
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MAX_COUNT},
        "sort": {"supported": False},
        "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A SCIM token"}],
    }
    return scim_answer({"schemas": [CORE + "ServiceProviderConfig"], **supported, **more})


def schema(kind: str, attributes: dict[str, str]) -> dict[str, Any]:
    """The schema of one kind of resource."""
    named = [{"name": name, "type": type_} for name, type_ in attributes.items()]
    return {"id": CORE + kind, "name": kind, "attributes": named}


def schemas(call: Call) -> Response:
    """The schemas, with the attributes that can be written."""
    return listing(call, list(ATTRIBUTES.items()), lambda item: schema(*item))


def resource_types(call: Call) -> Response:
    """Users and groups."""
    base = {"schemas": [CORE + "ResourceType"]}
    return listing(
        call,
        list(ATTRIBUTES),
        lambda kind: {**base, "id": kind, "name": kind, "endpoint": f"/{kind}s", "schema": CORE + kind},
    )


ROUTES = [
    *endpoints("GET", "/ServiceProviderConfig", provider_config),
    *endpoints("GET", "/Schemas", schemas),
    *endpoints("GET", "/ResourceTypes", resource_types),
]
