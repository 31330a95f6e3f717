# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted: an account, a wish, and what it may cost. Add a case here and it is in the tables.

The limits of the published contract are those the project has set itself. Those of the guide's are the calls that it
takes at least: a page of users (500) and one of groups (nothing else has their names), a look at each user whose groups
matter, an invitation a user, one call for up to 200 people who join a group, one for each membership that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, GroupWish, UserWish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.lists import ListWish
from tests.benchmarks.accounts import State, email, group_id, group_name, make_account

BATCH = 200
LOOK = 50
"""Groups in the guide's first answer, by which ``api_contract: auto`` recognises it; then come pages of 500."""


@dataclass(frozen=True)
class Cost:
    """Requests; for tokens there are others."""

    reads: int
    writes: int

    @property
    def requests(self) -> int:
        """All of them."""
        return self.reads + self.writes


@dataclass(frozen=True)
class Case:
    """A run to count. ``limits`` name the contracts it is counted for."""

    name: str
    account: Callable[[], State]
    wish: Desired
    changes: int
    """How many facts the run has to change, so that nobody is cheap by doing nothing."""
    limits: Mapping[str, Cost]
    pinned: bool = False
    """With the contract named, instead of ``api_contract: auto``."""


def calls(entries: int) -> int:
    """Membership calls for so many entries."""
    return ceil(entries / BATCH)


def group_pages(groups: int) -> int:
    """Requests for the guide's list of groups, with ``auto``."""
    return 1 if groups <= LOOK else 2


def guarded(groups: int) -> int:
    """Reads before active users leave groups: the permissions of each, since the last administrator must stay one."""
    return groups


def joining(number: int, groups: Iterable[int], leaving: Iterable[int] = ()) -> UserWish:
    """A user who is to be in groups, and not in others."""
    lists = ListWish(add=tuple(map(group_name, groups)), remove=tuple(map(group_name, leaving)))
    return UserWish(email(number), groups=lists)


def team(users: int) -> Desired:
    """The first group with the first so many users."""
    members = ListWish(add=tuple(map(email, range(users))))
    return Desired(groups=(GroupWish(name=group_name(0), members=members),))


def three_of(groups: int) -> Callable[[int], list[int]]:
    """Three groups for each user, so that many users are in all groups."""
    return lambda number: [(number + groups * third // 3) % groups for third in range(3)]


def everybody(users: int, groups: int) -> Desired:
    """Many users with three of many groups each."""
    return Desired(users=tuple(joining(number, three_of(groups)(number)) for number in range(users)))


def one_user_by_id() -> Desired:
    """The first user with three groups by id."""
    return Desired(users=(UserWish(email(0), groups=ListWish(add=tuple(map(group_id, range(3))))),))


CASES = (
    Case(
        name="one user in 3 groups, unchanged",
        account=lambda: make_account(40, 12, three_of(12)),
        wish=Desired(users=(joining(0, three_of(12)(0)),)),
        changes=0,
        limits={"published": Cost(2, 0), "guide": Cost(3, 0)},
    ),
    Case(
        name="the same, ids and contract given",
        account=lambda: make_account(40, 12, lambda number: range(3)),
        wish=one_user_by_id(),
        changes=0,
        limits={"published": Cost(1, 0), "guide": Cost(3, 0)},
        pinned=True,
    ),
    Case(
        name="one new user in 3 groups",
        account=lambda: make_account(40, 12),
        wish=Desired(users=(joining(40, range(3)),)),
        changes=1 + 3,
        limits={"published": Cost(2, 1 + calls(3)), "guide": Cost(2, 1 + 3)},
    ),
    Case(
        name="one new user in 250 groups",
        account=lambda: make_account(40, 250),
        wish=Desired(users=(joining(40, range(250)),)),
        changes=1 + 250,
        limits={"published": Cost(2, 1 + calls(250)), "guide": Cost(1 + group_pages(250), 1 + 250)},
    ),
    Case(
        name="one user, 3 groups added, 2 removed",
        account=lambda: make_account(40, 12, lambda number: [10, 11]),
        wish=Desired(users=(joining(0, range(3), leaving=[10, 11]),)),
        changes=3 + 2,
        limits={"published": Cost(2 + guarded(2), calls(3) + calls(2)), "guide": Cost(3 + guarded(2), 3 + 2)},
    ),
    Case(
        name="one user, 250 groups added, 250 removed",
        account=lambda: make_account(40, 500, lambda number: range(250, 500)),
        wish=Desired(users=(joining(0, range(250), leaving=range(250, 500)),)),
        changes=250 + 250,
        limits={
            "published": Cost(2 + guarded(250), calls(250) + calls(250)),
            "guide": Cost(2 + group_pages(500) + guarded(250), 250 + 250),
        },
    ),
    Case(
        name="250 members of one group, unchanged",
        account=lambda: make_account(250, 12, lambda number: [0]),
        wish=team(250),
        changes=0,
        limits={"published": Cost(3, 0), "guide": Cost(2 + 250, 0)},
    ),
    Case(
        name="250 members of one group, new",
        account=lambda: make_account(250, 12),
        wish=team(250),
        changes=250,
        limits={"published": Cost(3, 250), "guide": Cost(2 + 250, calls(250))},
    ),
    Case(
        name="250 users in 150 groups, unchanged",
        account=lambda: make_account(250, 150, three_of(150)),
        wish=everybody(250, 150),
        changes=0,
        limits={"published": Cost(2 + min(150, 250), 0), "guide": Cost(1 + group_pages(150) + 250, 0)},
    ),
    Case(
        name="250 new users in 150 groups",
        account=lambda: make_account(0, 150),
        wish=everybody(250, 150),
        changes=250 + 750,
        limits={"published": Cost(2, 250 + 250), "guide": Cost(1 + group_pages(150), 250 + 150)},
    ),
    Case(
        name="20 new groups",
        account=lambda: make_account(40, 12),
        wish=Desired(groups=tuple(GroupWish(name=group_name(12 + number), state="present") for number in range(20))),
        changes=20,
        limits={"published": Cost(1, 1), "guide": Cost(1, 20)},
    ),
)
