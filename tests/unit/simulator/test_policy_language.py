# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of policies and boundaries, and the policies that are always there."""

from __future__ import annotations

import uuid

import pytest

from tests.simulator.model import PERMISSION_NAMES
from tests.simulator.policy_language import (
    Condition,
    Statement,
    SyntaxProblem,
    bind_parameters,
    parse_boundary,
    parse_policy,
    with_values,
)
from tests.simulator.ready_made import READY_MADE

VIEWER = Statement("ALLOW", ("environment:roles:viewer",), ())


@pytest.mark.parametrize(
    "text",
    [
        "ALLOW environment:roles:viewer;",
        "ALLOW environment:roles:viewer",
        "allow environment:roles:viewer where NULL;",
        "// why\nALLOW\tenvironment:roles:viewer // because;\n;\n// end",
    ],
)
def test_a_statement_can_be_written_in_many_ways(text: str) -> None:
    assert parse_policy(text) == [VIEWER]


def test_several_statements_and_permissions() -> None:
    text = "ALLOW storage:events.custom:read, storage:buckets:read; DENY storage:logs:read;"
    assert parse_policy(text) == [
        Statement("ALLOW", ("storage:events.custom:read", "storage:buckets:read"), ()),
        Statement("DENY", ("storage:logs:read",), ()),
    ]


@pytest.mark.parametrize(
    ("text", "operator", "values"),
    [
        ('= "x"', "=", ("x",)),
        ("= 'x'", "=", ("x",)),
        ('!= "it\'s"', "!=", ("it's",)),
        ('< "2027-01-11Z"', "<", ("2027-01-11Z",)),
        ('> "17:00+01:00"', ">", ("17:00+01:00",)),
        ('startsWith "x"', "startsWith", ("x",)),
        ('STARTSWITH "x"', "startsWith", ("x",)),
        ('not startswith "x"', "NOT startsWith", ("x",)),
        ("IN (\"x\", 'y')", "IN", ("x", "y")),
        ('NOT IN ("x")', "NOT IN", ("x",)),
        ('match ("a_*", "// no comment")', "MATCH", ("a_*", "// no comment")),
    ],
)
def test_operators(text: str, operator: str, values: tuple[str, ...]) -> None:
    expected = Condition("storage:dt.security_context", operator, values)
    assert parse_policy(f"ALLOW a:b:c WHERE storage:dt.security_context {text}")[0].conditions == (expected,)
    assert parse_boundary(f"storage:dt.security_context {text};") == [expected]


def test_conditions_are_joined_by_and() -> None:
    found = parse_policy('ALLOW a:b:c WHERE a:x = "1" AND global:week-day = "Monday" and a:y IN ("2");')
    assert [item.name for item in found[0].conditions] == ["a:x", "global:week-day", "a:y"]
    assert [item.service for item in found[0].conditions] == ["a", "global", "a"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no statement"),
        ("// nothing", "no statement"),
        ("ALLOW", "too early"),
        ("ALLOW a:b;", "column 7"),
        ("ALLOW a:b:c\nDENY a:b:d", "line 2, column 1: unexpected 'DENY'"),
        ('ALLOW a:b:c WHERE a:x = "1" OR a:x = "2";', "column 29"),
        ('ALLOW a:b:c WHERE (a:x = "1");', "unexpected '('"),
        ("ALLOW a:b:c WHERE a:x = 1;", "unexpected '1'"),
        ("ALLOW a:b:c WHERE;", "unexpected ';'"),
        ("ALLOW a:b:c;;", "unexpected ';'"),
        ("GRANT a:b:c;", "unexpected 'G'"),
        ("ALLOW a:b:c WHERE a:x IN ();", "unexpected ')'"),
    ],
)
def test_what_is_no_policy(text: str, reason: str) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse_policy(text)
    assert reason in str(problem.value)


def test_a_boundary_has_a_condition_a_line_and_maybe_no_semicolon_at_the_end() -> None:
    text = 'environment:management-zone IN ("X");\nstorage:dt.security_context IN ("X"); settings:schemaId = "y"'
    names = [item.name for item in parse_boundary(text)]
    assert names == ["environment:management-zone", "storage:dt.security_context", "settings:schemaId"]


@pytest.mark.parametrize("text", ["", ";", 'a:b = "x" AND a:c = "y";', 'a:b = "x" a:c = "y"', "ALLOW a:b:c;"])
def test_what_is_no_boundary(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_boundary(text)


def test_parameters() -> None:
    text = 'ALLOW a:b:c WHERE a:x = "pre-${bindParam:one}" AND a:y IN ("${bindParam:two-x}", "${global:levelId}");'
    assert bind_parameters(text) == {"one", "two-x"}
    conditions = [with_values(item, {"one": "1"}) for item in parse_policy(text)[0].conditions]
    assert [item.values for item in conditions] == [("pre-1",), ("${bindParam:two-x}", "${global:levelId}")]


def test_each_ready_made_policy_is_one() -> None:
    assert len({policy.name for policy in READY_MADE.values()}) == len(READY_MADE) == 38
    for policy in READY_MADE.values():
        assert str(uuid.UUID(policy.uuid)) == policy.uuid
        assert {item.effect for item in parse_policy(policy.statement)} == {"ALLOW"}


def test_each_tenant_role_but_one_has_a_ready_made_policy() -> None:
    statements = {policy.statement for policy in READY_MADE.values() if policy.name.startswith("Environment role - ")}
    roles = {name.removeprefix("tenant-") for name in PERMISSION_NAMES if name.startswith("tenant-")}
    assert statements == {f"ALLOW environment:roles:{role};" for role in roles - {"manage-support-tickets"}}
