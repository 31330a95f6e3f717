# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may cost, in requests: the limits that no change may break. Tokens aren't counted."""

from __future__ import annotations

from typing import Any

import pytest

from ..builders import (
    Bench,
    account,
    bench,
    desired,
    gid,
    held,
    person,
    place,
    team,
    told,
    wanted_group,
    wanted_members,
    wanted_permissions,
    wanted_user,
)
from ..conftest import Start

ANNA, NEW = "anna@example.com", "new@example.com"
TRIO = ["Art", "Ops", "Shop"]


def costs(made: Bench, wish: Any, reads: int, writes: int, contract: str = "auto") -> list[str]:
    """Run a task; its requests must not be more than that, and a second time it must write nothing."""
    result = made.run(wish, contract=contract)
    assert result.error is None
    assert len(made.writes) == writes, made.writes
    assert len(made.reads) <= reads, made.reads
    applied = told(result.applied)
    again = made.run(wish, contract=contract)
    assert again.applied == []
    assert made.writes == []
    return applied


@pytest.fixture
def small(start: Start) -> Bench:
    return start(account([person(ANNA, *TRIO)], [team(name, held("account-viewer")) for name in TRIO]))


class TestOneUser:
    @pytest.mark.parametrize(
        ("groups", "pin", "published", "guide"),
        [
            pytest.param({"add": TRIO}, "auto", 2, 3, id="names"),
            pytest.param({"set": TRIO}, "auto", 2, 3, id="set"),
            pytest.param({"add": [gid(name) for name in TRIO]}, "auto", 2, 3, id="ids"),
            pytest.param({"add": [gid(name) for name in TRIO]}, "pinned", 1, 3, id="ids, pinned"),
            pytest.param({"add": TRIO}, "pinned", 2, 3, id="names, pinned"),
            pytest.param({}, "pinned", 1, 1, id="no groups, pinned"),
        ],
    )
    def test_unchanged(self, small: Bench, groups: Any, pin: str, published: int, guide: int) -> None:
        pinned = small.contract if pin == "pinned" else pin
        wish = desired(wanted_user(ANNA, **groups))
        assert costs(small, wish, {"published": published, "guide": guide}[small.contract], 0, pinned) == []

    @pytest.mark.parametrize("pin", ["auto", "pinned"])
    def test_new_in_three_groups(self, small: Bench, pin: str) -> None:
        pinned = small.contract if pin == "pinned" else pin
        writes = 2 if small.contract == "published" else 1 + 3
        assert len(costs(small, desired(wanted_user(NEW, add=TRIO)), 2, writes, pinned)) == 4

    def test_another_one_each_time(self, small: Bench) -> None:
        published = small.contract == "published"
        for count, (groups, writes) in enumerate([(TRIO[:1], 1), (TRIO[1:], 1 if published else 2)]):
            wish = desired(wanted_user(ANNA, remove=groups))
            assert len(costs(small, wish, 3 + 2 * len(groups), writes)) == count + 1

    def test_deleted(self, small: Bench) -> None:
        wish = desired(wanted_user(ANNA, "absent"))
        assert costs(small, wish, 1 + 1 + 4 + 1, 1) == [f"delete user {ANNA}"]

    @pytest.mark.parametrize(("added", "removed"), [(250, 201), (200, 200), (201, 0), (0, 401)])
    def test_many_groups(self, start_as: Start, added: int, removed: int) -> None:
        names = [f"Group {number:04}" for number in range(added + removed)]
        made = start_as(
            "published", account([person(ANNA, *names[added:])], [team(name) for name in names]), checked=False
        )
        wish = desired(wanted_user(ANNA, set=names[:added]))
        result = made.run(wish)
        assert len(result.applied) == added + removed
        assert len(made.writes) == -(-added // 200) + -(-removed // 200)
        assert made.run(wish).applied == []
        assert made.writes == []


PEOPLE = [f"user{number:03}@example.com" for number in range(250)]


class TestOneGroup:
    @pytest.mark.parametrize(
        ("contract", "reads", "writes"), [("published", 1 + 1 + 1, 250), ("guide", 1 + 1 + 250, 2)]
    )
    def test_250_new_members(self, start_as: Start, contract: str, reads: int, writes: int) -> None:
        made = start_as(contract, account(map(person, PEOPLE), [team("Shop"), team("Ops")]), checked=False)
        result = made.run(desired(wanted_members("Shop", *PEOPLE)))
        assert len(result.applied) == 250
        assert len(made.reads) <= reads
        assert len(made.writes) == writes

    @pytest.mark.parametrize(("contract", "reads"), [("published", 3), ("guide", 252)])
    @pytest.mark.parametrize("state", ["present", "exact"])
    def test_250_members_unchanged(self, start_as: Start, contract: str, reads: int, state: str) -> None:
        made = start_as(
            contract, account([person(email, "Shop") for email in PEOPLE], [team("Shop"), team("Ops")]), checked=False
        )
        assert made.run(desired(wanted_members("Shop", *PEOPLE, state=state))).applied == []
        assert len(made.reads) <= reads
        assert made.writes == []

    def test_new_groups(self, start: Start) -> None:
        made = start(account())
        wish = desired(*(wanted_group(f"Group {number}", description="x") for number in range(12)))
        assert len(costs(made, wish, 1, 1 if made.contract == "published" else 12)) == 12

    def test_permissions(self, start: Start) -> None:
        made = start(account([], [team("Shop")], [place("Prod", "Web"), place("Test")]))
        wish = desired(wanted_permissions("Shop", "viewer", "logviewer", "agent-install", on=["Prod", "Test"]))
        assert len(costs(made, wish, 3, 1)) == 6


class TestBulk:
    """250 people in 150 groups."""

    TEAMS = tuple(f"Team {number:03}" for number in range(150))

    def groups_of(self, number: int) -> list[str]:
        return [self.TEAMS[number % 150], self.TEAMS[(number * 7 + 1) % 150], self.TEAMS[149 - number % 50]]

    def test_unchanged(self) -> None:
        people = [person(email, *self.groups_of(number)) for number, email in enumerate(PEOPLE)]
        wishes = [wanted_user(email, add=self.groups_of(number)) for number, email in enumerate(PEOPLE)]
        with bench("published", account(people, map(team, self.TEAMS)), checked=False) as made:
            assert made.run(desired(*wishes)).applied == []
            assert len(made.reads) <= 152
            assert made.writes == []

    @pytest.mark.parametrize("contract", ["published", "guide"])
    def test_few_of_many(self, start_as: Start, contract: str) -> None:
        """As many reads as there are people named, where these are fewer than the groups.

        The guide's first page has 50 groups, since it is asked for before the contract is known.
        """
        people = [person(email, *self.groups_of(number)) for number, email in enumerate(PEOPLE)]
        made = start_as(contract, account(people, map(team, self.TEAMS)), checked=False)
        wishes = [wanted_user(email, add=self.groups_of(number)) for number, email in enumerate(PEOPLE[:5])]
        assert made.run(desired(*wishes)).applied == []
        assert len(made.reads) <= 2 + 5 + (contract == "guide")
        assert made.writes == []

    @pytest.mark.parametrize("contract", ["published", "guide"])
    def test_all_new(self, start_as: Start, contract: str) -> None:
        made = start_as(contract, account([], map(team, self.TEAMS[:10])), checked=False)
        wishes = [wanted_user(email, add=self.TEAMS[:3]) for email in PEOPLE[:40]]
        result = made.run(desired(*wishes))
        assert len(result.applied) == 40 * 4
        assert sorted(made.reads) == ["GET groups", "GET users"]
        assert len(made.writes) == 40 + (40 if contract == "published" else 3)


def test_a_preview_never_writes(small: Bench) -> None:
    wish = desired(wanted_user(NEW, add=TRIO), wanted_user(ANNA, "absent", set=[]), wanted_group("Fresh"))
    before = small.sim.state()
    assert len(small.run(wish, preview=True).applied) == 9
    assert small.writes == []
    assert small.sim.state() == before
