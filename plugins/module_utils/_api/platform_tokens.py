# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Platform tokens: the account's tokens for the platform's services; the same in both contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.errors import CallFailed
from .answers import as_object, items_of
from .calls import Call, Send, check_list
from .contracts.base import Method, text_or_none
from .http import path_of
from .records import Token

MANAGE = ("platform-token:tokens:manage",)
PAGE = 1000
DISABLED = "INACTIVE"


class PlatformTokens:
    """The calls under ``/platform-tokens``. All methods raise CallFailed. No call tells a secret again."""

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account = account_uuid

    def tokens(self) -> list[Token]:
        """All of them. A list that ends before its own total is an error: somebody's token would be overlooked."""
        found: dict[str, Token] = {}
        page = 0
        while True:
            page += 1
            call = self._make("GET", query=(("page", str(page)), ("size", str(PAGE))))
            body = self._send(call)
            check_list(call, body, "results")
            before = len(found)
            found.update(
                (str(item["tokenId"]), _token(item)) for item in items_of(body, "results") if "tokenId" in item
            )
            total = int(as_object(body).get("total") or 0)
            if len(found) >= total:
                return list(found.values())
            if len(found) == before:
                problem = f"The service tells of {total} platform tokens, but lists {before}."
                raise CallFailed(problem, call.method, call.path)

    def set_status(self, token: Token) -> None:
        """Let the service take the token, or not any more, as its ``enabled`` says; that may take five minutes."""
        status = "ACTIVE" if token.enabled else DISABLED
        self._send(self._make("PUT", token.id, "status", body={"status": status}))

    def set_expiry(self, token: Token) -> None:
        """Let the token end when its ``expires`` says; None is never."""
        self._send(self._make("PUT", token.id, "expiration-date", body={"expirationDate": token.expires}))

    def delete(self, token: Token) -> None:
        """Delete for good; one that has gone already is fine."""
        self._send(self._make("DELETE", token.id, absent_is_fine=True))

    def _make(self, method: Method, *segments: str, **particulars: Any) -> Call:
        path = path_of("iam", "v1", "accounts", self._account, "platform-tokens", *segments)
        return Call(method, path, MANAGE, **particulars)


def _token(item: Mapping[str, Any]) -> Token:
    return Token(
        id=str(item["tokenId"]),
        name=str(item.get("name") or ""),
        owner=str(item.get("owner") or ""),
        enabled=item.get("status") != DISABLED,
        scopes=tuple(sorted(str(each) for each in item.get("scope") or ())),
        created=text_or_none(item.get("createdAt")),
        last_used=text_or_none(as_object(item.get("metadata")).get("lastUsedAt")),
        expires=text_or_none(item.get("expirationDate")),
        resources=tuple(sorted(str(each) for each in item.get("resource") or ())),
    )
