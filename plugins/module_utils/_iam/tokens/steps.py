# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns changes of tokens into calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from ..._api.account import Account
from ..._core.change import Action, Change
from ..._core.execute import Step
from .facts import TokenFact
from .questions import environment_api


class TokenSteps:
    """Makes the steps of one run; nothing is created."""

    def __init__(self, account: Account) -> None:
        self.ids: dict[str, str] = {}
        self._account = account

    def steps(self, _action: Action, changes: Sequence[Change], /) -> Iterable[Step]:
        """A call for each token; for a platform token whose state and end change, two."""
        for change in changes:
            if isinstance(change.fact, TokenFact):
                work = self._change_api_token if change.fact.token.environment else self._change_platform_token
                yield Step((change,), partial(work, change.fact))

    def _change_api_token(self, fact: TokenFact) -> None:
        api = environment_api(self._account, fact.token.environment)
        (api.delete if fact.gone else api.set_enabled)(fact.token)

    def _change_platform_token(self, fact: TokenFact) -> None:
        """Whichever narrows comes first: a token is closed before its end moves, and opened afterwards."""
        api = self._account.platform_tokens
        if fact.gone:
            api.delete(fact.token)
            return
        was = fact.was or fact.token
        calls = [api.set_expiry] if was.expires != fact.token.expires else []
        if was.enabled != fact.token.enabled:
            calls.insert(0 if fact.closes else len(calls), api.set_status)
        for call in calls:
            call(fact.token)
