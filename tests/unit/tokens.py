# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts with tokens, and the way into their environments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import EnvironmentAccess
from tests.simulator.platform_tokens import made_secret

from .builders import Bench, State

MAY = ("apiTokens.read", "apiTokens.write")


def tid(name: str, on: str = "prod") -> str:
    """The id of the API token of that name in an environment."""
    return made_secret("dt0c01", f"{name} {on}")[0]


def pid(name: str) -> str:
    """The id of the platform token of that name."""
    return made_secret("dt0s16", name)[0]


def api_token(name: str, owner: str = "anna@example.com", **more: Any) -> State:
    """An access token; whoever is to use it needs ``secret``."""
    made = {"creationDate": "2026-01-05T08:00:00.000Z", "scopes": ["metrics.read"]}
    return {"name": name, "owner": owner, **made, **more}


def platform_token(name: str, owner: str = "anna@example.com", **more: Any) -> State:
    """A platform token."""
    return {"tokenId": pid(name), "name": name, "owner": owner, "createdAt": "2026-02-01T08:00:00.000Z", **more}


def with_tokens(place: State, *tokens: State, scopes: Iterable[str] = MAY) -> State:
    """An environment with these tokens and ``Automation``, which the tests log in with."""
    own = api_token("Automation", "robot@example.com", scopes=list(scopes))
    own["secret"] = made_secret("dt0c01", f"Automation {place['id']}")[1]
    ids = [{"id": tid(token["name"], place["id"]), **token} for token in (own, *tokens)]
    return {**place, "api_tokens": ids}


def way(made: Bench, environment: str, secret: str | None = None) -> EnvironmentAccess:
    """The way into an environment, with its token ``Automation`` unless another secret is given."""
    own = made_secret("dt0c01", f"Automation {environment}")[1]
    return EnvironmentAccess(environment, f"{made.sim.url}/e/{environment}", secret or own)


def ways(made: Bench, *environments: str) -> tuple[EnvironmentAccess, ...]:
    """The ways into several."""
    return tuple(way(made, each) for each in environments)
