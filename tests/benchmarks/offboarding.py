# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs when people leave, with a token each in every environment and one of the account.

Whoever leaves, each environment's tokens are read once, and once more to see what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import EnvironmentAccess
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Mode, converge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.leavers.leaving import FEW, Leaving
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.leavers.reading_back import read_back
from tests.benchmarks.accounts import State, email, make_account
from tests.benchmarks.cases import Cost, group_pages, three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import COLUMNS, connected, cost_of
from tests.simulator.server import Simulator, serve

USERS, GROUPS, ENVIRONMENTS = 250, 150, 10
PAGE = 500
SCIM_PAGE = 100
SCIM_TOKEN = "simulated-scim-token"
SPARE = 3
"""So many requests more than the fewest are within the limit, such as the guard's look for other administrators."""


def environment_id(number: int) -> str:
    return f"env{number:05}"


def secret(number: int) -> str:
    """The token that automation has for an environment."""
    return f"dt0c01.{'A' * 22}{number:02}.{'S' * 64}"


def token_of(owner: int, environment: int) -> State:
    """An access token of somebody."""
    found = {"id": f"dt0c01.{environment:04}{owner:020}", "name": "script", "owner": email(owner), "enabled": True}
    return {**found, "scopes": ["metrics.read"]}


def automation(environment: int) -> State:
    """The token that this logs in with."""
    token = secret(environment)
    own = {"id": token.rpartition(".")[0], "name": "automation", "owner": "robot@example.com", "enabled": True}
    return {**own, "secret": token, "scopes": ["apiTokens.read", "apiTokens.write"]}


def with_tokens(leavers: int) -> State:
    """An account in which everybody who leaves has a token everywhere."""
    state = make_account(USERS, GROUPS, three_of(GROUPS))
    people = range(leavers)
    state["environments"] = [
        {
            "id": environment_id(each),
            "name": environment_id(each),
            "active": True,
            "api_tokens": [automation(each), *(token_of(person, each) for person in people)],
        }
        for each in range(ENVIRONMENTS)
    ]
    state["platform_tokens"] = [
        {"tokenId": f"dt0s16.{person:08}", "name": "export", "owner": email(person)} for person in people
    ]
    state["scim"] = {"domains": ["example.com"], "tokens": [{"token": SCIM_TOKEN}]}
    return state


def ways(simulator: Simulator) -> dict[str, Any]:
    """How to reach SCIM and the environments."""
    environments = tuple(
        EnvironmentAccess(environment_id(each), f"{simulator.url}/e/{environment_id(each)}", secret(each))
        for each in range(ENVIRONMENTS)
    )
    base = f"{simulator.url}/idm/public/scim/{simulator.account_uuid}/v2"
    return {"scim_url": base, "scim_token": SCIM_TOKEN, "environments": environments}


@dataclass(frozen=True)
class Departure:
    """So many people leave in one way; ``again`` once they have."""

    people: int
    action: str = "delete"
    again: bool = False

    @property
    def name(self) -> str:
        """What the table says."""
        people = f"{self.people} people leave" if self.people > 1 else "one person leaves"
        return f"{people} ({self.action}){', run again' if self.again else ''}"

    def wish(self) -> Desired:
        """What the module makes of its options."""
        people = tuple(map(email, range(self.people)))
        places = tuple(map(environment_id, range(ENVIRONMENTS)))
        leaving = Leaving(people, self.action, "disable", places, has_scim=True)
        return Desired(users=leaving.users(), on_managed="warn", parts=(leaving,))

    def changes(self) -> int:
        """How many facts change."""
        return 0 if self.again else self.people * (ENVIRONMENTS + 1 + 1)


def limit(departure: Departure, contract: str) -> Cost:
    """The fewest requests and some to spare: the environments, their tokens and those of the account, SCIM, then users
    and groups, and of each person or group touched the memberships. All but those are read once more in the end."""
    scim = departure.people if departure.people <= FEW else ceil(USERS / SCIM_PAGE) + 1
    published = contract == "published"
    users = 1 if published else ceil((USERS + 1) / PAGE)
    groups = 1 if published else group_pages(GROUPS)
    once = 1 + ENVIRONMENTS + 1 + scim + users + groups
    look = 0 if departure.again else departure.people + groups
    guard = 0 if departure.again or published else min(GROUPS, 3 * departure.people)
    return Cost((1 if departure.again else 2) * once + look + guard + SPARE, departure.changes())


def count(departure: Departure, contract: str) -> Cost:
    """What a run really takes, the look afterwards included."""
    with serve(contract, with_tokens(departure.people)) as simulator:
        more = ways(simulator)
        if departure.again:
            depart(simulator, Departure(departure.people, departure.action), contract, more)
            simulator.clear()
        depart(simulator, departure, contract, more)
        return cost_of(simulator.requests)


def depart(simulator: Simulator, departure: Departure, contract: str, more: dict[str, Any]) -> None:
    """One run, as the module makes it."""
    wish = departure.wish()
    with connected(simulator, "auto", **more) as account:
        result = converge(account, wish, Guards(), Mode())
        if result.error or len(result.applied) != departure.changes():
            problem = result.error or "that is not what is to be counted"
            raise Unsound(f"{departure} ({contract}): {len(result.applied)} changes applied: {problem}")
        if result.applied:
            read_back(account, wish)


CASES = (
    Departure(1),
    Departure(1, again=True),
    Departure(50),
    Departure(50, "deactivate"),
    Departure(50, again=True),
)


def offboarding_costs(contract: str) -> Section:
    """The table of one contract."""
    lines = []
    for case in CASES:
        cost, most = count(case, contract), limit(case, contract)
        data = {"case": case.name, "contract": contract, "requests": cost.requests, "requests_limit": most.requests}
        data |= {"writes": cost.writes, "writes_limit": most.writes}
        cells = (case.name, cost.requests, most.requests, cost.writes, most.writes)
        lines.append(Line(cells, cost.requests <= most.requests and cost.writes <= most.writes, data))
    title = f"Requests of offboarding from {ENVIRONMENTS} environments, {contract} contract"
    return Section(f"requests_offboarding_{contract}", title, COLUMNS, lines)
