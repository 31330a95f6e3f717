# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SCIM's answers show: one resource or a list, as a whole or only some attributes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.responses import Response

from .scim_language import plain
from .scim_wire import MAX_COUNT, MESSAGES, ScimRefused, View, body_of, scim_answer
from .wire import Call, Handler

DEFAULT_COUNT = 100
ALWAYS = ("schemas", "id")
SEARCH = "/.search"
Item = TypeVar("Item")


@dataclass(frozen=True)
class Projection:
    """Which attributes an answer shows (RFC 7644, 3.9): those named, in lower case, or all but these."""

    names: tuple[str, ...]
    others: bool

    def of(self, view: View, place: str = "") -> View:
        """A resource, or the part of it at `place`, without what isn't shown."""
        found: View = {}
        for key, value in view.items():
            name = place + key.lower()
            if any(item.startswith(name + ".") for item in self.names):
                found[key] = self._within(value, name + ".")
            elif (name in self.names) != self.others or (not place and key in ALWAYS):
                found[key] = value
        return found

    def _within(self, value: Any, place: str) -> Any:
        """The parts of one value or of each value."""
        return [self.of(item, place) for item in value] if isinstance(value, list) else self.of(value, place)


def projection(call: Call) -> Projection:
    """What a request asks to see; everything when it doesn't say."""
    shown, hidden = (
        tuple(plain(name.strip()) for name in call.value(key).split(",") if name.strip())
        for key in ("attributes", "excludedAttributes")
    )
    if shown and hidden:
        raise ScimRefused(400, "attributes and excludedAttributes exclude each other", "invalidValue")
    return Projection(shown or hidden, not shown)


def resource(call: Call, view: View, status: int = 200) -> Response:
    """One resource with its version in the header; a new one says where it is."""
    headers = {"ETag": view["meta"]["version"]}
    if status == 201:
        headers["Location"] = view["meta"]["location"]
    return scim_answer(projection(call).of(view), status, headers)


def number(call: Call, key: str, default: int) -> int:
    """A number of the query; what is too small counts as the smallest."""
    try:
        return int(call.value(key, str(default)))
    except ValueError:
        raise ScimRefused(400, f"{key} must be a number", "invalidValue") from None


def listing(call: Call, items: list[Item], view: Callable[[Item], View]) -> Response:
    """A part of a list, counted from 1; only what is in that part is looked at more closely."""
    start = max(number(call, "startIndex", 1), 1)
    count = min(max(number(call, "count", DEFAULT_COUNT), 0), MAX_COUNT)
    shown = [projection(call).of(view(item)) for item in items[start - 1 : start - 1 + count]]
    body = {"schemas": [MESSAGES + "ListResponse"], "totalResults": len(items), "startIndex": start}
    return scim_answer({**body, "itemsPerPage": len(shown), "Resources": shown})


def search(lists: Handler) -> Handler:
    """A list whose parameters are in the body of a POST to `…/.search` instead of the query."""

    def answered(call: Call) -> Response:
        given = body_of(call, MESSAGES + "SearchRequest")
        query = [
            (key, ",".join(map(str, value)) if isinstance(value, list) else str(value))
            for key, value in given.items()
            if value is not None
        ]
        return lists(replace(call, query=query, path=call.path.removesuffix(SEARCH)))

    return answered
