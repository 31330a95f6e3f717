# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls about tokens, against the simulator; the traffic is held against the OpenAPI documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.calls import Call
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.platform_tokens import PlatformTokens
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Token
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed

from ..builders import Bench, State, account, person, place
from ..conftest import Start
from ..tokens import api_token, pid, platform_token, tid, way, with_tokens

PAGE = 10_000
DEPLOY = api_token(
    "Deploy",
    "Anna@Example.com",
    scopes=["metrics.ingest", "logs.ingest"],
    personalAccessToken=True,
    lastUsedDate="2026-03-01T08:00:00.000Z",
    expirationDate="2030-01-01T00:00:00.000Z",
)


def small(*tokens: State, **more: Any) -> State:
    return {
        **account([person("anna@example.com")], environments=[with_tokens(place("Prod"), *tokens, **more)]),
        "platform_tokens": [platform_token("Reports", scope=["b", "a"], resource=["urn:dtenvironment:prod"])],
    }


@pytest.fixture
def bench(start_as: Start) -> Bench:
    return start_as("published", small(DEPLOY))


@pytest.fixture
def client(bench: Bench) -> Iterator[Account]:
    with bench.client(contract="published", environments=(way(bench, "prod"),)) as made:
        yield made


def test_a_token_is_read_whole(client: Account) -> None:
    found = {token.name: token for token in client.environments["prod"].tokens()}
    assert found["Deploy"] == Token(
        id=tid("Deploy"),
        name="Deploy",
        owner="Anna@Example.com",
        environment="prod",
        personal=True,
        scopes=("logs.ingest", "metrics.ingest"),
        created="2026-01-05T08:00:00.000Z",
        last_used="2026-03-01T08:00:00.000Z",
        expires="2030-01-01T00:00:00.000Z",
    )
    assert found["Deploy"].key == ("api_token", "prod", tid("Deploy"))


def test_a_selector_is_passed_on_and_takes_the_owner_as_spelt(bench: Bench, client: Account) -> None:
    api = client.environments["prod"]
    assert [token.name for token in api.tokens('owner("Anna@Example.com")')] == ["Deploy"]
    assert api.tokens('owner("anna@example.com")') == []
    asked = [dict(parse_qsl(entry["query"])) for entry in bench.sim.requests if entry["method"] == "GET"]
    assert asked[0] == {
        "pageSize": "10000",
        "fields": "+personalAccessToken,+expirationDate,+lastUsedDate,+scopes",
        "apiTokenSelector": 'owner("Anna@Example.com")',
    }


def test_further_pages_are_asked_for_with_nothing_but_their_key(start_as: Start) -> None:
    many = [api_token(f"t{number}") for number in range(PAGE + 5)]
    bench = start_as("published", small(*many), checked=False)
    with bench.client(environments=(way(bench, "prod"),)) as client:
        assert len({token.id for token in client.environments["prod"].tokens()}) == PAGE + 6
    queries = [dict(parse_qsl(entry["query"])) for entry in bench.sim.requests]
    assert [sorted(query) for query in queries] == [["fields", "pageSize"], ["nextPageKey"]]


def test_what_is_no_list_is_no_empty_one(bench: Bench, client: Account) -> None:
    bench.sim.faults([{"match": {"path": "/apiTokens"}, "fault": {"status": 200, "body": {"hello": 1}}}])
    with pytest.raises(CallFailed, match=r"^Environment prod: .* no list 'apiTokens'; check environment_urls"):
        client.environments["prod"].tokens()


def test_a_key_that_comes_again_ends_the_list(bench: Bench, client: Account) -> None:
    page = {"apiTokens": [{"id": "a", "name": "A"}], "nextPageKey": "same"}
    bench.sim.faults([{"match": {"path": "/apiTokens"}, "times": None, "fault": {"status": 200, "body": page}}])
    assert [token.id for token in client.environments["prod"].tokens()] == ["a", "a"]


def test_a_token_is_disabled_enabled_and_deleted(bench: Bench, client: Account) -> None:
    api = client.environments["prod"]
    token = next(each for each in api.tokens() if each.name == "Deploy")
    states = []
    for enabled in (False, True):
        api.set_enabled(replace(token, enabled=enabled))
        states += [each.enabled for each in api.tokens() if each.name == "Deploy"]
    assert states == [False, True]
    api.delete(token)
    api.delete(token)
    assert [each.name for each in api.tokens()] == ["Automation"]
    assert client.stats.writes == 4


class TestTheTokenInUse:
    def test_its_shape_tells_it(self, bench: Bench, client: Account) -> None:
        assert client.environments["prod"].own_token_id() == tid("Automation")
        assert bench.sim.requests == []

    def test_a_token_of_another_shape_is_looked_up_which_changes_nothing(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("Old", secret="abcdefghij0123456789", scopes=["x"])))
        old = way(bench, "prod", "abcdefghij0123456789")
        with bench.client(read_only=True, environments=(old,)) as client:
            assert client.environments["prod"].own_token_id() == tid("Old")
            assert client.environments["prod"].own_token_id() == tid("Old")
            assert client.stats.writes == 0
        assert bench.requests == ["POST /e/prod/api/v2/apiTokens/lookup"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"secret": "dt0c01.AAAA.BBBB"}, "the environment's token is refused: it has ended, is disabled"),
            ({"scopes": ["metrics.read"]}, "the environment's token lacks the scope apiTokens.read"),
            ({"environment": "nowhere"}, "no environment answers there, check environment_urls"),
        ],
    )
    def test_they_say_where_and_what_to_do(self, start_as: Start, more: State, says: str) -> None:
        bench = start_as("published", small(scopes=more.get("scopes", ())), checked="environment" not in more)
        access = replace(way(bench, "prod"), **{"token": more["secret"]} if "secret" in more else {})
        if "environment" in more:
            access = replace(access, url=f"{bench.sim.url}/e/nowhere")
        with bench.client(environments=(access,)) as client, pytest.raises(CallFailed) as failure:
            client.environments["prod"].tokens()
        assert f"Environment prod: GET /api/v2/apiTokens: {says}" in str(failure.value)
        assert access.token not in str(failure.value)

    def test_a_personal_token_may_end_its_owners_only(self, start_as: Start) -> None:
        own = {"secret": "dt0c01.MINE.SECRET", "scopes": ["apiTokens.read", "apiTokens.write"]}
        mine = api_token("Mine", "tom@example.com", id="dt0c01.MINE", personalAccessToken=True, **own)
        bench = start_as("published", small(DEPLOY, mine))
        with bench.client(environments=(way(bench, "prod", "dt0c01.MINE.SECRET"),)) as client:
            api = client.environments["prod"]
            deploy = next(each for each in api.tokens() if each.name == "Deploy")
            with pytest.raises(CallFailed, match=r"lacks the scope apiTokens\.write, or is a personal one"):
                api.delete(deploy)


class TestPlatformTokens:
    def test_a_token_from_reading_to_its_end(self, bench: Bench, client: Account) -> None:
        api = client.platform_tokens
        [token] = api.tokens()
        assert token == Token(
            id=pid("Reports"),
            name="Reports",
            owner="anna@example.com",
            scopes=("a", "b"),
            created="2026-02-01T08:00:00.000Z",
            resources=("urn:dtenvironment:prod",),
        )
        assert token.key == ("platform_token", "", pid("Reports"))
        api.set_status(replace(token, enabled=False))
        api.set_expiry(replace(token, expires="2030-01-01T00:00:00.000Z"))
        [changed] = api.tokens()
        assert (changed.enabled, changed.expires) == (False, "2030-01-01T00:00:00.000Z")
        api.set_expiry(replace(token, expires=None))
        assert [each.expires for each in api.tokens()] == [None]
        api.delete(token)
        api.delete(token)
        assert api.tokens() == []

    def test_pages_are_asked_for_until_all_are_there(self, start_as: Start) -> None:
        state = {**account(), "platform_tokens": [platform_token(f"t{number}") for number in range(1005)]}
        bench = start_as("published", state, checked=False)
        with bench.client() as client:
            assert len(client.platform_tokens.tokens()) == 1005
        assert [dict(parse_qsl(each["query"])).get("page") for each in bench.sim.requests[1:]] == ["1", "2"]

    def test_a_list_that_ends_early_is_an_error(self) -> None:
        asked: list[Call] = []

        def send(call: Call) -> Any:
            asked.append(call)
            return {"total": 2, "results": [{"tokenId": "a"}]}

        with pytest.raises(CallFailed, match="tells of 2 platform tokens, but lists 1"):
            PlatformTokens(send, "uuid").tokens()
        assert len(asked) == 2

    def test_a_missing_scope_is_named(self, start_as: Start) -> None:
        clients = [{"client_id": "client", "client_secret": "geheim", "scopes": ["account-idm-read"]}]
        bench = start_as("published", account(clients=clients))
        with bench.client() as client, pytest.raises(CallFailed, match="lacks the scope platform-token:tokens:manage"):
            client.platform_tokens.tokens()
