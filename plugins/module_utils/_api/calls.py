# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request to the service as a value: contracts make them, the transport sends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._core.errors import CallFailed
from .._core.retry import Safety
from .answers import as_object, items_of


@dataclass(frozen=True)
class Call:
    """One request. ``path`` is encoded already; ``scopes``: any one of them allows it."""

    method: str
    path: str
    scopes: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    safety: Safety = Safety.REPEATABLE
    absent_is_fine: bool = False
    """404 is an answer (None), not an error."""
    only_looks: bool = False
    """It changes nothing although its method isn't GET."""
    headers: tuple[tuple[str, str], ...] = ()
    """Besides those that all calls to a service have."""
    fresh: bool = False
    """It is about something just created, which the service may not show everywhere yet: 404 is tried again."""


@dataclass(frozen=True)
class Sent:
    """A request that was to change something: ``moment`` in seconds since 1970, ``url`` without its query."""

    moment: float
    method: str
    url: str
    status: int | None
    request_id: str | None


Send = Callable[[Call], Any]
"""Sends a call and gives the JSON value of the answer; raises CallFailed."""


def check_list(call: Call, body: Any, key: str, option: str = "api_url") -> None:
    """Raise CallFailed unless there is a list under ``key``: a proxy's page, which has none, isn't an empty list.

    ``option`` is the one that leads to the service.
    """
    if not isinstance(as_object(body).get(key), list):
        problem = f"{call.method} {call.path}: the answer has no list {key!r}; check {option} and proxies"
        raise CallFailed(problem, call.method, call.path)


def ask_for_list(send: Send, call: Call, key: str) -> list[dict[str, Any]]:
    """The objects of a list that isn't paged."""
    body = send(call)
    check_list(call, body, key)
    return items_of(body, key)
