# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups and memberships of the published contract."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.simulator.helpers import (
    ACCOUNT,
    ADMINS,
    EVERYBODY,
    FEDERATED,
    SECRET_GROUP,
    SHOP,
    SYNCED,
    Api,
    running,
    seed,
)

JANE = "users/jane@example.com"


def group_named(api: Api, uuid: str) -> dict[str, Any]:
    """A group of the list."""
    found: dict[str, Any] = next(item for item in api.get("groups")["items"] if item["uuid"] == uuid)
    return found


def refused(api: Api, method: str, path: str, body: Any, status: int, text: str) -> None:
    """A call that fails in the account API's way and changes nothing."""
    before = api.sim.state()
    response = api.call(method, path, body)
    assert response.status_code == status
    assert response.json()["error"] is True
    assert response.json()["payload"] is None
    assert text in response.json()["message"]
    assert api.sim.state() == before


def test_the_list_is_whole_and_leaves_service_users_out(published: Api) -> None:
    listed = published.get("users?service-users=false")
    assert listed["count"] == 4
    assert listed == published.get("users")
    jane, caps, new, blank = listed["items"]
    assert jane == {
        "uid": "u-jane",
        "email": "jane@example.com",
        "name": "Jane",
        "surname": "Doe",
        "userStatus": "ACTIVE",
        "emergencyContact": False,
        "type": "DEFAULT",
        "userLoginMetadata": {
            "successfulLoginCounter": 4,
            "failedLoginCounter": 0,
            "lastSuccessfulLogin": None,
            "lastFailedLogin": None,
            "lastSuccessfulBasicAuthentication": None,
            "createdAt": "2026-01-01T08:00:00.000Z",
            "updatedAt": None,
            "resetPasswordTokenSentAt": None,
        },
    }
    assert "userLoginMetadata" not in caps
    assert new.keys() == {"uid", "email", "userStatus", "emergencyContact", "type"}
    assert (blank["name"], blank["surname"]) == ("", "")


def test_service_users_come_on_request(published: Api) -> None:
    items = published.get("users?service-users=true")["items"]
    assert [item["type"] for item in items] == ["DEFAULT"] * 4 + ["SERVICE_EXTERNAL"]
    refused(published, "GET", "users?service-users=maybe", None, 400, "boolean")


def test_one_user_has_groups_as_objects_with_a_groupname(published: Api) -> None:
    found = published.get(JANE)
    assert found["groups"][0] == {
        "groupName": "admins",
        "uuid": ADMINS,
        "owner": "LOCAL",
        "accountUUID": ACCOUNT,
        "accountName": "Test",
        "description": "",
        "createdAt": "2026-01-01T08:00:00.000Z",
        "updatedAt": "2026-01-02T08:00:00.000Z",
    }
    assert [item["uuid"] for item in found["groups"]] == [ADMINS, EVERYBODY]
    assert "userLoginMetadata" not in found


def test_a_service_user_shows_its_hidden_group(published: Api) -> None:
    groups = published.get("users/u-bot%40service.sso.dynatrace.com")["groups"]
    assert [item["uuid"] for item in groups] == [SECRET_GROUP, EVERYBODY]


@pytest.mark.parametrize("email", ["a+b@example.com", "o'x@example.com", "sl/ash@example.com", "ü%@example.com"])
def test_any_email_goes_into_a_path_when_it_is_encoded(published: Api, email: str) -> None:
    assert published.call("POST", "users", {"email": email}).status_code == 201
    path = "users/" + quote(email, safe="")
    assert published.get(path)["email"] == email
    assert published.sim.requests[-1]["path"].endswith(path)


def test_an_invited_user_is_pending_and_in_the_all_users_group(published: Api) -> None:
    response = published.call("POST", "users", {"email": "Neu@example.com"})
    assert response.status_code == 201
    found = published.get("users/Neu@example.com")
    assert response.json() == {"userUuid": found["uid"]}
    assert found["userStatus"] == "PENDING"
    assert [item["uuid"] for item in found["groups"]] == [EVERYBODY]


def test_an_invitation_can_be_answered_without_a_body() -> None:
    with running("published", seed(invite_answers_empty=True)) as api:
        response = api.call("POST", "users", {"email": "n@example.com"})
    assert (response.status_code, response.content) == (201, b"")
    assert response.headers["content-type"].startswith("text/html")


def test_an_email_is_taken_whatever_its_case(published: Api) -> None:
    refused(published, "POST", "users", {"email": "JANE@example.com"}, 400, "User already exists")


def test_the_status_for_a_taken_email_can_be_chosen() -> None:
    with running("published", seed(user_exists_status=409)) as api:
        refused(api, "POST", "users", {"email": "jane@example.com"}, 409, "User already exists")


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": "nobody"}, {"email": 3}, ["a@example.com"], None])
def test_an_invitation_needs_an_email(published: Api, body: Any) -> None:
    refused(published, "POST", "users", body, 400, "")


def test_case_counts_in_paths_unless_switched_off(published: Api) -> None:
    assert published.get("users/Caps.Lock@Example.com")["uid"] == "u-caps"
    refused(published, "GET", "users/caps.lock@example.com", None, 404, "User caps.lock@example.com not found")
    with running("published", seed(email_case_sensitive_paths=False)) as api:
        assert api.get("users/caps.lock@example.com")["email"] == "Caps.Lock@Example.com"


def test_a_uid_in_a_path_is_unknown(published: Api) -> None:
    refused(published, "GET", "users/u-jane", None, 404, "User u-jane not found")


def test_deleting_is_for_good(published: Api) -> None:
    response = published.call("DELETE", JANE)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"].startswith("text/html")
    refused(published, "DELETE", JANE, None, 404, "User jane@example.com not found")
    assert published.get(f"groups/{ADMINS}/users") == {"count": 0, "items": []}


def test_adding_groups_keeps_the_others(published: Api) -> None:
    response = published.call("POST", JANE, [SHOP, FEDERATED, SHOP, ADMINS])
    assert (response.status_code, response.content) == (201, b"")
    assert published.groups_of("u-jane") == [ADMINS, EVERYBODY, SHOP, FEDERATED]


@pytest.mark.parametrize(
    ("groups", "status", "text"),
    [
        ([SHOP, "nowhere"], 404, "Group nowhere not found"),
        ([SHOP, SYNCED], 400, "managed by SCIM"),
        ([SHOP, EVERYBODY], 400, "managed by ALL_USERS"),
        ({"groups": [SHOP]}, 400, "array"),
        ([SHOP, 1], 400, "array"),
        ([f"g{n}" for n in range(201)], 400, "200"),
    ],
)
def test_adding_groups_is_all_or_nothing(published: Api, groups: Any, status: int, text: str) -> None:
    refused(published, "POST", JANE, groups, status, text)


def test_setting_groups_replaces_all_but_the_all_users_group(published: Api) -> None:
    response = published.call("PUT", JANE + "/groups", [SHOP])
    assert (response.status_code, response.content) == (200, b"")
    assert published.groups_of("u-jane") == [EVERYBODY, SHOP]
    published.call("PUT", JANE + "/groups", [EVERYBODY])
    assert published.groups_of("u-jane") == [EVERYBODY]
    published.call("PUT", JANE + "/groups", [])
    assert published.groups_of("u-jane") == [EVERYBODY]


def test_setting_groups_can_neither_give_nor_take_a_scim_group(published: Api) -> None:
    refused(published, "PUT", JANE + "/groups", [SYNCED], 400, "SCIM")
    refused(published, "PUT", "users/Caps.Lock@Example.com/groups", [SHOP], 400, "SCIM")
    assert published.call("PUT", "users/Caps.Lock@Example.com/groups", [SYNCED]).status_code == 200
    assert published.groups_of("u-caps") == [SYNCED, EVERYBODY]


def test_removing_groups_takes_repeated_keys(published: Api) -> None:
    published.call("POST", JANE, [SHOP, FEDERATED])
    response = published.call("DELETE", f"{JANE}/groups?group-uuid={SHOP}&group-uuid={ADMINS}&group-uuid={EVERYBODY}")
    assert (response.status_code, response.content) == (200, b"")
    assert published.groups_of("u-jane") == [EVERYBODY, FEDERATED]
    again = published.call("DELETE", f"{JANE}/groups?group-uuid={SHOP}")
    assert again.status_code == 200


def test_removing_groups_is_refused_like_adding(published: Api) -> None:
    refused(published, "DELETE", "users/Caps.Lock@Example.com/groups?group-uuid=" + SYNCED, None, 400, "SCIM")
    refused(published, "DELETE", JANE + "/groups?group-uuid=nowhere", None, 404, "Group nowhere")
    refused(published, "DELETE", JANE + "/groups", None, 400, "group-uuid")


def test_groups_are_listed_without_hidden_ones(published: Api) -> None:
    listed = published.get("groups")
    assert listed["count"] == 5
    assert [item["uuid"] for item in listed["items"]] == [EVERYBODY, ADMINS, SHOP, SYNCED, FEDERATED]
    assert group_named(published, SHOP) == {
        "uuid": SHOP,
        "name": "shop",
        "description": "The shop",
        "owner": "LOCAL",
        "hidden": False,
        "createdAt": "2026-01-01T08:00:00Z",
        "updatedAt": "2026-01-02T08:00:00Z",
    }
    assert group_named(published, FEDERATED)["federatedAttributeValues"] == ["a", "b"]


def test_groups_are_created_from_an_array_and_have_no_dates_at_first(published: Api) -> None:
    body = [{"name": "One"}, {"name": "Two", "description": "2", "federatedAttributeValues": ["x"]}]
    response = published.call("POST", "groups", body)
    assert response.status_code == 201
    one, two = response.json()
    assert (one["owner"], two["owner"]) == ("LOCAL", "SAML")
    assert (one["createdAt"], one["updatedAt"]) == (None, None)
    assert group_named(published, one["uuid"])["createdAt"] == "2026-09-21T14:13:20Z"


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ([{"name": "New"}, {"name": "shop"}], 409, "Group with name shop already exists"),
        ([{"name": "New"}, {"name": "New"}], 409, "New"),
        ([{"name": "New", "description": "x" * 256}], 400, "255"),
        ([{"name": " "}], 400, "name"),
        ([{"name": "New", "federatedAttributeValues": "x"}], 400, "array"),
        ([{"name": "New", "description": 1}], 400, "string"),
        (["New"], 400, "object"),
        ([], 400, "array"),
        ({"name": "New"}, 400, "array"),
    ],
)
def test_creating_groups_is_all_or_nothing(published: Api, body: Any, status: int, text: str) -> None:
    refused(published, "POST", "groups", body, status, text)


def test_a_description_may_have_255_characters(published: Api) -> None:
    assert published.call("POST", "groups", [{"name": "New", "description": "x" * 255}]).status_code == 201


def test_replacing_a_group_switches_its_owner_with_the_federated_values(published: Api) -> None:
    response = published.call("PUT", f"groups/{SHOP}", {"name": "Shop", "federatedAttributeValues": ["x"]})
    assert (response.status_code, response.content) == (200, b"")
    found = group_named(published, SHOP)
    assert (found["name"], found["description"], found["owner"]) == ("Shop", "", "SAML")
    assert found["updatedAt"] == "2026-09-21T14:13:20Z"
    published.call("PUT", f"groups/{FEDERATED}", {"name": "federated"})
    found = group_named(published, FEDERATED)
    assert found["owner"] == "LOCAL"
    assert "federatedAttributeValues" not in found


@pytest.mark.parametrize(("uuid", "owner"), [(SYNCED, "SCIM"), (EVERYBODY, "ALL_USERS")])
def test_managed_groups_can_not_be_changed(published: Api, uuid: str, owner: str) -> None:
    refused(published, "PUT", f"groups/{uuid}", {"name": "x"}, 400, owner)
    refused(published, "DELETE", f"groups/{uuid}", None, 400, owner)


def test_replacing_a_group_keeps_names_unique(published: Api) -> None:
    refused(published, "PUT", f"groups/{SHOP}", {"name": "admins"}, 409, "admins")
    refused(published, "PUT", "groups/nowhere", {"name": "x"}, 404, "nowhere")
    assert published.call("PUT", f"groups/{SHOP}", {"name": "shop", "uuid": "ignored"}).status_code == 200


def test_deleting_a_group_answers_with_a_one(published: Api) -> None:
    response = published.call("DELETE", f"groups/{SHOP}")
    assert (response.status_code, response.text) == (200, "1")
    assert response.headers["content-type"].startswith("text/html")
    refused(published, "DELETE", f"groups/{SHOP}", None, 404, SHOP)
    assert published.groups_of("u-new") == [EVERYBODY]
    assert published.call("POST", "groups", [{"name": "shop"}]).status_code == 201


def test_members_of_a_group(published: Api) -> None:
    members = published.get(f"groups/{SHOP}/users")
    assert members["count"] == 2
    assert [item["uid"] for item in members["items"]] == ["u-caps", "u-new"]
    assert published.get(f"groups/{EVERYBODY}/users")["count"] == 5
    refused(published, "GET", "groups/nowhere/users", None, 404, "nowhere")


def test_a_fresh_user_can_lag_behind() -> None:
    with running("published", seed(visibility_lag=2)) as api:
        api.call("POST", "users", {"email": "n@example.com"})
        assert [api.call("GET", "users/n@example.com").status_code for _turn in range(4)] == [404, 404, 200, 200]


def test_calls_of_the_guide_do_not_exist(published: Api) -> None:
    for method, path in [("PUT", JANE), ("POST", f"groups/{SHOP}/users"), ("GET", f"groups/{SHOP}")]:
        response = published.session.request(method, f"{published.sim.url}/iam/v1/accounts/{ACCOUNT}/{path}", timeout=5)
        assert response.status_code == 404
        assert response.json()["statusCode"] == 404
