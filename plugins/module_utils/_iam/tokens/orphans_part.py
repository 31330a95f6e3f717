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
from ..._core.errors import CallFailed
from ..draft import Draft
from ..model import Snapshot
from ..part import Question
from .inquiry import environments_wanted, kinds_wanted, token_questions
from .model import OwnerList, TokenList, in_order, is_in_use
from .orphans import UNKNOWN, Orphan, find_orphans, orphan_line, orphan_shape
from .plan import DISABLE, close
from .questions import ApiTokens, Owners
from .steps import TokenSteps


@dataclass(frozen=True)
class OrphansPart:
    """The tokens that ``asked`` is about; ``now`` is what their age is counted to."""

    asked: tuple[Question, ...]
    disable: bool
    now: datetime

    def questions(self, _snapshot: Snapshot, /) -> Iterable[Question]:
        return (*self.asked, Owners())

    def plan(self, draft: Draft, /) -> None:
        """Disable what is certainly orphaned; raises CallFailed where no place at all can be read."""
        failures = list(self._failures(draft.snapshot))
        if failures and len(failures) == len(self.asked):
            raise failures[0][1]
        draft.warnings.extend(f"{failure} Nothing is said of the tokens there." for _place, failure in failures)
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
        unread = [{"place": place, "problem": str(failure)} for place, failure in self._failures(snapshot)]
        return {"orphaned_tokens": orphans, "report": [orphan_line(each) for each in orphans], "unread": unread}

    def _orphans(self, snapshot: Snapshot) -> list[Orphan]:
        answers = [snapshot.answers[each] for each in self.asked]
        tokens = [token for each in answers if isinstance(each, TokenList) for token in each.tokens]
        owners = snapshot.answers[Owners()]
        return find_orphans(tokens, owners.users if isinstance(owners, OwnerList) else ())

    def _failures(self, snapshot: Snapshot) -> Iterator[tuple[str, CallFailed]]:
        for each in self.asked:
            answer = snapshot.answers[each]
            if isinstance(answer, CallFailed):
                yield each.environment if isinstance(each, ApiTokens) else "platform tokens", answer


def orphans_part(given: Mapping[str, Any], now: datetime) -> OrphansPart:
    """From the options of dynatrace_orphaned_tokens, which needs the account's credentials anyway."""
    kinds = kinds_wanted(given, may_log_in=True)
    asked = token_questions(kinds, environments_wanted(given))
    return OrphansPart(tuple(asked), given["action"] == "disable", now)
