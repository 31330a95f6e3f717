# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up accounts of any size. The same numbers always make the same account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.simulator.default import DATE, default_state, group

State = dict[str, Any]
Numbers = Callable[[int], Iterable[int]]


def email(number: int) -> str:
    """The e-mail of a user, who may be in the account or not."""
    return f"user{number:05}@example.com"


def group_name(number: int) -> str:
    """The name of a group, which may be in the account or not."""
    return f"Team {number:04}"


def group_id(number: int) -> str:
    """The id of the group of that name."""
    return str(uuid5(NAMESPACE_URL, group_name(number)))


def no_groups(number: int) -> Iterable[int]:
    """For users who are in no group."""
    return ()


def make_account(users: int, groups: int, groups_of: Numbers = no_groups) -> State:
    """An account with users and groups numbered from 0, beside the simulator's few; ``groups_of`` is by user."""
    state = default_state()
    state["users"] += [_user(number, [group_id(each) for each in groups_of(number)]) for number in range(users)]
    state["groups"] += [group(group_id(number), group_name(number), "LOCAL") for number in range(groups)]
    return state


def _user(number: int, groups: list[str]) -> dict[str, Any]:
    return {
        "uid": str(uuid5(NAMESPACE_URL, email(number))),
        "email": email(number),
        "name": "Given",
        "surname": f"Name {number}",
        "status": "ACTIVE",
        "emergencyContact": False,
        "createdAt": DATE,
        "lastModifiedAt": DATE,
        "groups": groups,
    }
