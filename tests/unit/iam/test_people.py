# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan means for each person, and on_error: continue."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Mode, converge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people import gains_and_losses

from ..builders import Bench, State, access, account, gid, grant, held, person, place, team, told, uid
from ..conftest import Start

ADA, BOB, CEM, NEW = "Ada@Example.com", "bob@example.com", "cem@example.com", "new@example.com"


def user(email: str, state: str = "present", **groups: Any) -> State:
    return {"email": email, "state": state, **({"groups": groups} if groups else {})}


def changes_of(people: list[State]) -> dict[str, tuple[list[str], list[str]]]:
    return {each["email"]: (each["gains"], each["loses"]) for each in people}


class TestPeople:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            pytest.param({}, {}, id="nothing"),
            pytest.param({"users": [user(NEW)]}, {NEW: (["the account"], [])}, id="invited"),
            pytest.param(
                {"users": [user(NEW, add=["Shop", "Ops"])]},
                {NEW: (["group Ops", "group Shop", "the account"], [])},
                id="invited into groups",
            ),
            pytest.param({"users": [user(ADA.lower(), add=["Ops"])]}, {ADA: (["group Ops"], [])}, id="joins"),
            pytest.param({"users": [user(ADA, remove=["Shop"])]}, {ADA: ([], ["group Shop"])}, id="leaves"),
            pytest.param({"users": [user(ADA, set=["Ops"])]}, {ADA: (["group Ops"], ["group Shop"])}, id="moves"),
            pytest.param({"users": [user(ADA, "absent")]}, {ADA: ([], ["group Shop", "the account"])}, id="is deleted"),
            pytest.param(
                {"users": [user(ADA, "absent", set=[])]},
                {ADA: ([], ["group Shop", "the account"])},
                id="leaves and is deleted",
            ),
            pytest.param(
                {"groups": [{"name": "Shop", "new_name": "Store"}], "users": [user(BOB, add=["Store"])]},
                {BOB: (["group Store"], [])},
                id="joins a group under its new name",
            ),
            pytest.param(
                {"groups": [{"name": "Shop", "permissions": [grant("viewer", on=["Prod"])]}]}, {}, id="permissions"
            ),
        ],
    )
    def test_gains_and_losses(self, start: Start, options: State, expected: Any) -> None:
        bench = start(account([person(ADA, "Shop"), person(BOB)], [team("Shop"), team("Ops")], [place("Prod")]))
        result = bench.run(access(**options), preview=True)
        assert changes_of(gains_and_losses(result.applied, result.before)) == expected

    def test_members_of_a_group_that_goes(self, start_as: Start) -> None:
        """As far as they are known: this contract lists them."""
        bench = start_as("published", account([person(ADA, "Shop"), person(BOB, "Shop")], [team("Shop"), team("Ops")]))
        options = {"groups": [{"name": "Shop", "state": "absent"}], "users": [user(BOB, add=["Ops"])]}
        result = bench.run(access(**options), preview=True)
        assert changes_of(gains_and_losses(result.applied, result.before)) == {
            ADA: ([], ["group Shop"]),
            BOB: (["group Ops"], ["group Shop"]),
        }

    def test_sorted_whatever_the_case(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        options = {"users": [user(each, add=["Shop"]) for each in (NEW, BOB, ADA)]}
        result = bench.run(access(**options), preview=True)
        assert list(changes_of(gains_and_losses(result.applied, result.before))) == [ADA, BOB, NEW]


class TestExpectedPlan:
    """When the reviewed plan is at hand, the failure says what moved since."""

    WISH = access(users=[user(ADA, add=["Shop"]), user(BOB, "absent")])

    def moved(self, bench: Bench, wish: Any, reviewed: Any) -> str:
        mode = Mode(expected_plan=reviewed.plan.id, reviewed=tuple(reviewed.plan.as_list()))
        with bench.client() as client, pytest.raises(Refused) as error:
            converge(client, wish, Guards(), mode)
        assert bench.sim.writes == []
        assert error.value.changes is not None
        return str(error.value)

    def test_in_the_account(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True)
        state = bench.sim.state()
        state["users"][0]["groups"].append(gid("Shop"))
        bench.sim.load(state)
        words = self.moved(bench, self.WISH, reviewed)
        assert f"No longer in it: add membership {ADA} in Shop" in words
        assert "New in it: nothing." in words

    def test_between_a_lost_answer_and_the_second_look(self, start: Start) -> None:
        """What comes to the plan meanwhile has not been reviewed either."""
        bench = start(account([person(ADA, "Shop"), person(BOB)], [team("Shop")]))
        people = [{"email": NEW}, user(ADA, add=["Shop"])]
        wish = access(users=people, scope={"groups": ["Shop"]}, purge={"memberships": True})
        reviewed = bench.run(wish, preview=True)
        assert told(reviewed.applied) == [f"create user {NEW}"]

        def somebody_joins(_done: int, _left: int, _failed: int) -> None:
            state = bench.sim.state()
            state["users"][1]["groups"].append(gid("Shop"))
            bench.sim.load(state)

        bench.sim.faults([{"match": {"method": "POST", "path": "/users"}, "times": 1, "fault": {"status": 504}}])
        with bench.client() as client:
            mode = Mode(expected_plan=reviewed.plan.id, watch=somebody_joins)
            result = converge(client, wish, Guards(), mode)
        assert f"has changed since plan {reviewed.plan.id}" in str(result.error)
        assert told(result.pending) == [f"create user {NEW}"]
        assert result.applied == []
        assert len(bench.sim.writes) == 1

    def test_in_the_task(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True)
        other = access(users=[user(ADA, add=["Shop"]), user(CEM, add=["Shop"])])
        words = self.moved(bench, other, reviewed)
        assert f"No longer in it: delete user {BOB}" in words
        assert f"New in it: add membership {CEM} in Shop" in words
        assert f"create user {CEM}" in words

    def test_before_any_threshold(self, start: Start) -> None:
        """See test_thresholds, too: what moved is the news, not that the new plan is large."""
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True)
        other = access(users=[user(ADA, "absent"), user(BOB, "absent")])
        assert f"New in it: delete user {ADA}" in self.moved(bench, other, reviewed)


def broken(method: str, path: str, times: int | None = None) -> State:
    """The service says no, once and for all."""
    return {
        "match": {"method": method, "path": path},
        "times": times,
        "fault": {"status": 403, "body": {"message": "no"}},
    }


def of_user(email: str, contract: str) -> str:
    """How a path names a user."""
    return f"users/{uid(email) if contract == 'guide' else email.replace('@', '%40')}"


class TestGoingOn:
    """A failed change stops what depends on it, and nothing else."""

    def begin(self, bench: Bench, options: State, *faults: State, keep_going: bool = True, **guards: Any) -> Any:
        bench.sim.faults(list(faults))
        result = bench.run(access(**options), Guards(**guards), keep_going=keep_going)
        bench.sim.faults([])
        return result

    def finish(self, bench: Bench, options: State, pending: list[str]) -> None:
        """Running again carries out what was left, and then nothing."""
        again = bench.run(access(**options))
        assert again.error is None
        assert sorted(told(again.applied)) == sorted(pending)
        assert bench.run(access(**options)).applied == []

    OPTIONS: ClassVar[State] = {
        "groups": [
            {"name": "Fresh", "permissions": [grant("viewer", on=["Prod"])]},
            {"name": "Shop", "description": "sells"},
            {"name": "Old", "state": "absent"},
        ],
        "users": [user(NEW, add=["Fresh"]), user(BOB, remove=["Shop"]), user(CEM, "absent")],
    }

    @staticmethod
    def state() -> State:
        users = [person(BOB, "Shop"), person(CEM, "Shop"), person("dan@example.com")]
        return account(users, [team("Shop"), team("Old")], [place("Prod")])

    def test_a_group_that_cannot_be_created(self, start: Start) -> None:
        bench = start(self.state())
        result = self.begin(bench, self.OPTIONS, broken("POST", "groups$"))
        assert told(result.pending) == [
            "create group Fresh",
            f"add membership {NEW} in Fresh",
            "add permission Fresh: tenant-viewer on environment Prod",
            "delete group Old",
        ]
        assert told(result.applied) == [
            f"create user {NEW}",
            "update group Shop",
            f"remove membership {BOB} in Shop",
            f"delete user {CEM}",
        ]
        assert "403" in str(result.error) or result.error.status == 403
        self.finish(bench, self.OPTIONS, told(result.pending))

    def test_stop_is_the_default(self, start: Start) -> None:
        bench = start(self.state())
        result = self.begin(bench, self.OPTIONS, broken("POST", "groups$"), keep_going=False)
        assert {line.split()[0] for line in told(result.applied)} <= {"create"}
        assert "create group Fresh" in told(result.pending)
        self.finish(bench, self.OPTIONS, told(result.pending))

    def test_a_person_who_cannot_be_invited(self, start: Start) -> None:
        bench = start(self.state())
        result = self.begin(bench, self.OPTIONS, broken("POST", "users$"))
        assert told(result.pending) == [
            f"create user {NEW}",
            f"add membership {NEW} in Fresh",
            "delete group Old",
        ]
        self.finish(bench, self.OPTIONS, told(result.pending))

    def test_who_moves_keeps_the_old_groups_until_the_new_ones_are_there(self, start: Start, contract: str) -> None:
        bench = start(account([person(BOB, "Old"), person(CEM, "Old")], [team("Old"), team("New"), team("Other")]))
        options = {"users": [user(BOB, set=["New"]), user(CEM, set=["Other"])]}
        path = f"{of_user(BOB, contract)}$" if contract == "published" else f"groups/{gid('New')}/users"
        result = self.begin(bench, options, broken("POST", path))
        assert sorted(told(result.pending)) == [f"add membership {BOB} in New", f"remove membership {BOB} in Old"]
        assert told(result.applied) == [f"add membership {CEM} in Other", f"remove membership {CEM} in Old"]
        self.finish(bench, options, told(result.pending))

    def test_permissions_are_replaced_or_stay(self, start: Start) -> None:
        groups = [team(name, held("tenant-viewer", "prod")) for name in ("A", "B")]
        bench = start(account([], groups, [place("Prod")]))
        parts = [grant("logviewer", on=["Prod"], state="exact")]
        options = {"groups": [{"name": name, "permissions": parts} for name in ("A", "B")]}
        result = self.begin(bench, options, broken(["POST", "PUT"][0], f"groups/{gid('A')}/permissions"))
        assert [line.partition(":")[0] for line in told(result.pending)] == ["add permission A", "remove permission A"]
        self.finish(bench, options, told(result.pending))

    @pytest.mark.parametrize("email", [BOB, CEM])
    def test_one_removal_of_two(self, start: Start, contract: str, email: str) -> None:
        bench = start(account([person(BOB, "Old"), person(CEM, "Old")], [team("Old")]))
        options = {"users": [user(BOB, set=[]), user(CEM, set=[])]}
        result = self.begin(bench, options, broken("DELETE", of_user(email, contract)))
        assert told(result.pending) == [f"remove membership {email} in Old"]
        self.finish(bench, options, told(result.pending))

    def test_all_failures_are_counted_and_the_first_is_told(self, start: Start, contract: str) -> None:
        users = [person(f"p{number}@example.com") for number in range(6)]
        bench = start(account(users))
        options = {"users": [user(each["email"], "absent") for each in users]}
        result = self.begin(
            bench,
            options,
            broken("DELETE", of_user("p1@example.com", contract)),
            broken("DELETE", of_user("p4@example.com", contract)),
        )
        assert told(result.pending) == ["delete user p1@example.com", "delete user p4@example.com"]
        assert len(result.applied) == 4
        self.finish(bench, options, told(result.pending))


MANAGE = held("account-user-management")


class TestNobodyIsLockedOut:
    """Who may manage users keeps that while it fails to pass to others, however much goes on besides."""

    @pytest.mark.parametrize(
        ("options", "path"),
        [
            pytest.param(
                {"users": [user(BOB, add=["Admins"]), user(ADA, remove=["Admins"])]}, "users", id="another member"
            ),
            pytest.param(
                {"users": [user(BOB, add=["Admins"]), user(ADA, "absent")]}, "users", id="somebody is deleted"
            ),
            pytest.param(
                {
                    "groups": [
                        {"name": "Admins", "permissions": [grant("account-user-management", state="absent")]},
                        {"name": "Next", "permissions": [grant("account-user-management")]},
                    ]
                },
                "permissions",
                id="another group",
            ),
        ],
    )
    def test_when_the_successor_fails(self, start: Start, options: State, path: str) -> None:
        bench = start(
            account([person(ADA, "Admins"), person(BOB, "Next")], [team("Admins", MANAGE), team("Next"), team("Shop")])
        )
        bench.sim.faults([broken("POST", path)])
        shop = {"name": "Shop", "description": "sells"}
        options = {**options, "groups": [*options.get("groups", []), shop]}
        result = bench.run(access(**options), keep_going=True)
        assert result.error is not None
        lost = [line for line in told(result.applied) if line.startswith(("remove", "delete"))]
        assert lost == []
        bench.sim.faults([])
        assert bench.run(access(**options), keep_going=True).error is None

    def test_others_are_not_kept_from_going_on(self, start: Start, contract: str) -> None:
        """There is a second administrator, so a failure elsewhere may leave the first one's removal to go on."""
        users = [person(ADA, "Admins"), person(BOB), person(CEM, "Admins")]
        bench = start(account(users, [team("Admins", MANAGE), team("Shop")]))
        bench.sim.faults([broken("POST", "users/" if contract == "published" else f"groups/{gid('Shop')}")])
        options = {"users": [user(BOB, add=["Shop"]), user(ADA, remove=["Admins"])]}
        result = bench.run(access(**options), keep_going=True)
        assert told(result.applied) == [f"remove membership {ADA} in Admins"]
        assert told(result.pending) == [f"add membership {BOB} in Shop"]


def test_the_watch_is_told_of_each_call(start: Start) -> None:
    bench = start(TestGoingOn.state())
    seen: list[tuple[int, int, int]] = []
    mode = Mode(keep_going=True, watch=lambda *counts: seen.append(counts))
    with bench.client(concurrency=1) as client:
        result = converge(client, access(**TestGoingOn.OPTIONS), Guards(), mode)
    total = len(result.plan.changes)
    assert seen[-1] == (total, 0, 0)
    assert all(sum(counts) == total for counts in seen)
    assert [done for done, _left, _failed in seen] == sorted(done for done, _left, _failed in seen)
