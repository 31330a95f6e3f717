# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked about tokens. An answer is a TokenList, or the CallFailed itself: one place less isn't the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..._api.account import Account
from ..._api.environment import EnvironmentApi
from ..._api.records import Token
from ..._core.errors import CallFailed, InvalidInput
from ..model import Snapshot
from ..part import Question
from ..reader import GONE
from .model import OwnerList, TokenList


@dataclass(frozen=True)
class ApiTokens:
    """The access tokens of an environment, by id; ``selector`` is the service's."""

    environment: str
    selector: str = ""

    def ask(self, account: Account, /) -> TokenList | CallFailed:
        """One request up to 10,000 tokens; raises InvalidInput without a token for the environment."""
        api = environment_api(account, self.environment)
        return _answer(lambda: api.tokens(self.selector), api.own_token_id)


@dataclass(frozen=True)
class PlatformTokensOfAccount:
    """The platform tokens of the account."""

    def ask(self, account: Account, /) -> TokenList | CallFailed:
        """One request up to 1,000 tokens; raises InvalidInput without credentials of the account."""
        account.check_login()
        return _answer(account.platform_tokens.tokens, lambda: account.token_in_use)


@dataclass(frozen=True)
class Owners:
    """All people and service users of the account: a token may be anybody's."""

    def ask(self, account: Account, /) -> OwnerList:
        """Two requests; raises InvalidInput without credentials of the account, and CallFailed."""
        account.check_login()
        people = [user for user in account.contract.users() if user.status != GONE]
        return OwnerList((*people, *(each.user for each in account.service_users.service_users())))


def tokens_in(snapshot: Snapshot, question: Question) -> TokenList:
    """The answer to ``question``; raises the CallFailed that reading ended with."""
    answer = snapshot.answers[question]
    if isinstance(answer, CallFailed):
        raise answer
    if not isinstance(answer, TokenList):
        raise TypeError(answer)
    return answer


def environment_api(account: Account, environment: str) -> EnvironmentApi:
    """The way into an environment; raises InvalidInput without a token for it."""
    check_environments([environment], account.environments)
    return account.environments[environment]


def check_environments(wanted: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidInput for an environment that there is no token for."""
    known = sorted(known)
    missing = sorted(set(wanted) - set(known))
    if missing:
        raise InvalidInput(
            f"environment_tokens has no token for environment {', '.join(missing)}; it has some for:"
            f" {', '.join(known) or 'none'}. They are named by environment id, as in abc12345."
        )


def _answer(read: Callable[[], Iterable[Token]], in_use: Callable[[], str | None]) -> TokenList | CallFailed:
    try:
        return TokenList(tuple(read()), in_use())
    except CallFailed as failure:
        return failure
