# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The map of an account: read once, the same whatever the contract, and asked questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ScimUser, Token
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.asking import Map
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.graph import graph_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.reading import read_account
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.table import table_of

from ..builders import Bench, State, account, bot, bound, boundary, gid, held, person, pid, place, policy, team

Start = Callable[..., Bench]

ADA, BOB, CARL, EVE = "Ada@example.com", "bob@example.com", "carl@example.com", "eve@example.com"
LOGS = 'ALLOW storage:logs:read; ALLOW storage:events:read WHERE storage:bucket-name = "default";'
NO_LOGS = "DENY storage:logs:read;"


def example(**more: Any) -> State:
    """Ada may read logs everywhere, Bob views production, Carl is denied, Eve is in nothing but the group of all."""
    found = account(
        users=[
            person(ADA, "Shop", first="Ada", last="Lovelace"),
            person(BOB, "Views"),
            person(CARL, "Shop", "Denied"),
            person(EVE),
            bot("robot", "Views"),
        ],
        groups=[
            team("Shop"),
            team("Views", held("tenant-viewer", "prod"), held("tenant-logviewer", "prod:1")),
            team("Denied"),
            team("Empty", held("account-viewer")),
        ],
        environments=[place("Prod", "Payments"), place("Stag")],
        policies=[policy("Logs", LOGS), policy("No logs", NO_LOGS), policy("Unused")],
        boundaries=[boundary("Only shop", 'storage:dt.security_context = "shop";')],
        bindings=[
            bound(pid("Logs"), "Shop", "Views", within=["Only shop"]),
            bound(pid("Logs"), "Shop", on="stag"),
            bound(pid("No logs"), "Denied"),
        ],
    )
    return {**found, **more}


@pytest.fixture
def made(start: Start) -> Map:
    """The map of the example, through each contract."""
    with start(example()).client(read_only=True) as client:
        return Map(read_account(client, statements=True))


def emails(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who, and how certainly."""
    return [(each["email"], each["state"]) for each in found]


def test_the_table(made: Map) -> None:
    """A policy at the account is a row for each environment; all that limits a grant is told."""
    rows = [
        (row["person"], row["environment"], row["what"], row["group"], row["management_zones"] + row["boundaries"])
        for row in table_of(made.snapshot, made.grants)
    ]
    robot = rows[-1][0]
    views = [("prod", "Logs", ["Only shop"]), ("prod", "tenant-logviewer", ["Payments"]), ("prod", "tenant-viewer", [])]
    views += [("stag", "Logs", ["Only shop"])]
    shop = [("prod", "Logs", ["Only shop"]), ("stag", "Logs", []), ("stag", "Logs", ["Only shop"])]
    denied = [("prod", "No logs", []), ("stag", "No logs", [])]
    assert sorted(rows) == sorted(
        [
            *((ADA, where, what, "Shop", limits) for where, what, limits in shop),
            *((BOB, where, what, "Views", limits) for where, what, limits in views),
            *((CARL, where, what, "Shop", limits) for where, what, limits in shop),
            *((CARL, where, what, "Denied", limits) for where, what, limits in denied),
            *((robot, where, what, "Views", limits) for where, what, limits in views),
        ]
    )


def test_the_graph(made: Map) -> None:
    """Every edge ends at a node that is there, and nothing is twice."""
    graph = graph_of(made.snapshot, made.grants)
    ids = [node["id"] for node in graph.nodes]
    assert len(set(ids)) == len(ids)
    assert {end for edge in graph.edges for end in (edge["source"], edge["target"])} <= set(ids)
    kinds = {node["kind"] for node in graph.nodes}
    assert kinds >= {"account", "environment", "management_zone", "user", "service_user", "group", "policy", "boundary"}
    assert [edge for edge in graph.edges if edge["kind"] == "member_of" and edge["source"] == "user:bob@example.com"]
    bindings = [edge for edge in graph.edges if edge["kind"] == "binding"]
    whole = f"account:{made.snapshot.account}"
    assert sorted((edge["source"], edge["at"], *edge["boundaries"]) for edge in bindings) == sorted(
        [
            (f"group:{gid('Denied')}", whole),
            (f"group:{gid('Shop')}", whole, "Only shop"),
            (f"group:{gid('Views')}", whole, "Only shop"),
            (f"group:{gid('Shop')}", "environment:stag"),
        ]
    )
    assert graph_of(made.snapshot, made.grants) == graph


def test_tokens_and_scim_in_the_graph(made: Map) -> None:
    """Owners who have left get a node of their own; tokens without an owner have no edge."""
    tokens = [
        Token("1", "a", "ADA@example.com", environment="prod"),
        Token("2", "b", "left@example.com"),
        Token("3", "c"),
    ]
    graph = graph_of(made.snapshot, made.grants, tokens, [ScimUser("9", BOB.upper())])
    found = [
        (edge["kind"], edge["source"], edge["target"]) for edge in graph.edges if edge["kind"] in ("owns", "in_scim")
    ]
    assert found == [
        ("in_scim", "user:bob@example.com", "scim_user:9"),
        ("owns", "user:ada@example.com", "api_token:1"),
        ("owns", "user:left@example.com", "platform_token:2"),
    ]
    nodes = {node["id"]: node for node in graph.nodes}
    assert nodes["user:left@example.com"]["unlisted"]
    assert "platform_token:3" in nodes


@pytest.mark.parametrize(
    ("permission", "environment", "expected"),
    [
        ("storage:logs:read", "Stag", [(ADA, "granted"), (BOB, "conditional")]),
        ("storage:logs:read", "prod", [(ADA, "conditional"), (BOB, "conditional")]),
        ("storage:events:read", "stag", [(ADA, "conditional"), (BOB, "conditional"), (CARL, "conditional")]),
        ("viewer", "prod", [(BOB, "granted")]),
        ("logviewer", "prod", []),
        ("viewer", "stag", []),
    ],
)
def test_who_can(made: Map, permission: str, environment: str, expected: list[tuple[str, str]]) -> None:
    found = [each for each in emails(made.who_can(permission, environment)) if "service" not in each[0]]
    assert found == expected


def test_who_can_says_through_what(made: Map) -> None:
    (ada, *_others) = made.who_can("storage:logs:read", "stag")
    assert ada["through"] == ["policy Logs of group Shop", "policy Logs of group Shop where boundary Only shop"]


def test_a_policy_that_nobody_can_read(made: Map) -> None:
    """What it gives isn't known, so it might give anything."""
    policies = {**made.snapshot.policies, pid("Logs"): replace(made.snapshot.policies[pid("Logs")], statement="ALLOW?")}
    unclear = Map(replace(made.snapshot, policies=policies))
    assert (made.has_conditions(pid("No logs")), unclear.has_conditions(pid("Logs"))) == (False, True)
    found = unclear.who_can("storage:logs:read", "stag")
    assert emails(found)[:2] == [(ADA, "conditional"), (BOB, "conditional")]
    assert found[0]["through"] == ["policy Logs of group Shop where nobody can tell what it says"]


def test_what_somebody_can(made: Map) -> None:
    assert {row["what"] for row in made.what_can("ADA@EXAMPLE.com")} == {"Logs"}
    assert made.what_can(EVE) == []
    with pytest.raises(InvalidInput, match=r"There is no user 'nobody@example.com'"):
        made.what_can("nobody@example.com")


def test_groups_that_open_nothing(made: Map) -> None:
    assert made.opens_nothing() == [
        {"id": gid("Denied"), "name": "Denied", "members": 1},
        {"id": gid("Empty"), "name": "Empty", "members": 0},
    ]


def test_two_people(made: Map) -> None:
    found = made.compare_people(CARL, BOB)
    assert found["groups"] == {"only_first": ["Denied", "Shop"], "only_second": ["Views"]}
    assert found["access"]["only_second"] == ["tenant-logviewer in Prod within Payments", "tenant-viewer in Prod"]
    assert made.compare_people(ADA, ADA)["access"] == {"only_first": [], "only_second": []}


def test_other_parameters_are_other_access(start_as: Start) -> None:
    users, groups = [person(BOB, "A"), person(EVE, "B")], [team("A"), team("B")]
    bindings = [bound(pid("P"), name, on="prod", parameters={"team": name}) for name in ("A", "B")]
    state = account(users, groups, [place("Prod")], bindings, policies=[policy("P")])
    with start_as("published", state).client(read_only=True) as client:
        found = Map(read_account(client)).compare_people(BOB, EVE)
    assert found["access"] == {"only_first": ["P in Prod within team=A"], "only_second": ["P in Prod within team=B"]}


def test_two_environments(made: Map) -> None:
    assert made.compare_environments("Stag", "Prod") == {
        "access": {
            "only_first": ["group Shop: Logs"],
            "only_second": ["group Views: tenant-logviewer within zone Payments", "group Views: tenant-viewer"],
        }
    }
    with pytest.raises(InvalidInput, match=r"There is no environment 'Prodd'. Did you mean 'Prod'"):
        made.compare_environments("Prodd", "Prod")


def test_requests(start_as: Start) -> None:
    """A thousand people in 150 groups and 5 environments, with 60 policies of which all are bound."""
    people = [person(f"p{number}@example.com", f"G{number % 149}") for number in range(1000)]
    groups = [team(f"G{number}", held("account-viewer")) for number in range(149)]
    policies = [policy(f"P{number}") for number in range(60)]
    bindings = [bound(pid(f"P{number}"), f"G{number}") for number in range(60)]
    places = [place(f"E{number}") for number in range(5)]
    state = account(users=people, groups=groups, environments=places, policies=policies, bindings=bindings)
    made = start_as("published", state, checked=False)
    with made.client(read_only=True) as client:
        read_account(client, statements=True)
    assert len(made.requests) <= 371
