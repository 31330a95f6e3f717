# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small client, a clock that stands still, and the account that the tests work on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from tests.simulator.checking import Checker
from tests.simulator.server import Simulator, serve

ACCOUNT = "11111111-2222-4333-8444-555555555555"
EVERYBODY = "g-everybody"
ADMINS = "g-admins"
SHOP = "g-shop"
SYNCED = "g-synced"
FEDERATED = "g-federated"
SECRET_GROUP = "g-hidden"
NOON = 1_790_000_000.0
CONTRACTS = ("published", "guide")


class Clock:
    """A time that moves only when told."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> float:
        return self.time


def group(uuid: str, owner: str = "LOCAL", **more: Any) -> dict[str, Any]:
    """A group of the account under test, named after its id."""
    dates = {"createdAt": "2026-01-01T08:00:00.000Z", "updatedAt": "2026-01-02T08:00:00Z"}
    return {"uuid": uuid, "name": uuid.removeprefix("g-"), "description": "", "owner": owner, **dates, **more}


def user(uid: str, email: str, *groups: str, **more: Any) -> dict[str, Any]:
    """A user of the account under test."""
    return {"uid": uid, "email": email, "name": "Jane", "surname": "Doe", "groups": list(groups), **more}


def seed(**options: Any) -> dict[str, Any]:
    """A small account with one of everything."""
    viewer = {"permissionName": "tenant-viewer", "scope": "env1", "scopeType": "tenant"}
    login = {"successfulLoginCounter": 4, "createdAt": "2026-01-01T08:00:00Z"}
    return {
        "account_uuid": ACCOUNT,
        "account_name": "Test",
        "users": [
            user("u-jane", "jane@example.com", ADMINS, userLoginMetadata=login),
            user("u-caps", "Caps.Lock@Example.com", SHOP, SYNCED),
            user("u-new", "new@example.com", SHOP, status="PENDING", name=None, surname=None),
            user("u-blank", "blank@example.com", name=None, surname=None),
            user("u-bot", "u-bot@service.sso.dynatrace.com", SECRET_GROUP, service=True),
        ],
        "groups": [
            group(EVERYBODY, "ALL_USERS"),
            group(ADMINS, permissions=[viewer]),
            group(SHOP, description="The shop"),
            group(SYNCED, "SCIM"),
            group(FEDERATED, "SAML", federatedAttributeValues=["a", "b"]),
            group(SECRET_GROUP, hidden=True),
        ],
        "environments": [
            {"id": "env1", "name": "One", "active": True, "management_zones": [{"id": "7", "name": "Zone"}]},
            {"id": "env2", "active": False},
        ],
        "bindings": [
            {"levelType": "environment", "levelId": "env1", "policyUuid": "p1", "groups": [SHOP, "g-unknown"]},
            {"levelType": "account", "levelId": ACCOUNT, "policyUuid": "p2", "groups": [], "parameters": {"a": "b"}},
        ],
        "options": options,
    }


@dataclass
class Api:
    """A running simulator and a session that holds a token for it."""

    sim: Simulator
    session: requests.Session
    clock: Clock

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A request; a path that doesn't start with a slash lies under the account."""
        url = self.sim.url + (path if path.startswith("/") else f"/iam/v1/accounts/{ACCOUNT}/{path}")
        return self.session.request(method, url, json=body, timeout=10, **more)

    def get(self, path: str, **more: Any) -> Any:
        """The JSON of a successful read."""
        response = self.call("GET", path, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def token(self, **form: str) -> requests.Response:
        """A token request."""
        wanted = {"grant_type": "client_credentials", "client_id": "id", "client_secret": "geheim", **form}
        return self.session.post(self.sim.token_url, data=wanted, timeout=10)

    def login(self, **form: str) -> None:
        """Work with a new token from now on."""
        self.session.headers["Authorization"] = "Bearer " + self.token(**form).json()["access_token"]

    def groups_of(self, uid: str) -> list[str]:
        """The memberships in the state."""
        found = next(item for item in self.sim.state()["users"] if item["uid"] == uid)
        return list(found["groups"])


@contextlib.contextmanager
def running(contract: str, state: dict[str, Any] | None = None, **more: Any) -> Iterator[Api]:
    """A simulator whose whole traffic is held against the OpenAPI document."""
    checker = Checker(contract, requests="accepted")
    clock = Clock()
    with (
        serve(contract, seed() if state is None else state, observer=checker, clock=clock, **more) as sim,
        requests.Session() as session,
    ):
        api = Api(sim, session, clock)
        if not sim.account.clients:
            api.login()
            sim.clear()
        yield api
    assert checker.findings == [], "\n".join(checker.findings)
