# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orphaned tokens as a task wants them: reported, or disabled as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..._api.account import Account
from ..._api.records import User
from ..._core.errors import CallFailed
from ..draft import Draft
from ..model import Snapshot
from ..part import Question
from .inquiry import API, environments_wanted, kinds_wanted, token_questions
from .model import OwnerList, TokenList, in_order, is_in_use
from .orphans import UNKNOWN, Orphan, check_owners, find_orphans, orphan_line, orphan_shape
from .places import AllEnvironments, unseen
from .plan import DISABLE, close
from .questions import ApiTokens, Owners
from .steps import TokenSteps


@dataclass(frozen=True)
class OrphansPart:
    """The tokens that ``asked`` is about; ``now`` is what their age is counted to."""

    asked: tuple[Question, ...]
    disable: bool
    now: datetime
    everywhere: bool = False
    """Whether all environments of the account are meant, also those that there is no token for."""

    def questions(self, _snapshot: Snapshot, /) -> Iterable[Question]:
        return (*self.asked, Owners(), *([AllEnvironments()] if self.everywhere else []))

    def plan(self, draft: Draft, /) -> None:
        """Disable what is certainly orphaned; raises CallFailed where no place at all can be read."""
        failures = [each for each in map(draft.snapshot.answers.get, self.asked) if isinstance(each, CallFailed)]
        if failures and len(failures) == len(self.asked):
            raise failures[0]
        check_owners(self._owners(draft.snapshot))
        problems = [problem.rstrip(".") for _place, problem in self._unread(draft.snapshot)]
        draft.warnings.extend(f"{problem}. Nothing is said of the tokens there." for problem in problems)
        for orphan in self._orphans(draft.snapshot) if self.disable else ():
            if orphan.reason == UNKNOWN or not orphan.token.enabled:
                continue
            if is_in_use(draft.snapshot, orphan.token):
                draft.warnings.append(
                    f"Token {orphan.token.name} ({orphan.token.id}) is left: this task logs in with it. Its owner"
                    f" {orphan.token.owner} is {orphan.reason}: give the task a token of somebody else."
                )
            else:
                close(draft, orphan.token, DISABLE)

    def start(self, account: Account, _snapshot: Snapshot, /) -> TokenSteps:
        return TokenSteps(account)

    def report(self, snapshot: Snapshot) -> dict[str, Any]:
        """``orphaned_tokens``, the same as ``report`` for people, and ``unread``, as the module returns them."""
        orphans = in_order(orphan_shape(each, self.now) for each in self._orphans(snapshot))
        unread = [{"place": place, "problem": problem} for place, problem in self._unread(snapshot)]
        return {"orphaned_tokens": orphans, "report": [orphan_line(each) for each in orphans], "unread": unread}

    def _orphans(self, snapshot: Snapshot) -> list[Orphan]:
        answers = [snapshot.answers[each] for each in self.asked]
        tokens = [token for each in answers if isinstance(each, TokenList) for token in each.tokens]
        return find_orphans(tokens, self._owners(snapshot))

    def _owners(self, snapshot: Snapshot) -> tuple[User, ...]:
        found = snapshot.answers[Owners()]
        return found.users if isinstance(found, OwnerList) else ()

    def _unread(self, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
        """Places and problems."""
        for each in self.asked:
            answer = snapshot.answers[each]
            if isinstance(answer, CallFailed):
                yield each.environment if isinstance(each, ApiTokens) else "platform tokens", str(answer)
        if self.everywhere:
            seen = [each.environment for each in self.asked if isinstance(each, ApiTokens)]
            for place in unseen(snapshot.answers[AllEnvironments()], seen):
                yield (
                    place.id,
                    f"environment_tokens has no token for environment {place.name or place.id} ({place.id}).",
                )


def orphans_part(given: Mapping[str, Any], now: datetime) -> OrphansPart:
    """From the options of dynatrace_orphaned_tokens, which needs the account's credentials anyway."""
    kinds = kinds_wanted(given, may_log_in=True)
    asked = token_questions(kinds, environments_wanted(given))
    everywhere = given["environments"] is None and API in (given["include"] or (API,))
    return OrphansPart(tuple(asked), given["action"] == "disable", now, everywhere)
