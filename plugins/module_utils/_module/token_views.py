# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The return values of modules about tokens that are their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .._iam.desired import Desired
from .._iam.engine import Result
from .._iam.tokens.model import token_shape
from .._iam.tokens.orphans_part import OrphansPart
from .._iam.tokens.part import TokenPart


def one_token(result: Result, desired: Desired, now: datetime) -> dict[str, Any]:
    """``token`` as it is or would be, None when it isn't there."""
    [part] = desired.parts
    if not isinstance(part, TokenPart):
        raise TypeError(part)
    token = part.token(result.after)
    return {"token": token and token_shape(token, now)}


def orphaned_tokens(result: Result, desired: Desired) -> dict[str, Any]:
    """``orphaned_tokens``, ``report`` and ``unread``"""
    [part] = desired.parts
    if not isinstance(part, OrphansPart):
        raise TypeError(part)
    return part.report(result.after)
