# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens whose owner isn't there any more: deleting a person, or locking them out, ends none of their tokens. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..._api.records import Token, User
from ..._core.errors import Refused
from ..._core.render import one_line
from .model import moment_of

NOT_THERE = "not in the account"
INACTIVE = "inactive"
UNKNOWN = "owner unknown"
"""Such tokens are for people to look at: they are reported, and never closed."""


@dataclass(frozen=True)
class Orphan:
    """A token and why it is one: NOT_THERE, INACTIVE or UNKNOWN."""

    token: Token
    reason: str


def why_orphaned(token: Token, users: Mapping[str, User]) -> str | None:
    """NOT_THERE, INACTIVE or UNKNOWN; None for a token whose owner is an active, or an invited, user.

    ``users`` are people and service users by lower-case e-mail.
    """
    owner = token.owner.strip().lower()
    user = users.get(owner)
    if user is None:
        return NOT_THERE if "@" in owner else UNKNOWN
    return INACTIVE if user.status == "INACTIVE" else None


def check_owners(users: Iterable[User]) -> None:
    """Raise Refused for a list of users that can't be whole: by it, everybody's tokens would be orphaned."""
    if not any(user.status != "INACTIVE" and not user.is_service_user for user in users):
        raise Refused(
            "The account lists nobody who is active, so each token would look orphaned. Nothing was changed. See with"
            " dynatrace_user_info whom it lists, and run again."
        )


def find_orphans(tokens: Iterable[Token], users: Iterable[User]) -> list[Orphan]:
    """Those of ``tokens`` that belong to none of ``users``, or to one who can't log in.

    Of several users whose e-mails differ in their case only, one who is active is enough.
    """
    by_key = {user.key: user for user in sorted(users, key=lambda each: each.status != "INACTIVE")}
    reasons = [(token, why_orphaned(token, by_key)) for token in tokens]
    return [Orphan(token, reason) for token, reason in reasons if reason]


def orphan_shape(orphan: Orphan, now: datetime) -> dict[str, Any]:
    """An orphan as modules return it; its days are whole ones, up to ``now``."""
    token = orphan.token
    return {
        "kind": token.kind,
        "environment": token.environment or None,
        "id": token.id,
        "name": token.name,
        "owner": token.owner,
        "reason": orphan.reason,
        "enabled": token.enabled,
        "age_days": _days(token.created, now),
        "unused_days": _days(token.last_used, now),
        "last_used": token.last_used,
        "expires": token.expires,
    }


def orphan_line(shape: Mapping[str, Any]) -> str:
    """What :func:`orphan_shape` gives, as a line for people."""
    owner = f" of {shape['owner']}" if shape["owner"] else ""
    parts = [
        f"{shape['environment'] or 'platform'}: {shape['name']}{owner}",
        shape["reason"],
        "enabled" if shape["enabled"] else "disabled",
        f"made {_ago(shape['age_days'])}",
        "never used" if shape["unused_days"] is None else f"last used {_ago(shape['unused_days'])}",
    ]
    return one_line(", ".join(parts))


def _ago(days: int | None) -> str:
    if days is None:
        return "who knows when"
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _days(since: str | None, now: datetime) -> int | None:
    moment = moment_of(since)
    return None if moment is None else max(0, (now - moment).days)
