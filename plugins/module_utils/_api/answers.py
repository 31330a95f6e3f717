# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what the service answers, in whatever form.

Bodies may be empty, HTML or a bare number; errors have at least five shapes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REQUEST_ID_HEADERS = ("X-Request-Id", "X-Correlation-Id", "X-Amzn-Trace-Id", "Traceparent")
LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class ErrorAnswer:
    """The code and message found in an error's body; ``message`` is never empty."""

    code: str | None
    message: str


def parse_body(text: str) -> Any:
    """The JSON value in ``text``, or None when there is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_object(body: Any) -> dict[str, Any]:
    """``body`` when it is an object, else an empty one."""
    return body if isinstance(body, dict) else {}


def items_of(body: Any, *keys: str) -> list[dict[str, Any]]:
    """The objects in the first list found under ``keys``; an array at the top counts as well."""
    lists = (as_object(body).get(key) for key in keys)
    found: list[Any] = body if isinstance(body, list) else next((each for each in lists if each), [])
    return [item for item in found if isinstance(item, dict)]


def parse_error(text: str, reason: str) -> ErrorAnswer:
    """The error in a body; ``reason`` (the status line's words) serves when the body says nothing.

    Shapes seen: ``{"error": true, "message"}``, ``{"error": {"code", "message", "errorsMap"}}`` and the same with
    ``constraintViolations``, ``{"code", "message", "errorsMap"}``, ``{"message", "statusCode"}``,
    ``{"error": "…", "error_description": "…"}``, SCIM's ``{"status", "detail", "scimType"}``, any of them in a list,
    and no JSON at all.
    """
    body = parse_body(text)
    if isinstance(body, list) and body:
        body = body[0]
    outer = as_object(body)
    inner = outer["error"] if isinstance(outer.get("error"), dict) else outer
    short = outer.get("error") if isinstance(outer.get("error"), str) else None
    code = inner.get("code") or inner.get("statusCode") or inner.get("scimType") or short
    words = inner.get("message") or inner.get("error_description") or inner.get("detail") or short or reason
    message = "; ".join([str(words), *_particulars(inner)])
    return ErrorAnswer(str(code) if code is not None else None, message[:LONGEST_MESSAGE] or "no message")


def _particulars(error: Mapping[str, Any]) -> list[str]:
    fields = [f"{name}: {text}" for name, text in as_object(error.get("errorsMap")).items()]
    violations = items_of(error.get("constraintViolations"))
    return fields + [f"{item.get('path', '')}: {item.get('message', '')}".strip(": ") for item in violations]


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id to give to Dynatrace's support, when the answer has one."""
    return next((headers[name] for name in REQUEST_ID_HEADERS if headers.get(name)), None)
