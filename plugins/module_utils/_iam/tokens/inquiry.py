# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads tokens for those who only want to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from ..._api.account import Account
from ..._api.records import Token
from ..._core.errors import InvalidInput
from ..desired import emails
from ..model import Needs
from ..part import Question
from ..reader import Reader
from .model import in_order, token_shape
from .questions import ApiTokens, PlatformTokensOfAccount, check_environments, tokens_in

API, PLATFORM = "api", "platform"


def kinds_wanted(given: Mapping[str, Any], may_log_in: bool) -> tuple[str, ...]:
    """``include``, or what there are credentials for; raises InvalidInput where that is nothing."""
    if given["include"] is not None:
        return tuple(given["include"])
    found = ((API, given["environment_tokens"]), (PLATFORM, may_log_in))
    kinds = tuple(kind for kind, credentials in found if credentials)
    if not kinds:
        raise InvalidInput(
            "No way to read tokens: give environment_tokens (or DYNATRACE_ENVIRONMENT_TOKENS) for those of"
            " environments, client_id and client_secret for platform tokens."
        )
    return kinds


def environments_wanted(given: Mapping[str, Any]) -> tuple[str, ...]:
    """``environments``, or all that tokens lead to; raises InvalidInput for others."""
    known = given["environment_tokens"]
    wanted = known if given["environments"] is None else given["environments"]
    check_environments(wanted, known)
    if not wanted and API in (given["include"] or ()):
        raise InvalidInput("include=api needs environment_tokens: give some, or set DYNATRACE_ENVIRONMENT_TOKENS.")
    return tuple(sorted(set(wanted)))


def token_questions(kinds: Collection[str], environments: Iterable[str], selector: str = "") -> list[Question]:
    """What to ask for tokens of these kinds; only environments know a selector."""
    platform: list[Question] = [PlatformTokensOfAccount()] if PLATFORM in kinds else []
    return [*(ApiTokens(each, selector) for each in (environments if API in kinds else ())), *platform]


def read_tokens(account: Account, given: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The tokens that the options of dynatrace_token_info ask for; raises CallFailed for any place that can't be read.

    Owners are compared here: the service's own selector takes ``Jane@`` and ``jane@`` for two, and asking for both
    spellings would still leave a third one out.
    """
    asked = token_questions(
        kinds_wanted(given, account.may_log_in), environments_wanted(given), given["selector"] or ""
    )
    reader = Reader(account)
    snapshot = reader.fetch(reader.nothing(of_account=False), Needs(questions=frozenset(asked)))
    found: list[Token] = [token for each in asked for token in tokens_in(snapshot, each).tokens]
    owners = emails(given["owners"])
    keys = None if owners is None else {each.lower() for each in owners}
    return in_order([token_shape(each, now) for each in found if keys is None or each.owner.lower() in keys])
