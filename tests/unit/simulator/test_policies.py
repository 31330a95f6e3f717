# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies and boundaries: the same calls in both contracts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import ACCOUNT, ADMINS, SHOP, Api, running, seed

AT_ACCOUNT = f"/iam/v1/repo/account/{ACCOUNT}"
AT_ENVIRONMENT = "/iam/v1/repo/environment/env1"
AT_GLOBAL = "/iam/v1/repo/global/global"
POLICIES = f"{AT_ACCOUNT}/policies"
BOUNDARIES = f"{AT_ACCOUNT}/boundaries"
LOGS = {
    "name": "Logs",
    "description": "Reads logs",
    "tags": ["team:shop"],
    "statementQuery": 'ALLOW storage:logs:read WHERE storage:bucket-name IN ("a", "b");  // as sent',
}
ZONE = {"name": "Zone", "boundaryQuery": 'environment:management-zone IN ("Zone");', "metadata": {"made": "by hand"}}
READ_LOGS = "7f8475de-1afd-4f3a-b5b3-7994b363eff4"


def made(api: Api, path: str = POLICIES, body: Any = None) -> str:
    """The id of a new policy or boundary."""
    response = api.call("POST", path, body or LOGS)
    assert response.status_code == 201, response.text
    return str(response.json()["uuid"])


def test_a_policy_from_its_creation_to_its_end(api: Api) -> None:
    uuid = made(api)
    found = api.get(f"{POLICIES}/{uuid}")
    assert found == {
        **LOGS,
        "uuid": uuid,
        "category": "CUSTOM",
        "statements": [
            {
                "effect": "ALLOW",
                "permissions": ["storage:logs:read"],
                "conditions": [{"name": "storage:bucket-name", "operator": "IN", "values": ["a", "b"]}],
            }
        ],
    }
    changed = {"name": "Logs", "description": "", "statementQuery": "deny storage:logs:read"}
    answer = api.call("PUT", f"{POLICIES}/{uuid}", changed)
    assert (answer.status_code, answer.content) == (204, b"")
    found = api.get(f"{POLICIES}/{uuid}")
    assert found["statements"] == [{"effect": "DENY", "permissions": ["storage:logs:read"], "conditions": None}]
    assert found["tags"] == []
    assert api.call("DELETE", f"{POLICIES}/{uuid}?force=false").status_code == 204
    assert api.call("GET", f"{POLICIES}/{uuid}").status_code == 404
    assert api.call("DELETE", f"{POLICIES}/{uuid}?force=false").status_code == 404


def test_a_list_has_no_statements_and_can_be_filtered(api: Api) -> None:
    uuid = made(api)
    assert api.get(POLICIES)["policies"] == [
        {"uuid": uuid, "name": "Logs", "description": "Reads logs", "tags": ["team:shop"], "category": "CUSTOM"}
    ]
    assert api.get(f"{POLICIES}?name=logs")["policies"] == []
    assert len(api.get(f"{POLICIES}?name=Logs")["policies"]) == 1
    ready = api.get(f"{AT_GLOBAL}/policies?categories=LEGACY")["policies"]
    assert {"Settings Reader", "Environment role - Access environment"} <= {item["name"] for item in ready}
    assert [item["uuid"] for item in api.get(f"{AT_GLOBAL}/policies?name=Read%20Logs")["policies"]] == [READ_LOGS]


def test_names_may_be_there_twice(api: Api) -> None:
    assert made(api) != made(api)


def test_a_level_shows_its_own_policies_and_aggregates_what_it_inherits(api: Api) -> None:
    above, here = made(api), made(api, f"{AT_ENVIRONMENT}/policies")
    assert [item["uuid"] for item in api.get(f"{AT_ENVIRONMENT}/policies")["policies"]] == [here]
    assert api.call("GET", f"{AT_ENVIRONMENT}/policies/{above}").status_code == 404
    usable = api.get(f"{AT_ENVIRONMENT}/policies/aggregate")["policyOverviewList"]
    levels = {item["uuid"]: (item["levelType"], item["levelId"]) for item in usable}
    assert levels[above] == ("account", ACCOUNT)
    assert levels[here] == ("environment", "env1")
    assert levels[READ_LOGS] == ("global", "global")
    assert here not in {item["uuid"] for item in api.get(f"{POLICIES}/aggregate")["policyOverviewList"]}
    only_global = api.get(f"{AT_GLOBAL}/policies/aggregate")["policyOverviewList"]
    assert {item["levelType"] for item in only_global} == {"global"}


def test_putting_an_unknown_id_makes_a_policy(api: Api) -> None:
    answer = api.call("PUT", f"{POLICIES}/gone", LOGS)
    assert answer.status_code == 201
    assert answer.json()["uuid"] == "gone"
    assert api.call("PUT", f"{POLICIES}/gone", LOGS).status_code == 204
    assert api.call("PUT", f"{AT_ENVIRONMENT}/policies/gone", LOGS).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ""), ("PUT", f"/{READ_LOGS}"), ("DELETE", f"/{READ_LOGS}"), ("POST", "/validation")],
)
def test_the_global_level_is_read_only(api: Api, method: str, path: str) -> None:
    answer = api.call(method, f"{AT_GLOBAL}/policies{path}", None if method == "DELETE" else LOGS)
    assert answer.status_code == 400
    assert "global level" in answer.json()["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"description": 1}, "description"),
        ({"tags": "a"}, "tags"),
        ({"tags": [1]}, "tags"),
        ({"statementQuery": None}, "statementQuery"),
        ({"statementQuery": "ALLOW everything;"}, "statementQuery"),
        ({"statementQuery": "ALLOW a:b:c; " * 101}, "statementQuery"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", ""), ("PUT", "/x"), ("POST", "/validation"), ("POST", "/validation/x")]
)
def test_a_malformed_policy_is_refused(
    published: Api, method: str, path: str, change: dict[str, Any], field: str
) -> None:
    answer = published.call(method, POLICIES + path, {**LOGS, **change})
    assert answer.status_code == 400
    assert list(answer.json()["errorsMap"]) == [field]
    assert published.sim.state()["policies"] == []


def test_an_account_holds_two_hundred_policies(published: Api) -> None:
    statuses = [published.call("PUT", f"{POLICIES}/{number}", LOGS).status_code for number in range(201)]
    assert statuses == [201] * 200 + [400]


def test_validation_stores_nothing_and_ends_with_the_sunset(api: Api) -> None:
    for path in ("validation", "validation/any"):
        assert api.call("POST", f"{POLICIES}/{path}", LOGS).json() == {"warnings": []}
    assert api.sim.state()["policies"] == []
    api.sim.load(seed(today="2027-01-11"))
    assert api.call("POST", f"{POLICIES}/validation", LOGS).status_code == 410
    assert api.call("POST", f"{POLICIES}/validation/any", LOGS).status_code == 410
    assert api.call("POST", POLICIES, LOGS).status_code == 201


def test_a_bound_policy_is_deleted_by_force_only_and_takes_its_bindings_along(api: Api) -> None:
    uuid = made(api)
    api.call("POST", f"{AT_ENVIRONMENT}/bindings/{uuid}", {"groups": [SHOP]})
    assert api.call("DELETE", f"{POLICIES}/{uuid}?force=false").status_code == 400
    assert api.call("DELETE", f"{POLICIES}/{uuid}?force=true").status_code == 204
    assert uuid not in [item["policyUuid"] for item in api.sim.state()["bindings"]]


def test_the_parameters_of_a_bound_policy_cannot_be_changed(api: Api) -> None:
    uuid = made(api)
    api.call("POST", f"{AT_ENVIRONMENT}/bindings/{uuid}", {"groups": [SHOP]})
    templated = {**LOGS, "statementQuery": 'ALLOW storage:logs:read WHERE storage:bucket-name = "${bindParam:b}";'}
    assert api.call("PUT", f"{POLICIES}/{uuid}", templated).status_code == 400
    assert api.call("PUT", f"{POLICIES}/{uuid}", {**LOGS, "name": "Renamed"}).status_code == 204


def test_a_boundary_from_its_creation_to_its_end(api: Api) -> None:
    uuid = made(api, BOUNDARIES, ZONE)
    found = api.get(f"{BOUNDARIES}/{uuid}")
    assert found == {
        **ZONE,
        "uuid": uuid,
        "levelType": "account",
        "levelId": ACCOUNT,
        "boundaryConditions": [{"name": "environment:management-zone", "operator": "IN", "values": ["Zone"]}],
    }
    assert api.call("PUT", f"{BOUNDARIES}/{uuid}", {**ZONE, "metadata": {}}).status_code == 204
    assert api.get(f"{BOUNDARIES}/{uuid}")["metadata"] == {}
    assert api.call("DELETE", f"{BOUNDARIES}/{uuid}").status_code == 204
    for method, body in [("GET", None), ("DELETE", None)]:
        assert api.call(method, f"{BOUNDARIES}/{uuid}", body).status_code == 404
    again = api.call("PUT", f"{BOUNDARIES}/{uuid}", ZONE)
    assert (again.status_code, again.json()["uuid"]) == (201, uuid)


def test_boundaries_come_in_pages(api: Api) -> None:
    uuids = [made(api, BOUNDARIES, ZONE) for index in range(3)]
    page = api.get(f"{BOUNDARIES}?page=2&size=2")
    assert {key: page[key] for key in ("pageSize", "pageNumber", "totalCount")} == {
        "pageSize": 2,
        "pageNumber": 2,
        "totalCount": 3,
    }
    assert [item["uuid"] for item in page["content"]] == uuids[2:]
    assert len(api.get(BOUNDARIES)["content"]) == 3
    assert api.call("GET", f"{BOUNDARIES}?page=0").status_code == 400
    assert api.call("GET", f"{BOUNDARIES}?size=all").status_code == 400


def test_the_first_page_of_boundaries_has_a_hundred() -> None:
    boundaries = [{"uuid": str(n), "name": "b", "boundaryQuery": ZONE["boundaryQuery"]} for n in range(101)]
    with running("published", {**seed(), "boundaries": boundaries}) as api:
        assert len(api.get(BOUNDARIES)["content"]) == 100


def test_a_boundary_in_use_stays(api: Api) -> None:
    uuid = made(api, BOUNDARIES, ZONE)
    path = f"{AT_ENVIRONMENT}/bindings/{READ_LOGS}/{ADMINS}"
    api.call("POST", path, {"boundaries": [uuid]})
    answer = api.call("DELETE", f"{BOUNDARIES}/{uuid}")
    assert (answer.status_code, answer.json()["message"]) == (400, "Policy boundary is in use")
    assert api.call("DELETE", f"{path}?forceMultiple=false").status_code == 204
    assert api.call("DELETE", f"{BOUNDARIES}/{uuid}").status_code == 204


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"metadata": "x"}, "metadata"),
        ({"boundaryQuery": 3}, "boundaryQuery"),
        ({"boundaryQuery": "ALLOW a:b:c;"}, "boundaryQuery"),
        ({"boundaryQuery": 'a:b = "x" AND a:b = "y";'}, "boundaryQuery"),
        ({"boundaryQuery": 'a:b = "x";\n' * 11}, "boundaryQuery"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/x")])
def test_a_malformed_boundary_is_refused(
    published: Api, method: str, path: str, change: dict[str, Any], field: str
) -> None:
    answer = published.call(method, BOUNDARIES + path, {**ZONE, **change})
    assert answer.status_code == 400
    assert list(answer.json()["errorsMap"]) == [field]
    assert published.sim.state()["boundaries"] == []


def test_boundaries_belong_to_the_account(published: Api) -> None:
    for method, body in [("GET", None), ("POST", ZONE)]:
        answer = published.call(method, "/iam/v1/repo/account/other/boundaries", body)
        assert (answer.status_code, answer.json()["code"]) == (404, 404)


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        ("iam:policies:read", "GET", POLICIES, 200),
        ("iam:policies:read", "POST", POLICIES, 403),
        ("iam:policies:read", "POST", f"{POLICIES}/validation", 200),
        ("iam:policies:write", "GET", POLICIES, 403),
        ("iam:policies:write", "POST", POLICIES, 201),
        ("iam:policies:read iam:policies:write", "GET", f"{POLICIES}/aggregate", 403),
        ("iam-policies-management", "GET", f"{POLICIES}/aggregate", 200),
        ("iam-policies-management", "POST", POLICIES, 201),
        ("iam:bindings:read", "GET", f"{AT_ACCOUNT}/bindings", 200),
        ("iam:bindings:read", "DELETE", f"{AT_ACCOUNT}/bindings", 403),
        ("iam:boundaries:read", "GET", BOUNDARIES, 200),
        ("iam:boundaries:read", "DELETE", f"{BOUNDARIES}/x", 403),
        ("iam:boundaries:write", "DELETE", f"{BOUNDARIES}/x", 404),
        ("iam:limits:read", "GET", f"{AT_ACCOUNT}/limits", 200),
        ("iam:policies:read", "GET", f"{AT_ACCOUNT}/limits", 403),
    ],
)
def test_each_call_has_its_scopes(published: Api, scopes: str, method: str, path: str, status: int) -> None:
    published.login(scope=scopes)
    assert published.call(method, path, LOGS if method == "POST" else None).status_code == status


def test_limits_of_the_repository(api: Api) -> None:
    made(api)
    made(api, BOUNDARIES, ZONE)
    assert api.get(f"{AT_ACCOUNT}/limits") == {
        "policies": {"count": 1, "limit": "200"},
        "bindings": {"count": 1, "limit": "30000"},
        "boundaries": {"count": 1, "limit": "2000"},
    }
    assert api.get(f"{AT_ENVIRONMENT}/limits")["boundaries"]["count"] == 0
    assert api.call("GET", "/iam/v1/repo/environment/nowhere/limits").status_code == 404


def test_what_was_put_survives_in_the_state(api: Api) -> None:
    made(api)
    made(api, f"{AT_ENVIRONMENT}/policies")
    made(api, BOUNDARIES, ZONE)
    state = api.sim.state()
    assert api.call("PUT", "/_simulator/state", state).status_code == 204
    assert api.sim.state() == state


POLICY = {"uuid": "p", "levelType": "account", "levelId": ACCOUNT, "name": "P", "statementQuery": "ALLOW a:b:c;"}


@pytest.mark.parametrize(
    "change",
    [
        {"policies": [{**POLICY, "statementQuery": "ALLOW;"}]},
        {"policies": [{**POLICY, "levelType": "global"}]},
        {"policies": [{**POLICY, "statement": "x"}]},
        {"policies": [POLICY, POLICY]},
        {"policies": [{**POLICY, "uuid": READ_LOGS}]},
        {"boundaries": [{"uuid": "b", "name": "B"}]},
        {"boundaries": [{"uuid": "b", "name": "B", "boundaryQuery": "nothing"}]},
        {"boundaries": [{"uuid": "b", "name": "B", "boundaryQuery": 'a:b = "c"', "levelId": ACCOUNT}]},
        {"options": {"today": "tomorrow"}},
        {"options": {"today": "20270111"}},
        {"users": [{"uid": "a", "email": "a@example.com", "serviceGroup": "g"}]},
    ],
)
def test_a_wrong_state_is_refused(published: Api, change: dict[str, Any]) -> None:
    before = published.sim.state()
    assert published.call("PUT", "/_simulator/state", {**seed(), **change}).status_code == 400
    assert published.sim.state() == before
