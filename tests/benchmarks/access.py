# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the requests of dynatrace_access for teams and accounts of many sizes, beside the fewest there can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.modules.dynatrace_access import wish
from tests.benchmarks.accounts import email, group_name, make_account
from tests.benchmarks.apart import Apart, apart
from tests.benchmarks.cases import Cost, calls, group_pages, three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import cost_of, run

PEOPLE = (1, 250, 1000)
USERS = (250, 10_000)
GROUPS = (150, 500)
SPARE = 3
"""So many requests more than the fewest are within the limit; writes have to be the fewest."""
PAGE = 500
OWN_USERS = 1
"""Beside those made up, the account has an administrator."""
NEW, SAME, SAME_LIST, MOVED = "new", "unchanged", "unchanged, whole list", "one joined, one left"
OPTIONS: dict[str, Any] = {
    **{option: [] for option in ("groups", "policies", "boundaries", "service_users")},
    "on_managed": "fail",
    "on_finding": "fail",
    "purge": {},
    "scope": None,
}
GUARD: dict[str, Any] = {"protected_users": [], "protected_groups": []}


@dataclass(frozen=True)
class Team:
    """So many people, each in three groups, and what is to become of them."""

    people: int
    users: int
    groups: int
    what: str

    @property
    def numbers(self) -> range:
        """Those who are in the account, or who aren't yet."""
        return range(self.users, self.users + self.people) if self.what == NEW else range(self.people)

    def joins(self, number: int) -> list[int]:
        """The groups that somebody joins."""
        groups = three_of(self.groups)(number)
        return {NEW: groups, MOVED: [(groups[0] + 1) % self.groups]}.get(self.what, [])

    def leaves(self, number: int) -> list[int]:
        """The groups that somebody leaves."""
        return three_of(self.groups)(number)[:1] if self.what == MOVED else []

    def options(self, number: int) -> dict[str, Any]:
        """What the task says about somebody."""
        groups = three_of(self.groups)(number)
        parts = {
            SAME_LIST: {"set": groups},
            MOVED: {"add": self.joins(number), "remove": self.leaves(number)},
        }.get(self.what, {"add": groups})
        named = {key: [group_name(group) for group in part] for key, part in parts.items()}
        return {"email": email(number), "groups": named}

    def wish(self) -> Desired:
        """What the module makes of its options."""
        return wish({**OPTIONS, "guard": GUARD, "users": [self.options(number) for number in self.numbers]})

    def changes(self) -> int:
        """How many facts have to change."""
        invited = self.people if self.what == NEW else 0
        return invited + sum(len(self.joins(number)) + len(self.leaves(number)) for number in self.numbers)


def published(team: Team) -> Cost:
    """The fewest requests: a list of users (or a look at the only one) and of groups, then members of each group that
    is touched or groups of each person; a call for each person who is invited, who joins, who leaves."""
    touched = {group for number in team.numbers for group in [*team.joins(number), *three_of(team.groups)(number)]}
    groups = team.groups if team.what == SAME_LIST else len(touched)
    looks = 0 if team.what == NEW or team.people == 1 else min(groups, team.people)
    writes = team.people * {NEW: 2, MOVED: 2}.get(team.what, 0)
    return Cost(2 + looks, writes)


def guide(team: Team) -> Cost:
    """The fewest requests: pages of users and groups, a look at each person; a call for each who is invited, for each
    group that up to 200 people join, for each membership that ends. Since nobody's members are listed here, the guard
    for the last administrator looks at the permissions of each group that somebody leaves."""
    reads = ceil((team.users + OWN_USERS) / PAGE) + group_pages(team.groups)
    reads += 0 if team.what == NEW else team.people
    reads += len({group for number in team.numbers for group in team.leaves(number)})
    joining = Counter(group for number in team.numbers for group in team.joins(number))
    invited = team.people if team.what == NEW else 0
    leaving = sum(len(team.leaves(number)) for number in team.numbers)
    return Cost(reads, invited + sum(map(calls, joining.values())) + leaving)


FEWEST: dict[str, Callable[[Team], Cost]] = {"published": published, "guide": guide}


def count(simulator: Apart, team: Team) -> Cost:
    """What a run really takes."""
    simulator.load(make_account(team.users, team.groups, three_of(team.groups)))
    result = run(simulator, team.wish(), "auto")
    if result.error or len(result.applied) != team.changes():
        raise Unsound(f"{team}: {len(result.applied)} changes applied, expected {team.changes()}: {result.error}")
    return cost_of(simulator.requests)


def judged(teams: Iterable[Team], contract: str, measure: Callable[[Team], Cost]) -> Line:
    """One account and one kind of work, for few people and for many."""
    cells: list[object] = []
    figures = []
    kept = []
    for team in teams:
        fewest, cost = FEWEST[contract](team), measure(team)
        ok = cost.requests <= fewest.requests + SPARE and cost.writes <= fewest.writes
        cells += [cost.requests, fewest.requests, cost.writes]
        figures.append({**vars(team), **vars(cost), "fewest": fewest.requests, "fewest_writes": fewest.writes})
        kept.append(ok)
    cells += [""] * (3 * len(PEOPLE) - len(cells))
    label = (team.what, team.users, team.groups)
    return Line((*label, *cells), all(kept), {"contract": contract, "runs": figures})


def tables() -> Iterator[list[Team]]:
    """All that is counted; only those can be there already who are no more than the account's users."""
    for what in (NEW, SAME, SAME_LIST, MOVED):
        for users in USERS:
            for groups in GROUPS:
                yield [Team(people, users, groups, what) for people in PEOPLE if what == NEW or people <= users]


def access_costs(contract: str) -> Section:
    """The table of one contract."""
    columns = ["", "users", "groups"]
    for people in PEOPLE:
        columns += [f"for {people}", "fewest", "writes"]
    with apart(contract) as simulator:
        lines = [judged(teams, contract, lambda team: count(simulator, team)) for teams in tables()]
    title = f"Requests of dynatrace_access, by people and account, at most {SPARE} over the fewest, {contract} contract"
    return Section(f"access_{contract}", title, tuple(columns), lines)
