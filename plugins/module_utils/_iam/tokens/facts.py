# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts about tokens that a plan changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..._api.records import Token
from ..._core.change import Action, DiffEntry
from ..facts import FOR_GOOD
from ..model import Snapshot
from ..part import PartFact
from .model import TokenList, token_lists

NOUNS = {"api_token": "API token", "platform_token": "platform token"}


@dataclass(frozen=True, slots=True)
class TokenFact(PartFact):
    """A token is like this, or isn't there any more. ``was`` is it before an update, ``gone`` marks a deletion."""

    token: Token
    was: Token | None = None
    gone: bool = False
    follows: bool = False
    """Whether it goes since its owner does."""

    @property
    def counts(self) -> bool:
        return not self.follows

    @property
    def closes(self) -> bool:
        return self.was is not None and self.was.enabled and not self.token.enabled

    @property
    def kind(self) -> str:
        return self.token.kind

    @property
    def noun(self) -> str:
        return f"{NOUNS[self.kind]}s"

    @property
    def name(self) -> str:
        return name_of(self.token)

    @property
    def identity(self) -> str:
        return f"{self.token.environment} {self.token.id}"

    @property
    def person(self) -> tuple[str, str] | None:
        """Nobody where the owner isn't an e-mail, or where only the end moves."""
        moves = self.was is not None and self.was.enabled == self.token.enabled
        if "@" not in self.token.owner or moves:
            return None
        return (self.token.owner, f"{NOUNS[self.kind]} {self.name}")

    def detail(self) -> dict[str, Any]:
        place = {"environment": self.token.environment} if self.token.environment else {}
        shown = {**place, "name": self.token.name, "id": self.token.id, "owner": self.token.owner}
        if self.gone:
            return {**shown, "deleted": FOR_GOOD}
        before, after = self._changed()
        return {**shown, **after, "before": before}

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"{NOUNS[self.kind]} {self.name} ({self.token.id})"
        if self.gone:
            before = {"owner": self.token.owner, **_state(self.token)}
            return DiffEntry(block, before=before, after={"deleted": FOR_GOOD})
        before, after = self._changed()
        return DiffEntry(block, before=before, after=after)

    def population(self, snapshot: Snapshot, /) -> int | None:
        """Those that are enabled, in all that was read."""
        listed = [token for each in token_lists(snapshot) for token in each.tokens if token.kind == self.kind]
        return sum(token.enabled for token in listed)

    def way_back(self, _action: Action, /) -> str:
        noun = NOUNS[self.kind]
        if self.gone:
            return f"{noun} {self.name}: doesn't come back, a new one has another secret"
        place = f"environment={self.token.environment} " if self.token.environment else ""
        before, _after = self._changed()
        return f"{noun} {self.name}: dynatrace_{self.kind} with {place}id={self.token.id} {_options(self.kind, before)}"

    def projected(self, snapshot: Snapshot, _action: Action, /) -> Snapshot:
        answers = {question: self._applied(answer) for question, answer in snapshot.answers.items()}
        return replace(snapshot, answers=answers)

    def _applied(self, answer: object) -> object:
        if not isinstance(answer, TokenList) or all(each.key != self.token.key for each in answer.tokens):
            return answer
        after = () if self.gone else (self.token,)
        tokens = [new for each in answer.tokens for new in (after if each.key == self.token.key else (each,))]
        return replace(answer, tokens=tuple(tokens))

    def _changed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        before, after = _state(self.was or self.token), _state(self.token)
        changed = [key for key in after if after[key] != before[key]]
        return {key: before[key] for key in changed}, {key: after[key] for key in changed}


def name_of(token: Token) -> str:
    """What people call it."""
    return f"{token.name} in {token.environment}" if token.environment else token.name


def _state(token: Token) -> dict[str, Any]:
    return {"enabled": token.enabled, "expires": token.expires}


def _options(kind: str, state: Mapping[str, Any]) -> str:
    """The options of the token's module that bring ``state`` back."""
    found = []
    if "enabled" in state and kind == "api_token":
        found.append(f"enabled={str(state['enabled']).lower()}")
    elif "enabled" in state:
        found.append(f"status={'active' if state['enabled'] else 'inactive'}")
    if "expires" in state:
        found.append(f"expiration_date={state['expires'] or repr('')}")
    return " ".join(found)
