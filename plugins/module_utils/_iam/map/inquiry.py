# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the map and whatever credentials let one see beside it, and gathers what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ..._api.account import Account
from ..._api.records import ScimUser, Token
from ..._core.errors import CallFailed
from ..._core.workers import run_side_by_side
from ..reader import optional
from ..tokens.model import TokenList
from ..tokens.questions import ApiTokens, PlatformTokensOfAccount
from .asking import Map
from .beside_findings import limit_findings, scim_findings, token_findings
from .finding import Finding, in_order
from .group_findings import group_findings
from .people_findings import Patience, people_findings

T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """What was read beside the account. ``unread`` says in words what couldn't be, and so wasn't looked at."""

    tokens: tuple[Token, ...] = ()
    scim_users: tuple[ScimUser, ...] = ()
    limits: tuple[tuple[str, int, int], ...] = ()
    unread: tuple[str, ...] = field(default=())


def read_beside(account: Account, *, has_scim: bool) -> Beside:
    """Tokens of the account and of the environments that there are credentials for, SCIM, limits."""
    questions: list[ApiTokens | PlatformTokensOfAccount] = [
        PlatformTokensOfAccount(),
        *map(ApiTokens, account.environments),
    ]
    answers = run_side_by_side(lambda question: question.ask(account), questions, account.workers)
    lists = [each for each in answers if isinstance(each, TokenList)]
    unread = [f"tokens: {each}" for each in answers if isinstance(each, CallFailed)]
    scim = _or_why(account.scim.users, "SCIM", unread) if has_scim else []
    found = [
        *(optional(account.limits.of_account) or ()),
        *(optional(account.limits.of_policies) or ()),
    ]
    return Beside(
        tokens=tuple(token for each in lists for token in each.tokens),
        scim_users=tuple(scim),
        limits=tuple((each.name, each.used, each.most) for each in found),
        unread=tuple(unread),
    )


def _or_why(read: Callable[[], list[T]], what: str, unread: list[str]) -> list[T]:
    try:
        return read()
    except CallFailed as failure:
        unread.append(f"{what}: {failure}")
        return []


def all_findings(
    made: Map, beside: Beside, patience: Patience, siblings: Iterable[Sequence[str]] = ()
) -> list[Finding]:
    """Sorted by severity; raises InvalidInput for an unknown environment in ``siblings``."""
    return in_order(
        [
            *people_findings(made, patience),
            *group_findings(made, siblings),
            *token_findings(made, beside.tokens, patience.now),
            *scim_findings(made, beside.scim_users),
            *limit_findings(beside.limits),
        ]
    )
