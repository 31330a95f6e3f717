# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups that stay as they are, and administrators of whom enough must remain."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import Plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards, check
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan

from ..builders import Bench, State, access, account, bot, gid, grant, held, person, place, snapshot, team, told, uid
from ..conftest import Start

ADA, BOB, CEM, DAN = "ada@example.com", "bob@example.com", "cem@example.com", "dan@example.com"
MANAGE = held("account-user-management")


def refused(bench: Bench, words: str, options: State, **guards: Any) -> Refused:
    before = bench.sim.state()
    with pytest.raises(Refused, match=words) as error:
        bench.run(access(**options), Guards(**guards))
    assert bench.writes == []
    assert bench.sim.state() == before
    return error.value


def user(email: str, **more: Any) -> State:
    """Options for one user; the rest is about groups."""
    state = more.pop("state", "present")
    return {"email": email, "state": state, **({"groups": more} if more else {})}


def group(**more: Any) -> State:
    return {"groups": [{"name": "Shop", **more}]}


VIEWER = held("tenant-viewer", "prod")
EVERY_NAME = pytest.mark.parametrize("pattern", ["Shop", "Sh*", "?hop", "*", gid("Shop")])


def shop() -> State:
    return account([person(ADA, "Shop"), person(BOB)], [team("Shop", VIEWER), team("Spare")], [place("Prod")])


def checked(options: State, *patterns: str, state: State | None = None) -> Plan:
    """The plan, if the guard lets it pass."""
    seen = snapshot(state or shop())
    plan = make_access_plan(access(**options), seen)
    check(plan, seen, Guards(protected_groups=patterns))
    return plan


class TestProtectedGroups:
    LOSSES = pytest.mark.parametrize(
        "options",
        [
            pytest.param(group(state="absent"), id="deleted"),
            pytest.param(group(new_name="Store"), id="renamed"),
            pytest.param({"users": [user(ADA, remove=["Shop"])]}, id="member leaves"),
            pytest.param({"users": [user(ADA, set=["Spare"])]}, id="member moves"),
            pytest.param({"users": [user(ADA, set=[], state="existing")]}, id="member leaves all"),
            pytest.param({"users": [user(ADA, state="absent", set=[])]}, id="member leaves and is deleted"),
            pytest.param(group(permissions=[grant("viewer", on=["Prod"], state="absent")]), id="permission lost"),
            pytest.param(group(permissions=[grant("logviewer", on=["Prod"], state="exact")]), id="permission replaced"),
        ],
    )

    @LOSSES
    @EVERY_NAME
    def test_lose_nothing(self, pattern: str, options: State) -> None:
        with pytest.raises(Refused, match=r"protected_groups forbids.*: Shop\."):
            checked(options, "Nothing", pattern)

    @LOSSES
    def test_in_a_whole_run(self, start: Start, options: State) -> None:
        error = refused(start(shop()), "protected_groups", options, protected_groups=("Shop",))
        assert error.changes

    @EVERY_NAME
    @pytest.mark.parametrize(
        "options",
        [
            pytest.param(group(description="sells"), id="description"),
            pytest.param(group(federated_attribute_values=["shop"]), id="federated values"),
            pytest.param({"users": [user(BOB, add=["Shop"])]}, id="member joins"),
            pytest.param(group(permissions=[grant("logviewer", on=["Prod"])]), id="permission gained"),
            pytest.param({"users": [user(BOB, state="absent")]}, id="somebody else is deleted"),
        ],
    )
    def test_may_change_and_gain(self, pattern: str, options: State) -> None:
        assert len(checked(options, pattern).changes) == 1

    @pytest.mark.parametrize("pattern", ["shop", "Sho", "hop", "[S]hop", "Shop ", "", gid("Spare")])
    def test_others_are_not_meant(self, pattern: str) -> None:
        assert checked(group(state="absent"), pattern).changes

    def test_brackets_are_text(self) -> None:
        state = account([], [team("Team [A]"), team("Team A")])
        with pytest.raises(Refused):
            checked({"groups": [{"name": "Team [A]", "state": "absent"}]}, "*[A]", state=state)
        assert checked({"groups": [{"name": "Team A", "state": "absent"}]}, "*[A]", state=state).changes

    def test_by_todays_name(self) -> None:
        """Who renames a group away from its protection, in the same task or not, is refused."""
        options = group(new_name="Store", permissions=[grant("viewer", on=["Prod"], state="absent")])
        with pytest.raises(Refused, match=r": Shop, Store\.|: Shop\."):
            checked(options, "Shop")

    def test_all_are_named(self) -> None:
        options = {"groups": [{"name": name, "state": "absent"} for name in ("Spare", "Shop")]}
        with pytest.raises(Refused, match=r": Shop, Spare\."):
            checked(options, "S*")


class TestProtectedUsers:
    def test_the_group_of_one_is_not_deleted(self, start: Start) -> None:
        """Whether they are in it is read where the API doesn't list members."""
        words = f"protected_users forbids to delete, or to take anything from: {ADA}"
        refused(start(shop()), words, group(state="absent"), protected_users=frozenset({ADA}))

    def test_groups_of_others_are(self, start: Start) -> None:
        bench = start(shop())
        assert bench.run(access(**group(state="absent")), Guards(protected_users=frozenset({BOB}))).applied


def admins(*users: State, groups: list[State] | None = None) -> State:
    return account(users, [team("Admins", MANAGE), team("Deputies", MANAGE), team("Shop"), *(groups or [])])


class TestMinAdmins:
    """A number of active people who may manage users, however they come by it."""

    TRIO = (person(ADA, "Admins"), person(BOB, "Admins"), person(CEM, "Deputies"))

    @pytest.mark.parametrize(
        "options",
        [
            pytest.param({"users": [user(ADA, state="absent")]}, id="one deleted"),
            pytest.param({"users": [user(ADA, remove=["Admins"])]}, id="one leaves"),
            pytest.param({"groups": [{"name": "Deputies", "state": "absent"}]}, id="a group deleted"),
        ],
    )
    def test_two_of_three_may_do(self, start: Start, options: State) -> None:
        assert start(admins(*self.TRIO)).run(access(**options), Guards(min_admins=2)).applied
        refused(start(admins(*self.TRIO)), "leave 2 active who may manage users.*at least 3", options, min_admins=3)

    @pytest.mark.parametrize(
        ("least", "words"), [(1, "leave nobody active"), (2, "leave nobody active"), (3, "at least 3 must stay")]
    )
    def test_all_at_once(self, start: Start, least: int, words: str) -> None:
        options = {"users": [user(email, state="absent") for email in (ADA, BOB, CEM)]}
        refused(start(admins(*self.TRIO)), words, options, min_admins=least)

    def test_a_permission_taken_from_a_group_of_two(self, start: Start) -> None:
        options = {
            "groups": [{"name": "Admins", "permissions": [grant("account-user-management", state="absent")]}],
        }
        refused(start(admins(*self.TRIO)), "leave 1 active.*at least 2", options, min_admins=2)

    def test_who_is_too_few_already_may_do_other_things(self, start: Start) -> None:
        """Only what makes them fewer is refused."""
        bench = start(admins(person(ADA, "Admins", "Shop"), person(BOB, "Shop")))
        options = {"users": [user(BOB, state="absent"), user(ADA, remove=["Shop"])]}
        assert bench.run(access(**options), Guards(min_admins=5)).applied

    def test_service_users_are_nobody(self, start: Start) -> None:
        """A robot with the permission can't let people in again."""
        state = admins(person(ADA, "Admins"), bot("robot", "Admins"))
        refused(start(state), "leave nobody active", {"users": [user(ADA, state="absent")]})

    def test_one_for_another_is_as_many(self, start: Start) -> None:
        bench = start(admins(*self.TRIO, person(DAN)))
        options = {"users": [user(DAN, add=["Deputies"]), user(ADA, state="absent")]}
        assert bench.run(access(**options), Guards(min_admins=3)).applied


MANY = [f"Group {number:02}" for number in range(12)]


class TestManyGroupsLeft:
    """Somebody leaves a dozen groups: nobody wants to read the permissions of each."""

    LEAVES = access(users=[user(BOB, set=[])])

    @staticmethod
    def state(*others: State, extra: list[State] | None = None) -> State:
        return account([person(BOB, *MANY), *others], [*map(team, MANY), *(extra or [])])

    def test_admins_are_looked_for_where_they_should_be(self, start_as: Start) -> None:
        groups = [team("Account Admins", MANAGE), team("Dashboard admins")]
        bench = start_as("published", self.state(person(ADA, "Account Admins"), extra=groups))
        assert len(bench.run(self.LEAVES).applied) == len(MANY)
        assert sorted(bench.reads) == sorted(
            [
                "GET groups",
                "GET users/bob%40example.com",
                f"GET groups/{gid('Account Admins')}/permissions",
                f"GET groups/{gid('Dashboard admins')}/permissions",
                f"GET groups/{gid('Account Admins')}/users",
            ]
        )

    def test_and_elsewhere_when_there_are_none(self, start: Start) -> None:
        bench = start(self.state(person(ADA, "Deputies"), extra=[team("Deputies", MANAGE), team("Admins")]))
        assert len(bench.run(self.LEAVES).applied) == len(MANY)

    @pytest.mark.parametrize("name", ["Deputies", "Account Admins"])
    @pytest.mark.parametrize(
        "others",
        [
            pytest.param([], id="nobody else"),
            pytest.param([(ADA, "PENDING")], id="somebody invited"),
            pytest.param([(ADA, "INACTIVE")], id="somebody deactivated"),
        ],
    )
    def test_nobody_left_is_refused(self, start: Start, name: str, others: list[tuple[str, str]]) -> None:
        state = self.state(
            *(person(email, name, status=status) for email, status in others), extra=[team(name, MANAGE)]
        )
        state["users"][0]["groups"].append(gid(name))
        bench = start(state)
        error = refused(bench, f"leave nobody active.*through {name}", {"users": [user(BOB, set=[])]})
        assert error.changes
        assert len(error.changes) == len(MANY) + 1

    def test_the_group_where_they_should_be_goes_as_well(self, start: Start) -> None:
        """Ada is an administrator now, and won't be after this plan."""
        state = self.state(person(ADA, "Admins"), extra=[team("Admins", MANAGE), team("Deputies", MANAGE)])
        state["users"][0]["groups"].append(gid("Deputies"))
        options = {"users": [user(BOB, set=[])], "groups": [{"name": "Admins", "state": "absent"}]}
        refused(start(state), "leave nobody active.*through Admins, Deputies", options)

    def test_as_many_as_must_stay(self, start: Start) -> None:
        """The shortcut finds one; two are wanted, and the other one is in a group of another name."""
        extra = [team("Admins", MANAGE), team("Deputies", MANAGE)]
        state = self.state(person(ADA, "Admins"), person(CEM, "Deputies"), extra=extra)
        state["users"][0]["groups"].append(gid("Deputies"))
        assert start(state).run(self.LEAVES, Guards(min_admins=2)).applied
        refused(start(state), "leave 2 active.*at least 3", {"users": [user(BOB, set=[])]}, min_admins=3)


def test_somebody_deleted_and_invited_anew_is_not_the_one_reviewed(start: Start) -> None:
    """Even where nothing moved in words."""
    bench = start(account([person(ADA)]))
    wish = access(users=[user(ADA, state="absent")])
    reviewed = bench.run(wish, preview=True)
    state = bench.sim.state()
    state["users"][0]["uid"] = uid("another")
    bench.sim.load(state)
    assert told(bench.run(wish, preview=True).applied) == told(reviewed.applied)
    with pytest.raises(Refused, match=f"since plan {reviewed.plan.id}"):
        bench.run(wish, expected_plan=reviewed.plan.id)
