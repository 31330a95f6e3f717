# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups and memberships of the guide's contract."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import ADMINS, EVERYBODY, FEDERATED, SHOP, SYNCED, Api, group, running, seed, user


def refused(api: Api, method: str, path: str, body: Any, status: int, text: str = "") -> None:
    """A call that fails and changes nothing."""
    before = api.sim.state()
    response = api.call(method, path, body)
    assert response.status_code == status
    assert text in response.json()["message"]
    assert api.sim.state() == before


def many(count: int) -> dict[str, Any]:
    """An account with so many users and groups."""
    state = seed()
    state["users"] = [user(f"u{n}", f"p{n}@example.com") for n in range(count)]
    state["groups"] = [group(f"g-{n}") for n in range(count)]
    return state


def pages(api: Api, path: str, size: str) -> list[list[dict[str, Any]]]:
    """All pages of a list."""
    found: list[list[dict[str, Any]]] = []
    key: str | None = ""
    while key is not None:
        page = api.get(f"{path}?{size}" + (f"&nextPageKey={key}" if key else ""))
        found.append(page["items"])
        key = page.get("nextPageKey")
    return found


def test_a_listed_user_has_five_fields(guide: Api) -> None:
    listed = guide.get("users")
    assert listed["totalCount"] == 4
    assert listed["nextPageKey"] is None
    assert listed["items"][0] == {
        "uid": "u-jane",
        "email": "jane@example.com",
        "firstName": "Jane",
        "lastName": "Doe",
        "userStatus": "ACTIVE",
    }


def test_one_user_has_group_ids_and_dates(guide: Api) -> None:
    created = guide.call("POST", "users", {"email": "n@example.com", "firstName": "N"}).json()
    assert created == {"uid": created["uid"], "email": "n@example.com", "userStatus": "PENDING"}
    assert guide.get("users/" + created["uid"]) == {
        **created,
        "firstName": "N",
        "lastName": "",
        "groups": [EVERYBODY],
        "createdAt": "2026-09-21T14:13:20.000Z",
        "lastModifiedAt": "2026-09-21T14:13:20.000Z",
    }


@pytest.mark.parametrize("path", ["users", "groups"])
@pytest.mark.parametrize(
    ("count", "size", "lengths"),
    [(120, "", [50, 50, 20]), (101, "pageSize=100", [100, 1]), (600, "pageSize=500", [500, 100]), (50, "", [50])],
)
def test_lists_come_in_pages(path: str, count: int, size: str, lengths: list[int]) -> None:
    with running("guide", many(count)) as api:
        found = pages(api, path, size)
    assert [len(page) for page in found] == lengths
    ids = [item.get("uid") or item["groupId"] for page in found for item in page]
    assert len(set(ids)) == count


def test_a_deleted_user_does_not_shift_the_next_page() -> None:
    with running("guide", many(60)) as api:
        key = api.get("users")["nextPageKey"]
        api.call("DELETE", "users/u3")
        rest = api.get(f"users?nextPageKey={key}")["items"]
    assert [item["uid"] for item in rest] == [f"u{n}" for n in range(50, 60)]


@pytest.mark.parametrize("query", ["pageSize=501", "pageSize=0", "pageSize=-1", "pageSize=x", "pageSize="])
def test_a_page_size_out_of_bounds_is_refused(guide: Api, query: str) -> None:
    refused(guide, "GET", f"users?{query}", None, 400, "pageSize")


@pytest.mark.parametrize("key", ["50", "%ff", "bm9uc2Vuc2U=", "x" * 99, "ä"])
def test_an_invented_page_key_is_refused(guide: Api, key: str) -> None:
    refused(guide, "GET", f"users?nextPageKey={key}", None, 400, "nextPageKey")


def test_a_page_key_fits_only_its_own_list() -> None:
    with running("guide", many(60)) as api:
        refused(api, "GET", "groups?nextPageKey=" + api.get("users")["nextPageKey"], None, 400, "another list")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_email_in_a_path_is_unknown(guide: Api, method: str) -> None:
    refused(guide, method, "users/jane@example.com", {"email": "jane@example.com"}, 404, "not found")


def test_a_taken_email_is_a_conflict(guide: Api) -> None:
    refused(guide, "POST", "users", {"email": "JANE@EXAMPLE.COM"}, 409, "User already exists")
    refused(guide, "PUT", "users/u-new", {"email": "Jane@example.com"}, 409, "User already exists")
    refused(guide, "POST", "users", {"email": "n@example.com", "firstName": 1}, 400, "firstName")


def test_put_replaces_the_whole_user(guide: Api) -> None:
    response = guide.call("PUT", "users/u-jane", {"email": "jane@example.com", "firstName": "Joan"})
    assert response.status_code == 200
    assert response.json() == {
        "uid": "u-jane",
        "email": "jane@example.com",
        "firstName": "Joan",
        "lastName": "",
        "userStatus": "ACTIVE",
    }
    assert guide.get("users/u-jane")["groups"] == [ADMINS, EVERYBODY]
    guide.call("PUT", "users/u-jane", {"email": "Joan@example.com", "userStatus": "INACTIVE"})
    changed = guide.get("users/u-jane")
    assert (changed["email"], changed["firstName"], changed["userStatus"]) == ("Joan@example.com", "", "INACTIVE")
    assert guide.call("POST", "users", {"email": "jane@example.com"}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"firstName": "x"},
        {"email": "nobody"},
        {"email": "jane@example.com", "groups": []},
        {"email": "jane@example.com", "userStatus": "GONE"},
        [],
    ],
)
def test_put_refuses_what_can_not_be(guide: Api, body: Any) -> None:
    refused(guide, "PUT", "users/u-jane", body, 400)


def test_deleting_is_for_good(guide: Api) -> None:
    response = guide.call("DELETE", "users/u-jane")
    assert (response.status_code, response.content) == (204, b"")
    refused(guide, "DELETE", "users/u-jane", None, 404, "User u-jane not found")


def test_managed_groups_say_so(guide: Api) -> None:
    listed = guide.get("groups")
    assert listed["totalCount"] == 5
    assert "nextPageKey" not in listed
    assert {item["groupId"]: item.get("managedBy") for item in listed["items"]} == {
        EVERYBODY: "ALL_USERS",
        ADMINS: None,
        SHOP: None,
        SYNCED: "SCIM",
        FEDERATED: "SAML",
    }
    assert listed["items"][4]["federatedAttributeValues"] == ["a", "b"]


def test_a_group_lives_and_dies(guide: Api) -> None:
    made = guide.call("POST", "groups", {"name": "New", "description": "d"})
    assert made.status_code == 201
    uuid = made.json()["groupId"]
    assert made.json() == {"groupId": uuid, "name": "New", "description": "d"}
    changed = guide.call("PUT", f"groups/{uuid}", {"name": "Newer"})
    assert (changed.status_code, changed.json()) == (200, {"groupId": uuid, "name": "Newer", "description": ""})
    gone = guide.call("DELETE", f"groups/{uuid}")
    assert (gone.status_code, gone.content) == (204, b"")
    refused(guide, "DELETE", f"groups/{uuid}", None, 404)


def test_a_group_body_is_one_object(guide: Api) -> None:
    refused(guide, "POST", "groups", [{"name": "New"}], 400, "object")
    refused(guide, "POST", "groups", {"name": "shop"}, 409)
    refused(guide, "PUT", f"groups/{SYNCED}", {"name": "x"}, 400, "SCIM")


def test_put_of_a_group_replaces_its_federated_values(guide: Api) -> None:
    guide.call("PUT", f"groups/{FEDERATED}", {"name": "federated"})
    assert guide.get("groups")["items"][4] == {"groupId": FEDERATED, "name": "federated", "description": ""}


def test_members_are_added_many_at_once(guide: Api) -> None:
    response = guide.call("POST", f"groups/{FEDERATED}/users", ["u-jane", "u-new", "u-jane"])
    assert (response.status_code, response.content) == (204, b"")
    assert guide.call("POST", f"groups/{FEDERATED}/users", ["u-jane"]).status_code == 204
    assert guide.get("users/u-jane")["groups"] == [ADMINS, EVERYBODY, FEDERATED]


@pytest.mark.parametrize(
    ("uuid", "body", "status", "text"),
    [
        (SHOP, ["u-jane", "new@example.com"], 400, "e-mail"),
        (SHOP, {"users": ["u-jane"]}, 400, "array"),
        (SHOP, ["u-jane", "nobody"], 404, "User nobody not found"),
        (SYNCED, ["u-jane"], 400, "SCIM"),
        (EVERYBODY, ["u-jane"], 400, "ALL_USERS"),
        ("nowhere", ["u-jane"], 404, "Group nowhere not found"),
    ],
)
def test_adding_members_is_all_or_nothing(guide: Api, uuid: str, body: Any, status: int, text: str) -> None:
    refused(guide, "POST", f"groups/{uuid}/users", body, status, text)


def test_members_are_removed_one_by_one(guide: Api) -> None:
    response = guide.call("DELETE", f"groups/{SHOP}/users/u-new")
    assert (response.status_code, response.content) == (204, b"")
    refused(guide, "DELETE", f"groups/{SHOP}/users/u-new", None, 404, "not a member")
    refused(guide, "DELETE", f"groups/{SYNCED}/users/u-caps", None, 400, "SCIM")
    refused(guide, "DELETE", f"groups/{SHOP}/users/nobody", None, 404, "User nobody not found")


def test_leaving_all_groups_keeps_the_user(guide: Api) -> None:
    guide.call("DELETE", f"groups/{ADMINS}/users/u-jane")
    assert guide.get("users/u-jane")["groups"] == [EVERYBODY]


def test_calls_of_the_published_contract_do_not_exist(guide: Api) -> None:
    for method, path in [("GET", f"groups/{SHOP}/users"), ("POST", "users/u-jane"), ("PUT", "users/u-jane/groups")]:
        response = guide.session.request(method, f"{guide.sim.url}/iam/v1/accounts/x/{path}", timeout=5)
        assert response.status_code == 404
