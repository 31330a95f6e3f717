# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the map of an account costs: requests to read it whole, time and memory to make graph and table of it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import (
    Binding,
    Environment,
    Group,
    Permission,
    Policy,
    User,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.asking import Map
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.graph import graph_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.reading import read_account
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.table import table_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Abilities, Snapshot
from tests.benchmarks.accounts import State, email, group_id, group_name, make_account
from tests.benchmarks.cases import group_pages, three_of
from tests.benchmarks.planning import used
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import connected, cost_of
from tests.simulator.server import serve
from tests.tools.tree import ROOT

USERS, GROUPS, ENVIRONMENTS, POLICIES = 1000, 146, 5, 60
"""With the simulator's own groups these are 150."""
LIMIT = 371
PAGE = 500
LARGE = 10_000
MOST_SECONDS, MOST_MB = 5.0, 500
TRIES = 3


def environment_id(number: int) -> str:
    return f"env{number:05}"


def policy_id(number: int) -> str:
    return f"50000000-0000-4000-8000-{number:012}"


def whole() -> State:
    """An account of a size that peers were measured with."""
    state = make_account(USERS, GROUPS, three_of(GROUPS))
    level = {"levelType": "account", "levelId": state["account_uuid"]}
    statement = "ALLOW storage:logs:read;"
    state["environments"] = [
        {"id": environment_id(each), "name": environment_id(each), "active": True} for each in range(ENVIRONMENTS)
    ]
    state["policies"] = [
        {"uuid": policy_id(each), "name": f"Policy {each}", "description": "", "statementQuery": statement, **level}
        for each in range(POLICIES)
    ]
    state["bindings"] = [
        {**level, "policyUuid": policy_id(each), "groups": [group_id(each)]} for each in range(POLICIES)
    ]
    return state


def reading(contract: str) -> Line:
    """The limit of the guide's contract is that its users and groups come in pages, and groups with each user."""
    with serve(contract, whole()) as simulator, connected(simulator) as account:
        read = read_account(account, statements=True)
        requests = cost_of(simulator.requests).requests
    if len(read.groups) < GROUPS or len(read.whole_users) < USERS:
        raise Unsound(f"{len(read.groups)} groups and {len(read.whole_users)} people were read whole")
    people = len(read.users)
    extra = people + people // PAGE + group_pages(len(read.groups)) - GROUPS
    limit = LIMIT if contract == "published" else LIMIT + extra
    name = f"{USERS} users, {len(read.groups)} groups, {ENVIRONMENTS} environments, {POLICIES} policies"
    data = {"case": name, "contract": contract, "requests": requests, "requests_limit": limit}
    return Line((name, contract, requests, limit), requests <= limit, data)


def map_costs() -> Section:
    """The table of requests."""
    lines = [reading("published"), reading("guide")]
    return Section("requests_map", "Requests to read an account whole", ("", "contract", "requests", "limit"), lines)


def remembered() -> Snapshot:
    """Ten thousand people, five hundred groups, and what they have in twenty environments."""
    groups, places = range(500), [environment_id(each) for each in range(20)]
    return Snapshot(
        account="account",
        abilities=Abilities(names_writable=False, finds_by_email=True, lists_members=True),
        users={email(each): User(email(each), str(each), "Given", "Name", "ACTIVE") for each in range(LARGE)},
        users_listed=True,
        groups={group_id(each): Group(group_id(each), group_name(each)) for each in groups},
        groups_listed=True,
        memberships={
            email(each): frozenset(group_id(group) for group in three_of(len(groups))(each)) for each in range(LARGE)
        },
        permissions={
            group_id(each): frozenset({Permission("tenant-viewer", "tenant", places[each % 20])}) for each in groups
        },
        environments=tuple(Environment(each, each, active=True) for each in places),
        bindings={
            ("environment", place): frozenset(
                Binding(("environment", place), policy_id(each % POLICIES), group_id(each))
                for each in groups
                if each % 20 == number
            )
            for number, place in enumerate(places)
        },
        policies={
            policy_id(each): Policy(policy_id(each), f"Policy {each}", ("account", "account"))
            for each in range(POLICIES)
        },
    )


def main() -> dict[str, float]:
    """Make graph and table once."""
    snapshot = remembered()
    before = used()
    made = Map(snapshot)
    graph, table = graph_of(snapshot, made.grants), table_of(snapshot, made.grants)
    seconds = used() - before
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"rows": len(table), "edges": len(graph.edges), "seconds": seconds, "megabytes": kilobytes / 1024}


def measure() -> dict[str, float]:
    """The fastest of a few processes."""
    runs = []
    for turn in range(TRIES):
        command = [sys.executable, "-m", "tests.benchmarks.mapping"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
        if done.returncode:
            raise Unsound(f"making the map ({turn}) failed: {done.stderr}")
        runs.append(json.loads(done.stdout))
    fastest: dict[str, float] = min(runs, key=lambda each: float(each["seconds"]))
    return fastest


def map_times() -> Section:
    """Time and memory beside their limits."""
    found = measure()
    seconds, megabytes = round(found["seconds"], 2), round(found["megabytes"])
    ok = seconds < MOST_SECONDS and megabytes < MOST_MB
    cells = (f"{LARGE} people", int(found["edges"]), int(found["rows"]), seconds, MOST_SECONDS, megabytes, MOST_MB)
    data: dict[str, Any] = {**found, "seconds_limit": MOST_SECONDS, "megabytes_limit": MOST_MB}
    columns = ("", "edges", "rows of the table", "s", "below", "MB", "below")
    return Section("map", "Graph and table of a large account", columns, [Line(cells, ok, data)])


if __name__ == "__main__":
    print(json.dumps(main()))
