# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Platform tokens of the account, the same in both contracts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from .credentials import PLATFORM_STATUSES, written
from .model import PlatformToken, Refused
from .moments import parse_moment, write_moment
from .service_users import number
from .wire import Call, Endpoint, answer, empty, no_content

TOKENS = "/iam/v1/accounts/{account}/platform-tokens"
TOKEN = TOKENS + "/{tokenId}"
MANAGE = ("platform-token:tokens:manage",)
DEFAULT_SIZE = 1000
MAX_NAME = 255
SHOWN = {
    "tokenId": "id",
    "name": "name",
    "scope": "scope",
    "resource": "resource",
    "tags": "tags",
    "status": "status",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "createdBy": "created_by",
    "owner": "owner",
    "metadata": "metadata",
}


def made_secret(prefix: str, seed: str) -> tuple[str, str]:
    """The public part and the whole of a new token."""
    letters = base64.b32encode(hashlib.sha512(seed.encode()).digest()).decode()
    return f"{prefix}.{letters[:24]}", f"{prefix}.{letters[:24]}.{letters[24:88]}"


def view(call: Call, token: PlatformToken) -> dict[str, Any]:
    """A token as in the list; its secret is never shown again."""
    return {**written(token, SHOWN), "accountUuid": call.account.uuid, "expirationDate": token.expires}


def texts(body: Mapping[str, Any], key: str) -> list[str]:
    """A list of strings from a request, else 400."""
    value = body.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Refused(400, f"{key} must be an array of strings")
    return list(value)


def expiration(call: Call, body: Mapping[str, Any]) -> str | None:
    """The end of a token from a request; None is no end."""
    given = body.get("expirationDate")
    if given is None:
        return None
    if not isinstance(given, str):
        raise Refused(400, "expirationDate must be a date")
    moment = parse_moment(given, call.account.now())
    if moment.timestamp() <= call.account.now():
        raise Refused(400, "expirationDate must be in the future")
    return write_moment(moment)


def token_of(call: Call) -> PlatformToken:
    """The token whose id is in the path."""
    for token in call.account.platform_tokens:
        if token.id == call.params["tokenId"]:
            return token
    raise Refused(404, f"Platform token {call.params['tokenId']} not found")


def matches(token: PlatformToken, term: str, status: str) -> bool:
    """Whether a token has the term in its id, name, creator or a scope, and the status. The owner isn't looked at."""
    places = [token.id, token.name, token.created_by or "", *token.scope]
    return any(term.lower() in place.lower() for place in places) and status in ("", token.status)


def list_tokens(call: Call) -> Response:
    """A page, counted from 1."""
    status = call.value("status")
    if status not in ("", *PLATFORM_STATUSES):
        raise Refused(400, "status must be one of " + ", ".join(PLATFORM_STATUSES))
    page, size = number(call, "page", 1), number(call, "size", DEFAULT_SIZE)
    found = [item for item in call.account.platform_tokens if matches(item, call.value("searchTerm"), status)]
    shown = [view(call, item) for item in found[(page - 1) * size : page * size]]
    return answer({"pageSize": size, "pageNumber": page, "total": len(found), "results": shown})


def create_token(call: Call) -> Response:
    """A new token for a user or service user; the only answer that has its secret."""
    body, account = call.object(), call.account
    name, holder = body.get("name"), body.get("userUuid")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        raise Refused(400, f"name must have 1 to {MAX_NAME} characters")
    if not isinstance(holder, str):
        raise Refused(400, "userUuid must be a string")
    owner = account.user_by_uid(holder).email
    scope, resource, tags = (texts(body, key) for key in ("scope", "resource", "tags"))
    if not scope:
        raise Refused(400, "scope should not be empty")
    ends = expiration(call, body)
    public, secret = made_secret("dt0s16", account.new_id())
    token = PlatformToken(public, name, owner, owner, scope, resource, tags)
    token.expires, token.created_at, token.updated_at = ends, account.stamp(), account.stamp()
    account.platform_tokens.append(token)
    return answer({"name": name, "tokenId": public, "token": secret})


def delete_token(call: Call) -> Response:
    """Delete a token for good."""
    call.account.platform_tokens.remove(token_of(call))
    return empty()


def set_expiration(call: Call) -> Response:
    """Give a token another end."""
    token = token_of(call)
    token.expires = expiration(call, call.object())
    token.updated_at = call.account.stamp()
    return empty()


def set_status(call: Call) -> Response:
    """Disable a token or enable it again."""
    token, status = token_of(call), call.object().get("status")
    if status not in PLATFORM_STATUSES:
        raise Refused(400, "status must be one of " + ", ".join(PLATFORM_STATUSES))
    token.status = status
    token.updated_at = call.account.stamp()
    return no_content()


ROUTES = [
    Endpoint("GET", TOKENS, list_tokens, MANAGE),
    Endpoint("POST", TOKENS, create_token, MANAGE),
    Endpoint("DELETE", TOKEN, delete_token, MANAGE),
    Endpoint("PUT", TOKEN + "/expiration-date", set_expiration, MANAGE),
    Endpoint("PUT", TOKEN + "/status", set_status, MANAGE),
]
