# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy bindings: the same calls in both contracts, as hazardous as the live ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import ACCOUNT, ADMINS, SECRET_GROUP, SHOP, SYNCED, Api, seed

AT_ACCOUNT = f"/iam/v1/repo/account/{ACCOUNT}"
AT_ENVIRONMENT = "/iam/v1/repo/environment/env1"
INACTIVE = "/iam/v1/repo/environment/env2"
READ_LOGS = "7f8475de-1afd-4f3a-b5b3-7994b363eff4"
LOGS = f"{AT_ENVIRONMENT}/bindings/{READ_LOGS}"
BUCKET = f"{AT_ENVIRONMENT}/bindings/bucket"
ONCE = "?forceMultiple=false"


def policy(
    uuid: str, statement: str = "ALLOW storage:logs:read;", level: tuple[str, str] = ("account", ACCOUNT)
) -> Any:
    """A policy of the state."""
    return {"uuid": uuid, "levelType": level[0], "levelId": level[1], "name": uuid, "statementQuery": statement}


def state(**options: Any) -> dict[str, Any]:
    """The small account without bindings, with policies and boundaries."""
    bucket = 'ALLOW storage:logs:read WHERE storage:bucket-name = "${bindParam:bucket}";'
    boundaries = {"zone": 'environment:management-zone = "Zone";', "own": 'storage:bucket-name = "${bindParam:own}";'}
    return {
        **seed(**options),
        "policies": [
            policy("plain"),
            policy("bucket", bucket),
            policy("one", level=("environment", "env1")),
        ],
        "boundaries": [{"uuid": key, "name": key, "boundaryQuery": query} for key, query in boundaries.items()],
        "bindings": [],
    }


@pytest.fixture
def bound(api: Api) -> Api:
    """The account of these tests."""
    api.sim.load(state())
    return api


def bindings(api: Api, path: str = AT_ENVIRONMENT) -> list[dict[str, Any]]:
    """The bindings of a level."""
    return list(api.get(f"{path}/bindings")["policyBindings"])


def write(api: Api, method: str, path: str, body: Any = None) -> None:
    """A write that must do."""
    answer = api.call(method, path, body)
    assert (answer.status_code, answer.content) == (204, b""), answer.text


def refused(api: Api, method: str, path: str, body: Any = None, status: int = 400) -> str:
    """The sentence of a write that must fail and change nothing."""
    before = api.sim.state()
    answer = api.call(method, path, body)
    assert answer.status_code == status, answer.text
    assert api.sim.state() == before
    return str(answer.json()["message"])


def test_groups_that_are_bound_the_same_way_share_an_entry(bound: Api) -> None:
    write(bound, "POST", LOGS, {"groups": [SHOP, SHOP]})
    write(bound, "POST", f"{LOGS}/{SECRET_GROUP}", {})
    write(bound, "POST", f"{LOGS}/{SYNCED}", {"boundaries": ["zone"]})
    assert bindings(bound) == [
        {"policyUuid": READ_LOGS, "groups": [SHOP, SECRET_GROUP]},
        {"policyUuid": READ_LOGS, "groups": [SYNCED], "boundaries": ["zone"]},
    ]
    assert bindings(bound, AT_ACCOUNT) == []
    assert bound.get(LOGS)["policyBindings"] == bindings(bound)
    pair = bound.get(f"{LOGS}/{SHOP}")
    assert pair == {
        "levelType": "environment",
        "levelId": "env1",
        "policyBindings": [{"policyUuid": READ_LOGS, "groups": [SHOP]}],
    }


def test_the_same_policy_can_be_bound_with_other_parameters(bound: Api) -> None:
    for name in ("a", "b"):
        write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": name}})
    write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "a"}, "metadata": {"by": "us"}})
    assert len(bindings(bound)) == 3
    refused(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "a"}})
    refused(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "a"}, "boundaries": ["zone"]})


def test_what_is_bound_already_is_refused_and_nothing_is_done_by_halves(bound: Api) -> None:
    write(bound, "POST", LOGS, {"groups": [SHOP]})
    refused(bound, "POST", LOGS, {"groups": [ADMINS, SHOP]})
    refused(bound, "POST", LOGS, {"groups": [SHOP], "boundaries": ["zone"]})
    refused(bound, "POST", f"{LOGS}/{SHOP}", {})


def test_putting_makes_or_changes_the_binding_that_is_meant(bound: Api) -> None:
    write(bound, "PUT", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "a"}})
    write(bound, "PUT", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "b"}, "boundaries": ["zone"]})
    assert bindings(bound) == [
        {"policyUuid": "bucket", "groups": [SHOP], "parameters": {"bucket": "b"}, "boundaries": ["zone"]}
    ]
    write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "c"}})
    refused(bound, "PUT", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "d"}})
    write(bound, "PUT", f"{BUCKET}/{SHOP}?parameters[bucket]=c", {"parameters": {"bucket": "d"}})
    refused(bound, "PUT", f"{BUCKET}/{SHOP}?parameters[bucket]=d", {"parameters": {"bucket": "b"}})
    assert [item["parameters"]["bucket"] for item in bindings(bound)] == ["b", "d"]


def test_removing_one_of_several(bound: Api) -> None:
    for name in ("a", "b"):
        write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": name}, "metadata": {"of": name}})
    refused(bound, "DELETE", f"{BUCKET}/{SHOP}{ONCE}")
    write(bound, "DELETE", f"{BUCKET}/{SHOP}{ONCE}&metadata[of]=a")
    assert [item["parameters"] for item in bindings(bound)] == [{"bucket": "b"}]
    refused(bound, "DELETE", f"{BUCKET}/{SHOP}{ONCE}&parameters[bucket]=a")
    write(bound, "DELETE", f"{BUCKET}/{SHOP}{ONCE}&parameters%5Bbucket%5D=b")
    assert bindings(bound) == []


def test_removing_all_by_force(bound: Api) -> None:
    for group in (SHOP, ADMINS):
        for name in ("a", "b"):
            write(bound, "POST", f"{BUCKET}/{group}", {"parameters": {"bucket": name}})
    refused(bound, "DELETE", f"{BUCKET}{ONCE}")
    write(bound, "DELETE", f"{BUCKET}/{SHOP}?forceMultiple=true")
    assert [item["groups"] for item in bindings(bound)] == [[ADMINS], [ADMINS]]
    write(bound, "DELETE", f"{BUCKET}?forceMultiple=true")
    assert bindings(bound) == []


def test_a_policy_leaves_all_its_groups_without_force(bound: Api) -> None:
    write(bound, "POST", LOGS, {"groups": [SHOP, ADMINS]})
    write(bound, "DELETE", f"{LOGS}{ONCE}")
    assert bindings(bound) == []


@pytest.mark.parametrize(("options", "status"), [({}, 400), ({"unbind_missing_status": 404}, 404)])
def test_removing_what_is_not_bound(api: Api, options: dict[str, Any], status: int) -> None:
    api.sim.load(state(**options))
    refused(api, "DELETE", f"{LOGS}/{SHOP}{ONCE}", status=status)
    refused(api, "DELETE", f"{LOGS}{ONCE}", status=status)
    refused(api, "DELETE", f"{AT_ENVIRONMENT}/bindings/unheard-of/{SHOP}{ONCE}", status=status)


def test_replacing_the_bindings_of_a_group_loses_everything_but_the_policies(bound: Api) -> None:
    write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": "a"}, "boundaries": ["zone"]})
    write(bound, "POST", f"{AT_ENVIRONMENT}/bindings/one", {"groups": [SHOP, ADMINS]})
    write(bound, "POST", f"{AT_ACCOUNT}/bindings/plain", {"groups": [SHOP]})
    write(bound, "PUT", f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}", {"policyUuids": ["bucket", READ_LOGS]})
    assert bindings(bound) == [
        {"policyUuid": "one", "groups": [ADMINS]},
        {"policyUuid": "bucket", "groups": [SHOP]},
        {"policyUuid": READ_LOGS, "groups": [SHOP]},
    ]
    assert len(bindings(bound, AT_ACCOUNT)) == 1
    refused(bound, "PUT", f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}", {"policyUuids": [READ_LOGS, "unheard-of"]})
    refused(bound, "PUT", f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}", {})
    write(bound, "PUT", f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}", {"policyUuids": []})
    assert bindings(bound) == [{"policyUuid": "one", "groups": [ADMINS]}]


def test_the_bindings_of_a_group_with_and_without_details(bound: Api) -> None:
    for name in ("a", "b"):
        write(bound, "POST", f"{BUCKET}/{SHOP}", {"parameters": {"bucket": name}})
    path = f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}"
    assert bound.get(path) == {"policyUuids": ["bucket"]}
    details = bound.get(f"{path}?details=true")
    assert details["policyUuids"] == ["bucket"]
    assert details["bindingsDetails"][1] == {
        "levelType": "environment",
        "levelId": "env1",
        "policyUuid": "bucket",
        "groups": [SHOP],
        "parameters": {"bucket": "b"},
    }
    assert bound.call("GET", f"{path}?details=perhaps").status_code == 400


def test_a_whole_level_can_be_emptied(bound: Api) -> None:
    write(bound, "POST", LOGS, {"groups": [SHOP]})
    write(bound, "POST", f"{AT_ACCOUNT}/bindings/plain", {"groups": [SHOP]})
    write(bound, "DELETE", f"{AT_ENVIRONMENT}/bindings")
    assert bindings(bound) == []
    assert len(bindings(bound, AT_ACCOUNT)) == 1


def test_descendants(api: Api) -> None:
    environments = [{"id": f"e{number}", "name": "E"} for number in range(3)]
    bound_at = [("environment", "e0"), ("environment", "e2"), ("account", ACCOUNT)]
    made = [{"levelType": kind, "levelId": name, "policyUuid": "plain", "groups": [SHOP]} for kind, name in bound_at]
    api.sim.load({**state(), "environments": environments, "bindings": made})
    page = api.get(f"{AT_ACCOUNT}/bindings/descendants/plain?page=2&size=1")
    assert (page["pageSize"], page["pageNumber"], page["totalCount"]) == (1, 2, 2)
    assert [item["levelId"] for item in page["content"]] == ["e2"]
    assert api.get(f"{AT_ACCOUNT}/bindings/descendants/bucket")["content"] == []
    assert api.call("GET", f"{AT_ACCOUNT}/bindings/descendants/unheard-of").status_code == 404
    assert api.call("GET", "/iam/v1/repo/environment/e0/bindings/descendants/plain").status_code == 404


def test_a_policy_fits_its_own_level_and_those_below(bound: Api) -> None:
    text = refused(bound, "POST", f"{AT_ACCOUNT}/bindings/one/{SHOP}", {})
    assert text == f"Policy one can't be bound to levelType: account, levelId: {ACCOUNT}"
    write(bound, "POST", f"{AT_ENVIRONMENT}/bindings/one/{SHOP}", {})
    write(bound, "POST", f"{AT_ENVIRONMENT}/bindings/plain/{SHOP}", {})
    write(bound, "POST", f"{AT_ACCOUNT}/bindings/{READ_LOGS}/{SHOP}", {})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{BUCKET}/{SHOP}", {}, 400),
        (f"{BUCKET}/{SHOP}", {"parameters": {"other": "x"}}, 400),
        (f"{LOGS}/{SHOP}", {"boundaries": ["own"]}, 400),
        (f"{LOGS}/{SHOP}", {"boundaries": ["unheard-of"]}, 400),
        (f"{LOGS}/{SHOP}", {"boundaries": "zone"}, 400),
        (f"{LOGS}/{SHOP}", {"parameters": {"a": 1}}, 400),
        (f"{LOGS}/{SHOP}", {"metadata": ["a"]}, 400),
        (f"{LOGS}/unheard-of", {}, 404),
        (f"{AT_ENVIRONMENT}/bindings/unheard-of/{SHOP}", {}, 404),
        (LOGS, {"groups": ["unheard-of"]}, 400),
        (LOGS, {"groups": SHOP}, 400),
        (LOGS, {}, 400),
        (BUCKET, {"groups": [SHOP]}, 400),
        (f"/iam/v1/repo/global/global/bindings/{READ_LOGS}", {"groups": [SHOP]}, 400),
        (f"/iam/v1/repo/environment/env9/bindings/{READ_LOGS}", {"groups": [SHOP]}, 404),
    ],
)
def test_what_does_not_exist_or_fit_is_refused(bound: Api, path: str, body: Any, status: int) -> None:
    refused(bound, "POST", path, body, status)


def test_the_parameters_of_boundaries_must_be_supplied_too(bound: Api) -> None:
    write(bound, "POST", f"{LOGS}/{SHOP}", {"boundaries": ["own"], "parameters": {"own": "x"}})
    assert bindings(bound)[0]["parameters"] == {"own": "x"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "", None),
        ("PUT", f"/groups/{SHOP}", {"policyUuids": []}),
        ("POST", f"/{READ_LOGS}", {"groups": [SHOP]}),
        ("DELETE", f"/{READ_LOGS}{ONCE}", None),
        ("POST", f"/{READ_LOGS}/{SHOP}", {}),
        ("PUT", f"/{READ_LOGS}/{SHOP}", {}),
        ("DELETE", f"/{READ_LOGS}/{SHOP}{ONCE}", None),
    ],
)
def test_an_inactive_environment_refuses_all_writes(bound: Api, method: str, path: str, body: Any) -> None:
    refused(bound, method, f"{INACTIVE}/bindings{path}", body, 403)
    assert bindings(bound, INACTIVE) == []


def test_bindings_outlive_their_group_and_can_be_removed(bound: Api) -> None:
    write(bound, "POST", LOGS, {"groups": [SHOP]})
    assert bound.call("DELETE", f"groups/{SHOP}").ok
    assert bindings(bound) == [{"policyUuid": READ_LOGS, "groups": [SHOP]}]
    assert bound.get(f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}") == {"policyUuids": [READ_LOGS]}
    write(bound, "DELETE", f"{LOGS}/{SHOP}{ONCE}")
    assert bound.call("GET", f"{AT_ENVIRONMENT}/bindings/groups/{SHOP}").status_code == 404


def test_reading_what_is_nowhere(bound: Api) -> None:
    for path in ("unheard-of", f"unheard-of/{SHOP}", f"{READ_LOGS}/unheard-of", "groups/unheard-of"):
        assert bound.call("GET", f"{AT_ENVIRONMENT}/bindings/{path}").status_code == 404
    assert bound.get(LOGS)["policyBindings"] == []


def test_faults_and_the_log_know_the_new_paths(bound: Api) -> None:
    fault = {"match": {"method": "POST", "path": "/bindings/"}, "fault": {"status": 503, "applied": True}}
    bound.sim.faults([fault])
    assert bound.call("POST", f"{LOGS}/{SHOP}", {"boundaries": ["zone"]}).status_code == 503
    assert bound.sim.writes == [
        {"method": "POST", "path": f"{LOGS}/{SHOP}", "query": "", "status": 503, "body": {"boundaries": ["zone"]}}
    ]
    refused(bound, "POST", f"{LOGS}/{SHOP}", {})
