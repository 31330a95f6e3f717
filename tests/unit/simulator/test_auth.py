# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens, scopes and who may what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.simulator.helpers import ACCOUNT, ADMINS, CONTRACTS, SHOP, Api, running, seed

FAILED = {"error": True, "payload": None, "message": "Failed to validate access token."}
FORBIDDEN = {"message": "Forbidden", "statusCode": 403}


def with_clients(**options: Any) -> dict[str, Any]:
    """An account that knows its clients."""
    state = seed(**options)
    state["clients"] = [
        {"client_id": "all", "client_secret": "geheim"},
        {"client_id": "reader", "client_secret": "geheim", "scopes": ["account-idm-read"]},
        {"client_id": "powerless", "client_secret": "geheim", "subject_may": False},
    ]
    state["access_tokens"] = [{"token": "dt0s16.fixed", "scopes": ["account-idm-read"]}]
    return state


def test_a_token_tells_what_it_is(published: Api) -> None:
    answer = published.token(scope="account-idm-write account-idm-read").json()
    assert answer.pop("access_token").startswith("dt0s02.token-")
    assert answer == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "account-idm-write account-idm-read",
        "resource": f"urn:dtaccount:{ACCOUNT}",
    }


def test_no_two_tokens_are_the_same(published: Api) -> None:
    assert len({published.token().json()["access_token"] for _turn in range(20)}) == 20


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"scope": "account-idm-read account-idm-write"}, "invalid_scope"),
        ({"scope": "account-idm-reed"}, "invalid_scope"),
        ({"resource": "urn:dtaccount:another"}, "invalid_target"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_the_sso_refuses_with_an_oauth_error(form: dict[str, str], code: str) -> None:
    with running("published", with_clients()) as api:
        response = api.token(**{"client_id": "reader", **form})
    assert response.status_code == 400
    assert response.json()["error"] == code
    assert response.json()["error_description"]


def test_without_clients_in_the_state_any_will_do_but_none_will_not(published: Api) -> None:
    assert published.token(client_id="anything", client_secret="whatever").status_code == 200
    assert published.token(client_id="", client_secret="").json()["error"] == "invalid_client"


def test_resource_and_scope_are_optional() -> None:
    with running("published", with_clients()) as api:
        assert api.token(client_id="reader").json()["scope"] == "account-idm-read"
        assert api.token(client_id="reader", resource=f"urn:dtaccount:{ACCOUNT}").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Api-Token abc"])
def test_a_request_without_a_valid_token_is_401(api: Api, header: str) -> None:
    response = api.call("GET", "users", headers={"Authorization": header})
    assert (response.status_code, response.json()) == (401, FAILED)


@pytest.mark.parametrize("lifetime", [300, 60])
def test_a_token_ends_with_its_lifetime(lifetime: int) -> None:
    with running("published", seed(token_lifetime=lifetime)) as api:
        assert api.token().json()["expires_in"] == lifetime
        api.clock.time += lifetime - 1
        assert api.call("GET", "users").status_code == 200
        api.clock.time += 1
        assert api.call("GET", "users").status_code == 401
        api.login()
        assert api.call("GET", "users").status_code == 200


def test_a_token_can_be_given_in_the_state_and_does_not_end() -> None:
    with running("published", with_clients()) as api:
        api.session.headers["Authorization"] = "Bearer dt0s16.fixed"
        api.clock.time += 10_000
        assert api.call("GET", "users").status_code == 200
        assert api.call("POST", "users", {"email": "n@example.com"}).status_code == 403


def test_a_subject_without_rights_is_told_so() -> None:
    with running("published", with_clients()) as api:
        api.login(client_id="powerless")
        response = api.call("GET", "users")
    assert response.status_code == 403
    assert response.json() == {"error": True, "payload": None, "message": "User not authorized"}


def test_another_account_is_not_found(api: Api) -> None:
    response = api.call("GET", "/iam/v1/accounts/99999999-2222-4333-8444-555555555555/users")
    assert response.status_code == 404
    assert "99999999" in response.json()["message"]


IDM_READ, IDM_WRITE = ["account-idm-read"], ["account-idm-write"]
BINDING_READ = ["iam:bindings:read", "iam-policies-management"]
NEEDED: dict[str, list[tuple[str, str, list[str]]]] = {
    "published": [
        ("GET", "users", IDM_READ),
        ("GET", "users/jane@example.com", IDM_READ),
        ("GET", "groups", IDM_READ),
        ("GET", f"groups/{SHOP}/users", IDM_READ),
        ("GET", f"groups/{ADMINS}/permissions", IDM_READ),
        ("GET", f"/env/v1/accounts/{ACCOUNT}/environments", IDM_READ),
        ("GET", f"/env/v2/accounts/{ACCOUNT}/environments", ["account-env-read"]),
        ("GET", "/iam/v1/repo/environment/env1/bindings", BINDING_READ),
        ("POST", "users", IDM_WRITE),
        ("POST", "users/jane@example.com", IDM_WRITE),
        ("DELETE", "users/nobody@example.com", IDM_WRITE),
        ("PUT", "users/jane@example.com/groups", IDM_WRITE),
        ("DELETE", "users/jane@example.com/groups", IDM_WRITE),
        ("POST", "groups", IDM_WRITE),
        ("PUT", f"groups/{SHOP}", IDM_WRITE),
        ("DELETE", "groups/nowhere", IDM_WRITE),
        ("POST", f"groups/{ADMINS}/permissions", IDM_WRITE),
        ("PUT", f"groups/{ADMINS}/permissions", IDM_WRITE),
        ("DELETE", f"groups/{ADMINS}/permissions", IDM_WRITE),
    ],
    "guide": [
        ("GET", "users", IDM_READ),
        ("GET", "users/u-jane", IDM_READ),
        ("GET", "groups", IDM_READ),
        ("GET", f"groups/{ADMINS}/permissions", ["account-env-read"]),
        ("GET", f"/env/v1/accounts/{ACCOUNT}/environments", IDM_READ),
        ("GET", f"/env/v2/accounts/{ACCOUNT}/environments", ["account-env-read"]),
        ("GET", "/iam/v1/repo/environment/env1/bindings", BINDING_READ),
        ("POST", "users", IDM_WRITE),
        ("PUT", "users/u-jane", IDM_WRITE),
        ("DELETE", "users/nobody", IDM_WRITE),
        ("POST", "groups", IDM_WRITE),
        ("PUT", f"groups/{SHOP}", IDM_WRITE),
        ("DELETE", "groups/nowhere", IDM_WRITE),
        ("POST", f"groups/{SHOP}/users", IDM_WRITE),
        ("DELETE", f"groups/{SHOP}/users/nobody", IDM_WRITE),
        ("POST", f"groups/{ADMINS}/permissions", ["account-env-write"]),
        ("PUT", f"groups/{ADMINS}/permissions", ["account-env-write"]),
        ("DELETE", f"groups/{ADMINS}/permissions", ["account-env-write"]),
    ],
}
SCOPES = [
    "account-idm-read",
    "account-idm-write",
    "account-env-read",
    "account-env-write",
    "iam-policies-management",
    "iam:bindings:read",
]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_call_wants_its_scope(contract: str, scope: str) -> None:
    state = seed()
    with running(contract, state) as api:
        api.login(scope=scope)
        for method, path, enough in NEEDED[contract]:
            response = api.call(method, path)
            if scope in enough:
                assert response.status_code in (200, 400, 404), path
            else:
                assert (response.status_code, response.json()) == (403, FORBIDDEN), path
        assert api.sim.state()["users"] == state_of(contract, state)["users"]


def state_of(contract: str, state: dict[str, Any]) -> dict[str, Any]:
    """The state as a fresh simulator tells it."""
    with running(contract, state) as api:
        return api.sim.state()
