# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with users themselves."""

from __future__ import annotations

from dataclasses import replace

from .._api.records import User
from .._core.change import Action
from .desired import UserWish
from .draft import Draft
from .facts import UserFact

INVITED = "PENDING"
"""The status of users who have not accepted their invitation."""


def plan_user(draft: Draft, wish: UserWish) -> None:
    """Note what happens to the user: invited, renamed where the contract can do that, or deleted."""
    found = draft.snapshot.users.get(wish.key)
    if wish.state == "absent":
        if found:
            draft.delete_user(found)
    elif found:
        wanted = _with_names(found, wish)
        if draft.snapshot.abilities.names_writable and wanted != found:
            draft.users[found.key] = wanted
            draft.change(Action.UPDATE, UserFact(wanted, was=found))
    elif wish.state == "present":
        user = User(wish.email, status=INVITED)
        if draft.snapshot.abilities.names_writable:
            user = _with_names(user, wish)
        draft.users[user.key] = user
        draft.change(Action.CREATE, UserFact(user))


def warn_of_names(draft: Draft) -> None:
    """One warning about all names that the task wants otherwise and that can't be set."""
    if draft.snapshot.abilities.names_writable:
        return
    wishes = [(draft.users.get(wish.key), wish) for wish in draft.desired.users if wish.state != "absent"]
    differing = sorted(user.email for user, wish in wishes if user and _with_names(user, wish) != user)
    if differing:
        draft.warnings.append(
            "The names of people can't be set through this API: they come from the login, the IdP or SCIM."
            f" They differ from the task for {', '.join(differing)}."
        )


def _with_names(user: User, wish: UserWish) -> User:
    """Names that the task doesn't give stay as they are; an empty one clears it."""
    first = user.first_name if wish.first_name is None else wish.first_name or None
    last = user.last_name if wish.last_name is None else wish.last_name or None
    return replace(user, first_name=first, last_name=last)
