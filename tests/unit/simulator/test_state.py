# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state, the log, the control routes, the demo account and the observer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator import people
from tests.simulator.access import abilities
from tests.simulator.account import Account
from tests.simulator.default import default_state
from tests.simulator.model import BadState, Refused
from tests.simulator.server import Exchange, serve
from tests.unit.simulator.helpers import ACCOUNT, ADMINS, EVERYBODY, FEDERATED, SHOP, SYNCED, Api, running, seed

SCIM = {"Authorization": "Bearer demo-scim-token"}
DEMO = Path(__file__).parents[2] / "simulator" / "seeds" / "demo.json"


def demo() -> dict[str, Any]:
    """The demo account."""
    state: dict[str, Any] = json.loads(DEMO.read_text(encoding="utf-8"))
    return state


@pytest.mark.parametrize("state", [seed(), default_state(), demo()])
def test_a_state_survives_a_round_trip(state: dict[str, Any]) -> None:
    once = Account(state, lambda: 0).state()
    assert Account(once, lambda: 0).state() == once
    for key in ("users", "groups"):
        assert len(once[key]) == len(state[key])
    json.dumps(once)


def test_the_state_can_be_read_and_replaced_over_the_wire(api: Api) -> None:
    state = api.get("/_simulator/state")
    assert state == api.sim.state()
    assert state["account_uuid"] == ACCOUNT
    api.call("POST", "users", {"email": "n@example.com"})
    assert len(api.get("/_simulator/state")["users"]) == 6
    assert api.call("PUT", "/_simulator/state", state).status_code == 204
    assert api.sim.state() == state


def test_a_state_is_a_copy(published: Api) -> None:
    state = published.sim.state()
    state["users"].clear()
    state["bindings"].clear()
    assert published.get("users")["count"] == 4
    state = published.sim.state()
    published.sim.load(state)
    state["bindings"][0]["groups"].append("later")
    assert published.sim.state()["bindings"][0]["groups"] == [SHOP, "g-unknown"]


@pytest.mark.parametrize(
    "change",
    [
        {"users": [{"uid": "a", "email": "a@example.com", "groups": ["nowhere"]}]},
        {"users": [{"uid": "a", "email": "a@example.com"}, {"uid": "b", "email": "A@example.com"}]},
        {"users": [{"uid": "a"}]},
        {"users": [{"uid": "a", "email": "a@example.com", "status": "ASLEEP"}]},
        {"users": [{"uid": "a", "email": "a@example.com", "nmae": "x"}]},
        {"groups": [{"uuid": "g", "name": "g", "owner": "ME"}], "users": []},
        {"groups": [{"uuid": "g", "name": "g"}, {"uuid": "g", "name": "h"}], "users": []},
        {"bindings": [{"levelType": "account"}]},
        {"options": {"unheard_of": 1}},
        {"options": {"rate_limit_headers": "smoke-signals"}},
        {"extra": 1},
        {"users": 3},
    ],
)
def test_a_wrong_state_is_refused_and_changes_nothing(published: Api, change: dict[str, Any]) -> None:
    before = published.sim.state()
    response = published.call("PUT", "/_simulator/state", {**seed(), **change})
    assert response.status_code == 400
    assert response.json()["message"]
    assert published.sim.state() == before


def test_two_groups_may_share_a_name_in_a_state() -> None:
    state = seed()
    state["groups"].append({"uuid": "g-twin", "name": "shop"})
    with running("published", state) as api:
        assert [item["name"] for item in api.get("groups")["items"]].count("shop") == 2
        assert api.call("PUT", "groups/g-twin", {"name": "shop"}).status_code == 200
        assert api.call("DELETE", "groups/g-twin").status_code == 200
        assert api.call("POST", "groups", [{"name": "shop"}]).status_code == 409


def test_the_log_shows_requests_as_sent(published: Api) -> None:
    published.call("GET", "users/a%2Bb%40example.com")
    published.call("DELETE", f"users/jane@example.com/groups?group-uuid={SHOP}&group-uuid={ADMINS}")
    published.call("POST", "users", {"email": "n@example.com"})
    base = f"/iam/v1/accounts/{ACCOUNT}/users"
    entries = [
        {"method": "GET", "path": f"{base}/a%2Bb%40example.com", "query": "", "status": 404, "body": None},
        {
            "method": "DELETE",
            "path": f"{base}/jane@example.com/groups",
            "query": f"group-uuid={SHOP}&group-uuid={ADMINS}",
            "status": 200,
            "body": None,
        },
        {"method": "POST", "path": base, "query": "", "status": 201, "body": {"email": "n@example.com"}},
    ]
    assert published.sim.requests == entries
    assert published.sim.writes == entries[1:]
    assert published.get("/_simulator/requests") == entries
    assert published.call("DELETE", "/_simulator/requests").status_code == 204
    assert published.sim.requests == []


def test_the_log_holds_no_secret(published: Api) -> None:
    token = published.token().json()["access_token"]
    published.call("GET", "users")
    assert published.sim.requests[0]["body"] == {"grant_type": "client_credentials", "client_id": "id"}
    assert published.sim.writes == []
    text = published.call("GET", "/_simulator/requests").text
    assert "geheim" not in text
    assert token not in text


def test_a_body_that_is_no_json_is_logged_as_null(published: Api) -> None:
    url = f"{published.sim.url}/iam/v1/accounts/{ACCOUNT}/users"
    response = published.session.post(url, data=b"{not json", timeout=5)
    assert response.status_code == 400
    assert published.sim.requests[-1]["body"] is None


def test_control_routes_know_their_methods(published: Api) -> None:
    assert published.call("POST", "/_simulator/state", {}).status_code == 404
    assert published.call("GET", "/_simulator/nothing").status_code == 404
    assert published.session.put(f"{published.sim.url}/_simulator/state", data="{", timeout=5).status_code == 400


def test_an_observer_sees_whole_exchanges() -> None:
    seen: list[Exchange] = []
    with serve(observer=seen.append) as sim, running("published") as other:
        assert other.sim.url != sim.url
        response = other.session.get(f"{sim.url}/iam/v1/accounts/{sim.account_uuid}/users?a=b", timeout=5)
    (exchange,) = seen
    assert (exchange.method, exchange.status, exchange.query) == ("GET", 401, "a=b")
    assert exchange.url == response.url
    assert exchange.request_headers["authorization"].startswith("Bearer ")
    assert exchange.response_body == response.content
    assert exchange.response_headers["content-type"].startswith("application/json")
    assert not exchange.scripted


def test_what_an_observer_raises_is_raised_at_the_end() -> None:
    def observer(exchange: Exchange) -> None:
        raise AssertionError(exchange.path)

    with pytest.raises(AssertionError, match="/nowhere"), serve(observer=observer) as sim:
        requests.get(sim.url + "/nowhere", timeout=5)
    assert len(sim.problems) == 1


def test_an_unknown_contract_is_refused() -> None:
    with pytest.raises(ValueError, match="published, guide"), serve(contract="scim"):
        pass


def opens(state: dict[str, Any], group: dict[str, Any]) -> bool:
    """Whether a group gives a way into an environment, by role or by policy."""
    by_role = any(item["scopeType"] != "account" for item in group["permissions"])
    return by_role or any(group["uuid"] in binding["groups"] for binding in state["bindings"])


def test_the_demo_account_has_what_it_should() -> None:
    state = demo()
    groups = {group["uuid"]: group for group in state["groups"]}
    people_ = [user for user in state["users"] if not user["service"]]
    statuses = [user["status"] for user in people_]
    assert len(people_) == 40
    assert (statuses.count("PENDING"), statuses.count("INACTIVE")) == (3, 1)
    assert len([group for group in groups.values() if not group["hidden"]]) == 12
    assert {group["owner"] for group in groups.values()} == {"LOCAL", "SCIM", "SAML", "ALL_USERS"}
    assert [item["active"] for item in state["environments"]] == [True, True, False]
    blank = [user["email"] for user in people_ if not any(opens(state, groups[uuid]) for uuid in user["groups"])]
    assert blank == ["paul.martin@example.com"]
    managers = {
        group["uuid"]
        for group in groups.values()
        if any(item["permissionName"] == "account-user-management" for item in group["permissions"])
    }
    assert len([user for user in people_ if managers & set(user["groups"])]) == 2
    assert all(user["email"].lower().endswith("@example.com") for user in people_)
    assert [user["email"] for user in people_ if user["email"] != user["email"].lower()] == [
        "Siobhan.OBrien@Example.com"
    ]
    hidden = [uuid for uuid, group in groups.items() if group["hidden"]]
    assert sorted(uuid for user in state["users"] if user["service"] for uuid in user["groups"][1:]) == sorted(hidden)


def test_the_demo_account_shows_what_policies_can_do() -> None:
    state = demo()
    names = {group["uuid"]: group["name"] for group in state["groups"]}
    policies = {policy["uuid"]: policy["name"] for policy in state["policies"]}
    bound = {
        policies[item["policyUuid"]]: (
            item["levelId"],
            [names[uuid] for uuid in item["groups"]],
            item.get("parameters"),
        )
        for item in state["bindings"]
        if item["policyUuid"] in policies
    }
    assert bound == {
        "Search log readers": ("prd48213", ["Shop Developers"], {"bucket": "search_logs"}),
        "Dashboards editors": (state["account_uuid"], ["Platform Engineering"], None),
    }
    zones = {zone["name"] for item in state["environments"] for zone in item["management_zones"]}
    assert {item["name"].removeprefix("Only management zone ") for item in state["boundaries"]} <= zones
    known = {item["uuid"] for item in state["boundaries"]}
    assert {uuid for item in state["bindings"] for uuid in item.get("boundaries", [])} <= known
    assert [user["name"] for user in state["users"] if "serviceGroup" in user] == ["Deployment pipeline"]


def test_the_demo_account_has_what_people_leave_behind() -> None:
    state = demo()
    statuses = {user["email"].lower(): user["status"] for user in state["users"]}
    leaver = "matteo.ricci@example.com"
    for environment in state["environments"][:2]:
        tokens = {item["name"]: item for item in environment["api_tokens"]}
        own = tokens.pop("automation")
        assert re.fullmatch(r"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}", own["secret"])
        assert own["secret"].startswith(own["id"] + ".")
        assert own["scopes"] == ["apiTokens.read", "apiTokens.write", "ReadConfig"]
        assert [item for item in tokens.values() if "secret" in item] == []
    production = state["environments"][0]["api_tokens"]
    left = [item for item in production if item["owner"].lower() == leaver]
    assert sorted({item["owner"] for item in left}) == ["Matteo.Ricci@Example.com", leaver]
    assert [len([item for item in left if test(item)]) for test in (is_personal, is_off, is_over)] == [1, 1, 1]
    owners = {item["owner"].lower() for item in production}
    assert sorted(owners - set(statuses)) == ["", "nadia.fischer@example.com", "peter.oconnor@example.com"]
    assert "INACTIVE" in {statuses.get(owner) for owner in owners}
    ids = [item["id"] for environment in state["environments"] for item in environment.get("api_tokens", [])]
    ids += [item["tokenId"] for item in state["platform_tokens"]]
    assert len(ids) == len(set(ids))
    uid = next(user["uid"] for user in state["users"] if user["email"] == leaver)
    for environment in state["environments"][:2]:
        assert leaver in [item["owner"].lower() for item in environment["dashboards"]]
        assert uid in [item["owner"] for item in environment["documents"]]
    of_platform = [item["owner"].lower() for item in state["platform_tokens"]]
    assert (of_platform.count(leaver), "nadia.fischer@example.com" in of_platform) == (3, True)


def test_the_demo_account_gets_its_contractors_from_an_identity_provider() -> None:
    state = demo()
    group = next(item for item in state["groups"] if item["owner"] == "SCIM")
    contractors = [user["email"] for user in state["users"] if group["uuid"] in user["groups"]]
    assert state["scim"]["managed"] == state["scim"]["provisioned"] == contractors
    assert [item["token"] for item in state["scim"]["tokens"]] == ["demo-scim-token", "demo-scim-token-production"]


def is_personal(token: dict[str, Any]) -> bool:
    """Whether a token is a personal access token."""
    return bool(token["personalAccessToken"])


def is_off(token: dict[str, Any]) -> bool:
    """Whether a token is disabled."""
    return not token["enabled"]


def is_over(token: dict[str, Any]) -> bool:
    """Whether a token has ended."""
    return str(token.get("expirationDate", "9")) < "2026-08"


def test_the_sunset_takes_access_from_the_demo_account() -> None:
    state = demo()
    before = abilities(Account(state, lambda: 0))
    state["options"]["today"] = "2027-01-11"
    after = abilities(Account(state, lambda: 0))
    assert after < before
    assert {item[0] for item in after} < {item[0] for item in before}


@pytest.mark.parametrize("contract", ["published", "guide"])
def test_each_object_of_the_demo_account_fits_the_document(contract: str) -> None:
    state = demo()
    with running(contract, state) as api:
        base = f"/iam/v1/accounts/{state['account_uuid']}"
        api.get(base + "/users")
        api.get(base + "/groups")
        for user in state["users"]:
            api.get(f"{base}/users/{user['email'] if contract == 'published' else user['uid']}")
        for group in state["groups"]:
            api.get(f"{base}/groups/{group['uuid']}/permissions")
            assert api.call("PUT", f"{base}/groups/{group['uuid']}/permissions", group["permissions"]).ok
        levels = [f"environment/{environment['id']}" for environment in state["environments"]]
        for level in [*levels, f"account/{state['account_uuid']}"]:
            api.get(f"/iam/v1/repo/{level}/bindings")
            for policy in api.get(f"/iam/v1/repo/{level}/policies")["policies"]:
                api.get(f"/iam/v1/repo/{level}/policies/{policy['uuid']}")
        api.get(f"/iam/v1/repo/account/{state['account_uuid']}/boundaries")
        api.get(base + "/service-users")
        for policy in api.get("/iam/v1/repo/global/global/policies")["policies"]:
            api.get(f"/iam/v1/repo/global/global/policies/{policy['uuid']}")
        api.get(base + "/platform-tokens")
        assert len(api.get(f"/idm/public/scim/{state['account_uuid']}/v2/Users", headers=SCIM)["Resources"]) == 40
        for environment in state["environments"][:2]:
            own = {"Authorization": f"Api-Token {environment['api_tokens'][0]['secret']}"}
            tokens = f"/e/{environment['id']}/api/v2/apiTokens"
            for item in api.get(tokens, headers=own)["apiTokens"]:
                api.get(f"{tokens}/{item['id']}", headers=own)
            dashboards = api.get(f"/e/{environment['id']}/api/config/v1/dashboards", headers=own)["dashboards"]
            documents = api.get(f"/e/{environment['id']}/platform/document/v1/documents?admin-access=true")["documents"]
            assert (dashboards, len(documents)) == (environment["dashboards"], len(environment["documents"]))
        assert api.sim.state()["groups"] == Account(state, lambda: 0).state()["groups"]


ids = st.sampled_from([EVERYBODY, ADMINS, SHOP, SYNCED, FEDERATED, "nowhere"])
steps = st.tuples(st.sampled_from(["join", "set_groups", "leave"]), st.lists(ids, unique=True))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(steps, max_size=8))
def test_users_and_groups_always_agree_on_memberships(history: list[tuple[str, list[str]]]) -> None:
    account = Account(seed(), lambda: 0)
    caps = account.users["u-caps"]
    for name, uuids in history:
        before = account.state()
        try:
            getattr(people, name)(account, caps, uuids)
        except Refused:
            assert account.state() == before
        for group in account.groups.values():
            assert list(group.members) == [uid for uid in group.members if group.uuid in account.users[uid].groups]
            assert (caps.uid in group.members) == (group.uuid in caps.groups)
        assert EVERYBODY in caps.groups
        assert SYNCED in caps.groups


def test_an_account_refuses_a_state_without_an_id() -> None:
    with pytest.raises(BadState, match="account_uuid"):
        Account({}, lambda: 0)
