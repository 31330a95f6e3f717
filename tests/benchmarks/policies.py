# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies cost: changing one of many bindings, and leaving role permissions.

The facts of a migration are the groups, the role permissions of each, the environments (their zones are in one list,
their state in another), Dynatrace's own policies, and what is bound at each environment and at the account. What many
groups get alike in an environment is one write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import floor

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, GroupWish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.migration import Migration
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import read_bindings
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_wishes import BindingEntry, BindingsWish
from tests.benchmarks.accounts import State, group_id, group_name, make_account
from tests.benchmarks.cases import Case, Cost, group_pages
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import connected, costs
from tests.simulator.server import serve

GROUPS, ENVIRONMENTS, POLICIES = 150, 5, 50
ROLES = ("tenant-viewer", "tenant-logviewer")
MARGIN = 1.05
"""A migration costs at most this much of what its facts need."""


def environment_id(number: int) -> str:
    return f"env{number:05}"


def with_environments(state: State) -> State:
    """The account with environments that are switched on."""
    names = [environment_id(number) for number in range(ENVIRONMENTS)]
    return {**state, "environments": [{"id": each, "name": each, "active": True} for each in names]}


def with_roles() -> State:
    """Each group may do two things in each environment, by role permissions."""
    state = with_environments(make_account(10, GROUPS))
    for group in state["groups"]:
        group["permissions"] = [
            {"permissionName": role, "scope": environment_id(number), "scopeType": "tenant"}
            for role in ROLES
            for number in range(ENVIRONMENTS)
        ]
    return state


def policy_id(number: int) -> str:
    return f"50000000-0000-4000-8000-{number:012}"


def with_bindings() -> State:
    """One group with many policies in one environment."""
    state = with_environments(make_account(10, GROUPS))
    account = {"levelType": "account", "levelId": state["account_uuid"]}
    level = {"levelType": "environment", "levelId": environment_id(0)}
    numbers = range(POLICIES)
    statement = "ALLOW storage:logs:read WHERE storage:bucket-name = 'default_logs';"
    boundary = {"uuid": policy_id(POLICIES), "name": "Shop", "boundaryQuery": 'storage:dt.security_context = "shop";'}
    return {
        **state,
        "policies": [
            {
                "uuid": policy_id(each),
                "name": f"Policy {each}",
                "description": "",
                "statementQuery": statement,
                **account,
            }
            for each in numbers
        ],
        "boundaries": [{**boundary, "metadata": {}}],
        "bindings": [{**level, "policyUuid": policy_id(each), "groups": [group_id(0)]} for each in numbers],
    }


def bounded(boundaries: Iterable[str]) -> Desired:
    """The first policy of the first group within boundaries."""
    part = BindingsWish((BindingEntry("Policy 0", boundaries=tuple(boundaries)),), (environment_id(0),))
    return Desired(groups=(GroupWish(name=group_name(0), bindings=(part,)),))


def removed() -> Desired:
    part = BindingsWish((BindingEntry("Policy 0"),), (environment_id(0),), state="absent")
    return Desired(groups=(GroupWish(name=group_name(0), bindings=(part,)),))


def all_bindings(contract: str) -> Line:
    """Reading all that is bound: one request for the account, and one for each environment."""
    with serve(contract, with_bindings()) as simulator, connected(simulator, contract) as account:
        found = read_bindings(account, None, None, None)
        asked = [entry for entry in simulator.requests if entry["path"].endswith("/bindings")]
    if len(found) != POLICIES:
        raise Unsound(f"{len(found)} bindings read, expected {POLICIES}")
    name, limit = f"all bindings of {ENVIRONMENTS} environments, without names", 1 + ENVIRONMENTS
    data = {"case": name, "contract": contract, "requests": len(asked), "requests_limit": limit}
    return Line((name, len(asked), limit, 0, 0), len(asked) <= limit, data)


def policy_costs(contract: str) -> Section:
    """The table of one contract."""
    section = costs(contract, POLICY_CASES, "policies")
    return replace(section, lines=[*section.lines, all_bindings(contract)])


def migration(writes: int) -> dict[str, Cost]:
    """The limits of a migration: groups, their permissions, environments twice, policies, bindings at all levels."""

    def limit(lists: int) -> Cost:
        reads = lists + GROUPS + 2 + 1 + (1 + ENVIRONMENTS)
        return Cost(floor(reads * MARGIN), writes)

    return {"published": limit(1), "guide": limit(group_pages(GROUPS))}


def reading(extra: int, writes: int) -> dict[str, Cost]:
    """Groups, environments, two lists of policies, the bindings there, and so many other reads."""
    return {"published": Cost(5 + extra, writes), "guide": Cost(4 + group_pages(GROUPS) + extra, writes)}


BINDINGS = len(ROLES) * ENVIRONMENTS * GROUPS
POLICY_CASES = (
    Case("a boundary for one of 50 policies of a group", with_bindings, bounded(["Shop"]), 1, reading(2, 1)),
    Case("one of 50 policies taken away", with_bindings, removed(), 1, reading(0, 1)),
    Case("one of 50 policies of a group, unchanged", with_bindings, bounded([]), 0, reading(0, 0)),
    Case(
        "150 groups off 10 role permissions in 5 environments",
        with_roles,
        Desired(migration=Migration(groups=("Team *",))),
        BINDINGS,
        migration(len(ROLES) * ENVIRONMENTS),
    ),
    Case(
        "the same, role permissions removed",
        with_roles,
        Desired(migration=Migration(groups=("Team *",), remove=True)),
        2 * BINDINGS,
        migration(len(ROLES) * ENVIRONMENTS + BINDINGS),
    ),
)
