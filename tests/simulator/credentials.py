# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials as JSON: tokens of environments and of the account, read strictly and written back the same."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .keys import check_keys, need
from .model import ApiToken, BadState, PlatformToken, Scim

API_TOKEN = {
    "id": "id",
    "name": "name",
    "owner": "owner",
    "enabled": "enabled",
    "scopes": "scopes",
    "creationDate": "created_at",
    "modifiedDate": "modified_at",
    "lastUsedDate": "last_used",
    "expirationDate": "expires",
    "personalAccessToken": "personal",
    "secret": "secret",
}
PLATFORM_TOKEN = {
    "tokenId": "id",
    "name": "name",
    "owner": "owner",
    "createdBy": "created_by",
    "scope": "scope",
    "resource": "resource",
    "tags": "tags",
    "status": "status",
    "expirationDate": "expires",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "metadata": "metadata",
}
MAX_SCIM_TOKENS = 10
PLATFORM_STATUSES = ("ACTIVE", "INACTIVE")


def fields_of(what: str, data: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a token from JSON; the first three of its keys must be there."""
    check_keys(what, data, keys)
    for key in list(keys)[:3]:
        need(what, data, key)
    return {keys[key]: copy.deepcopy(value) for key, value in data.items()}


def written(item: object, keys: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a token as JSON; what it doesn't have is absent."""
    found = {key: getattr(item, name) for key, name in keys.items()}
    return {key: copy.deepcopy(value) for key, value in found.items() if value is not None}


def read_api_token(data: Mapping[str, Any]) -> ApiToken:
    """A token of an environment from JSON."""
    return ApiToken(**fields_of("api token", data, API_TOKEN))


def write_api_token(token: ApiToken) -> dict[str, Any]:
    """A token of an environment as JSON, the way `read_api_token` takes it."""
    return written(token, API_TOKEN)


def read_platform_token(data: Mapping[str, Any]) -> PlatformToken:
    """A platform token from JSON."""
    token = PlatformToken(**fields_of("platform token", data, PLATFORM_TOKEN))
    if token.status not in PLATFORM_STATUSES:
        raise BadState(f"platform token {token.id}: status {token.status!r} is none of {', '.join(PLATFORM_STATUSES)}")
    return token


def write_platform_token(token: PlatformToken) -> dict[str, Any]:
    """A platform token as JSON, the way `read_platform_token` takes it."""
    return written(token, PLATFORM_TOKEN)


def read_scim(data: Mapping[str, Any]) -> Scim:
    """The settings of SCIM from JSON; an account has at most ten tokens of its own."""
    check_keys("scim", data, [item.name for item in fields(Scim)])
    scim = Scim(**data)
    for token in scim.tokens:
        check_keys("scim token", token, ("token", "environment"))
        need("scim token", token, "token")
    if sum("environment" not in token for token in scim.tokens) > MAX_SCIM_TOKENS:
        raise BadState(f"scim: an account has at most {MAX_SCIM_TOKENS} tokens")
    return scim
