# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told about a policy, a boundary, and both of them bound."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.permissions import TENANT_PERMISSIONS
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy import reference
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.findings import (
    check_binding,
    check_boundary,
    check_statements,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.tree import Finding

Told = tuple[str, str, int, int]


def told(findings: Iterable[Finding]) -> list[Told]:
    """Severity, code, line and column of each."""
    return [(found.severity, found.code, found.line, found.column) for found in findings]


LOGS = "ALLOW storage:logs:read"
ZONE_TRIPLE = (
    "environment:management-zone = 'X'; storage:dt.security_context = 'X'; settings:dt.security_context = 'X';"
)


class TestStatements:
    """A policy by itself."""

    @pytest.mark.parametrize(
        "text",
        [
            f"{LOGS};",
            f"{LOGS} WHERE storage:host.name = 'x' AND global:week-day IN ('Monday');",
            f"{LOGS} WHERE storage:host.name = '${{bindParam:x}}';",
            "ALLOW environment:roles:viewer WHERE environment:management-zone IN ('${global:userGroup}');",
            "ALLOW environment:roles:viewer WHERE global:environmentId = 'abc' AND global:userGroup = 'x';",
            "DENY storage:logs:read WHERE storage:host.name = 'x';",
            # one of both knows it
            "ALLOW app-engine:edge-connects:write, oauth2:clients:manage WHERE oauth2:scopes = 'x';",
        ],
    )
    def test_nothing(self, text: str) -> None:
        assert check_statements(text, "policy") == ()

    @pytest.mark.parametrize(
        ("text", "severity", "code", "line", "column", "message"),
        [
            ("ALOW", "error", "syntax", 1, 1, "ALLOW"),
            (f"{LOGS} WHERE storage:host.name ~ 'x'", "error", "unknown-operator", 1, 49, "MATCH"),
            (
                f"{LOGS} WHERE storage:host.name != 'x'",
                "warning",
                "unknown-operator",
                1,
                31,
                "=, IN, MATCH, startsWith",
            ),
            (f"{LOGS} WHERE storage:host.nam = 'x'", "warning", "unknown-condition", 1, 31, "storage:host.name?"),
            (
                f"{LOGS} WHERE environment:management-zone = 'x'",
                "warning",
                "idle-condition",
                1,
                31,
                "storage:logs:read",
            ),
            (f"{LOGS};\nDENY storage:logs:read;", "warning", "unconditional-deny", 2, 1, "storage:logs:read"),
            (
                f"{LOGS};\nDENY storage:logs:read WHERE null;",
                "warning",
                "unconditional-deny",
                2,
                1,
                "storage:logs:read",
            ),
            (f"{LOGS},\n  storage:log:read;", "warning", "unknown-permission", 2, 3, "Did you mean storage:logs:read?"),
            ("ALLOW qqq:www:eee;", "warning", "unknown-permission", 1, 7, "no permission qqq:www:eee."),
            ("ALLOW qqq:www:eee WHERE storage:host.name < 'x';", "warning", "unknown-operator", 1, 25, "<"),
            (f"{LOGS} WHERE storage:host.name = '-${{b:x}}'", "warning", "unknown-placeholder", 1, 53, "${b:x}"),
            ("// nothing", "warning", "empty", 1, 1, "no statement"),
            ((f"{LOGS};\n" * 101), "error", "too-many-statements", 101, 1, "at most 100"),
        ],
    )
    def test_one(self, text: str, severity: str, code: str, line: int, column: int, message: str) -> None:
        findings = check_statements(text, "Policy A")
        assert (severity, code, line, column) in told(findings)
        assert len(findings) == (2 if "qqq:www:eee WHERE" in text else 1)
        assert message in " ".join(found.message for found in findings)
        assert {found.source for found in findings} == {"Policy A"}

    def test_a_hundred(self) -> None:
        assert check_statements(f"{LOGS};\n" * 100, "policy") == ()

    def test_narrower_operators_of_one_permission(self) -> None:
        text = "ALLOW storage:logs:read, storage:entities:read WHERE storage:dt.security_context MATCH ('x');"
        assert told(check_statements(text, "p")) == [("warning", "unknown-operator", 1, 54)]
        assert check_statements(text.replace(", storage:entities:read", ""), "p") == ()

    def test_as_text(self) -> None:
        (finding,) = check_statements("ALOW", "Policy A")
        assert str(finding) == (
            "Policy A, line 1, column 1: Expected ALLOW or DENY, found 'ALOW'. Did you mean ALLOW? [syntax]"
        )


class TestBoundary:
    """A boundary by itself."""

    @pytest.mark.parametrize(
        "text",
        [
            ZONE_TRIPLE,
            "storage:dt.security_context = 'x'",
            "storage:dt.security_context = '${bindParam:x}';",
            "storage:host.name = 'x';\n" * 10,
        ],
    )
    def test_nothing(self, text: str) -> None:
        assert check_boundary(text, "boundary") == ()

    @pytest.mark.parametrize(
        ("text", "severity", "code", "line", "column", "message"),
        [
            ("storage:host.name = 'x' AND", "error", "syntax", 1, 25, "no AND"),
            ("storage:host.name => 'x'", "error", "unknown-operator", 1, 19, "There is no operator"),
            ("storage:host.name > 'x'", "warning", "unknown-operator", 1, 1, "unusual"),
            ("storage:hostname = 'x'", "warning", "unknown-condition", 1, 1, "Did you mean storage:host.name?"),
            ("storage:host.name = '${x}'", "warning", "unknown-placeholder", 1, 22, "${x}"),
            ("\n", "warning", "empty", 1, 1, "restricts nothing"),
            ("storage:host.name = 'x';\n" * 11, "error", "too-many-conditions", 11, 1, "at most 10"),
            (
                "storage:host.name = 'x';\nenvironment:management-zone = 'X';",
                "warning",
                "incomplete-zone-boundary",
                2,
                1,
                "settings:dt.security_context and storage:dt.security_context",
            ),
            (
                ZONE_TRIPLE.rpartition("settings:")[0],
                "warning",
                "incomplete-zone-boundary",
                1,
                1,
                "add settings:dt.security_context to",
            ),
        ],
    )
    def test_one(self, text: str, severity: str, code: str, line: int, column: int, message: str) -> None:
        (finding,) = check_boundary(text, "Boundary A")
        assert told([finding]) == [(severity, code, line, column)]
        assert message in finding.message
        assert finding.source == "Boundary A"


def bound(policy: str, *boundaries: str, **parameters: str) -> tuple[Finding, ...]:
    """The findings for one policy with boundaries named 1, 2 and so on."""
    named = [(str(number), text) for number, text in enumerate(boundaries, start=1)]
    return check_binding([("policy", policy)], named, parameters, "the binding")


HOST, CONTEXT = "storage:host.name = 'x';", "storage:dt.security_context = 'x';"
BOTH = "ALLOW storage:logs:read, storage:entities:read;"


class TestParameters:
    """What a binding must supply."""

    def test_all_supplied(self) -> None:
        policy = f"{LOGS} WHERE storage:host.name = '${{bindParam:host}}';"
        assert bound(policy, "storage:dt.security_context = '${bindParam:team}';", host="x", team="y") == ()

    def test_unbound(self) -> None:
        findings = bound(f"{LOGS}\nWHERE storage:host.name = '\u00e9${{bindParam:host}}';", hots="x")
        assert told(findings) == [("error", "unbound-parameter", 2, 29), ("warning", "unused-parameter", 0, 0)]
        assert [found.source for found in findings] == ["policy", "the binding"]
        assert findings[0].message == "the binding gives no parameter host. Did you mean hots?"
        assert str(findings[1]) == "the binding: Nothing uses the parameter hots. [unused-parameter]"

    def test_unbound_in_boundary(self) -> None:
        (finding,) = bound(LOGS, "storage:dt.security_context IN ('x',\n'${bindParam:team}');")
        assert (told([finding]), finding.source) == ([("error", "unbound-parameter", 2, 2)], "1")

    def test_unreadable_text(self) -> None:
        assert told(bound("GRANT '${bindParam:x}'", HOST)) == [("error", "unbound-parameter", 1, 8)]
        assert bound("GRANT '${bindParam:x}'", HOST, x="y") == ()


class TestReach:
    """Which permissions a boundary restricts."""

    @pytest.mark.parametrize(
        ("policy", "boundary"),
        [
            (LOGS, HOST),
            (BOTH, CONTEXT),
            (BOTH, "global:week-day = 'Monday';"),
            ("ALLOW document:documents:read;", "global:week-day = 'Monday';"),
            ("ALLOW environment:roles:viewer;", ZONE_TRIPLE),
            # a permission of the service that the reference doesn't have
            ("ALLOW storage:new.table:read;", HOST),
            # the same for a condition
            (LOGS, "storage:new.field = 'x';"),
        ],
    )
    def test_nothing(self, policy: str, boundary: str) -> None:
        assert bound(policy, boundary) == ()

    def test_no_boundary(self) -> None:
        assert bound(f"{LOGS}; DENY storage:spans:read;") == ()

    @pytest.mark.parametrize(
        ("policy", "boundary", "severity", "column", "names"),
        [
            (
                LOGS,
                "environment:management-zone = 'x';",
                "error",
                7,
                "restrict any of the permissions: storage:logs",
            ),
            (LOGS, "", "error", 7, "storage:logs:read"),
            ("ALLOW document:documents:read;", HOST, "error", 7, "document:documents:read"),
            (BOTH, HOST, "warning", 26, "not restrict these permissions: storage:entities:read."),
            ("ALLOW acme:x:read;", HOST, "warning", 7, "as far as the reference knows: acme:x:read"),
            ("ALLOW document:documents:read, acme:x:read;", HOST, "warning", 7, "document:documents:read, acme:x:read"),
            (LOGS, "acme:x = 'x';", "warning", 7, "storage:logs:read"),
        ],
    )
    def test_unrestricted(self, policy: str, boundary: str, severity: str, column: int, names: str) -> None:
        (finding,) = bound(policy, boundary)
        assert told([finding]) == [(severity, "unrestricted-permission", 1, column)]
        assert names in finding.message
        assert "the binding" in finding.message
        assert finding.source == "policy"

    def test_many_are_counted(self) -> None:
        names = ", ".join(f"document:documents:{action}" for action in ("read", "write", "delete", "admin"))
        (finding,) = bound(f"ALLOW {names}, hub:catalog:read, email:emails:send;", HOST)
        assert finding.message.endswith("document:documents:admin, hub:catalog:read and 1 more.")

    def test_idle_condition(self) -> None:
        (finding,) = bound(LOGS, f"{HOST}\nextensions:host = 'x';")
        assert (told([finding]), finding.source) == ([("warning", "idle-condition", 2, 1)], "1")

    def test_deny(self) -> None:
        (finding,) = bound(f"{LOGS};\nDENY storage:spans:read;", HOST)
        assert (told([finding]), finding.source) == ([("warning", "boundary-on-deny", 2, 1)], "policy")
        assert told(bound("DENY storage:spans:read;", HOST)) == [("warning", "boundary-on-deny", 1, 1)]


class TestUnion:
    """Several boundaries are united."""

    def test_both_restrict(self) -> None:
        (finding,) = bound(LOGS, HOST, CONTEXT)
        assert (told([finding]), finding.source) == ([("warning", "widening-boundary", 1, 1)], "2")
        assert "adds access to that of 1" in finding.message

    @pytest.mark.parametrize("boundaries", [(HOST, CONTEXT), (CONTEXT, HOST)])
    def test_one_leaves_open(self, boundaries: tuple[str, str]) -> None:
        (finding,) = bound(BOTH, *boundaries)
        assert told([finding]) == [("error", "widening-boundary", 1, 1)]
        assert finding.source == str(boundaries.index(HOST) + 1)
        assert "storage:entities:read" in finding.message

    def test_each_has_its_own_service(self) -> None:
        findings = bound(f"{LOGS}, environment:roles:viewer;", HOST, "environment:management-zone = 'x';")
        assert told(findings) == [("error", "widening-boundary", 1, 1)] * 2
        assert [found.message.rpartition(": ")[2] for found in findings] == [
            "environment:roles:viewer.",
            "storage:logs:read.",
        ]

    def test_open_in_both(self) -> None:
        findings = bound(f"{LOGS}, document:documents:read;", HOST, CONTEXT)
        assert told(findings) == [
            ("warning", "unrestricted-permission", 1, 26),
            ("warning", "widening-boundary", 1, 1),
        ]

    def test_doubt_is_a_warning(self) -> None:
        findings = bound("ALLOW storage:new.table:read;", HOST, "acme:x = 'x';")
        assert ("warning", "widening-boundary", 1, 1) in told(findings)
        assert "error" not in {found.severity for found in findings}


class TestReference:
    """Facts that the rest stands on."""

    def test_what_conditions_take(self) -> None:
        assert {name for names in reference.CONDITIONS.values() for name in names} <= reference.OPERATORS.keys()
        unused = reference.OPERATORS.keys() - {name for names in reference.CONDITIONS.values() for name in names}
        assert {name.partition(":")[0] for name in unused} == {"global"}

    def test_size(self) -> None:
        assert (len(reference.CONDITIONS), len(reference.ATTRIBUTES)) == (160, 54)
        assert len(reference.CONDITIONS["storage:events:read"]) == 13

    def test_merged_rows(self) -> None:
        assert reference.CONDITIONS["settings:objects:read"] == {
            "environment:management-zone",
            "settings:dt.security_context",
            "settings:entity.hostGroup",
            "settings:schemaGroup",
            "settings:schemaId",
            "settings:scope",
            "shared:app-id",
        }

    @pytest.mark.parametrize(
        ("attribute", "permission", "operators"),
        [
            ("shared:app-id", "app-engine:certificates:create", {"=", "IN", "startsWith"}),
            ("oauth2:scopes", "oauth2:clients:manage", {"=", "NOT IN"}),
            ("storage:dt.security_context", "storage:logs:read", {"=", "IN", "MATCH", "startsWith"}),
            ("storage:dt.security_context", "storage:entities:read", {"=", "IN", "startsWith"}),
            ("acme:x", "storage:logs:read", set()),
        ],
    )
    def test_operators(self, attribute: str, permission: str, operators: set[str]) -> None:
        assert reference.operators_of(attribute, permission) == operators

    def test_environment_roles(self) -> None:
        assert set(TENANT_PERMISSIONS) - reference.ENVIRONMENT_ROLES.keys() == {"tenant-manage-support-tickets"}
        assert {role.permission for role in reference.ENVIRONMENT_ROLES.values()} <= reference.CONDITIONS.keys()
        assert reference.ENVIRONMENT_ROLES["tenant-logviewer"] == (
            "environment:roles:logviewer",
            "Environment role - View logs",
        )
        zoneless = [
            name
            for name, role in reference.ENVIRONMENT_ROLES.items()
            if reference.ZONE not in reference.CONDITIONS[role.permission]
        ]
        assert sorted(zoneless) == ["tenant-agent-install", "tenant-configure-request-capture-data"]
