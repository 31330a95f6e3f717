# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One token as a task wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from ..._api.account import Account
from ..._api.records import Token
from ..._core.errors import InvalidInput
from ..draft import Draft
from ..lists import named
from ..model import Snapshot
from ..part import Question
from ..resolve import find, index_of, only
from ..timebox import ALWAYS, moment
from .facts import NOUNS
from .model import moment_of
from .plan import DELETE, alter, close
from .questions import ApiTokens, PlatformTokensOfAccount, check_environments, tokens_in
from .steps import TokenSteps


@dataclass(frozen=True)
class TokenPart:
    """A token by name or id, in an environment, or a platform token of the account. None is not managed.

    ``expires`` is a moment with its zone, or empty for never.
    """

    ref: str
    environment: str = ""
    state: str = "present"
    enabled: bool | None = None
    expires: str | None = None
    now: datetime = ALWAYS

    @property
    def question(self) -> Question:
        """What has to be known of it."""
        return ApiTokens(self.environment) if self.environment else PlatformTokensOfAccount()

    def questions(self, _snapshot: Snapshot, /) -> Iterable[Question]:
        return (self.question,)

    def plan(self, draft: Draft, /) -> None:
        """Tokens aren't made here: one that isn't there is an error unless it is to be absent."""
        token = self.token(draft.snapshot)
        if token and self.state == "absent":
            close(draft, token, DELETE)
        elif token:
            alter(draft, token, self._wanted(token))
        elif self.state == "present":
            self._complain(draft.snapshot)

    def start(self, account: Account, _snapshot: Snapshot, /) -> TokenSteps:
        return TokenSteps(account)

    def token(self, snapshot: Snapshot) -> Token | None:
        """The one that is meant, None when it isn't there; raises InvalidInput for namesakes."""
        listed = tokens_in(snapshot, self.question).tokens
        return only(self._noun, self.ref, index_of(listed).get(self.ref, []))

    @property
    def _noun(self) -> str:
        return NOUNS["api_token" if self.environment else "platform_token"]

    def _complain(self, snapshot: Snapshot) -> None:
        place = f" in {self.environment}" if self.environment else ""
        try:
            find(self._noun, self.ref, tokens_in(snapshot, self.question).tokens, place)
        except InvalidInput as unknown:
            raise InvalidInput(
                f"{unknown} Tokens aren't made here, since their secret would have to be kept."
            ) from None

    def _wanted(self, token: Token) -> Token:
        enabled = token.enabled if self.enabled is None else self.enabled
        return replace(token, enabled=enabled, expires=self._end(token))

    def _end(self, token: Token) -> str | None:
        """As the service has it where that is the same moment, else as it takes it."""
        if not self.expires:
            return token.expires if self.expires is None else None
        wanted = moment("expiration_date", self.expires).replace(microsecond=0)
        if moment_of(token.expires) == wanted:
            return token.expires
        if wanted <= self.now:
            raise InvalidInput(
                f"expiration_date: {self.expires} is over, and the service takes none from the past. To end the token"
                " now, give status=inactive."
            )
        return wanted.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def api_token_part(given: Mapping[str, Any]) -> TokenPart:
    """From the options of dynatrace_api_token; raises InvalidInput where no token leads to the environment."""
    check_environments([given["environment"]], given["environment_tokens"])
    return TokenPart(_ref(given), given["environment"], given["state"], given["enabled"])


def platform_token_part(given: Mapping[str, Any], now: datetime) -> TokenPart:
    """From the options of dynatrace_platform_token; ``now`` is compared with the end that it shall have."""
    expires = given["expiration_date"]
    if expires:
        moment("expiration_date", expires)
    enabled = None if given["status"] is None else given["status"] == "active"
    return TokenPart(_ref(given), "", given["state"], enabled, expires, now)


def _ref(given: Mapping[str, Any]) -> str:
    option = "name" if given.get("name") is not None else "id"
    return named(option, given[option])
