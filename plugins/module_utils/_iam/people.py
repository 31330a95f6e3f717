# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan means for each person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._api.records import User
from .._core.change import Action, Change
from .facts import GroupFact, MembershipFact, UserFact
from .model import Snapshot
from .part import PartFact

ACCOUNT = "the account"


def gains_and_losses(changes: Iterable[Change], before: Snapshot) -> list[dict[str, Any]]:
    """``{email, gains, loses}`` for everybody concerned, in names, sorted by e-mail."""
    found: dict[str, dict[str, Any]] = {}
    for change in changes:
        gained = change.action in (Action.CREATE, Action.ADD) or _opens(change)
        for user, what in _concerned(change, before):
            if user.key not in found:
                found[user.key] = {"email": user.email, "gains": [], "loses": []}
            found[user.key]["gains" if gained else "loses"] += what
    return [
        {**person, "gains": sorted(set(person["gains"])), "loses": sorted(set(person["loses"]))}
        for _key, person in sorted(found.items())
    ]


def _opens(change: Change) -> bool:
    """Whether a token or a person is enabled again."""
    return isinstance(change.fact, PartFact) and not change.takes


def _concerned(change: Change, before: Snapshot) -> list[tuple[User, list[str]]]:
    """Who gains or loses what; of a group that is deleted, the members as far as they are known."""
    fact = change.fact
    if isinstance(fact, PartFact):
        return [(User(fact.person[0]), [fact.person[1]])] if fact.person else []
    if isinstance(fact, MembershipFact):
        return [(fact.user, [f"group {fact.group.name}"])]
    if isinstance(fact, UserFact) and fact.gone:
        return [(fact.user, [ACCOUNT, *(f"group {name}" for name in fact.groups)])]
    if isinstance(fact, UserFact) and fact.was is None:
        return [(fact.user, [ACCOUNT])]
    if isinstance(fact, GroupFact) and fact.gone:
        return [(before.users[key], [f"group {fact.group.name}"]) for key in before.members_of(fact.group.id)]
    return []
