# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn a refused call into an error that says what to do."""

from __future__ import annotations

from collections.abc import Callable

from .._core.errors import CallFailed, Effect
from .._core.retry import Answer, Safety
from .answers import parse_error, request_id
from .calls import Call

GONE = (
    "role permissions on environments and management zones ended on 11 January 2027, grant this access through"
    " policies: see the playbook identityops.dynatrace.migrate_role_permissions and mechanism=policy;"
)


def call_failed(
    call: Call,
    answer: Answer,
    granted: frozenset[str] | None,
    advice: Callable[[Call, Answer, frozenset[str] | None], str],
) -> CallFailed:
    """The error for ``answer``; ``granted`` are the token's scopes, where known, ``advice`` says what to do."""
    error = parse_error(answer.text, answer.reason)
    return CallFailed(
        message=f"{call.method} {call.path}: {advice(call, answer, granted)}{_says(answer, error.message)}",
        method=call.method,
        path=call.path,
        status=answer.status,
        code=error.code,
        request_id=request_id(answer.headers),
        effect=_effect(call, answer, error.message),
    )


def _says(answer: Answer, message: str) -> str:
    return message if answer.status is None else f"the service answers {answer.status}: {message}"


def account_advice(call: Call, answer: Answer, granted: frozenset[str] | None) -> str:
    """What to do when the account management API refuses a call."""
    if answer.status == 401:
        return "the access token is refused, it has ended or belongs to another account; "
    if answer.status == 403:
        return _forbidden(call, granted)
    if answer.status == 404 and call.method == "GET":
        return "nothing is there, check account_uuid and api_url; "
    if answer.status == 410:
        return f"{GONE} "
    return common_advice(answer, "api_url")


def common_advice(answer: Answer, url: str) -> str:
    """What is the same for all services; ``url`` names the option that leads to this one."""
    if answer.status == 429:
        return "too many requests for longer than retry_budget; run again later, or with a lower rate_limit; "
    if answer.status is not None and 300 <= answer.status < 400:
        return f"redirects are not followed, since they could carry secrets elsewhere; check {url}; "
    return ""


def _forbidden(call: Call, granted: frozenset[str] | None) -> str:
    wanted = " or ".join(call.scopes)
    if granted is None:
        return f"the token may lack the scope {wanted}, or its user lacks the rights (account-user-management); "
    if granted.isdisjoint(call.scopes):
        return f"the OAuth client lacks the scope {wanted}: grant it to the client in Account Management; "
    return (
        f"the OAuth client has the scope {wanted}, but its subject user may not do this: give that user the permission"
        " account-user-management (to only read environments, account-viewer), and see that the user is active; "
    )


def _effect(call: Call, answer: Answer, message: str) -> Effect:
    if call.safety is not Safety.CREATE:
        return Effect.NONE
    if answer.status == 409 or "already exists" in message.lower():
        return Effect.EXISTS
    lost = answer.reached if answer.status is None else answer.status >= 500
    return Effect.UNKNOWN if lost else Effect.NONE
