# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.unit.simulator.helpers import Api, running, seed

TOKENS = "/e/env1/api/v2/apiTokens"
ADMIN = "dt0c01.ADMIN.ADMINSECRET"
PERSONAL = "dt0c01.PERSONAL.PERSONALSECRET"
BOTH = ["apiTokens.read", "apiTokens.write"]


def token(name: str, owner: str, **more: Any) -> dict[str, Any]:
    """A token of the state."""
    return {"id": f"dt0c01.{name}", "name": name.lower(), "owner": owner, **more}


def state() -> dict[str, Any]:
    """The account with tokens in its first environment."""
    found = seed()
    used, jane = {"lastUsedDate": "2026-09-20T00:00:00.000Z"}, "jane@example.com"
    found["environments"][0]["api_tokens"] = [
        token("ADMIN", "admin@example.com", scopes=BOTH, secret=ADMIN, creationDate="2026-01-01T00:00:00.000Z"),
        token("PERSONAL", jane, scopes=BOTH, secret=PERSONAL, personalAccessToken=True, **used),
        token("OLD", jane, scopes=["metrics.read"], lastUsedDate="2020-01-01T00:00:00.000Z"),
        token("CAPS", "Jane@Example.com", scopes=["logs.read"]),
        token("OFF", "admin@example.com", scopes=BOTH, secret="dt0c01.OFF.S", enabled=False),
        token("OVER", "admin@example.com", scopes=BOTH, secret="dt0c01.OVER.S", expirationDate="2026-01-01T00:00:00Z"),
        token("WEAK", "admin@example.com", scopes=["metrics.read"], secret="dt0c01.WEAK.S"),
    ]
    return found


def use(api: Api, secret: str) -> None:
    """Work with this token from now on."""
    api.session.headers["Authorization"] = f"Api-Token {secret}"


@pytest.fixture
def api() -> Iterator[Api]:
    """The environment, seen by its administrator."""
    with running("published", state()) as made:
        use(made, ADMIN)
        yield made


def ids(api: Api, **query: str) -> list[str]:
    """The tokens of a list, without what is the same in all ids."""
    page = api.get(TOKENS, params=query)
    return [item["id"].removeprefix("dt0c01.") for item in page["apiTokens"]]


def test_a_token_from_its_creation_to_its_end(api: Api) -> None:
    wanted = {"name": "New", "scopes": ["metrics.read"], "expirationDate": "now+14d"}
    answer = api.call("POST", TOKENS, wanted)
    assert answer.status_code == 201
    new = answer.json()
    assert new["expirationDate"] == "2026-10-05T14:13:20.000Z"
    shown = api.get(f"{TOKENS}/{new['id']}")
    assert (shown["owner"], shown["scopes"], shown["enabled"]) == ("admin@example.com", ["metrics.read"], True)
    assert api.call("POST", TOKENS + "/lookup", {"token": new["token"]}).json() == shown
    assert api.call("PUT", f"{TOKENS}/{new['id']}", {"enabled": False, "name": "Newer"}).status_code == 204
    shown = api.get(f"{TOKENS}/{new['id']}")
    assert (shown["name"], shown["enabled"], shown["scopes"]) == ("Newer", False, ["metrics.read"])
    whole = api.sim.state()
    api.sim.load(whole)
    assert api.sim.state() == whole
    assert api.call("DELETE", f"{TOKENS}/{new['token']}").status_code == 204
    assert api.call("GET", f"{TOKENS}/{new['id']}").status_code == 404
    assert new["token"].rpartition(".")[2] not in str(api.sim.requests)


def test_a_list_shows_few_fields_until_more_are_added(api: Api) -> None:
    found = api.get(TOKENS, params={"apiTokenSelector": 'scope("logs.read")'})
    item = {"id": "dt0c01.CAPS", "name": "caps", "owner": "Jane@Example.com", "enabled": True}
    assert found == {"apiTokens": [item], "nextPageKey": None, "pageSize": 200, "totalCount": 1}
    more = {
        "apiTokenSelector": 'owner("jane@example.com"),personalAccessToken(true)',
        "fields": "+scopes,+lastUsedDate",
    }
    found = api.get(TOKENS, params=more)["apiTokens"]
    assert [(item["scopes"], item["lastUsedDate"]) for item in found] == [(BOTH, "2026-09-20T00:00:00.000Z")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"apiTokenSelector": 'owner("jane@example.com")'}, {"PERSONAL", "OLD"}),
        ({"apiTokenSelector": 'owner("Jane@Example.com")'}, {"CAPS"}),
        ({"apiTokenSelector": 'personalAccessToken(false),owner("jane@example.com")'}, {"OLD"}),
        ({"apiTokenSelector": 'scope("logs.read","metrics.read")'}, {"CAPS", "OLD", "WEAK"}),
        ({"from": "now-1y"}, {"PERSONAL"}),
        ({"to": "2021-01-01T00:00:00Z"}, {"OLD"}),
        ({"from": "0"}, {"PERSONAL", "OLD"}),
    ],
)
def test_selectors_and_the_last_use(api: Api, query: dict[str, str], found: set[str]) -> None:
    assert set(ids(api, **query)) == found


def violated(answer: requests.Response) -> tuple[str, str]:
    """What a 400 names as wrong, and where that was."""
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["message"]) == (400, 400, "Constraints violated.")
    (violation,) = error["constraintViolations"]
    assert violation["message"]
    return violation["path"], violation["parameterLocation"]


def test_the_order(api: Api) -> None:
    assert ids(api, sort="name")[:3] == ["ADMIN", "CAPS", "OFF"]
    assert ids(api, sort="-lastUsedDate")[:2] == ["PERSONAL", "OLD"]
    assert ids(api)[0] == "ADMIN"


def test_pages_follow_a_key_that_must_be_alone(api: Api) -> None:
    whole = api.sim.state()
    whole["environments"][0]["api_tokens"] += [token(f"T{number:03}", "t@example.com") for number in range(150)]
    api.sim.load(whole)
    selector = 'owner("t@example.com")'
    first = api.get(TOKENS, params={"pageSize": "100", "apiTokenSelector": selector, "sort": "name"})
    key = first["nextPageKey"]
    second = api.get(TOKENS, params={"nextPageKey": key})
    assert [len(page["apiTokens"]) for page in (first, second)] == [100, 50]
    assert {page["totalCount"] for page in (first, second)} == {150}
    assert second["apiTokens"][0]["id"] == "dt0c01.T100"
    assert second["nextPageKey"] is None
    assert violated(api.call("GET", TOKENS, params={"nextPageKey": key, "pageSize": "100"}))[0] == "nextPageKey"


@pytest.mark.parametrize(
    "query",
    [
        {"pageSize": "99"},
        {"pageSize": "10001"},
        {"nextPageKey": "invented"},
        {"apiTokenSelector": "owner(jane)"},
        {"fields": "scopes"},
        {"fields": "+secret"},
        {"sort": "owner"},
        {"from": "yesterday"},
    ],
)
def test_a_wrong_list_is_refused(api: Api, query: dict[str, str]) -> None:
    assert violated(api.call("GET", TOKENS, params=query)) == (*query, "QUERY")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer " + ADMIN,
        "Api-Token invented",
        "Api-Token None",
        "Api-Token dt0c01.OFF.S",
        "Api-Token dt0c01.OVER.S",
    ],
)
def test_who_has_no_good_token_is_refused(api: Api, header: str) -> None:
    api.session.headers["Authorization"] = header
    answer = api.call("GET", TOKENS)
    assert answer.status_code == answer.json()["error"]["code"] == 401


def test_scopes_count_and_a_lookup_takes_any(api: Api) -> None:
    use(api, "dt0c01.WEAK.S")
    assert api.call("GET", TOKENS).status_code == 403
    assert api.call("DELETE", TOKENS + "/dt0c01.OLD").status_code == 403
    assert api.call("POST", TOKENS + "/lookup", {"token": ADMIN}).json()["id"] == "dt0c01.ADMIN"
    assert api.call("POST", TOKENS + "/lookup", {"token": "invented"}).status_code == 404
    assert api.sim.writes[-1]["method"] == "DELETE"


def test_a_token_of_one_environment_is_none_of_another(api: Api) -> None:
    whole = api.sim.state()
    whole["environments"][1]["active"] = True
    api.sim.load(whole)
    assert api.call("GET", "/e/env2/api/v2/apiTokens").status_code == 401
    assert api.call("GET", "/e/nowhere/api/v2/apiTokens").status_code == 404


def test_the_token_in_use_is_safe_from_itself(api: Api) -> None:
    own = TOKENS + "/dt0c01.ADMIN"
    assert api.call("PUT", own, {"enabled": False}).status_code == 400
    assert api.call("DELETE", own).status_code == 400
    assert api.call("PUT", own, {"name": "Renamed"}).status_code == 204
    assert api.get(own)["name"] == "Renamed"


def test_a_personal_token_deletes_only_those_of_its_owner(api: Api) -> None:
    use(api, PERSONAL)
    assert api.call("DELETE", TOKENS + "/dt0c01.WEAK").status_code == 403
    assert api.call("DELETE", TOKENS + "/dt0c01.OLD").status_code == 204


@pytest.mark.parametrize("change", [{"enabled": "no"}, {"name": ""}, {"scopes": []}, {"scopes": "a"}])
def test_a_wrong_change_is_refused(api: Api, change: dict[str, Any]) -> None:
    before = api.sim.state()
    assert violated(api.call("PUT", TOKENS + "/dt0c01.OLD", change)) == (*change, "PAYLOAD_BODY")
    assert api.sim.state() == before


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"personalAccessToken": 1}, "personalAccessToken"),
        ({"scopes": None}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"name": " "}, "name"),
        ({"expirationDate": "now-1d"}, "expirationDate"),
        ({"expirationDate": "soon"}, "expirationDate"),
    ],
)
def test_a_wrong_new_token_is_refused(api: Api, wrong: dict[str, Any], path: str) -> None:
    before = api.sim.state()
    assert violated(api.call("POST", TOKENS, {"name": "a", "scopes": ["b"], **wrong})) == (path, "PAYLOAD_BODY")
    assert api.sim.state() == before


def test_an_inactive_environment_answers_nobody(api: Api) -> None:
    whole = api.sim.state()
    whole["environments"][0]["active"] = False
    api.sim.load(whole)
    for method, path in [("GET", ""), ("POST", ""), ("GET", "/dt0c01.OLD"), ("DELETE", "/dt0c01.OLD")]:
        answer = api.call(method, TOKENS + path, {"name": "a", "scopes": ["b"]} if method == "POST" else None)
        assert answer.status_code == answer.json()["error"]["code"] == 403, path
    assert api.sim.state() == whole


def test_tokens_outlive_their_owner(api: Api) -> None:
    api.login()
    assert api.call("DELETE", "users/jane@example.com").status_code == 200
    use(api, ADMIN)
    assert set(ids(api, apiTokenSelector='owner("jane@example.com")')) == {"PERSONAL", "OLD"}
