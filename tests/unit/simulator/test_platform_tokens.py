# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Platform tokens of the account: the same calls in both contracts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.model import BadState
from tests.unit.simulator.helpers import ACCOUNT, Api

WANTED = {"name": "Pipeline", "scope": ["storage:logs:read"], "userUuid": "u-jane"}


def made(api: Api, **body: Any) -> dict[str, Any]:
    """A new token."""
    response = api.call("POST", "platform-tokens", {**WANTED, **body})
    assert response.status_code == 200, response.text
    return dict(response.json())


def ids(api: Api, query: str = "") -> list[str]:
    """The tokens of a page."""
    return [item["tokenId"] for item in api.get("platform-tokens" + query)["results"]]


def test_a_token_from_its_creation_to_its_end(api: Api) -> None:
    new = made(api, resource=["urn:dtenvironment:env1"], tags=["ci"], expirationDate="2030-01-01T00:00:00Z")
    assert new["token"].startswith(new["tokenId"] + ".")
    page = api.get("platform-tokens")
    assert page == {
        "pageSize": 1000,
        "pageNumber": 1,
        "total": 1,
        "results": [
            {
                "tokenId": new["tokenId"],
                "accountUuid": ACCOUNT,
                "name": "Pipeline",
                "scope": ["storage:logs:read"],
                "resource": ["urn:dtenvironment:env1"],
                "tags": ["ci"],
                "status": "ACTIVE",
                "expirationDate": "2030-01-01T00:00:00.000Z",
                "createdAt": "2026-09-21T14:13:20.000Z",
                "updatedAt": "2026-09-21T14:13:20.000Z",
                "createdBy": "jane@example.com",
                "owner": "jane@example.com",
                "metadata": {},
            }
        ],
    }
    path = f"platform-tokens/{new['tokenId']}"
    assert api.call("PUT", path + "/status", {"status": "INACTIVE"}).status_code == 204
    assert api.call("PUT", path + "/expiration-date", {"expirationDate": None}).status_code == 200
    changed = api.get("platform-tokens")["results"][0]
    assert (changed["status"], changed["expirationDate"]) == ("INACTIVE", None)
    whole = api.sim.state()
    api.sim.load(whole)
    assert api.sim.state() == whole
    assert new["token"] not in str(whole)
    assert api.call("DELETE", path).status_code == 200
    assert api.call("DELETE", path).status_code == 404
    assert ids(api) == []


def test_pages_and_searches(api: Api) -> None:
    first, second = made(api)["tokenId"], made(api, name="Other", userUuid="u-bot")["tokenId"]
    api.call("PUT", f"platform-tokens/{second}/status", {"status": "INACTIVE"})
    assert ids(api, "?page=2&size=1") == [second]
    assert ids(api, "?searchTerm=pipe") == [first]
    assert ids(api, "?searchTerm=jane@example.com") == [first]
    assert ids(api, "?searchTerm=logs:read") == [first, second]
    assert ids(api, "?status=INACTIVE") == [second]
    found = {item["limitType"]: item["currentValue"] for item in api.get("limits")["results"]}
    assert found["MAX_PLATFORM_TOKENS_PER_ACCOUNT"] == 2
    assert found["MAX_PLATFORM_TOKENS_PER_SERVICE_USER"] == 1


def test_a_search_does_not_look_at_the_owner(published: Api) -> None:
    state = published.sim.state()
    state["platform_tokens"] = [
        {"tokenId": "dt0s16.A", "name": "a", "owner": "new@example.com", "createdBy": "jane@example.com"}
    ]
    published.sim.load(state)
    assert ids(published, "?searchTerm=new@") == []
    assert ids(published, "?searchTerm=jane@") == ["dt0s16.A"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "n" * 256}, 400),
        ({"scope": []}, 400),
        ({"tags": "ci"}, 400),
        ({"userUuid": None}, 400),
        ({"userUuid": "u-nobody"}, 404),
        ({"expirationDate": "soon"}, 400),
        ({"expirationDate": "2020-01-01T00:00:00Z"}, 400),
    ],
)
def test_a_wrong_token_is_refused(published: Api, change: dict[str, Any], status: int) -> None:
    assert published.call("POST", "platform-tokens", {**WANTED, **change}).status_code == status
    assert ids(published) == []


@pytest.mark.parametrize("query", ["?status=ASLEEP", "?page=0", "?size=none"])
def test_a_wrong_page_is_refused(published: Api, query: str) -> None:
    assert published.call("GET", "platform-tokens" + query).status_code == 400


def test_a_wrong_status_is_refused(published: Api) -> None:
    path = f"platform-tokens/{made(published)['tokenId']}/status"
    assert published.call("PUT", path, {"status": "ASLEEP"}).status_code == 400


def test_it_takes_a_scope_of_its_own(published: Api) -> None:
    published.login(scope="account-idm-read")
    assert published.call("GET", "platform-tokens").status_code == 403
    published.login(scope="platform-token:tokens:manage")
    assert published.call("GET", "platform-tokens").status_code == 200


@pytest.mark.parametrize("change", [{"status": "ASLEEP"}, {"scopes": []}, {"owner": None, "tokenId": None}])
def test_a_wrong_state_is_refused(published: Api, change: dict[str, Any]) -> None:
    token = {"tokenId": "dt0s16.A", "name": "a", "owner": "new@example.com", **change}
    state = published.sim.state()
    state["platform_tokens"] = [{key: value for key, value in token.items() if value is not None}]
    with pytest.raises(BadState):
        published.sim.load(state)
