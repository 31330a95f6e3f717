# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens whose owner isn't there any more: deleting a person, or locking them out, ends none of their tokens. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..._api.records import Token, User

NOT_THERE = "not in the account"
INACTIVE = "inactive"
UNKNOWN = "owner unknown"
"""Such tokens are for people to look at: they are reported, and never closed."""


def why_orphaned(token: Token, users: Mapping[str, User], namesakes: Collection[str] = ()) -> str | None:
    """NOT_THERE, INACTIVE or UNKNOWN; None for a token whose owner is an active, or an invited, user.

    ``users`` are people and service users by lower-case e-mail, ``namesakes`` keys that several of them share.
    """
    owner = token.owner.strip().lower()
    user = users.get(owner)
    if user is None:
        return NOT_THERE if "@" in owner else UNKNOWN
    if user.status == "INACTIVE":
        return UNKNOWN if owner in namesakes else INACTIVE
    return None
