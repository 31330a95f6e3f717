# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How SCIM looks on the wire: both addresses, tokens, answers, versions and errors."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from .auth import bearer
from .model import Refused
from .wire import Call, Endpoint, Handler, no_content

BASES = ("/idm/public/scim/{account}/v2", "/e/{environment}/api/v2/scim")
UNDER = tuple(re.sub(r"\{\w+\}", "[^/]+", base) for base in BASES)
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
JSON = "application/scim+json"
MAX_COUNT = 1000
View = dict[str, Any]


class ScimRefused(Refused):
    """A refusal with one of the words that RFC 7644 has for it, if it has one."""

    def __init__(self, status: int, message: str, scim_type: str = "") -> None:
        super().__init__(status, message, "scim")
        self.scim_type = scim_type


def scim_answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A SCIM answer."""
    return Response(json.dumps(payload).encode(), status, dict(headers or {}), JSON)


def refusal(reason: Refused) -> Response:
    """SCIM's error body: the status is a string there."""
    body = {"schemas": [MESSAGES + "Error"], "status": str(reason.status), "detail": reason.message}
    scim_type = getattr(reason, "scim_type", "")
    return scim_answer({**body, **({"scimType": scim_type} if scim_type else {})}, reason.status)


def guard(call: Call) -> None:
    """Let a bearer of an active SCIM token pass. Of an environment's tokens only the last one is active."""
    environment = call.params.get("environment")
    if environment is not None and environment not in call.account.environments:
        raise ScimRefused(404, f"Environment {environment} not found")
    if call.params.get("account", call.account.uuid) != call.account.uuid:
        raise ScimRefused(404, f"Account {call.params['account']} not found")
    items = call.account.scim.tokens
    active = [item["token"] for item in items if item.get("environment") == environment]
    if bearer(call.headers.get("authorization")) not in (active[-1:] if environment else active):
        raise ScimRefused(401, "Invalid token")


def check_domain(call: Call, email: str) -> None:
    """Refuse to write a user whose domain is not verified."""
    domain = email.rpartition("@")[2].lower()
    if domain not in [item.lower() for item in call.account.scim.domains]:
        raise ScimRefused(403, f"The domain {domain} is not verified for this account")


def body_of(call: Call, schema: str) -> View:
    """The body of a request; it must say what it is."""
    try:
        body = call.json()
    except Refused:
        body = None
    if not isinstance(body, dict) or schema not in (body.get("schemas") or []):
        raise ScimRefused(400, f"The body must be an object with the schema {schema}", "invalidSyntax")
    return body


def place(call: Call, path: str) -> str:
    """The whole address of a path below the address that the request was sent to."""
    base = next(found[0] for found in (re.match(item, call.path) for item in UNDER) if found)
    return f"http://{call.headers.get('host', '')}{base}{path}"


def no_such_call(method: str, path: str, status: int) -> Response | None:
    """The answer where there is no call (404) or not with this method (405); None outside of SCIM."""
    if not any(re.match(item, path) for item in UNDER):
        return None
    return refusal(Refused(status, f"Cannot {method} {path}"))


def with_meta(call: Call, kind: str, view: View, created: str | None, modified: str | None) -> View:
    """A resource with its place, its dates and a version that changes with its content."""
    version = hashlib.sha256(json.dumps([view, modified], sort_keys=True).encode()).hexdigest()[:16]
    meta = {"resourceType": kind, "location": place(call, f"/{kind}s/{view['id']}"), "version": f'W/"{version}"'}
    dates = {"created": created, "lastModified": modified}
    return {**view, "meta": {**meta, **{key: value for key, value in dates.items() if value}}}


def check_version(call: Call, view: View) -> None:
    """Refuse a write that was meant for another version."""
    wanted = [item.strip() for item in call.headers.get("if-match", "*").split(",")]
    if "*" not in wanted and view["meta"]["version"] not in wanted:
        raise ScimRefused(412, "The resource has changed in the meantime")


def endpoints(method: str, path: str, handler: Handler) -> list[Endpoint]:
    """A call under both addresses."""
    return [Endpoint(method, base + path, handler, (), guard=guard, refusal=refusal) for base in BASES]


def resource_routes(path: str, collection: Mapping[str, Handler], item: Mapping[str, Handler]) -> list[Endpoint]:
    """The calls for one kind of resource."""
    both: list[tuple[str, Mapping[str, Handler]]] = [(path, collection), (path + "/{id}", item)]
    return [
        made for where, calls in both for method, handler in calls.items() for made in endpoints(method, where, handler)
    ]


def deleted(call: Call, view: View, delete: Callable[[], None]) -> Response:
    """Delete something that has the version asked for."""
    check_version(call, view)
    delete()
    return no_content()
