# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of an environment: its access tokens and classic dashboards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from .._core.errors import CallFailed
from .._core.retry import Answer
from .answers import as_object, items_of
from .calls import Call, check_list
from .contracts.base import text_or_none
from .dialects import Dialect
from .http import path_of
from .records import Content, Token
from .refusals import common_advice
from .transport import Transport

READ, WRITE = ("apiTokens.read",), ("apiTokens.write",)
LARGEST_PAGE = 10_000
FIELDS = "+personalAccessToken,+expirationDate,+lastUsedDate,+scopes"


def _advice(call: Call, answer: Answer, _granted: frozenset[str] | None) -> str:
    if answer.status == 401:
        return "the environment's token is refused: it has ended, is disabled, or belongs to another environment; "
    if answer.status == 403:
        wanted = f"the scope {call.scopes[0]}" if call.scopes else "a scope for this"
        personal = ", or is a personal one, which may end its owner's tokens only" if call.scopes == WRITE else ""
        return f"the environment's token lacks {wanted}{personal}: make one that has it; "
    if answer.status == 404 and call.method == "GET":
        return "no environment answers there, check environment_urls; "
    return common_advice(answer, "environment_urls")


DIALECT = Dialect("Api-Token", "application/json", _advice, "environment_urls")


class EnvironmentApi:
    """One environment. ``token_in_use`` is the id of the token that this logs in with, where its shape tells it.

    All methods raise CallFailed, whose message names the environment.
    """

    def __init__(self, transport: Transport, environment: str, token_in_use: str | None) -> None:
        self.id = environment
        self.token_in_use = token_in_use
        self._transport = transport

    def tokens(self, selector: str = "") -> list[Token]:
        """All access tokens, or those that the service's ``selector`` chooses, such as ``scope("metrics.read")``."""
        chosen = (("apiTokenSelector", selector),) if selector else ()
        query = (("pageSize", str(LARGEST_PAGE)), ("fields", FIELDS), *chosen)
        found: list[Token] = []
        keys: set[str] = set()
        while True:
            call = Call("GET", _path(), READ, query)
            with self._named():
                body = self._transport.send(call)
                check_list(call, body, "apiTokens", DIALECT.option)
            found += [self._token(item) for item in items_of(body, "apiTokens") if item.get("id")]
            key = str(as_object(body).get("nextPageKey") or "")
            if not key or key in keys:
                return found
            keys.add(key)
            query = (("nextPageKey", key),)

    def dashboards(self) -> list[Content]:
        """All classic dashboards, whoever may see them."""
        call = Call("GET", path_of("api", "config", "v1", "dashboards"), ("ReadConfig",))
        body = self._send(call)
        check_list(call, body, "dashboards")
        return [
            Content(self.id, "classic dashboard", str(each.get("name") or ""), str(each["id"]), str(each["owner"]))
            for each in items_of(body, "dashboards")
            if each.get("id") and each.get("owner")
        ]

    def own_token_id(self) -> str | None:
        """The id of the token that this logs in with; asks the service where its shape doesn't tell."""
        if self.token_in_use is None:
            body = {"token": self._transport.secret}
            call = Call("POST", _path("lookup"), (), body=body, only_looks=True, absent_is_fine=True)
            told = as_object(self._send(call)).get("id")
            self.token_in_use = str(told) if told else None
        return self.token_in_use

    def set_enabled(self, token: Token) -> None:
        """Let the service take the token, or not any more, as its ``enabled`` says."""
        self._send(Call("PUT", _path(token.id), WRITE, body={"enabled": token.enabled}))

    def delete(self, token: Token) -> None:
        """Delete for good; one that has gone already is fine."""
        self._send(Call("DELETE", _path(token.id), WRITE, absent_is_fine=True))

    def _send(self, call: Call) -> Any:
        with self._named():
            return self._transport.send(call)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except CallFailed as failure:
            raise replace(failure, message=f"Environment {self.id}: {failure.message}") from None

    def _token(self, item: Mapping[str, Any]) -> Token:
        return Token(
            id=str(item["id"]),
            name=str(item.get("name") or ""),
            owner=str(item.get("owner") or ""),
            enabled=item.get("enabled") is not False,
            environment=self.id,
            personal=bool(item.get("personalAccessToken")),
            scopes=tuple(sorted(str(each) for each in item.get("scopes") or ())),
            created=text_or_none(item.get("creationDate")),
            last_used=text_or_none(item.get("lastUsedDate")),
            expires=text_or_none(item.get("expirationDate")),
        )


def _path(*segments: str) -> str:
    return path_of("api", "v2", "apiTokens", *segments)
