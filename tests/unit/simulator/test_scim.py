# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM under both of its addresses: users, groups, tokens, and the next sync."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.simulator.model import BadState
from tests.unit.simulator.helpers import ACCOUNT, EVERYBODY, SHOP, SYNCED, Api, running, seed

DOCUMENTED = f"/idm/public/scim/{ACCOUNT}/v2"
GUIDE = "/e/env1/api/v2/scim"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def state() -> dict[str, Any]:
    """The account with SCIM for one domain."""
    return {
        **seed(),
        "scim": {
            "domains": ["Example.com"],
            "tokens": [
                {"token": "own-1"},
                {"token": "old", "environment": "env1"},
                {"token": "own-2"},
                {"token": "new", "environment": "env1"},
            ],
            "managed": ["jane@example.com"],
            "provisioned": ["jane@example.com"],
        },
    }


class Scim:
    """SCIM calls below one address."""

    def __init__(self, api: Api, base: str, token: str) -> None:
        self.api, self.base, self.token = api, base, token

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.api.call(method, self.base + path, body, headers=headers, **more)

    def ids(self, kind: str, **query: str) -> list[str]:
        answer = self.call("GET", f"/{kind}", params=query)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["Resources"]]

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> requests.Response:
        return self.call("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, headers=headers)

    def refused(self, answer: requests.Response, status: int, kind: str | None = None) -> None:
        body = answer.json()
        assert (answer.status_code, body["status"], body.get("scimType")) == (status, str(status), kind), answer.text


@pytest.fixture(params=["documented", "guide"])
def scim(request: pytest.FixtureRequest) -> Iterator[Scim]:
    """The service under each of its addresses."""
    base, token = {"documented": (DOCUMENTED, "own-1"), "guide": (GUIDE, "new")}[request.param]
    with running("published", state()) as api:
        yield Scim(api, base, token)


@pytest.fixture
def own() -> Iterator[Scim]:
    """The service under the documented address."""
    with running("published", state()) as api:
        yield Scim(api, DOCUMENTED, "own-2")


def status_of(scim: Scim, email: str) -> str:
    """What the account API says."""
    return str(scim.api.get(f"users/{email}")["userStatus"])


def test_a_user_from_its_creation_to_its_end(scim: Scim) -> None:
    wanted = {"schemas": [USER], "userName": "sam@example.com", "name": {"givenName": "Sam"}, "externalId": "x1"}
    answer = scim.call("POST", "/Users", wanted)
    new = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.headers["Location"] == f"{scim.api.sim.url}{scim.base}/Users/{new['id']}"
    assert answer.headers["ETag"] == new["meta"]["version"]
    assert (new["active"], new["displayName"], new["externalId"]) == (True, "Sam", "x1")
    path = f"/Users/{new['id']}"
    assert scim.call("GET", path).json() == new
    changed = scim.call("PUT", path, {**wanted, "name": {"familyName": "Lee"}, "active": False}).json()
    assert (changed["name"], changed["active"]) == ({"familyName": "Lee"}, False)
    assert status_of(scim, "sam@example.com") == "INACTIVE"
    whole = scim.api.sim.state()
    assert "sam@example.com" in whole["scim"]["managed"]
    assert "sam@example.com" in whole["scim"]["provisioned"]
    scim.api.sim.load(whole)
    assert scim.api.sim.state() == whole
    assert scim.call("DELETE", path).status_code == 204
    scim.refused(scim.call("GET", path), 404)
    assert scim.api.sim.state()["scim"]["provisioned"] == ["jane@example.com"]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "ADD", "path": f"{USER}:active", "value": False},
    ],
)
def test_a_user_is_deactivated_and_comes_back(own: Scim, operation: dict[str, Any]) -> None:
    assert own.patch("/Users/u-caps", operation).json()["active"] is False
    assert status_of(own, "Caps.Lock@Example.com") == "INACTIVE"
    assert own.api.groups_of("u-caps") == [SHOP, SYNCED, EVERYBODY]
    assert own.patch("/Users/u-caps", {"op": "replace", "path": "active", "value": True}).status_code == 200
    assert status_of(own, "Caps.Lock@Example.com") == "ACTIVE"
    assert "Caps.Lock@Example.com" in own.api.sim.state()["scim"]["managed"]


def test_names_are_patched_as_a_whole_or_in_parts(own: Scim) -> None:
    path = "/Users/u-jane"
    found = own.patch(path, {"op": "replace", "path": "name", "value": {"familyName": "Roe"}}).json()
    assert found["name"] == {"givenName": "Jane", "familyName": "Roe"}
    found = own.patch(path, {"op": "replace", "value": {"name.givenName": "Joan"}}).json()
    assert found["displayName"] == "Joan Roe"
    work = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "jane@example.com"}
    found = own.patch(path, {"op": "remove", "path": "name.givenName"}, work).json()
    assert found["displayName"] == "Roe"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('userName eq "JANE@example.com"', ["u-jane"]),
        ('username EQ "jane@example.com" and active eq true', ["u-jane"]),
        ('userName sw "caps." AND displayName co "doe"', ["u-caps"]),
        ('id eq "u-new"', ["u-new"]),
        ('id eq "U-NEW"', []),
        ("displayName pr", ["u-jane", "u-caps"]),
        ("externalId pr", []),
        (f'{USER}:userName co "@EXAMPLE"', ["u-jane", "u-caps", "u-new", "u-blank"]),
        (r'userName eq "a\"b\\c"', []),
        ("active eq false", []),
        ("active ne true", []),
        ('userName ew ".com" and not (displayName co "doe")', ["u-new", "u-blank"]),
        ('id eq "u-new" or id eq "u-caps" and active eq false', ["u-new"]),
        ('(id eq "u-new" or id eq "u-caps") and name.familyName eq "doe"', ["u-caps"]),
        ('not (userName sw "j" or NOT(displayName pr))', ["u-caps"]),
        ('id gt "u-caps" and id le "u-new"', ["u-jane", "u-new"]),
        ('id lt "u-caps" or id ge "u-new"', ["u-new", "u-blank"]),
    ],
)
def test_filters_of_users(own: Scim, text: str, found: list[str]) -> None:
    assert own.ids("Users", filter=text) == found


@pytest.mark.parametrize(
    "text", ["userName", 'userName eq "a', 'nickName eq "a"', "active co true", "not active eq true", '(id eq "a"']
)
def test_a_wrong_filter_is_refused(own: Scim, text: str) -> None:
    own.refused(own.call("GET", "/Users", params={"filter": text}), 400, "invalidFilter")


def test_lists_come_in_parts(own: Scim) -> None:
    page = own.call("GET", "/Users", params={"startIndex": "3", "count": "1"}).json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (4, 3, 1)
    assert own.ids("Users", startIndex="0", count="2") == ["u-jane", "u-caps"]
    assert own.ids("Users", count="0") == []
    own.refused(own.call("GET", "/Users", params={"startIndex": "first"}), 400, "invalidValue")


def test_a_write_for_another_version_is_refused(own: Scim) -> None:
    tag = own.call("GET", "/Users/u-jane").headers["ETag"]
    off = {"op": "replace", "path": "active", "value": False}
    assert own.patch("/Users/u-jane", off, **{"If-Match": tag}).status_code == 200
    own.refused(own.patch("/Users/u-jane", off, **{"If-Match": tag}), 412)
    own.refused(own.call("DELETE", "/Users/u-jane", headers={"If-Match": tag}), 412)
    assert own.patch("/Users/u-jane", off, **{"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "replace", "path": "userName", "value": "other@example.com"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "nickName", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": "name[", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "replace", "path": "name.givenName", "value": 1}, "invalidValue"),
        ({"op": "replace", "value": "x"}, "invalidValue"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "move", "path": "active"}, "invalidSyntax"),
    ],
)
def test_a_wrong_patch_changes_nothing(own: Scim, operation: dict[str, Any], kind: str) -> None:
    before = own.api.sim.state()
    own.refused(own.patch("/Users/u-jane", operation), 400, kind)
    assert own.api.sim.state() == before


def test_users_that_may_not_be_written(own: Scim) -> None:
    body = {"schemas": [USER], "userName": "sam@other.org"}
    own.refused(own.call("POST", "/Users", body), 403)
    own.refused(own.call("POST", "/Users", {**body, "userName": "JANE@example.com"}), 409, "uniqueness")
    own.refused(own.call("POST", "/Users", {**body, "userName": "sam"}), 400, "invalidValue")
    own.refused(own.call("POST", "/Users", {"userName": "sam@example.com"}), 400, "invalidSyntax")
    own.refused(own.call("GET", "/Users/u-bot"), 404)
    whole = own.api.sim.state()
    whole["scim"]["domains"] = []
    own.api.sim.load(whole)
    own.refused(own.patch("/Users/u-jane", {"op": "replace", "path": "active", "value": False}), 403)
    own.refused(own.call("DELETE", "/Users/u-jane"), 403)


@pytest.mark.parametrize(
    ("base", "token", "status"),
    [
        (GUIDE, "new", 200),
        (GUIDE, "old", 401),
        (GUIDE, "own-1", 401),
        (DOCUMENTED, "own-1", 200),
        (DOCUMENTED, "own-2", 200),
        (DOCUMENTED, "new", 401),
        ("/e/env2/api/v2/scim", "new", 401),
        ("/e/nowhere/api/v2/scim", "new", 404),
        ("/idm/public/scim/other/v2", "own-1", 404),
    ],
)
def test_tokens(own: Scim, base: str, token: str, status: int) -> None:
    answer = Scim(own.api, base, token).call("GET", "/ServiceProviderConfig")
    assert answer.status_code == status
    assert status != 401 or answer.json()["detail"] == "Invalid token"


@pytest.mark.parametrize(
    "change", [{"tokens": [{"token": str(number)} for number in range(11)]}, {"tokens": [{}]}, {"domain": "a"}]
)
def test_a_wrong_state_is_refused(own: Scim, change: dict[str, Any]) -> None:
    with pytest.raises(BadState):
        own.api.sim.load({**state(), "scim": change})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"attributes": "userName"}, {"userName": "jane@example.com"}),
        ({"attributes": f"{USER}:name.familyName, active"}, {"name": {"familyName": "Doe"}, "active": True}),
        ({"attributes": "emails.value"}, {"emails": [{"value": "jane@example.com"}]}),
        (
            {"excludedAttributes": "id,meta,groups,name.givenName,displayName,emails.type"},
            {
                "userName": "jane@example.com",
                "name": {"familyName": "Doe"},
                "emails": [{"value": "jane@example.com", "primary": True}],
                "active": True,
            },
        ),
    ],
)
def test_only_some_attributes(own: Scim, query: dict[str, str], found: dict[str, Any]) -> None:
    wanted = {"schemas": [USER], "id": "u-jane", **found}
    assert own.call("GET", "/Users/u-jane", params=query).json() == wanted
    one = {"filter": 'id eq "u-jane"', **query}
    assert own.call("GET", "/Users", params=one).json()["Resources"] == [wanted]
    for path in ("/Users/.search", "/.search"):
        assert own.call("POST", path, {"schemas": [SEARCH], **one}).json()["Resources"] == [wanted]


def test_a_search_in_everything(own: Scim) -> None:
    def search(path: str, **more: Any) -> list[str]:
        answer = own.call("POST", path, {"schemas": [SEARCH], "filter": None, **more})
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["Resources"]]

    assert search("/.search", startIndex=4) == ["u-blank", SYNCED]
    assert search("/.search", filter='displayName eq "synced" or userName sw "new"') == ["u-new", SYNCED]
    assert search("/Groups/.search", attributes=["displayName", "members"]) == [SYNCED]
    own.refused(own.call("POST", "/.search", {"schemas": [SEARCH], "filter": "x pr"}), 400, "invalidFilter")
    own.refused(own.call("POST", "/.search", {"filter": ""}), 400, "invalidSyntax")
    both = {"attributes": "id", "excludedAttributes": "active"}
    own.refused(own.call("GET", "/Users", params=both), 400, "invalidValue")


def test_what_is_not_there_is_refused_in_its_own_words(scim: Scim) -> None:
    scim.refused(scim.call("GET", "/Bulk"), 404)
    scim.refused(scim.call("POST", "/Schemas"), 405)
    scim.refused(scim.call("PUT", "/Users"), 405)
    assert scim.api.call("GET", "/idm/public").json()["statusCode"] == 404


def test_the_schemas_tell_what_can_be_written(scim: Scim) -> None:
    user = scim.call("GET", f"/Schemas/{USER}").json()
    assert {item["name"]: item["mutability"] for item in user["attributes"]} == {
        "userName": "immutable",
        "name": "readWrite",
        "displayName": "readOnly",
        "active": "readWrite",
        "emails": "readOnly",
        "groups": "readOnly",
    }
    assert user["meta"]["location"] == f"{scim.api.sim.url}{scim.base}/Schemas/{USER}"
    assert scim.call("GET", "/ResourceTypes/Group").json()["endpoint"] == "/Groups"
    scim.refused(scim.call("GET", "/ResourceTypes/Device"), 404)


def test_it_says_what_it_can(scim: Scim) -> None:
    config = scim.call("GET", "/ServiceProviderConfig").json()
    assert config["patch"]["supported"]
    assert not config["bulk"]["supported"]
    assert scim.ids("Schemas") == [USER, GROUP]
    assert scim.ids("ResourceTypes") == ["User", "Group"]


def test_a_group_from_its_creation_to_its_end(scim: Scim) -> None:
    body = {"schemas": [GROUP], "displayName": "Team", "members": [{"value": "u-jane"}]}
    answer = scim.call("POST", "/Groups", body)
    assert answer.status_code == 201
    new = answer.json()
    assert [item["value"] for item in new["members"]] == ["u-jane"]
    owners = {item["name"]: item["owner"] for item in scim.api.get("groups")["items"]}
    assert owners["Team"] == "SCIM"
    path = f"/Groups/{new['id']}"
    scim.refused(scim.call("POST", "/Groups", body), 409, "uniqueness")
    scim.refused(scim.call("PUT", path, {**body, "displayName": "shop"}), 409, "uniqueness")
    changed = scim.call("PUT", path, {"schemas": [GROUP], "displayName": "Crew", "externalId": "g1"}).json()
    assert (changed["displayName"], changed["members"], changed["externalId"]) == ("Crew", [], "g1")
    whole = scim.api.sim.state()
    scim.api.sim.load(whole)
    assert scim.api.sim.state() == whole
    assert scim.ids("Groups", filter='displayName eq "crew" and externalId eq "g1"') == [new["id"]]
    assert scim.call("DELETE", path).status_code == 204
    assert scim.ids("Groups") == [SYNCED]


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ({"op": "add", "path": "members", "value": [{"value": "u-jane"}]}, ["u-caps", "u-jane"]),
        ({"op": "Add", "value": {"members": [{"value": "u-jane"}]}}, ["u-caps", "u-jane"]),
        ({"op": "add", "path": "members", "value": [{"value": "u-caps"}]}, ["u-caps"]),
        ({"op": "replace", "path": "members", "value": [{"value": "u-jane"}]}, ["u-jane"]),
        ({"op": "remove", "path": 'members[value eq "u-caps"]'}, []),
        ({"op": "remove", "path": 'members[value eq "u-jane"]'}, ["u-caps"]),
        ({"op": "Remove", "path": "members", "value": [{"value": "u-caps"}]}, []),
        ({"op": "remove", "path": "members"}, []),
        ({"op": "replace", "path": 'members[value eq "u-caps"]', "value": {"value": "u-new"}}, ["u-new"]),
    ],
)
def test_members_are_patched(own: Scim, operation: dict[str, Any], members: list[str]) -> None:
    answer = own.patch(f"/Groups/{SYNCED}", operation)
    assert [item["value"] for item in answer.json()["members"]] == members
    in_account = own.api.get(f"groups/{SYNCED}/users")["items"]
    assert [item["uid"] for item in in_account] == members


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "add", "path": "members", "value": [{"value": "u-nobody"}]}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"value": "u-bot"}]}, "invalidValue"),
        ({"op": "replace", "path": 'members[value eq "u-jane"]', "value": {"value": "u-new"}}, "noTarget"),
        ({"op": "remove", "path": "displayName"}, "invalidValue"),
        ({"op": "add", "path": "owner", "value": "LOCAL"}, "invalidPath"),
    ],
)
def test_a_wrong_patch_of_a_group_changes_nothing(own: Scim, operation: dict[str, Any], kind: str) -> None:
    before = own.api.sim.state()
    own.refused(own.patch(f"/Groups/{SYNCED}", operation), 400, kind)
    assert own.api.sim.state() == before


def test_groups_of_other_owners_are_not_there(own: Scim) -> None:
    own.refused(own.call("GET", f"/Groups/{SHOP}"), 404)
    own.refused(own.call("DELETE", f"/Groups/{EVERYBODY}"), 404)
    assert own.ids("Groups") == [SYNCED]


def test_the_next_sync_brings_back_who_was_deleted_elsewhere(own: Scim) -> None:
    assert own.api.call("DELETE", "users/jane@example.com").status_code == 200
    answer = own.api.call("POST", "/_simulator/scim/sync")
    assert answer.json() == {"created": ["jane@example.com"]}
    assert status_of(own, "jane@example.com") == "ACTIVE"
    assert own.ids("Users", filter='userName eq "jane@example.com"') != ["u-jane"]
    assert own.api.call("POST", "/_simulator/scim/sync").json() == {"created": []}
    uid = own.ids("Users", filter='userName eq "jane@example.com"')[0]
    assert own.call("DELETE", f"/Users/{uid}").status_code == 204
    assert own.api.call("POST", "/_simulator/scim/sync").json() == {"created": []}
