# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked and what was answered, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .auth import TOKEN_PATH

LOOKUP = "/apiTokens/lookup"
VALIDATION = "/policies/validation"
SECRET = re.compile(r"(dt0[a-z]\d{2}\.[A-Za-z0-9]+)\.[A-Za-z0-9]+")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
Entry = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """A whole request and its answer, for observers inside the process. Header names are in lower case.

    `path` and `query` are as sent. `status` is None when the connection was cut. `scripted` tells an answer that
    came from a fault or from the rate limiter and not from a route.
    """

    method: str
    base_url: str
    path: str
    query: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int | None
    response_headers: Mapping[str, str]
    response_body: bytes
    scripted: bool = False

    @property
    def url(self) -> str:
        """The whole address."""
        return self.base_url + self.path + ("?" + self.query if self.query else "")


def logged_body(path: str, body: bytes) -> Any:
    """A request body for the log: JSON parsed, the token form and a lookup without their secrets, else null."""
    if path == TOKEN_PATH:
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        form.pop("client_secret", None)
        return form
    if path.endswith(LOOKUP):
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def entry_of(exchange: Exchange) -> Entry:
    """The line of the log for an exchange; no header is ever in it."""
    return {
        "method": exchange.method,
        "path": SECRET.sub(r"\1.***", exchange.path),
        "query": exchange.query,
        "status": exchange.status,
        "body": logged_body(exchange.path, exchange.request_body),
    }


def is_write(entry: Entry) -> bool:
    """Whether a request could change the account; asking for a token, about one or for a validation couldn't."""
    path = entry["path"]
    only_asks = path == TOKEN_PATH or VALIDATION in path or path.endswith(LOOKUP)
    return entry["method"] in WRITES and not only_asks


class RequestLog:
    """The requests since the start or the last clearing, in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, exchange: Exchange) -> None:
        """Note an exchange."""
        self._entries.append(entry_of(exchange))

    def entries(self) -> list[Entry]:
        """A copy of the log."""
        return list(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
