# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ..._api.records import Token, User
from ..model import Snapshot


@dataclass(frozen=True)
class TokenList:
    """The tokens of an environment, or the platform tokens of the account.

    ``in_use`` is the id of the token that this run logs in with, where it is one of these or may be.
    """

    tokens: tuple[Token, ...]
    in_use: str | None = None


@dataclass(frozen=True)
class OwnerList:
    """Everybody whose a token may be."""

    users: tuple[User, ...]


def token_lists(snapshot: Snapshot) -> Iterator[TokenList]:
    """All that were read."""
    return (answer for answer in snapshot.answers.values() if isinstance(answer, TokenList))


def is_in_use(snapshot: Snapshot, token: Token) -> bool:
    """Whether this run logs in with the token."""
    return any(each.in_use == token.id and token in each.tokens for each in token_lists(snapshot))


def moment_of(text: str | None) -> datetime | None:
    """A moment of a token, in UTC where it names no zone, without fractions; None when there is none to be read."""
    plain = re.sub(r"\.\d+", "", text or "")
    try:
        found = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", plain))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def is_usable(token: Token, now: datetime) -> bool:
    """Whether it is switched on and hasn't expired."""
    ends = moment_of(token.expires)
    return token.enabled and not (ends and ends <= now)


def token_shape(token: Token, now: datetime) -> dict[str, Any]:
    """A token as modules return it; ``now`` decides whether it has expired."""
    ends = moment_of(token.expires)
    return {
        "kind": token.kind,
        "environment": token.environment or None,
        "id": token.id,
        "name": token.name,
        "owner": token.owner,
        "personal": token.personal,
        "enabled": token.enabled,
        "expired": ends is not None and ends <= now,
        "scopes": list(token.scopes),
        "resources": list(token.resources),
        "created": token.created,
        "last_used": token.last_used,
        "expires": token.expires,
    }


def in_order(shapes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shapes sorted by kind, environment, name and id."""
    return sorted(shapes, key=lambda each: (each["kind"], each["environment"] or "", each["name"], each["id"]))
