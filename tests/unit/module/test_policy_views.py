# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules for policies and service users return, predicted and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import (
    read_bindings,
    read_policies,
    read_service_users,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import views

from ..builders import (
    ACCOUNT,
    Bench,
    State,
    account,
    bid,
    binds,
    bot,
    bound,
    boundary,
    desired,
    gid,
    pid,
    place,
    policy,
    ready_made,
    team,
    uid,
    wanted_bindings,
    wanted_boundary,
    wanted_policy,
    wanted_robot,
)
from ..conftest import Start

LOGS = "ALLOW storage:logs:read, storage:buckets:read;"
SHOP = 'storage:dt.security_context = "shop";'
View = Callable[[Result, Desired], dict[str, Any]]


def harbour() -> State:
    """Policies at both kinds of levels, bound; a boundary; a service user."""
    return account(
        [{**bot("pipeline", "Shop"), "name": "Pipeline"}],
        [team("Shop"), team("Art")],
        [place("Prod"), place("Test")],
        [
            bound(pid("Logs"), "Shop", on="prod", within=["Only shop"]),
            bound(pid("Local"), "Shop", on="prod"),
            bound(ready_made("Standard User"), "Shop", "Art"),
        ],
        policies=[policy("Logs", LOGS, tags=["b", "a"]), policy("Local", LOGS, on="prod")],
        boundaries=[boundary("Only shop", SHOP)],
    )


@pytest.fixture
def port(start: Start) -> Bench:
    """That account."""
    return start(harbour())


def shown(port: Bench, view: View, wish: Desired) -> tuple[Any, Any]:
    """The object in check mode, and that of the run."""
    (predicted,) = view(port.run(wish, preview=True), wish).values()
    (real,) = view(port.run(wish), wish).values()
    return predicted, real


@pytest.mark.parametrize(
    ("view", "wish", "told"),
    [
        (
            views.one_policy,
            desired(wanted_policy("New", statement=LOGS, environment="Prod", tags=["x"])),
            {"name": "New", "description": "", "tags": ["x"], "level": "Prod", "statement": LOGS},
        ),
        (
            views.one_boundary,
            desired(wanted_boundary("New", query=SHOP)),
            {"name": "New", "query": SHOP},
        ),
    ],
)
def test_what_is_created(port: Bench, view: View, wish: Desired, told: State) -> None:
    predicted, real = shown(port, view, wish)
    assert predicted == {"id": None, **told}
    assert len(real["id"]) == 36
    assert {**real, "id": None} == predicted


def test_a_service_user_that_is_created(port: Bench) -> None:
    wish = desired(wanted_robot("New", add=["Art"]))
    preview = port.run(wish, preview=True)
    predicted, real = shown(port, views.one_service_user, wish)
    assert predicted == {"id": None, "email": None, "name": "New", "description": "", "groups": ["Art"]}
    assert real["email"] == f"{real['id']}@service.sso.dynatrace.com"
    assert {**real, "id": None, "email": None} == predicted
    assert [change.fact.name for change in preview.applied] == ["New", "New@service.sso.dynatrace.com in Art"]


@pytest.mark.parametrize(
    ("view", "wish", "told"),
    [
        (
            views.one_policy,
            desired(wanted_policy("Logs", new_name="All logs", description="d")),
            {"id": pid("Logs"), "name": "All logs", "description": "d", "tags": ["a", "b"], "level": "account"}
            | {"statement": LOGS},
        ),
        (
            views.one_boundary,
            desired(wanted_boundary(id=bid("Only shop"), new_name="Shop only")),
            {"id": bid("Only shop"), "name": "Shop only", "query": SHOP},
        ),
        (
            views.one_service_user,
            desired(wanted_robot(id=uid("pipeline@service.sso.dynatrace.com"), new_name="Pipe", set=["Art"])),
            {"id": uid("pipeline@service.sso.dynatrace.com"), "email": "pipeline@service.sso.dynatrace.com"}
            | {"name": "Pipe", "description": "", "groups": ["Art"]},
        ),
    ],
)
def test_what_is_changed(port: Bench, view: View, wish: Desired, told: State) -> None:
    predicted, real = shown(port, view, wish)
    assert predicted == real == told
    assert port.run(wish).applied == []


@pytest.mark.parametrize(
    ("view", "wish"),
    [
        (views.one_policy, wanted_policy("Logs", state="absent", unbind=True)),
        (views.one_policy, wanted_policy("Local", state="absent")),
        (views.one_boundary, wanted_boundary("Nothing", state="absent")),
        (views.one_service_user, wanted_robot(uid("pipeline@service.sso.dynatrace.com"), state="absent")),
    ],
)
def test_what_is_absent(port: Bench, view: View, wish: Any) -> None:
    assert shown(port, view, desired(wish)) == (None, None)


def test_a_service_user_whose_groups_are_not_managed(port: Bench) -> None:
    wish = desired(wanted_robot(id=uid("pipeline@service.sso.dynatrace.com"), description="x"))
    predicted, real = shown(port, views.one_service_user, wish)
    assert predicted == real
    assert "groups" not in real


def test_a_service_user_that_was_renamed_before(port: Bench) -> None:
    """It is found by its new name when its groups are read, too."""
    port.run(desired(wanted_robot("New", add=["Shop"])))
    wish = desired(wanted_robot("New", new_name="Newer", set=["Art"]))
    port.run(wish)
    again = port.run(wish)
    assert again.applied == []
    assert views.one_service_user(again, wish)["service_user"]["groups"] == ["Art"]


def test_bindings(port: Bench) -> None:
    """At the levels that the task names, with names also for policies of the environment."""
    entry = {"policy": "Logs", "boundaries": []}
    wish = desired(wanted_bindings("Shop", binds(entry, "Standard User", on=["Prod"])))
    predicted, real = shown(port, views.group_bindings, wish)
    nothing: State = {"parameters": {}, "metadata": {}, "boundaries": []}
    assert predicted == real
    assert real == {
        "id": gid("Shop"),
        "name": "Shop",
        "bindings": [{"policy": name, "level": "Prod", **nothing} for name in ("Local", "Logs", "Standard User")],
    }


def test_whoever_uses_what_is_to_be_deleted_is_told_by_name(port: Bench) -> None:
    wish = desired(wanted_policy("Logs", state="absent"))
    with pytest.raises(Refused, match=r"is in use: Shop: Logs on environment Prod[.]"):
        port.run(wish)
    assert port.writes == []


class TestReading:
    """The info modules."""

    def test_bindings_cost_a_request_for_each_level(self, port: Bench) -> None:
        with port.client() as client:
            found = read_bindings(client, None, None, None)
        asked = [line.partition("?")[0] for line in port.reads if line.endswith("/bindings")]
        assert len(asked) == 3
        assert [(each["group"], each["level"], each["policy"]) for each in found] == [
            ("Art", "account", "Standard User"),
            ("Shop", "Prod", "Local"),
            ("Shop", "Prod", "Logs"),
            ("Shop", "account", "Standard User"),
        ]
        assert found[2]["boundary_ids"] == [bid("Only shop")]
        assert found[3]["level_id"] == ACCOUNT

    @pytest.mark.parametrize(
        ("groups", "policies", "environments", "policies_found"),
        [
            (["Shop"], None, [], ["Standard User"]),
            ([gid("Shop")], [pid("Logs")], None, ["Logs"]),
            (None, ["Standard User"], ["Test"], ["Standard User", "Standard User"]),
            (["Nobody"], None, None, []),
            (None, ["Nothing"], ["Nowhere"], []),
        ],
    )
    def test_some_bindings(
        self, port: Bench, groups: Any, policies: Any, environments: Any, policies_found: list[str]
    ) -> None:
        with port.client() as client:
            found = read_bindings(client, groups, policies, environments)
        assert [each["policy"] for each in found] == policies_found

    def test_what_may_not_be_read_is_no_empty_list(self, port: Bench) -> None:
        refused = {"status": 403, "body": {"error": True, "message": "no"}}
        port.sim.faults([{"match": {"path": "/(policies|bindings)$"}, "times": None, "fault": refused}])
        with port.client() as client:
            with pytest.raises(Refused, match="The policies of the account can't be read"):
                read_policies(client, None, [], ready_made=False, statements=False)
            with pytest.raises(Refused, match=r"The policy bindings of .* can't be read"):
                read_bindings(client, None, None, None)

    @pytest.mark.parametrize(
        ("environments", "ready", "found"),
        [([], False, ["Logs"]), (["Prod", "Nowhere"], False, ["Local", "Logs"]), ([], True, ["Logs", "Standard User"])],
    )
    def test_policies(self, port: Bench, environments: list[str], ready: bool, found: list[str]) -> None:
        refs = ["Logs", "Local", "Standard User", "Nothing"]
        with port.client() as client:
            _access, policies = read_policies(client, refs, environments, ready_made=ready, statements=True)
        assert [each.name for each in policies] == found
        assert all(each.statement for each in policies)

    def test_service_users(self, port: Bench) -> None:
        with port.client() as client:
            snapshot, robots = read_service_users(client, ["pipeline@service.sso.dynatrace.com"], groups=True)
        assert [snapshot.group_names(each.user.key) for each in robots] == [["Shop"]]
