# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Dynatrace's services differ in headers, and in what to say when they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .._core.retry import Answer
from .calls import Call
from .refusals import account_advice

Advice = Callable[[Call, Answer, "frozenset[str] | None"], str]
"""What to do about an answer that refuses a call, ending in ``; ``, or nothing; given the token's scopes if known."""


@dataclass(frozen=True)
class Dialect:
    """``scheme`` stands before the token in ``Authorization``; ``media_type`` is that of bodies; ``option`` is the one
    that says where the service is."""

    scheme: str
    media_type: str
    advice: Advice
    option: str = "api_url"


ACCOUNT = Dialect("Bearer", "application/json", account_advice)
