# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan may not do, tried through whole runs: the guards read what they need, and nothing is written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards

from ..builders import (
    ACCOUNT,
    Bench,
    State,
    account,
    desired,
    gid,
    grant,
    held,
    person,
    place,
    team,
    told,
    uid,
    wanted_group,
    wanted_members,
    wanted_parts,
    wanted_permissions,
    wanted_user,
)
from ..conftest import Start

ADA, BOB, CEM = "ada@example.com", "bob@example.com", "cem@example.com"
MANAGE = held("account-user-management")


def refused(bench: Bench, words: str, *wishes: Any, **guards: Any) -> Refused:
    """A run that a guard refuses, before anything is written."""
    with pytest.raises(Refused, match=words) as error:
        bench.run(desired(*wishes), Guards(**guards))
    assert bench.writes == []
    return error.value


def done(bench: Bench, *wishes: Any, **guards: Any) -> Result:
    """A run that no guard minds."""
    result = bench.run(desired(*wishes), Guards(**guards))
    assert result.error is None
    assert result.pending == []
    return result


class TestProtectedUsers:
    @pytest.mark.parametrize(
        "wish",
        [
            pytest.param(wanted_user(ADA, "absent"), id="deleted"),
            pytest.param(wanted_user("Ada@Example.com", remove=["Shop"]), id="leaves"),
            pytest.param(wanted_user("Ada@Example.com", set=[]), id="set"),
            pytest.param(wanted_user(ADA, "existing", set=[]), id="set for who is there"),
            pytest.param(wanted_members("Shop", BOB, state="exact"), id="exact"),
        ],
    )
    def test_are_left_alone(self, start: Start, wish: Any) -> None:
        bench = start(account([person("Ada@Example.com", "Shop"), person(BOB)], [team("Shop")]))
        error = refused(bench, r"protected_users.*Ada@Example\.com", wish, protected_users=frozenset({ADA}))
        assert error.changes
        assert {change["action"] for change in error.changes} & {"remove", "delete"}

    def test_their_group_is_not_deleted(self, start_as: Start) -> None:
        """Where members can be listed: the other contract doesn't tell who loses the group."""
        bench = start_as("published", account([person("Ada@Example.com", "Shop")], [team("Shop")]))
        refused(
            bench,
            r"protected_users.*Ada@Example\.com",
            wanted_group("Shop", "absent"),
            protected_users=frozenset({ADA}),
        )

    def test_in_another_spelling(self, start: Start) -> None:
        """With the published contract it shows only when the invitation is refused that the user is there."""
        bench = start(account([person("Ada@Example.com", "Shop")], [team("Shop")]))
        before = bench.sim.state()
        guards = Guards(protected_users=frozenset({ADA}))
        try:
            error = bench.run(desired(wanted_user(ADA, set=[])), guards).error
        except Refused as refusal:
            error = refusal
        assert "protected_users forbids" in str(error)
        assert bench.sim.state() == before

    def test_may_join_and_others_may_leave(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB, "Shop")], [team("Shop")]))
        wish = wanted_members("Shop", ADA, state="exact")
        assert len(done(bench, wish, protected_users=frozenset({ADA})).applied) == 2


def admins(*users: State, **more: Any) -> State:
    """Groups that may manage users: Admins, and Deputies with nobody in it unless told."""
    return account(
        users,
        [
            team("Admins", MANAGE),
            team("Deputies", MANAGE),
            team("Shop", held("account-viewer")),
            *more.pop("groups", ()),
        ],
        **more,
    )


WAYS = [
    pytest.param(wanted_user(ADA, remove=["Admins"]), id="leaves"),
    pytest.param(wanted_user(ADA, set=["Shop"]), id="moves"),
    pytest.param(wanted_members("Admins", state="exact"), id="group emptied"),
    pytest.param(wanted_members("Admins", ADA, state="absent"), id="removed"),
    pytest.param(wanted_user(ADA, "absent"), id="deleted"),
    pytest.param(wanted_user(ADA, "absent", set=[]), id="leaves and is deleted"),
    pytest.param(wanted_group("Admins", "absent"), id="group deleted"),
    pytest.param(wanted_permissions("Admins", "account-user-management", state="absent"), id="permission removed"),
    pytest.param(wanted_permissions("Admins", "account-viewer", state="exact"), id="permission replaced"),
]


class TestTheLastAdministrator:
    @pytest.mark.parametrize("wish", WAYS)
    def test_stays(self, start: Start, wish: Any) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Shop")))
        error = refused(bench, "leave nobody active who may manage users.*through Admins", wish)
        assert error.changes

    @pytest.mark.parametrize("wish", WAYS)
    @pytest.mark.parametrize("status", ["PENDING", "INACTIVE"])
    def test_who_is_not_active_does_not_count(self, start: Start, wish: Any, status: str) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Deputies", status=status)))
        refused(bench, "leave nobody active", wish)

    @pytest.mark.parametrize("wish", WAYS)
    def test_may_go_when_there_is_another_one_elsewhere(self, start: Start, wish: Any) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Deputies"), person(CEM, "Shop")))
        assert done(bench, wish).applied

    @pytest.mark.parametrize("wish", WAYS)
    def test_of_those_who_are_not_active_anyone_may_go(self, start: Start, wish: Any) -> None:
        bench = start(admins(person(ADA, "Admins", status="PENDING"), person(BOB, "Shop")))
        assert done(bench, wish).applied

    def test_one_of_the_same_group_is_enough(self, start: Start) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Admins")))
        assert done(bench, wanted_user(ADA, "absent")).applied
        refused(bench, "leave nobody", wanted_user(BOB, "absent"))

    def test_two_at_once_are_two(self, start: Start) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Deputies")))
        refused(bench, "through Admins, Deputies", wanted_user(ADA, "absent"), wanted_user(BOB, "absent"))

    def test_a_successor_in_the_same_plan_counts(self, start: Start) -> None:
        bench = start(admins(person(ADA, "Admins"), person(BOB)))
        result = done(bench, wanted_user(ADA, "absent"), wanted_user(BOB, add=["Deputies"]))
        assert told(result.applied) == [f"add membership {BOB} in Deputies", f"delete user {ADA}"]

    def test_a_successor_who_has_not_accepted_does_not(self, start: Start) -> None:
        bench = start(admins(person(ADA, "Admins")))
        refused(bench, "leave nobody", wanted_user(ADA, "absent"), wanted_user(BOB, add=["Admins"]))

    def test_in_check_mode_too(self, start: Start) -> None:
        bench = start(admins(person(ADA, "Admins")))
        with pytest.raises(Refused, match="leave nobody"):
            bench.run(desired(wanted_user(ADA, "absent")), preview=True)

    def test_others_cost_no_search(self, start_as: Start) -> None:
        bench = start_as("published", admins(person(ADA, "Admins"), person(BOB, "Shop")))
        done(bench, wanted_user(BOB, remove=["Shop"]))
        assert sorted(bench.reads) == sorted(
            ["GET groups", f"GET groups/{gid('Shop')}/permissions", "GET users/bob%40example.com"]
        )

    def test_many_groups_are_searched_a_few_at_a_time(self, start: Start) -> None:
        groups = [team(f"Group {number:03}") for number in range(120)]
        bench = start(admins(person(ADA, "Admins"), person(BOB, "Deputies"), groups=groups))
        done(bench, wanted_user(ADA, "absent"))
        assert len(bench.reads) < 130


def rooms(*bindings: State, **more: Any) -> State:
    return account(
        [person(ADA, "Viewers"), person(BOB, "Nothing"), person(CEM, "Bound", status="PENDING")],
        [
            team("Viewers", held("tenant-viewer", "prod")),
            team("Zoned", held("tenant-viewer", "test:1")),
            team("Nothing", held("account-viewer")),
            team("Bound"),
        ],
        [place("Prod"), place("Test", "Web")],
        bindings,
        **more,
    )


def bound(level: str, *groups: str) -> State:
    kind = "account" if level == ACCOUNT else "environment"
    return {"levelType": kind, "levelId": level, "policyUuid": "p", "groups": [gid(name) for name in groups]}


class TestBlankScreen:
    @pytest.mark.parametrize(
        ("email", "groups", "environments", "bindings", "blank"),
        [
            pytest.param(ADA, None, (), [], False, id="a role permission"),
            pytest.param(ADA, None, ("Prod",), [], False, id="on the environment named"),
            pytest.param(ADA, None, ("Test",), [], True, id="not on the environment named"),
            pytest.param(ADA, None, ("prod", "Test"), [], True, id="on one of two"),
            pytest.param(BOB, None, (), [], True, id="only account permissions"),
            pytest.param("new@example.com", {"add": ["Viewers"]}, (), [], False, id="invited with a group"),
            pytest.param("new@example.com", {"add": ["Zoned"]}, ("Test",), [], False, id="a management zone"),
            pytest.param("new@example.com", {"add": ["Nothing"]}, (), [], True, id="invited with the wrong group"),
            pytest.param("new@example.com", None, (), [], True, id="invited without a group"),
            pytest.param(CEM, None, (), [bound("test", "Bound")], False, id="a policy on an environment"),
            pytest.param(CEM, None, ("Prod",), [bound(ACCOUNT, "Bound")], False, id="a policy on the account"),
            pytest.param(CEM, None, ("Prod",), [bound("test", "Bound")], True, id="a policy elsewhere"),
            pytest.param(CEM, None, (), [bound("test", "Viewers")], True, id="a policy of another group"),
            pytest.param(ADA, {"set": ["Nothing"]}, (), [], True, id="moved away"),
        ],
    )
    @pytest.mark.parametrize("mode", ["fail", "warn"])
    def test_tables(
        self, start: Start, email: str, groups: Any, environments: Any, bindings: Any, blank: bool, mode: str
    ) -> None:
        bench = start(rooms(*bindings))
        wish = wanted_user(email, **(groups or {}))
        guards = {"blank_screen": mode, "environments": environments}
        if blank and mode == "fail":
            refused(bench, f"blank screen: {email}", wish, **guards)
            return
        warnings = [text for text in done(bench, wish, **guards).warnings if "blank screen" in text]
        assert len(warnings) == (blank and mode == "warn")

    def test_nobody_has_to_look(self, start: Start) -> None:
        bench = start(rooms())
        assert done(bench, wanted_user(BOB), blank_screen="ignore").warnings == []
        assert not any("permissions" in line or "environments" in line for line in bench.reads)

    def test_a_group_of_the_same_plan(self, start: Start) -> None:
        bench = start(rooms())
        fresh = wanted_parts("Nothing", grant("viewer", on=["Test"]))
        done(bench, fresh, wanted_user(BOB), blank_screen="fail", environments=("Test",))

    def test_everybody_is_named_at_once(self, start: Start) -> None:
        bench = start(rooms())
        wishes = [wanted_user("x@example.com"), wanted_user(BOB), wanted_user(ADA)]
        refused(
            bench, re.escape("bob@example.com, x@example.com. Their groups don't open"), *wishes, blank_screen="fail"
        )

    def test_who_is_deleted_does_not_matter(self, start: Start) -> None:
        bench = start(rooms())
        done(bench, wanted_user(BOB, "absent"), blank_screen="fail")

    @pytest.mark.parametrize("mode", ["fail", "warn"])
    def test_bindings_that_may_not_be_read_are_a_warning(self, start: Start, mode: str) -> None:
        scopes = ["account-idm-read", "account-idm-write", "account-env-read", "account-env-write"]
        client = {"client_id": "client", "client_secret": "geheim", "scopes": scopes}
        bench = start(rooms(bound("test", "Bound"), clients=[client]))
        (warning,) = done(bench, wanted_user(CEM), blank_screen=mode).warnings
        assert "iam:bindings:read" in warning
        assert CEM in warning

    def test_an_unknown_environment(self, start: Start) -> None:
        bench = start(rooms())
        with pytest.raises(InvalidInput, match="no environment 'Prd'"):
            bench.run(desired(wanted_user(ADA)), Guards(blank_screen="fail", environments=("Prd",)))


class TestExpectedPlan:
    WISH = desired(wanted_user(ADA, add=["Shop"]), wanted_user(BOB, "absent"))

    def test_the_reviewed_plan_is_applied(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True).plan.id
        assert bench.writes == []
        result = bench.run(self.WISH, expected_plan=reviewed)
        assert result.plan.id == reviewed
        assert len(result.applied) == 2

    def test_another_one_is_refused(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True).plan.id
        state = bench.sim.state()
        state["users"][0]["groups"].append(gid("Shop"))
        bench.sim.load(state)
        with pytest.raises(Refused, match=f"has changed since plan {reviewed}.*Nothing was written"):
            bench.run(self.WISH, expected_plan=reviewed)
        assert bench.writes == []
        assert bench.sim.state() == state

    def test_somebody_deleted_and_invited_anew_is_somebody_else(self, start: Start) -> None:
        bench = start(account([person(ADA), person(BOB)], [team("Shop")]))
        reviewed = bench.run(self.WISH, preview=True).plan.id
        state = bench.sim.state()
        state["users"][1]["uid"] = uid("another")
        bench.sim.load(state)
        with pytest.raises(Refused):
            bench.run(self.WISH, expected_plan=reviewed)

    def test_nothing_to_do_is_a_plan_too(self, start: Start) -> None:
        bench = start(account([person(ADA)], [team("Shop")]))
        wish = desired(wanted_user(ADA))
        reviewed = bench.run(wish, preview=True).plan.id
        assert bench.run(wish, expected_plan=reviewed).applied == []
