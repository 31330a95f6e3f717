# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people made in an environment: classic dashboards and documents of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.model import BadState
from tests.unit.simulator.helpers import Api, running, seed

DASHBOARDS = "/e/env1/api/config/v1/dashboards"
DOCUMENTS = "/e/env1/platform/document/v1/documents"
CONFIG = {"Authorization": "Api-Token dt0c01.CONFIG.S"}
READER = {"Authorization": "Bearer reader"}
ALL = {"admin-access": "true"}


def document(id_: str, owner: str, kind: str = "dashboard", **more: Any) -> dict[str, Any]:
    """A document of the state."""
    return {"id": id_, "name": f"{id_.title()}'s", "type": kind, "owner": owner, **more}


def state() -> dict[str, Any]:
    """The account with contents in its first environment."""
    found = seed()
    found["access_tokens"] = [{"token": "reader", "scopes": ["document:documents:read"]}]
    tokens = {"CONFIG": ["ReadConfig"], "OTHER": ["metrics.read"]}
    found["environments"][0].update(
        api_tokens=[
            {"id": f"dt0c01.{name}", "name": name, "owner": "", "scopes": scopes, "secret": f"dt0c01.{name}.S"}
            for name, scopes in tokens.items()
        ],
        dashboards=[
            {"id": "b1", "name": "Home", "owner": "jane@example.com"},
            {"id": "b2", "name": "Shop", "owner": "Jane@Example.com"},
            {"id": "b3", "name": "Shop", "owner": "Dynatrace"},
        ],
        documents=[
            document("one", "u-jane", createdBy="u-jane", createdTime="2026-01-01T00:00:00.000Z"),
            document("two", "u-jane", "notebook", version=7),
            document("three", "u-caps", isPrivate=False),
            document("four", "u-gone", lastModifiedBy="u-jane", lastModifiedTime="2026-05-01T00:00:00.000Z"),
        ],
    )
    return found


@pytest.fixture
def api() -> Iterator[Api]:
    """The account, seen by a client that has all scopes."""
    with running("published", state()) as made:
        yield made


def ids(api: Api, **query: str) -> list[str]:
    """The documents of everybody that a list has."""
    return [item["id"] for item in api.get(DOCUMENTS, params={**ALL, **query})["documents"]]


def test_the_state_keeps_them(api: Api) -> None:
    whole = api.sim.state()
    first = whole["environments"][0]
    assert first["dashboards"] == state()["environments"][0]["dashboards"]
    assert first["documents"][1] == document("two", "u-jane", "notebook", version=7, isPrivate=True)
    api.sim.load(whole)
    assert api.sim.state() == whole


@pytest.mark.parametrize(
    "wrong",
    [{"dashboards": [{"id": "b1"}]}, {"documents": [document("a", "b", "poem")]}, {"documents": [{"colour": "red"}]}],
)
def test_a_wrong_state_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    whole = api.sim.state()
    whole["environments"][0].update(wrong)
    with pytest.raises(BadState):
        api.sim.load(whole)


def test_classic_dashboards_are_those_of_everybody_or_of_one_spelling(api: Api) -> None:
    assert api.get(DASHBOARDS, headers=CONFIG)["dashboards"] == state()["environments"][0]["dashboards"]
    found = api.get(DASHBOARDS, params={"owner": "jane@example.com"}, headers=CONFIG)
    assert found == {"dashboards": [{"id": "b1", "name": "Home", "owner": "jane@example.com"}]}
    assert api.get(DASHBOARDS, params={"owner": "nobody"}, headers=CONFIG) == {"dashboards": []}


def test_classic_dashboards_want_their_scope(api: Api) -> None:
    assert api.call("GET", DASHBOARDS, headers={"Authorization": "Api-Token dt0c01.OTHER.S"}).status_code == 403
    assert api.call("GET", DASHBOARDS).status_code == 401
    inactive = api.call("GET", DASHBOARDS.replace("env1", "env2"), headers=CONFIG)
    assert (inactive.status_code, inactive.json()["error"]["code"]) == (403, 403)


def test_private_documents_are_there_only_for_an_administrator(api: Api) -> None:
    assert [item["id"] for item in api.get(DOCUMENTS)["documents"]] == ["three"]
    assert ids(api) == ["one", "two", "three", "four"]
    assert api.get(DOCUMENTS, params=ALL)["documents"][0] == {
        "id": "one",
        "name": "One's",
        "type": "dashboard",
        "version": 1,
        "owner": "u-jane",
        "isPrivate": True,
        "modificationInfo": {"createdBy": "u-jane", "createdTime": "2026-01-01T00:00:00.000Z"},
    }


def test_documents_want_their_scopes(api: Api) -> None:
    assert [item["id"] for item in api.get(DOCUMENTS, headers=READER)["documents"]] == ["three"]
    assert api.call("GET", DOCUMENTS, params=ALL, headers=READER).status_code == 403
    assert api.call("GET", DOCUMENTS, headers=CONFIG).status_code == 401
    api.login(scope="account-idm-read")
    answer = api.call("GET", DOCUMENTS)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 403)


def test_documents_of_environments_that_do_not_answer(api: Api) -> None:
    assert api.call("GET", DOCUMENTS.replace("env1", "env2")).status_code == 403
    assert api.call("GET", DOCUMENTS.replace("env1", "nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("owner='u-jane'", ["one", "two"]),
        ("owner == 'u-jane' and type != 'notebook'", ["one"]),
        ("owner='U-JANE'", []),
        ("type = 'notebook' or owner = 'u-gone'", ["two", "four"]),
        ("not (owner = 'u-jane' or owner = 'u-gone')", ["three"]),
        ("not owner = 'u-jane'", ["three", "four"]),
        ("name contains 'ONE'", ["one"]),
        (r"name starts-with 't' and name ends-with '\'S'", ["two", "three"]),
        ("version > 1", ["two"]),
        ("version <= 1 and modificationInfo.createdBy = 'u-jane'", ["one"]),
        ("modificationInfo.lastModifiedTime >= '2026-02-01T00:00:00.000Z'", ["four"]),
        ("id = 'four' and modificationInfo.lastModifiedBy starts-with 'u'", ["four"]),
        ("modificationInfo.createdTime < '2027'", ["one"]),
    ],
)
def test_filters(api: Api, text: str, found: list[str]) -> None:
    assert ids(api, filter=text) == found


@pytest.mark.parametrize(
    "query",
    [
        {"filter": "owner='u-jane' or"},
        {"filter": "content='x'"},
        {"filter": "version='1'"},
        {"filter": "version contains 1"},
        {"filter": "name = 1"},
        {"filter": "owner='" + "x" * 256 + "'"},
        {"page-size": "0"},
        {"page-size": "1001"},
        {"page-key": "invented"},
        {"admin-access": "yes"},
    ],
)
def test_a_wrong_list_is_refused(api: Api, query: dict[str, str]) -> None:
    answer = api.call("GET", DOCUMENTS, params={**ALL, **query})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)


def test_a_page_key_forgets_what_was_asked_for(api: Api) -> None:
    asked = {**ALL, "filter": "type='dashboard'", "page-size": "2"}
    first = api.get(DOCUMENTS, params=asked)
    assert ([item["id"] for item in first["documents"]], first["totalCount"]) == (["one", "three"], 3)
    second = api.get(DOCUMENTS, params={**asked, "page-key": first["nextPageKey"]})
    assert [item["id"] for item in second["documents"]] == ["four"]
    assert "nextPageKey" not in second
    assert ids(api, **{"page-key": first["nextPageKey"]}) == ["three", "four"]
