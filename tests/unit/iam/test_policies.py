# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies, boundaries and service users themselves, through whole runs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ServiceUser
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards

from ..builders import (
    ACCOUNT,
    Bench,
    State,
    account,
    bid,
    binds,
    bound,
    boundary,
    desired,
    gid,
    person,
    pid,
    place,
    policy,
    ready_made,
    settle,
    team,
    told,
    wanted_bindings,
    wanted_boundary,
    wanted_group,
    wanted_policy,
    wanted_robot,
)
from ..conftest import Start

READ = "ALLOW settings:schemas:read;"
HERE = f"/iam/v1/repo/account/{ACCOUNT}/policies"
BOUNDARIES = f"/iam/v1/repo/account/{ACCOUNT}/boundaries"
LOST = [{"status": 504, "applied": True}, {"reset": "after"}, {"status": 503}, {"retry_after": 2}]


def house(*policies: State, **more: Any) -> State:
    """Some groups and environments, and these policies."""
    groups = [team("Art"), team("Ops")]
    return account(more.pop("users", ()), groups, [place("Prod"), place("Test")], policies=policies, **more)


def refused(made: Bench, words: str, *wishes: Any, kind: type[Exception] = InvalidInput, **more: Any) -> None:
    """A task that is refused, before anything is written."""
    with pytest.raises(kind, match=words):
        made.run(desired(*wishes, **more))
    assert made.writes == []


class TestPolicies:
    def test_created(self, start: Start) -> None:
        made = start(house())
        wish = wanted_policy("Own", statement=READ, description="Theirs", tags=["b", "a"])
        found = settle(made, wish)
        assert found.changes == ["create policy Own"]
        assert found.writes == [f"POST {HERE}"]
        (policy_there,) = made.sim.state()["policies"]
        assert {key: policy_there[key] for key in ("name", "description", "statementQuery", "levelType")} == {
            "name": "Own",
            "description": "Theirs",
            "statementQuery": READ,
            "levelType": "account",
        }

    def test_at_environments(self, start: Start) -> None:
        """The same name at the account and at each environment: three policies."""
        made = start(house())
        wishes = [wanted_policy("Own", statement=READ, environment=each) for each in (None, "Prod", "test")]
        found = settle(made, *wishes)
        assert found.changes == [
            "create policy Own",
            "create policy Own in environment Prod",
            "create policy Own in environment Test",
        ]
        gone = [wanted_policy("Own", environment=each, state="absent") for each in ("prod", "Test")]
        assert len(settle(made, *gone).changes) == 2
        assert [each["levelType"] for each in made.sim.state()["policies"]] == ["account"]

    @pytest.mark.parametrize(
        "text",
        [
            READ,
            "// ours\nallow   settings:schemas:read\n",
            "ALLOW settings:schemas:read WHERE null;",
        ],
    )
    def test_the_same_in_other_words(self, start: Start, text: str) -> None:
        found = settle(start(house(policy("Own", READ))), wanted_policy("Own", statement=text))
        assert found.changes == []

    def test_another_statement(self, start: Start) -> None:
        made = start(house(policy("Own", READ, tags=["x"], description="d")))
        found = settle(made, wanted_policy("Own", statement="DENY settings:schemas:read;"))
        assert found.writes == [f"PUT {HERE}/{pid('Own')}"]
        (there,) = made.sim.state()["policies"]
        assert (there["statementQuery"], there["tags"], there["description"]) == (
            "DENY settings:schemas:read;",
            ["x"],
            "d",
        )

    @pytest.mark.parametrize(
        ("options", "changed"),
        [
            ({"tags": ["y", "x"]}, False),
            ({"tags": ["x"]}, True),
            ({"tags": []}, True),
            ({"description": "d"}, False),
            ({"description": ""}, True),
            ({"new_name": "Own"}, False),
        ],
    )
    def test_tags_and_description(self, start: Start, options: State, changed: bool) -> None:
        made = start(house(policy("Own", READ, tags=["x", "y"], description="d")))
        assert bool(settle(made, wanted_policy("Own", **options)).changes) is changed
        assert made.sim.state()["policies"][0]["statementQuery"] == READ

    def test_renamed_once(self, start: Start) -> None:
        made = start(house(policy("Own", READ), bindings=[bound(pid("Own"), "Art")]))
        found = settle(made, wanted_policy("Own", new_name="Ours"), wanted_bindings("Ops", binds("Ours")))
        assert found.changes == ["add binding Ops: Ours on the account", "update policy Own"]

    def test_renamed_to_one_that_is_there(self, start: Start) -> None:
        made = start(house(policy("Own"), policy("Ours")))
        refused(made, "can't be renamed", wanted_policy("Own", new_name="Ours"))

    def test_named_like_one_of_dynatraces_own(self, start: Start) -> None:
        refused(start(house()), "Dynatrace's own", wanted_policy("Read Logs", statement=READ))

    def test_by_id(self, start: Start) -> None:
        made = start(house(policy("Own"), policy("Own", id=pid("2"))))
        assert settle(made, wanted_policy(id=pid("2"), new_name="Two")).changes == ["update policy Own"]
        refused(made, "nothing with the id", wanted_policy(id=pid("3"), statement=READ))
        assert settle(made, wanted_policy(id=pid("3"), state="absent")).changes == []

    def test_an_id_in_place_of_the_name_is_no_new_name(self, start: Start) -> None:
        state = house(policy("Own", READ), boundaries=[boundary("Team", 'shared:app-id = "one";')])
        made = start(state)
        settle(
            made, wanted_policy(pid("Own"), tags=["x"]), wanted_boundary(bid("Team"), query='shared:app-id = "two";')
        )
        after = made.sim.state()
        assert [(each["name"], each["tags"]) for each in after["policies"]] == [("Own", ["x"])]
        assert [(each["name"], each["boundaryQuery"][-6:]) for each in after["boundaries"]] == [("Team", '"two";')]

    def test_namesakes(self, start: Start) -> None:
        made = start(house(policy("Own"), policy("Own", id=pid("2"))))
        for state in ("present", "absent"):
            refused(made, "isn't clear", wanted_policy("Own", state=state))

    def test_a_new_one_needs_a_statement(self, start: Start) -> None:
        refused(start(house()), "needs a statement", wanted_policy("Own"))

    def test_absent(self, start: Start) -> None:
        made = start(house(policy("Own"), policy("Other")))
        found = settle(made, wanted_policy("Own", state="absent"), wanted_policy("None", state="absent"))
        assert found.changes == ["delete policy Own"]
        assert found.writes == [f"DELETE {HERE}/{pid('Own')}"]

    @pytest.mark.parametrize("fault", LOST)
    def test_a_lost_answer(self, start: Start, fault: State) -> None:
        made = start(house())
        made.sim.faults([{"match": {"method": "POST", "path": "policies"}, "fault": fault}])
        result = made.run(desired(wanted_policy("Own", statement=READ), wanted_bindings("Art", binds("Own"))))
        assert result.error is None
        assert sorted(told(result.applied)) == ["add binding Art: Own on the account", "create policy Own"]
        assert len(made.sim.state()["policies"]) == 1

    def test_an_environment_that_may_not_be_read(self, start: Start) -> None:
        made = start(house())
        made.sim.faults([{"match": {"path": "environment/prod/policies"}, "times": 9, "fault": {"status": 403}}])
        wish = wanted_policy("Own", statement=READ, environment="prod")
        refused(made, "policies of environment Prod can't be read", wish, kind=Refused)


class TestInUse:
    BOUND = (bound(pid("Own"), "Art", "Ops", on="prod"), bound(pid("Own"), "Art"))

    def test_refused(self, start: Start) -> None:
        made = start(house(policy("Own"), bindings=self.BOUND))
        words = r"in use: Art: Own on the account; Art: Own on environment Prod; Ops: .*unbind=true"
        refused(made, words, wanted_policy("Own", state="absent"), kind=Refused)

    def test_unbound(self, start: Start) -> None:
        made = start(house(policy("Own"), bindings=self.BOUND))
        found = settle(made, wanted_policy("Own", state="absent", unbind=True))
        assert found.changes == [
            "remove binding Art: Own on environment Prod",
            "remove binding Art: Own on the account",
            "remove binding Ops: Own on environment Prod",
            "delete policy Own",
        ]
        assert found.writes[-1] == f"DELETE {HERE}/{pid('Own')}"

    def test_unbound_by_the_task_itself(self, start: Start) -> None:
        made = start(house(policy("Own"), bindings=self.BOUND[1:]))
        found = settle(made, wanted_policy("Own", state="absent"), wanted_bindings("Art", binds(state="exact")))
        assert found.changes == ["remove binding Art: Own on the account", "delete policy Own"]

    def test_bound_by_the_task_itself(self, start: Start) -> None:
        made = start(house(policy("Own")))
        wishes = [wanted_policy("Own", state="absent", unbind=True), wanted_bindings("Art", binds("Own"))]
        refused(made, "deletes the policy 'Own', and yet binds it: Art: Own on the account", *wishes)

    def test_it_stays_while_something_could_not_be_unbound(self, start: Start) -> None:
        made = start(house(policy("Own"), bindings=self.BOUND))
        made.sim.faults([{"match": {"method": "DELETE", "path": gid("Ops")}, "fault": {"status": 403}}])
        result = made.run(desired(wanted_policy("Own", state="absent", unbind=True)), keep_going=True)
        assert told(result.pending) == ["remove binding Ops: Own on environment Prod", "delete policy Own"]
        assert not [line for line in made.writes if line == f"DELETE {HERE}/{pid('Own')}"]

    def test_protected_groups_keep_it(self, start: Start) -> None:
        made = start(house(policy("Own"), bindings=self.BOUND))
        with pytest.raises(Refused, match=r"protected_groups forbids.*Ops"):
            made.run(desired(wanted_policy("Own", state="absent", unbind=True)), Guards(protected_groups=("O*",)))
        assert made.writes == []

    def test_a_boundary(self, start: Start) -> None:
        logs, query = ready_made("Read Logs"), 'storage:bucket-name = "a";'
        bounds = [boundary("A", query), boundary("B", query)]
        made = start(house(bindings=[bound(logs, "Art", within="A")], boundaries=bounds))
        refused(made, "boundary 'A' is in use: Art: Read Logs", wanted_boundary("A", state="absent"), kind=Refused)
        entry = {"policy": logs, "boundaries": ["B"]}
        found = settle(made, wanted_boundary("A", state="absent"), wanted_bindings("Art", binds(entry)))
        assert found.changes == ["update binding Art: Read Logs on the account", "delete boundary A"]
        refused(made, "and yet binds it", wanted_boundary("B", state="absent"), wanted_bindings("Ops", binds(entry)))


class TestBoundaries:
    def test_created_and_renamed(self, start: Start) -> None:
        made = start(house())
        query = 'storage:bucket-name IN ("a", "b");'
        assert settle(made, wanted_boundary("A", query=query)).writes == [f"POST {BOUNDARIES}"]
        same = "storage:bucket-name in ('a',\n'b')"
        assert settle(made, wanted_boundary("A", query=same)).changes == []
        found = settle(made, wanted_boundary("A", new_name="B", query='storage:bucket-name = "c";'))
        assert found.changes == ["update boundary A"]

    def test_what_it_has_beside_is_sent_back(self, start: Start) -> None:
        own = {**boundary("A", 'storage:bucket-name = "a";'), "metadata": {"by": "hand"}}
        made = start(house(boundaries=[own]))
        settle(made, wanted_boundary("A", query='storage:bucket-name = "b";'))
        assert made.sim.state()["boundaries"][0]["metadata"] == {"by": "hand"}

    def test_a_long_list(self, start: Start) -> None:
        many = [boundary(f"N{number}", 'storage:bucket-name = "a";') for number in range(600)]
        made = start(house(boundaries=many))
        assert settle(made, wanted_boundary("N599", state="absent")).changes == ["delete boundary N599"]
        assert bid("N599") not in {each["uuid"] for each in made.sim.state()["boundaries"]}

    @pytest.mark.parametrize("fault", LOST)
    def test_a_lost_answer(self, start: Start, fault: State) -> None:
        made = start(house())
        made.sim.faults([{"match": {"method": "POST", "path": "boundaries"}, "fault": fault}])
        entry = {"policy": "Read Logs", "boundaries": ["A"]}
        wish = desired(wanted_boundary("A", query='storage:bucket-name = "a";'), wanted_bindings("Art", binds(entry)))
        result = made.run(wish)
        assert result.error is None
        assert sorted(told(result.applied)) == ["add binding Art: Read Logs on the account", "create boundary A"]
        assert len(made.sim.state()["boundaries"]) == 1


class TestFindings:
    @pytest.mark.parametrize(
        ("wish", "words"),
        [
            (wanted_policy("P", statement="ALLOW a:b:c,\n  d;"), "policy 'P', line 2, column 3: .*on_finding=warn"),
            (wanted_boundary("B", query="ALLOW storage:logs:read;"), "boundary 'B', line 1, column 1"),
        ],
    )
    def test_what_cannot_be_read(self, start: Start, wish: Any, words: str) -> None:
        refused(start(house()), words, wish)

    def test_a_boundary_that_restricts_nothing(self, start: Start) -> None:
        made = start(house(policy("Own"), boundaries=[boundary("A", 'storage:bucket-name = "a";')]))
        wish = wanted_bindings("Art", binds({"policy": "Own", "boundaries": ["A"]}))
        refused(made, "do not restrict any of the permissions", wish)
        found = settle(made, wish, on_finding="warn")
        assert found.changes == ["add binding Art: Own on the account"]
        assert "[unrestricted-permission]" in " ".join(found.warnings)

    def test_the_service_has_the_last_word(self, start: Start) -> None:
        made = start(house())
        result = made.run(desired(wanted_policy("P", statement="ALLOW nonsense;"), on_finding="warn"))
        assert "400" in str(result.error)
        assert made.sim.state()["policies"] == []


class TestServiceUsers:
    def test_created_with_groups(self, start: Start) -> None:
        made = start(house())
        found = settle(made, wanted_robot("robot", description="Sweeps", add=["Art", "New"]), wanted_group("New"))
        assert found.changes[:2] == ["create group New", "create service_user robot"]
        (robot,) = made.sim.state()["users"]
        assert set(robot["groups"]) >= {gid("Art")}
        assert len(robot["groups"]) >= 3

    def test_whose_names_differ_in_case_only(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted_robot("robot", add=["Art"]), wanted_robot("Robot", add=["Ops"]))
        found = {each["name"]: set(each["groups"]) for each in made.sim.state()["users"]}
        assert gid("Art") in found["robot"] - found["Robot"]
        assert gid("Ops") in found["Robot"] - found["robot"]

    def test_renamed(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted_robot("robot", description="Sweeps"))
        assert settle(made, wanted_robot("robot", new_name="sweeper")).changes == ["update service_user robot"]
        (robot,) = made.sim.state()["users"]
        assert (robot["name"], robot["description"]) == ("sweeper", "Sweeps")

    def test_its_own_group_is_nobodys_to_leave(self, start: Start) -> None:
        made = start(house(users=[person("ada@example.com", "Art")]))
        settle(made, wanted_robot("robot", add=["Art"]))
        (own,) = [each["uuid"] for each in made.sim.state()["groups"] if each.get("hidden")]
        found = settle(made, wanted_robot("robot", set=["Ops"]))
        assert [line.split(" ")[0] for line in found.changes] == ["add", "remove"]
        robot = next(each for each in made.sim.state()["users"] if each.get("service"))
        assert {gid("Ops"), own} <= set(robot["groups"])
        assert gid("Art") not in robot["groups"]

    def test_absent(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted_robot("robot", add=["Art"]))
        assert settle(made, wanted_robot("robot", state="absent")).changes == ["delete service_user robot"]
        assert made.sim.state()["users"] == []

    def test_namesakes(self, start: Start) -> None:
        made = start(house())
        for _time in range(2):
            with made.client() as client:
                client.service_users.create(ServiceUser("", "", "robot"))
        refused(made, "isn't clear", wanted_robot("robot", description="x"))
        uid = made.sim.state()["users"][0]["uid"]
        assert len(settle(made, wanted_robot(id=uid, description="x")).changes) == 1

    @pytest.mark.parametrize("given", [{"name": "uid"}, {"name": "email"}, {"id": "email"}])
    def test_an_id_or_an_email_is_no_new_name(self, start: Start, given: dict[str, str]) -> None:
        made = start(house())
        settle(made, wanted_robot("robot"))
        (robot,) = made.sim.state()["users"]
        ref = {"uid": robot["uid"], "email": robot["email"].upper()}
        wish = wanted_robot(**{option: ref[what] for option, what in given.items()}, description="Sweeps")
        assert settle(made, wish).changes == ["update service_user robot"]
        (robot,) = made.sim.state()["users"]
        assert (robot["name"], robot["description"]) == ("robot", "Sweeps")

    def test_an_email_of_nobody_is_no_name(self, start: Start) -> None:
        """Names of new ones are never e-mails that the service gives."""
        refused(start(house()), "There is nothing with the id", wanted_robot("gone@service.sso.dynatrace.com"))

    @pytest.mark.parametrize("fault", LOST)
    def test_a_lost_answer(self, start: Start, fault: State) -> None:
        made = start(house())
        made.sim.faults([{"match": {"method": "POST", "path": "service-users"}, "fault": fault}])
        result = made.run(desired(wanted_robot("robot", add=["Art"])))
        assert result.error is None
        (robot,) = made.sim.state()["users"]
        assert gid("Art") in robot["groups"]

    def test_one_that_could_not_be_created_joins_nothing(self, start: Start) -> None:
        made = start(house())
        made.sim.faults([{"match": {"method": "POST", "path": "service-users"}, "fault": {"status": 400}}])
        result = made.run(desired(wanted_robot("robot", add=["Art"]), wanted_group("New")), keep_going=True)
        assert told(result.applied) == ["create group New"]
        assert len(result.pending) == 2
