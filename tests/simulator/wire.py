# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between HTTP and the account: what a route gets, what it declares, and the shapes of answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from .account import Account
from .model import Refused

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Call:
    """One request as a route sees it: path parameters are decoded, the query keeps repeated keys.

    Names of headers are in lower case; `path` is as sent; `scopes` are those of an OAuth bearer.
    """

    account: Account
    params: Mapping[str, str]
    query: list[tuple[str, str]]
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    scopes: frozenset[str] = frozenset()

    def json(self) -> Any:
        """The body as JSON, else 400."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refused(400, "Unexpected token in JSON") from None

    def object(self) -> Mapping[str, Any]:
        """The body as a JSON object, else 400."""
        value = self.json()
        if not isinstance(value, dict):
            raise Refused(400, "The body must be an object")
        return value

    def values(self, key: str) -> list[str]:
        """All values of a query parameter."""
        return [value for name, value in self.query if name == key]

    def value(self, key: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return (self.values(key) or [default])[-1]


Handler = Callable[[Call], Response]
Guard = Callable[[Call], None]


@dataclass(frozen=True)
class Endpoint:
    """A route: one of `scopes` is enough; `headers` go out with each answer, also with a refusal.

    A route beside the account API brings its own `guard`, which looks at the credentials instead of the OAuth check,
    and its own form of `refusal`.
    """

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    guard: Guard | None = None
    refusal: Callable[[Refused], Response] | None = None


def parse_query(raw: str) -> list[tuple[str, str]]:
    """A query string as pairs, repeated keys kept."""
    return parse_qsl(raw, keep_blank_values=True)


def answer(payload: Any, status: int = 200) -> Response:
    """A JSON answer."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, media_type=JSON)


def empty(status: int = 200) -> Response:
    """The live API's answer to most writes: no body, and a content type that promises HTML."""
    return Response(b"", status, media_type=HTML)


def page(text: str, status: int = 200) -> Response:
    """A few characters as HTML."""
    return Response(text.encode(), status, media_type=HTML)


def no_content() -> Response:
    """204."""
    return Response(status_code=204)


def error_body(
    status: int, message: str, form: str = "account", errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The error bodies in use: of the account API, of the gateway before it, of the policy repository."""
    if form == "gateway":
        return {"message": message, "statusCode": status}
    if form == "repo":
        return {"code": status, "message": message, "errorsMap": dict(errors or {})}
    return {"error": True, "payload": None, "message": message}


def refusal(reason: Refused) -> Response:
    """The answer for a refused request."""
    return answer(error_body(reason.status, reason.message, reason.form, reason.errors), reason.status)
