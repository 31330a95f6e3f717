# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role permissions, environments and bindings: the same calls in both contracts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import ACCOUNT, ADMINS, CONTRACTS, SECRET_GROUP, SHOP, SYNCED, Api, running, seed

PATH = f"groups/{ADMINS}/permissions"
VIEWER = {"permissionName": "tenant-viewer", "scope": "env1", "scopeType": "tenant"}
ZONE = {"permissionName": "tenant-logviewer", "scope": "env1:7", "scopeType": "management-zone"}
MANAGE = {"permissionName": "account-user-management", "scope": ACCOUNT, "scopeType": "account"}


def facts(api: Api, path: str = PATH) -> list[dict[str, str]]:
    """The permissions of a group without their dates."""
    items = api.get(path)["permissions"]
    return [{key: value for key, value in item.items() if not key.endswith("At")} for item in items]


def query(permission: dict[str, str], path: str = PATH) -> str:
    """The path that removes a permission."""
    return (
        f"{path}?scope={permission['scope']}&permission-name={permission['permissionName']}"
        f"&scope-type={permission['scopeType']}"
    )


def test_all_four_calls_announce_their_end(api: Api) -> None:
    for method, path, body, status in [
        ("GET", PATH, None, 200),
        ("POST", PATH, [ZONE], 201),
        ("PUT", PATH, [VIEWER], 200),
        ("DELETE", query(VIEWER), None, 200),
        ("DELETE", query(VIEWER), None, 404),
    ]:
        response = api.call(method, path, body)
        assert response.status_code == status
        assert response.headers["Deprecation"] == "Mon, 15 Jun 2026 00:00:00 GMT"
        assert response.headers["Sunset"] == "Mon, 11 Jan 2027 00:00:00 GMT"
        if method != "GET" and status != 404:
            assert response.content == b""
            assert response.headers["content-type"].startswith("text/html")


def test_permissions_come_with_their_group(published: Api) -> None:
    assert published.get(PATH) == {
        "uuid": ADMINS,
        "name": "admins",
        "description": "",
        "owner": "LOCAL",
        "hidden": False,
        "createdAt": "2026-01-01T08:00:00Z",
        "updatedAt": "2026-01-02T08:00:00Z",
        "permissions": [{**VIEWER, "createdAt": None, "updatedAt": None}],
    }


def test_permissions_come_with_their_group_in_the_guides_shape(guide: Api) -> None:
    found = guide.get(PATH)
    assert {key: found[key] for key in ("groupId", "name", "description")} == {
        "groupId": ADMINS,
        "name": "admins",
        "description": "",
    }
    assert guide.get(f"groups/{SYNCED}/permissions")["managedBy"] == "SCIM"


def test_adding_keeps_what_is_there_and_counts_doubles_once(api: Api) -> None:
    api.call("POST", PATH, [ZONE, MANAGE, VIEWER, ZONE])
    assert facts(api) == [VIEWER, ZONE, MANAGE]
    added = api.get(PATH)["permissions"][1]
    assert added["createdAt"] == "2026-09-21T14:13:20.000Z"


def test_replacing_and_clearing(api: Api) -> None:
    api.call("PUT", PATH, [MANAGE])
    assert facts(api) == [MANAGE]
    api.call("PUT", PATH, [])
    assert facts(api) == []


def test_removing_one_and_what_is_not_there(api: Api) -> None:
    api.call("POST", PATH, [ZONE])
    assert api.call("DELETE", query(VIEWER)).status_code == 200
    assert facts(api) == [ZONE]
    again = api.call("DELETE", query(VIEWER))
    assert again.status_code == 404
    assert again.json()["message"] == "Permission tenant-viewer with scope env1 not found"


@pytest.mark.parametrize("group", [SYNCED, SECRET_GROUP])
def test_permissions_of_managed_and_hidden_groups_can_be_set(api: Api, group: str) -> None:
    assert api.call("POST", f"groups/{group}/permissions", [VIEWER]).status_code == 201
    assert facts(api, f"groups/{group}/permissions") == [VIEWER]


@pytest.mark.parametrize(
    "wrong",
    [
        {"permissionName": "tenant-owner"},
        {"permissionName": None},
        {"scopeType": "environment"},
        {"scopeType": "account"},
        {"scope": ""},
        {"scope": "env9"},
        {"scope": "env1:7"},
        {"scope": "env1:8", "scopeType": "management-zone"},
        {"scope": "env1", "scopeType": "management-zone"},
        {"scope": "env1", "scopeType": "account", "permissionName": "account-viewer"},
        {"permissionName": "account-viewer"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_does_not_exist_or_fit_is_refused(api: Api, method: str, wrong: dict[str, Any]) -> None:
    before = api.sim.state()
    assert api.call(method, PATH, [ZONE, {**VIEWER, **wrong}]).status_code == 400
    assert api.sim.state() == before


@pytest.mark.parametrize("body", [{}, [1], VIEWER, None])
def test_a_body_must_be_an_array_of_permissions(api: Api, body: Any) -> None:
    assert api.call("POST", PATH, body).status_code == 400


def test_a_group_holds_at_most_a_thousand_permissions() -> None:
    state = seed()
    zones = [{"id": str(n), "name": str(n)} for n in range(1001)]
    state["environments"][0]["management_zones"] = zones
    many = [{**ZONE, "scope": f"env1:{zone['id']}"} for zone in zones]
    with running("published", state) as api:
        assert api.call("PUT", PATH, many).status_code == 400
        assert api.call("PUT", PATH, many[:1000]).status_code == 200


def test_an_unknown_group_is_404(api: Api) -> None:
    assert api.call("GET", "groups/nowhere/permissions").status_code == 404
    assert api.call("PUT", "groups/nowhere/permissions", []).status_code == 404


@pytest.mark.parametrize("contract", CONTRACTS)
def test_after_the_sunset_only_account_scope_can_be_written(contract: str) -> None:
    with running(contract, seed(today="2027-01-11")) as api:
        statuses = [
            api.call("POST", PATH, [VIEWER]).status_code,
            api.call("PUT", PATH, [MANAGE, ZONE]).status_code,
            api.call("DELETE", query(VIEWER)).status_code,
            api.call("POST", PATH, [MANAGE]).status_code,
            api.call("GET", PATH).status_code,
        ]
    assert statuses == [410, 410, 410, 201, 200]


def test_on_the_day_before_the_sunset_everything_can_be_written() -> None:
    with running("published", seed(today="2027-01-10")) as api:
        assert api.call("POST", PATH, [ZONE]).status_code == 201


def test_a_permission_whose_zone_is_gone_can_still_be_removed() -> None:
    state = seed()
    state["groups"][1]["permissions"] = [{**ZONE, "scope": "env1:99"}]
    with running("published", state) as api:
        assert api.call("DELETE", query({**ZONE, "scope": "env1:99"})).status_code == 200


def test_environments(api: Api) -> None:
    assert api.get(f"/env/v1/accounts/{ACCOUNT}/environments") == {
        "tenantResources": [{"name": "One", "id": "env1"}, {"name": "", "id": "env2"}],
        "managementZoneResources": [{"parent": "env1", "name": "Zone", "id": "7"}],
    }
    assert api.get(f"/env/v2/accounts/{ACCOUNT}/environments") == {
        "data": [
            {"id": "env1", "name": "One", "active": True, "url": "https://env1.live.dynatrace.com"},
            {"id": "env2", "active": False, "url": "https://env2.live.dynatrace.com"},
        ]
    }


def test_bindings_of_a_level(api: Api) -> None:
    assert api.get("/iam/v1/repo/environment/env1/bindings") == {
        "levelType": "environment",
        "levelId": "env1",
        "policyBindings": [{"policyUuid": "p1", "groups": [SHOP, "g-unknown"]}],
    }
    account = api.get(f"/iam/v1/repo/account/{ACCOUNT}/bindings")
    assert account["policyBindings"] == [{"policyUuid": "p2", "groups": [], "parameters": {"a": "b"}}]
    assert api.get("/iam/v1/repo/global/global/bindings")["policyBindings"] == []


@pytest.mark.parametrize("level", ["environment/env9", "account/env1", "global/env1", "planet/earth"])
def test_bindings_of_an_unknown_level(level: str, published: Api) -> None:
    response = published.session.get(f"{published.sim.url}/iam/v1/repo/{level}/bindings", timeout=5)
    assert response.status_code == 404
    assert response.json()["code"] == 404
    assert response.json()["errorsMap"] == {}
