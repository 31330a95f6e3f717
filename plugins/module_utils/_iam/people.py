# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan means for each person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._core.change import Action, Change
from .facts import MembershipFact, UserFact

ACCOUNT = "the account"


def gains_and_losses(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """``{email, gains, loses}`` for everybody concerned, in names, sorted by e-mail."""
    found: dict[str, dict[str, Any]] = {}
    for change in changes:
        fact = change.fact
        if isinstance(fact, MembershipFact):
            what = [f"group {fact.group.name}"]
        elif isinstance(fact, UserFact) and fact.gone:
            what = [ACCOUNT, *(f"group {name}" for name in fact.groups)]
        elif isinstance(fact, UserFact) and fact.was is None:
            what = [ACCOUNT]
        else:
            continue
        person = found.setdefault(fact.user.key, {"email": fact.user.email, "gains": set(), "loses": set()})
        gained = change.action in (Action.CREATE, Action.ADD)
        person["gains" if gained else "loses"].update(what)
    return [
        {**person, "gains": sorted(person["gains"]), "loses": sorted(person["loses"])}
        for _key, person in sorted(found.items())
    ]
