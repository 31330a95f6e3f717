# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much one plan may take away, and how somebody who has looked at it lets it pass."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds, excesses

from ..builders import CONTRACTS, State, access, account, gid, grant, held, person, place, snapshot, team
from ..conftest import Start

CREW = [f"p{number:02}@example.com" for number in range(20)]
TEAMS = [f"Team {number:02}" for number in range(20)]
ROLES = ("viewer", "logviewer", "manage-settings", "manage-support-tickets")


def firm(people: int = 20, teams: int = 20) -> State:
    """Twenty people, all of them in Shop, which has four permissions; and twenty teams without anybody."""
    groups = [team("Shop", *(held(f"tenant-{role}", "prod") for role in ROLES)), *map(team, TEAMS[:teams])]
    return account([person(email, "Shop") for email in CREW[:people]], groups, [place("Prod")])


def less(kind: str, number: int) -> State:
    """Options that take away so many of a kind, and nothing else."""
    return {
        "members": {"users": [{"email": email, "groups": {"remove": ["Shop"]}} for email in CREW[:number]]},
        "users": {"users": [{"email": email, "state": "absent"} for email in CREW[:number]]},
        "groups": {"groups": [{"name": name, "state": "absent"} for name in TEAMS[:number]]},
        "permissions": {
            "groups": [{"name": "Shop", "permissions": [grant(*ROLES[:number], on=["Prod"], state="absent")]}]
        },
    }[kind]


KINDS = ("members", "users", "groups", "permissions")


def found(options: State, contract: str = "published", state: State | None = None, **limits: Any) -> list[str]:
    """What goes too far in the plan that these options make."""
    seen = snapshot(state or firm(), contract)
    return excesses(make_access_plan(access(**options), seen), seen, Thresholds(**limits))


@pytest.mark.parametrize("contract", CONTRACTS)
@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    @pytest.mark.parametrize(("number", "limit", "fine"), [(2, 2, True), (3, 2, False), (1, 0, False), (3, None, True)])
    def test_numbers(self, contract: str, kind: str, number: int, limit: int | None, fine: bool) -> None:
        words = found(less(kind, number), contract, max_removals=limit)
        assert words == ([] if fine else [f"{number} {kind}, more than max_removals={limit}"])

    def test_nothing_is_not_too_much(self, contract: str, kind: str) -> None:
        assert found(less(kind, 0), contract, max_removals=0, max_removal_percent=0) == []


def test_kinds_are_counted_separately() -> None:
    """Two of each is eight in all, and no kind has more than two."""
    parts = [less(kind, 2) for kind in KINDS]
    leavers = [{"email": email, "state": "absent"} for email in CREW[5:7]]
    members = parts[0]["users"]
    options = {"users": [*members, *leavers], "groups": [*parts[2]["groups"], *parts[3]["groups"]]}
    assert found(options, max_removals=2) == []
    assert found(options, max_removals=1) == [
        f"2 {noun}, more than max_removals=1" for noun in ("groups", "members", "permissions", "users")
    ]


def test_what_is_given_is_not_counted() -> None:
    options = {
        "users": [{"email": email, "groups": {"add": ["Team 00", "Fresh"]}} for email in [*CREW, "new@example.com"]],
        "groups": [
            {"name": "Fresh"},
            {"name": "Shop", "description": "other", "permissions": [grant("agent-install", on=["Prod"])]},
        ],
    }
    assert found(options, max_removals=0, max_removal_percent=0) == []


@pytest.mark.parametrize(
    ("kind", "number", "existing", "percent", "least", "fine"),
    [
        pytest.param("members", 5, 20, 25, 10, True, id="a quarter is no more than a quarter"),
        pytest.param("members", 6, 20, 25, 10, False, id="one more is"),
        pytest.param("members", 3, 9, 25, 10, True, id="a third of few"),
        pytest.param("members", 3, 9, 25, 9, False, id="a third of as many as count"),
        pytest.param("members", 9, 9, 25, 10, True, id="all of few"),
        pytest.param("members", 20, 20, None, 0, True, id="no limit"),
        pytest.param("members", 20, 20, 100, 0, True, id="all"),
        pytest.param("members", 1, 20, 0, 10, False, id="none"),
        pytest.param("members", 1, 20, 4.9, 10, False, id="a share with a fraction"),
        pytest.param("users", 5, 20, 25, 10, True, id="users"),
        pytest.param("users", 6, 20, 25, 10, False, id="too many users"),
        pytest.param("users", 6, 9, 25, 10, True, id="of few users"),
        pytest.param("groups", 5, 20, 25, 10, True, id="groups, Shop included"),
        pytest.param("groups", 6, 20, 25, 10, False, id="too many groups"),
        pytest.param("permissions", 1, 20, 25, 4, True, id="permissions"),
        pytest.param("permissions", 2, 20, 25, 4, False, id="too many permissions"),
        pytest.param("permissions", 2, 20, 25, 5, True, id="of few permissions"),
    ],
)
def test_shares(kind: str, number: int, existing: int, percent: float | None, least: int, fine: bool) -> None:
    state = firm(people=existing, teams=existing - 1)
    words = found(less(kind, number), state=state, max_removal_percent=percent, min_existing=least)
    total = 4 if kind == "permissions" else existing
    assert words == ([] if fine else [f"{number} of {total} {kind}, more than max_removal_percent={percent:g}"])


def test_the_share_is_one_of_the_groups_concerned() -> None:
    """Emptying a team isn't made harmless by the size of the account; the group of everybody counts for nothing."""
    state = firm()
    state["groups"].append(team("Small"))
    for user in state["users"][:10]:
        user["groups"].append(gid("Small"))
    options = {"users": [{"email": email, "groups": {"remove": ["Small"]}} for email in CREW[:3]]}
    assert found(options, state=state, max_removal_percent=25, min_existing=10) == [
        "3 of 10 members, more than max_removal_percent=25"
    ]


def test_a_number_too_large_is_told_once() -> None:
    assert found(less("users", 9), max_removals=3, max_removal_percent=25) == ["9 users, more than max_removals=3"]


class TestWhoHasLooked:
    """The failure names the one option that lets exactly this plan through."""

    LIMIT = Thresholds(max_removals=2)

    def refused(self, bench: Any, options: State, preview: bool = False, **guards: Any) -> Refused:
        with pytest.raises(Refused) as error:
            bench.run(access(**options), Guards(thresholds=self.LIMIT, **guards), preview=preview)
        assert bench.writes == []
        return error.value

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_plan_and_only_that(self, start: Start, kind: str) -> None:
        bench = start(firm(people=5, teams=5))
        refusal = self.refused(bench, less(kind, 3))
        assert f"takes away 3 {kind}, more than max_removals=2" in str(refusal)
        assert refusal.changes
        assert len(refusal.changes) == 3
        (named,) = re.findall(r"expected_plan=([0-9a-f]{64})", str(refusal))
        assert str(self.refused(bench, less(kind, 3), preview=True)) == str(refusal)
        other = str(self.refused(bench, less(kind, 4), reviewed_plan=named))
        assert named not in other
        done = bench.run(
            access(**less(kind, 3)), Guards(thresholds=self.LIMIT, reviewed_plan=named), expected_plan=named
        )
        assert done.plan.id == named
        assert done.error is None
        assert len(done.applied) == 3

    def test_a_made_up_id_is_no_pass(self, start: Start) -> None:
        bench = start(firm(people=5, teams=5))
        for made_up in ("", "0" * 64, "yes"):
            self.refused(bench, less("users", 3), reviewed_plan=made_up)

    def test_it_passes_no_other_guard(self, start: Start) -> None:
        bench = start(firm(people=5, teams=5))
        refusal = self.refused(bench, less("users", 3))
        (named,) = re.findall(r"expected_plan=([0-9a-f]{64})", str(refusal))
        protected = self.refused(bench, less("users", 3), reviewed_plan=named, protected_users=frozenset({CREW[0]}))
        assert "protected_users" in str(protected)

    def test_who_expects_another_plan_is_told_what_moved(self, start: Start) -> None:
        """Not, as if nobody had reviewed anything, how to let the new plan pass."""
        bench = start(firm(people=5, teams=5))
        reviewed = bench.run(access(**less("users", 3)), preview=True).plan.id
        guards = Guards(thresholds=self.LIMIT, reviewed_plan=reviewed)
        with pytest.raises(Refused, match=f"has changed since plan {reviewed}"):
            bench.run(access(**less("users", 4)), guards, expected_plan=reviewed)
        assert bench.writes == []

    def test_a_lost_answer_needs_no_second_look(self, start: Start) -> None:
        """The run that makes good for it carries out the rest of what was reviewed."""
        bench = start(firm(people=5, teams=5))
        options = {"users": [*less("users", 3)["users"], {"email": "new@example.com"}]}
        reviewed = bench.run(access(**options), preview=True).plan.id
        bench.sim.faults([{"match": {"method": "POST", "path": "/iam/"}, "fault": {"status": 504, "applied": True}}])
        guards = Guards(thresholds=self.LIMIT, reviewed_plan=reviewed)
        result = bench.run(access(**options), guards, expected_plan=reviewed)
        assert result.error is None
        assert len(result.applied) == 4
        assert result.pending == []
