# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripted faults: which request goes wrong, and how."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from .auth import TOKEN_PATH
from .keys import check_keys
from .limiter import RESET_UNITS, wait_headers
from .model import BadState

RULE_KEYS = {"match", "skip", "times", "fault"}
MATCH_KEYS = {"method", "path"}
FAULT_KEYS = {
    "status",
    "headers",
    "body",
    "content_type",
    "applied",
    "retry_after",
    "retry_after_date",
    "rate_limit_reset",
    "unit",
    "reset",
    "slow",
    "unauthorized",
    "expire_tokens",
    "down",
}
UNAUTHORIZED = {"error": True, "payload": None, "message": "Failed to validate access token."}
TOO_MANY = {"message": "Too Many Requests", "statusCode": 429}


@dataclass(frozen=True)
class Canned:
    """An answer that no route made."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. `canned` is the answer instead of the real one, if any."""

    canned: Canned | None = None
    applied: bool = False
    reset: str | None = None
    slow: float = 0
    revoke: bool = False
    revoke_all: bool = False
    down: bool = False


@dataclass
class Rule:
    """A fault and the requests that it meets: the first `skip` pass, the next `times` don't (None: all others)."""

    method: str | None
    path: Pattern[str] | None
    skip: int
    times: int | None
    spec: Mapping[str, Any] = field(default_factory=dict)

    def meets(self, method: str, path: str) -> bool:
        """Whether a request is meant. The token request is only meant by a rule that names a path."""
        if self.method and self.method != method:
            return False
        if self.path is None:
            return path != TOKEN_PATH
        return bool(self.path.search(path))

    def due(self) -> bool:
        """Count a request that is meant; True when it is the turn of the fault."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


def read_rule(data: Any) -> Rule:
    """A rule from JSON."""
    if not isinstance(data, Mapping):
        raise BadState("a fault must be an object")
    check_keys("fault rule", data, RULE_KEYS)
    match, spec = data.get("match", {}), data.get("fault", {})
    check_keys("match", match, MATCH_KEYS)
    check_keys("fault", spec, FAULT_KEYS)
    if not spec:
        raise BadState("a fault rule needs a fault")
    if spec.get("reset") not in (None, "before", "after"):
        raise BadState("reset must be before or after")
    method = match.get("method")
    return Rule(
        method=method.upper() if method else None,
        path=pattern_of(match.get("path")),
        skip=data.get("skip", 0),
        times=data.get("times", 1),
        spec=spec,
    )


def pattern_of(path: str | None) -> Pattern[str] | None:
    """The expression that a path is searched for."""
    try:
        return re.compile(path) if path else None
    except re.error as problem:
        raise BadState(f"path {path!r} is no regular expression: {problem}") from None


def canned_answer(spec: Mapping[str, Any], now: float) -> Canned | None:
    """The answer that a fault gives, with the headers it wants; None when the fault doesn't answer."""
    headers: dict[str, str] = {}
    status: int | None = spec.get("status")
    body: Any = None
    if spec.get("unauthorized"):
        status, body = 401, UNAUTHORIZED
    if "retry_after" in spec:
        headers.update({"Retry-After": str(spec["retry_after"])})
    if "retry_after_date" in spec:
        headers.update(wait_headers("retry-after-date", now, now + spec["retry_after_date"]))
    if "rate_limit_reset" in spec:
        unit = spec.get("unit", "s")
        if unit not in RESET_UNITS:
            raise BadState("unit must be s, ms or us")
        headers.update(wait_headers(f"x-ratelimit-{unit}", now, now + spec["rate_limit_reset"], 200))
    if headers and status is None:
        status, body = 429, TOO_MANY
    if status is None:
        return None
    headers.update(spec.get("headers", {}))
    return encode(status, headers, spec.get("body", body), spec.get("content_type"))


def encode(status: int, headers: dict[str, str], body: Any, content_type: str | None) -> Canned:
    """A body goes out as it is when it is text, as JSON when it is anything else, not at all when it is None."""
    if body is None:
        data, kind = b"", "text/html"
    elif isinstance(body, str):
        data, kind = body.encode(), "text/html"
    else:
        data, kind = json.dumps(body).encode(), "application/json"
    return Canned(status, {"Content-Type": content_type or kind, **headers}, data)


class Script:
    """The faults to come."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._down = False

    def load(self, rules: Any) -> None:
        """Replace all faults; a wrong list changes nothing. A server that was down is up again."""
        if not isinstance(rules, list):
            raise BadState("faults must be a list")
        fresh = [read_rule(item) for item in rules]
        for rule in fresh:
            canned_answer(rule.spec, 0)
        self._rules, self._down = fresh, False

    def next(self, method: str, path: str, now: float) -> Fault | None:
        """The fault for this request, if there is one: the first rule that is due wins."""
        if self._down:
            return Fault(reset="before")
        for rule in self._rules:
            if rule.meets(method, path) and rule.due():
                fault = make_fault(rule.spec, now)
                self._down = fault.down
                return fault
        return None


def make_fault(spec: Mapping[str, Any], now: float) -> Fault:
    """The fault that a specification means at this moment."""
    down = bool(spec.get("down"))
    return Fault(
        canned=canned_answer(spec, now),
        applied=bool(spec.get("applied")),
        reset="before" if down else spec.get("reset"),
        slow=spec.get("slow", 0),
        revoke=bool(spec.get("unauthorized")),
        revoke_all=bool(spec.get("expire_tokens")),
        down=down,
    )
