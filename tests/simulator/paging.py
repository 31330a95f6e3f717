# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cursor paging as the guide tells it: 50 a page, at most 500, and a key that means nothing to the client."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from .model import Group, Refused, User
from .wire import Call

DEFAULT_SIZE = 50
MAX_SIZE = 500

Item = TypeVar("Item", bound=User | Group)


@dataclass(frozen=True)
class Cursor:
    """Where the next page starts: after the item with this sequence number."""

    kind: str
    after: int
    size: int

    def encode(self) -> str:
        """The key that goes to the client."""
        return sealed([self.kind, self.after, self.size])


def sealed(content: Any) -> str:
    """A key that means nothing to the client."""
    text = json.dumps(content)
    return base64.urlsafe_b64encode(f"{check_sum(text)}{text}".encode()).decode()


def unsealed(key: str) -> Any:
    """The content of a key; anything else than one of ours is 400."""
    try:
        plain = base64.urlsafe_b64decode(key.encode()).decode()
    except ValueError:
        plain = ""
    if plain[:8] != check_sum(plain[8:]):
        raise Refused(400, "nextPageKey is not valid")
    return json.loads(plain[8:])


def check_sum(text: str) -> str:
    """Eight characters that tell a key of ours from an invented one."""
    return hashlib.sha256(b"simulator" + text.encode()).hexdigest()[:8]


def decode(key: str, kind: str) -> Cursor:
    """The cursor behind a key; anything else than a key of this list is 400."""
    cursor = Cursor(*unsealed(key))
    if cursor.kind != kind:
        raise Refused(400, "nextPageKey belongs to another list")
    return cursor


def page_size(call: Call, default: int) -> int:
    """The page size of a request, else 400."""
    given = call.value("pageSize", str(default))
    if not given.isdecimal() or not 1 <= int(given) <= MAX_SIZE:
        raise Refused(400, f"pageSize must be between 1 and {MAX_SIZE}")
    return int(given)


def cut(call: Call, kind: str, items: Iterable[Item]) -> tuple[list[Item], str | None]:
    """The items of the page that was asked for, and the key of the next one. Items come in sequence order."""
    key = call.value("nextPageKey")
    cursor = decode(key, kind) if key else Cursor(kind, 0, DEFAULT_SIZE)
    size = page_size(call, cursor.size)
    found = list(islice((item for item in items if item.seq > cursor.after), size + 1))
    if len(found) <= size:
        return found, None
    return found[:size], Cursor(kind, found[size - 1].seq, size).encode()


def listing(items: list[Any], total: int, key: str | None) -> dict[str, Any]:
    """The body of a paged list."""
    return {"items": items, "totalCount": total, "nextPageKey": key}
