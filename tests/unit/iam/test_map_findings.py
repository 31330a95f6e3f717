# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: each with an account made for it, in which it is found, and in which nothing else is."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ScimUser, Token
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.asking import Map
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.finding import Finding
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.finding import task as written_task
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.inquiry import (
    Beside,
    all_findings,
    read_beside,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.people_findings import Patience
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.reading import read_account
from tests.tools.tree import ROOT

from ..builders import (
    ACCOUNT,
    TODAY,
    Bench,
    State,
    account,
    bound,
    boundary,
    held,
    person,
    place,
    policy,
    ready_made,
    team,
)

Start = Callable[..., Bench]

ADA, BOB, BOSS = "ada@example.com", "bob@example.com", "boss@example.com"
VIEWS = ready_made("tenant-viewer")


def days_ago(number: int) -> str:
    """A moment."""
    return (TODAY - timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def fine(**more: Any) -> State:
    """An account in which nothing is to be found."""
    found = account(
        users=[person(ADA, "Shop"), person(BOSS, "Admins", "Shop")],
        groups=[team("Shop"), team("Admins", held("account-user-management"))],
        environments=[place("Prod"), place("Stag")],
        bindings=[bound(VIEWS, "Shop", on="prod"), bound(VIEWS, "Shop", on="stag")],
    )
    return {**found, **more}


def with_people(*people: State) -> State:
    """The same with others in it."""
    state = fine()
    return {**state, "users": [*state["users"], *people]}


def with_group(group: State, *members: State, **more: Any) -> State:
    """The same with one more group."""
    state = with_people(*members)
    return {**state, "groups": [*state["groups"], group], **more}


def found_in(made: Bench, beside: Beside | None = None, **more: Any) -> list[Finding]:
    """All that is found, each fix being a task that Ansible can read."""
    with made.client(read_only=True) as client:
        read = Map(read_account(client))
        findings = all_findings(read, beside or Beside(), Patience(TODAY), **more)
    for each in findings:
        check_task(each.fix)
    return findings


def check_task(text: str) -> None:
    """One task of a module of ours, with options that it has."""
    for task in yaml.load(text, UnsafeLoader) if text else ():  # noqa: S506, it is a SafeLoader
        ((module, options),) = [(key, value) for key, value in task.items() if key != "name"]
        file = ROOT / "plugins/modules" / f"{module.rpartition('.')[2]}.py"
        (documentation,) = [
            ast.literal_eval(node.value)
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION"
        ]
        assert set(options) <= set(yaml.safe_load(documentation)["options"])


class UnsafeLoader(yaml.SafeLoader):
    """Reads what Ansible calls unsafe as a text."""


UnsafeLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Rule, severity and name."""
    return [(each.rule, each.severity, each.subject[1]) for each in findings]


CASES: dict[str, tuple[State, list[tuple[str, str, str]]]] = {
    "nothing": (fine(), []),
    "blank screen": (
        with_group(team("Idle", held("account-viewer")), person(BOB, "Idle")),
        [("blank_screen", "high", BOB)],
    ),
    "inactive people see no screen": (with_people(person(BOB, "Admins", status="INACTIVE")), []),
    "administrator": (
        with_people(person(BOB, "Admins")),
        [("administrator_without_environment", "medium", BOB)],
    ),
    "only in all users": (with_people(person(BOB)), [("only_in_all_users", "medium", BOB)]),
    "dormant": (
        with_people({**person(BOB, "Shop"), "userLoginMetadata": {"lastSuccessfulLogin": days_ago(91)}}),
        [("dormant_person", "low", BOB)],
    ),
    "not yet dormant": (
        with_people({**person(BOB, "Shop"), "userLoginMetadata": {"lastSuccessfulLogin": days_ago(90)}}),
        [],
    ),
    "nobody knows": (with_people({**person(BOB, "Shop"), "userLoginMetadata": {"lastSuccessfulLogin": None}}), []),
    "no members": (
        with_group(team("Nobody", held("account-viewer"))),
        [("group_without_members", "low", "Nobody")],
    ),
    "gives nothing": (
        with_group(team("Nothing"), person(BOB, "Nothing", "Shop")),
        [("group_without_permissions", "medium", "Nothing")],
    ),
    "role permissions": (
        with_group(team("Old", held("tenant-viewer", "prod"), held("tenant-viewer", "stag")), person(BOB, "Old")),
        [("role_permissions_end", "high", "Old")],
    ),
    "unused": (
        fine(policies=[policy("Idle")], boundaries=[boundary("Fence", 'storage:dt.security_context = "x";')]),
        [("unused_boundary", "low", "Fence"), ("unused_policy", "low", "Idle")],
    ),
    "hostile": (
        with_group(team("{{ lookup('pipe', 'id') }}"), person(BOB, "{{ lookup('pipe', 'id') }}", "Shop")),
        [("group_without_permissions", "medium", "{{ lookup('pipe', 'id') }}")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_found(start_as: Start, case: str) -> None:
    state, expected = CASES[case]
    assert told(found_in(start_as("published", state))) == expected


@pytest.mark.parametrize(
    ("contract", "age", "expected"),
    [
        ("published", 15, [("pending_invitation", "low", BOB)]),
        ("guide", 15, [("pending_invitation", "medium", BOB)]),
        ("guide", 14, []),
    ],
)
def test_invitations(start_as: Start, contract: str, age: int, expected: list[tuple[str, str, str]]) -> None:
    """One contract tells since when they wait, the other doesn't."""
    state = with_people({**person(BOB, "Shop", status="PENDING"), "createdAt": days_ago(age)})
    assert told(found_in(start_as(contract, state))) == expected


def test_environments_that_should_be_alike(start: Start) -> None:
    state = with_group(team("Half"), person(BOB, "Half"))
    state["bindings"].append(bound(VIEWS, "Half", on="prod"))
    made = start(state)
    assert told(found_in(made)) == []
    (finding,) = found_in(made, siblings=[["Prod", "stag"]])
    assert finding.title == "Opens Prod, but not stag"
    with pytest.raises(InvalidInput, match="There is no environment 'Staging'"):
        found_in(made, siblings=[["Prod", "Staging"]])


def test_policies_that_nobody_may_read(start_as: Start) -> None:
    """Nothing is called unused, and nobody's screen blank, where bindings can't be seen."""
    scopes = ["account-idm-read", "account-env-read", "iam:policies:read", "iam:boundaries:read"]
    clients = [{"client_id": "client", "client_secret": "geheim", "scopes": scopes}]
    state = fine(policies=[policy("Idle")], clients=clients)
    made = start_as("published", state)
    assert told(found_in(made, siblings=[["Prod", "Stag"]])) == []
    with made.client(read_only=True) as client:
        assert [each.partition(":")[0] for each in Map(read_account(client)).unread] == [
            f"policies bound at account {ACCOUNT}",
            "policies bound at environment prod",
            "policies bound at environment stag",
        ]


def test_tokens(start_as: Start) -> None:
    tokens = (
        Token("1", "gone", "left@example.com", environment="prod"),
        Token("2", "off", "left@example.com", enabled=False, environment="prod"),
        Token("5", "over", "left@example.com", environment="prod", expires=days_ago(1)),
        Token("3", "hers", "ADA@example.com"),
        Token("4", "unknown", ""),
    )
    found = found_in(start_as("published", fine()), Beside(tokens=tokens))
    assert told(found) == [("orphaned_token", "high", "gone"), ("orphaned_token", "medium", "unknown")]
    assert "enabled: false" in found[0].fix
    assert 'status: "inactive"' in found[1].fix


def test_scim_and_account_disagree(start_as: Start) -> None:
    state = with_people(person(BOB, "Shop", status="INACTIVE"))
    state["groups"].append(team("Shop", owner="SCIM", id="11111111-2222-3333-4444-555555555555"))
    users = (ScimUser("1", BOB.upper()), ScimUser("2", ADA), ScimUser("3", "nobody@example.com", active=False))
    found = [each for each in found_in(start_as("published", state), Beside(scim_users=users)) if "scim" in each.rule]
    assert told(found) == [("scim_conflict", "high", BOB), ("scim_conflict", "medium", "Shop")]


@pytest.mark.parametrize("name", ["{{ lookup('pipe', 'id') }}", "#jinja2:variable_start_string:'[['\n[[ x ]]"])
def test_no_name_in_a_task_is_a_template(name: str) -> None:
    assert f"    name: !unsafe {json.dumps(name)}\n" in written_task("Look", "dynatrace_group_info", name=name)


def test_limits(start_as: Start) -> None:
    limits = (("A", 80, 100), ("B", 81, 100), ("C", 100, 100), ("D", 5, 0))
    found = found_in(start_as("published", fine()), Beside(limits=limits))
    assert told(found) == [("limit", "high", "C"), ("limit", "medium", "B")]


def test_reading_beside(start_as: Start) -> None:
    """What there are no credentials or scopes for is told, or isn't there."""
    made = start_as("published", fine(platform_tokens=[{"tokenId": "dt0s16.X", "name": "x", "owner": ADA}]))
    with made.client(read_only=True) as client:
        found = read_beside(client, has_scim=False)
    assert [token.name for token in found.tokens] == ["x"]
    assert {name for name, _used, _most in found.limits} >= {"MAX_GROUPS_PER_ACCOUNT", "policies"}
    assert found.unread == ()
    clients = [{"client_id": "client", "client_secret": "geheim", "scopes": ["account-idm-read"]}]
    made = start_as("published", fine(clients=clients))
    with made.client(read_only=True) as client:
        (why,) = read_beside(client, has_scim=False).unread
    assert "platform-token:tokens:manage" in why
