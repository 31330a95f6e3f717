# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service users and the limits of the account: the same calls in both contracts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import EVERYBODY, SECRET_GROUP, SHOP, Api, seed

READ_LOGS = "7f8475de-1afd-4f3a-b5b3-7994b363eff4"


def made(api: Api, **body: Any) -> dict[str, Any]:
    """A new service user."""
    response = api.call("POST", "service-users", {"name": "Pipeline", **body})
    assert response.status_code == 201, response.text
    return dict(response.json())


def names_of_groups(api: Api) -> set[str]:
    """The names in the list of groups."""
    return {item["name"] for item in api.get("groups")["items"]}


def test_a_service_user_from_its_creation_to_its_end(api: Api) -> None:
    new = made(api, description="Deploys")
    uid = new["uid"]
    assert new == {
        "uid": uid,
        "email": f"{uid}@service.sso.dynatrace.com",
        "name": "Pipeline",
        "surname": "SERVICE_IDENTITY",
        "description": "Deploys",
        "createdAt": "2026-09-21T14:13:20Z",
        "groupUuid": new["groupUuid"],
    }
    assert api.get(f"service-users/{uid}") == new
    answer = api.call("PUT", f"service-users/{uid}", {"name": "Renamed"})
    assert (answer.status_code, answer.content) == (200, b"")
    changed = api.get(f"service-users/{uid}")
    assert changed["name"] == "Renamed"
    assert "description" not in changed
    answer = api.call("DELETE", f"service-users/{uid}")
    assert (answer.status_code, answer.content) == (200, b"")
    for method in ("GET", "DELETE"):
        assert api.call(method, f"service-users/{uid}").status_code == 404
    assert new["groupUuid"] not in {item["uuid"] for item in api.sim.state()["groups"]}


def test_its_own_group_is_hidden_local_and_can_be_bound(api: Api) -> None:
    before = names_of_groups(api)
    new = made(api)
    assert names_of_groups(api) == before
    own = next(item for item in api.sim.state()["groups"] if item["uuid"] == new["groupUuid"])
    assert (own["owner"], own["hidden"]) == ("LOCAL", True)
    assert api.groups_of(new["uid"]) == [new["groupUuid"], EVERYBODY]
    path = f"/iam/v1/repo/environment/env1/bindings/{READ_LOGS}/{new['groupUuid']}"
    assert api.call("POST", path, {}).status_code == 204
    api.call("DELETE", f"service-users/{new['uid']}")
    assert len(api.get("/iam/v1/repo/environment/env1/bindings")["policyBindings"]) == 2


def test_a_list_item_has_no_group(api: Api) -> None:
    page = api.get("service-users")
    assert page["totalCount"] == 1
    assert page["results"] == [
        {
            "uid": "u-bot",
            "email": "u-bot@service.sso.dynatrace.com",
            "name": "Jane",
            "surname": "Doe",
            "createdAt": "",
            "login": "u-bot@service.sso.dynatrace.com",
            "type": "SERVICE_EXTERNAL",
            "userStatus": "ACTIVE",
        }
    ]
    assert api.get("service-users/u-bot")["groupUuid"] == SECRET_GROUP


def test_names_may_be_there_twice(api: Api) -> None:
    assert made(api)["uid"] != made(api)["uid"]


def test_pages_by_number_and_by_key(api: Api) -> None:
    uids = ["u-bot", *(made(api)["uid"] for index in range(4))]
    first = api.get("service-users?page=1&page-size=2")
    second = api.get(f"service-users?page-key={first['nextPageKey']}")
    third = api.get("service-users?page=3&page-size=2")
    assert [item["uid"] for page in (first, second, third) for item in page["results"]] == uids
    assert second["nextPageKey"] != first["nextPageKey"]
    assert "nextPageKey" not in third
    assert api.get("service-users?page=4&page-size=2") == {"results": [], "totalCount": 5}


@pytest.mark.parametrize("query", ["page=0", "page=first", "page-size=0", "page-key=invented"])
def test_a_wrong_page_is_refused(api: Api, query: str) -> None:
    assert api.call("GET", f"service-users?{query}").status_code == 400


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"name": 1}, {"name": "a", "description": 1}, []])
def test_a_wrong_body_is_refused(api: Api, body: Any) -> None:
    before = api.sim.state()
    assert api.call("POST", "service-users", body).status_code == 400
    assert api.call("PUT", "service-users/u-bot", body).status_code == 400
    assert api.sim.state() == before


def test_a_person_is_no_service_user(api: Api) -> None:
    assert api.call("GET", "service-users/u-jane").status_code == 404
    assert api.call("DELETE", "service-users/u-jane").status_code == 404


def test_a_service_user_is_a_user_with_memberships(published: Api) -> None:
    new = made(published)
    assert published.call("POST", f"users/{new['email']}", [SHOP]).status_code == 201
    groups = {item["uuid"] for item in published.get(f"users/{new['email']}")["groups"]}
    assert groups == {EVERYBODY, SHOP, new["groupUuid"]}
    listed = {item["email"]: item["type"] for item in published.get("users?service-users=true")["items"]}
    assert listed[new["email"]] == "SERVICE_EXTERNAL"
    assert new["email"] not in {item["email"] for item in published.get("users")["items"]}


def test_a_group_is_made_for_a_service_user_of_a_state_that_names_one(published: Api) -> None:
    state = seed()
    state["users"][-1].update(serviceGroup="g-own", description="A bot")
    published.sim.load(state)
    assert published.get("service-users/u-bot")["groupUuid"] == "g-own"
    assert set(published.groups_of("u-bot")) == {SECRET_GROUP, "g-own", EVERYBODY}
    whole = published.sim.state()
    published.sim.load(whole)
    assert published.sim.state() == whole


def test_a_careless_purge_can_delete_its_group(api: Api) -> None:
    new = made(api)
    assert api.call("DELETE", f"groups/{new['groupUuid']}").ok
    assert "groupUuid" not in api.get(f"service-users/{new['uid']}")
    whole = api.sim.state()
    api.sim.load(whole)
    assert api.sim.state() == whole


def test_a_service_user_that_left_its_group_stays_out(published: Api) -> None:
    new = made(published)
    assert published.call("PUT", f"users/{new['email']}/groups", []).status_code == 200
    whole = published.sim.state()
    published.sim.load(whole)
    assert published.sim.state() == whole
    assert published.groups_of(new["uid"]) == [EVERYBODY]


def test_a_service_user_may_have_no_group_of_its_own(published: Api) -> None:
    state = seed()
    state["users"][-1]["groups"] = [SHOP]
    published.sim.load(state)
    assert "groupUuid" not in published.get("service-users/u-bot")


def test_limits_count_hidden_groups_too(api: Api) -> None:
    page = api.get("limits")
    found = {item["limitType"]: (item["limitValue"], item["currentValue"]) for item in page["results"]}
    assert page["total"] == len(found) == 6
    assert found["MAX_GROUPS_PER_ACCOUNT"] == (5000, 6)
    assert found["REGULAR_USER"] == (10000, 4)
    assert found["MAX_PERMISSIONS_PER_GROUP"] == (1000, 1)


@pytest.mark.parametrize(
    ("scope", "method", "status"),
    [
        ("account-idm-read", "GET", 200),
        ("account-idm-read", "POST", 403),
        ("account-idm-write", "POST", 201),
        ("iam-policies-management", "GET", 403),
    ],
)
def test_scopes(published: Api, scope: str, method: str, status: int) -> None:
    published.login(scope=scope)
    body = {"name": "a"} if method == "POST" else None
    assert published.call(method, "service-users", body).status_code == status
