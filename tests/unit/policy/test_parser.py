# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that can be read, and where the others stop being readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.parser import (
    SyntaxProblem,
    parse_boundary,
    parse_statements,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.tree import (
    Condition,
    Permission,
    Position,
    Statement,
)

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"

POLICIES = [
    "",
    "// nothing but a comment",
    "ALLOW settings:schemas:read;",
    "ALLOW settings:schemas:read WHERE null;",
    "allow settings:schemas:read where NULL",
    "ALLOW iam:groups:read, iam:users:read;",
    "ALLOW storage:events.custom:ingest,storage:logs:read;ALLOW storage:buckets:read;",
    'ALLOW settings:objects:read, settings:objects:write WHERE settings:schemaId = "builtin:container.rule";',
    "ALLOW state:app-states:read WHERE shared:app-id = 'my.app' AND shared:app-id != \"it's mine\";",
    'ALLOW a:b:c WHERE global:time-of-day > "09:00+01:00" and global:time-of-day < "17:00+01:00";',
    'ALLOW storage:buckets:read WHERE storage:bucket-name MATCH ("default_*", "common_logs");',
    'ALLOW storage:buckets:read WHERE storage:bucket-name STARTSWITH "log_"; // the rest is not theirs',
    'ALLOW storage:buckets:read WHERE storage:bucket-name not in ("a","b") AND storage:bucket-name Not  startswith "c"',
    "ALLOW environment:roles:viewer WHERE environment:management-zone IN ('${global:userGroup}');",
    'DENY storage:logs:read WHERE storage:host.name="x"; // not this one\r\n\r\nALLOW storage:logs:read',
    'ALLOW storage:files:read WHERE storage:file-path startsWith "//shared/"; // and not //others',
    'ALLOW storage:files:read WHERE storage:file-path = "";',
]
BOUNDARIES = [
    "",
    "storage:dt.security_context = '${bindParam:bucket-name-param}';",
    'storage:host.name="myHost"',
    "storage:dt.security_context = 'alpha';\n//storage:bucket-name = 'alpha';",
    'environment:management-zone startsWith "[Kubernetes]";\n\n\nstorage:k8s.namespace.name IN ("DEV","PREPROD");\n',
    'environment:management-zone IN ("X"); storage:dt.security_context = "X"; settings:dt.security_context IN ("X");',
]

# text, line, column, part of the message
BAD_POLICIES = [
    ("ALOW a:b:c", 1, 1, "Did you mean ALLOW?"),
    ("a:b:c", 1, 1, "Expected ALLOW or DENY"),
    ("ALLOW", 1, 6, "Expected a permission (service:resource:action), found the end"),
    ("ALLOW a:b:c,", 1, 13, "Expected a permission"),
    ("ALLOW a:b:c,;", 1, 13, "Expected a permission"),
    ("ALLOW a:b", 1, 7, "'a:b' is not a permission"),
    ("ALLOW a::c", 1, 7, "'a::c' is not a permission"),
    ("ALLOW a:b:c:d", 1, 7, "'a:b:c:d' is not a permission"),
    ("ALLOW read", 1, 7, "Expected a permission"),
    ('ALLOW "a:b:c"', 1, 7, "Expected a permission"),
    ("ALLOW storage:*:read", 1, 7, "names are written in full"),
    ("ALLOW a:b:c WHERE a:b MATCH (default_*)", 1, 30, 'Values stand in quotes: "default_*"'),
    ("ALLOW a:b:c d:e:f", 1, 13, "Expected ',', WHERE or ';'"),
    ("ALLOW a:b:c WERE d:e = 'f'", 1, 13, "Did you mean WHERE?"),
    ("ALLOW a:b:c\nALLOW d:e:f", 2, 1, "Expected ';' before ALLOW"),
    ("ALLOW a:b:c;;", 1, 13, "Expected ALLOW or DENY"),
    ("ALLOW a:b:c WHERE", 1, 18, "Expected a condition"),
    ("ALLOW a:b:c WHERE a = 'x'", 1, 19, "Expected a condition (service:attribute), found 'a'"),
    ("ALLOW a:b:c WHERE a:b:c = 'x'", 1, 19, "'a:b:c' is not a condition"),
    ("ALLOW a:b:c WHERE null AND a:b = 'c'", 1, 24, "Expected ';', found 'AND'"),
    ("ALLOW a:b:c WHERE a:b", 1, 22, "Expected an operator"),
    ("ALLOW a:b:c WHERE a:b;", 1, 22, "Expected an operator"),
    ("ALLOW a:b:c WHERE a:b == 'c'", 1, 23, "Did you mean =?"),
    ("ALLOW a:b:c WHERE a:b <> 'c'", 1, 23, "Did you mean !=?"),
    ("ALLOW a:b:c WHERE a:b starts 'c'", 1, 23, "Did you mean startsWith?"),
    ("ALLOW a:b:c WHERE a:b LIKE 'c'", 1, 23, "Did you mean MATCH?"),
    ("ALLOW a:b:c WHERE a:b NOT = 'c'", 1, 27, "Write != instead"),
    ("ALLOW a:b:c WHERE a:b NOT MATCH ('c')", 1, 27, "Expected IN or startsWith after NOT"),
    ("ALLOW a:b:c WHERE NOT a:b = 'c'", 1, 19, "NOT belongs to the operator"),
    ("ALLOW a:b:c WHERE a:b = c", 1, 25, 'Values stand in quotes: "c"'),
    ("ALLOW a:b:c WHERE a:b = ", 1, 24, "Expected a quoted value"),
    ("ALLOW a:b:c WHERE a:b = ('c')", 1, 25, "use IN for a list"),
    ("ALLOW a:b:c WHERE a:b != ('c')", 1, 26, "use NOT IN for a list"),
    ("ALLOW a:b:c WHERE a:b startsWith ('c')", 1, 34, "takes one value"),
    ("ALLOW a:b:c WHERE a:b IN 'c'", 1, 26, "IN takes a list"),
    ("ALLOW a:b:c WHERE a:b MATCH 'c*'", 1, 29, "MATCH takes a list"),
    ("ALLOW a:b:c WHERE a:b IN ()", 1, 27, "Expected a quoted value"),
    ("ALLOW a:b:c WHERE a:b IN ('c',)", 1, 31, "Expected a quoted value"),
    ("ALLOW a:b:c WHERE a:b IN ('c' 'd')", 1, 31, "Expected ',' or ')'"),
    ("ALLOW a:b:c WHERE a:b IN ('c'", 1, 30, "Expected ',' or ')'"),
    ("ALLOW a:b:c WHERE a:b = 'c' OR a:b = 'd'", 1, 29, "There is no OR"),
    ("ALLOW a:b:c WHERE a:b = 'c' || a:b = 'd'", 1, 29, "There is no OR"),
    ("ALLOW a:b:c WHERE a:b = 'c' && a:b = 'd'", 1, 29, "Did you mean AND?"),
    ("ALLOW a:b:c WHERE a:b = 'c' ADN a:b = 'd'", 1, 29, "Did you mean AND?"),
    ("ALLOW a:b:c WHERE (a:b = 'c')", 1, 19, "Conditions take no parentheses"),
    ("ALLOW a:b:c WHERE a:b = 'c')", 1, 28, "join them by AND"),
    ("ALLOW a:b:c WHERE a:b = 'c' AND (d:e = 'f')", 1, 33, "Conditions take no parentheses"),
    ("ALLOW a:b:c WHERE a:b = ${bindParam:x}", 1, 25, "Placeholders stand inside a quoted value"),
    ("ALLOW a:b:c WHERE a:b = 'c", 1, 25, "not closed on its line"),
    ("ALLOW a:b:c WHERE a:b = 'c\"", 1, 25, "not closed on its line"),
    ("ALLOW a:b:c WHERE a:b = 'c\n';", 1, 25, "not closed on its line"),
    ("ALLOW a:b:c WHERE a:b = \u201cc\u201d", 1, 25, "plain quotes"),
    ("ALLOW\u00a0a:b:c", 1, 6, "U+00A0 NO-BREAK SPACE"),
    ("ALLOW\x07a:b:c", 1, 6, "Unexpected character U+0007."),
    ("ALLOW a:b:c; # why", 1, 14, "Comments start with //"),
    ("ALLOW a:b:c; /* why */", 1, 14, "Comments start with //"),
    ("ALLOW a:b:c WHERE a:b = 'c'; {", 1, 30, "Unexpected character '{'"),
    # the first problem is told, not the worst
    ("ALOW a:b:c WHERE a:b = 'c", 1, 1, "Did you mean ALLOW?"),
    # lines and columns
    ("// one\r\n// two\r\nALOW", 3, 1, "ALLOW"),
    ("// one\r// two\rALOW", 3, 1, "ALLOW"),
    ("\t\tALOW", 1, 3, "ALLOW"),
    ("ALLOW a:b:c\r\n\tWHERE a:b = 'caf\u00e9 \U0001f600' OR", 2, 23, "There is no OR"),
    ("ALLOW a:b:c // \u00e4\u00f6\u00fc\n  , ,", 2, 5, "Expected a permission"),
    ("ALLOW a:b:c,\n\n\n", 1, 13, "the end of the text"),
]
BAD_BOUNDARIES = [
    ("a:b = 'x' AND c:d = 'y';", 1, 11, "A boundary takes no AND"),
    ("a:b = 'x';\nc:d = 'y' or c:d = 'z';", 2, 11, "A boundary takes no OR"),
    ("(a:b = 'x');", 1, 1, "Conditions take no parentheses"),
    ("a:b = 'x');", 1, 10, "end each with ';'"),
    ("a:b = 'x'\nc:d = 'y';", 2, 1, "Expected ';' after the condition"),
    ("a:b = 'x';;", 1, 11, "Expected a condition"),
    ("ALLOW a:b:c;", 1, 1, "without ALLOW"),
    ("where a:b = 'x'", 1, 1, "without WHERE"),
    ("a:b = 'x', 'y';", 1, 10, "Expected ';' after the condition"),
    ("a:b", 1, 4, "Expected an operator"),
    ("null", 1, 1, "Expected a condition"),
]


class TestReadable:
    """Everything that the service takes."""

    @pytest.mark.parametrize("text", POLICIES)
    def test_policy(self, text: str) -> None:
        assert len(parse_statements(text)) == len(re.findall(r"(?i)^(?:allow|deny)|[\n;](?:allow|deny) ", text))

    @pytest.mark.parametrize("text", BOUNDARIES)
    def test_boundary(self, text: str) -> None:
        assert len(parse_boundary(text)) == len(re.findall(r"(?m)^[a-z]+:|; [a-z]+:", text))

    def test_tree(self) -> None:
        text = (
            "allow storage:logs:read,\n"
            "  storage:spans:read // two\n"
            'where storage:host.name not startswith "a" AND storage:bucket-name MATCH (\'b*\', "c");'
        )
        assert parse_statements(text) == (
            Statement(
                "ALLOW",
                (
                    Permission("storage:logs:read", Position(1, 7)),
                    Permission("storage:spans:read", Position(2, 3)),
                ),
                (
                    Condition("storage:host.name", "NOT startsWith", ("a",), Position(3, 7)),
                    Condition("storage:bucket-name", "MATCH", ("b*", "c"), Position(3, 48)),
                ),
                Position(1, 1),
            ),
        )

    @pytest.mark.parametrize("operator", ["=", "!=", "<", ">", "startsWith", "NOT startsWith"])
    def test_single_operators(self, operator: str) -> None:
        (condition,) = parse_boundary(f"a:b {operator.lower()} 'x'")
        assert (condition.operator, condition.values) == (operator, ("x",))

    @pytest.mark.parametrize("operator", ["IN", "NOT IN", "MATCH"])
    def test_list_operators(self, operator: str) -> None:
        (condition,) = parse_boundary(f"a:b {operator.lower()}('x',\"y\")")
        assert (condition.operator, condition.values) == (operator, ("x", "y"))


class TestUnreadable:
    """The first problem has its line and column, and says what to do."""

    @pytest.mark.parametrize(("text", "line", "column", "message"), BAD_POLICIES)
    def test_policy(self, text: str, line: int, column: int, message: str) -> None:
        with pytest.raises(SyntaxProblem) as problem:
            parse_statements(text)
        assert problem.value.position == Position(line, column)
        assert message in problem.value.message

    @pytest.mark.parametrize(("text", "line", "column", "message"), BAD_BOUNDARIES)
    def test_boundary(self, text: str, line: int, column: int, message: str) -> None:
        with pytest.raises(SyntaxProblem) as problem:
            parse_boundary(text)
        assert problem.value.position == Position(line, column)
        assert message in problem.value.message

    def test_as_text(self) -> None:
        with pytest.raises(ValueError, match=r"^line 1, column 1: Expected ALLOW or DENY"):
            parse_statements("ALOW")


# The reference texts aren't ours to ship, so this test exists only beside them.
if REFERENCE.exists():
    SPANS = [
        span
        for path in sorted(REFERENCE.glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for span in re.findall(r"`([^`]+)`", line)
    ]
    THEIR_POLICIES = [span for span in SPANS if re.match(r"(?:ALLOW|DENY) [\w.-]+:", span)]
    THEIR_BOUNDARIES = [span for span in SPANS if re.match(r"[\w.-]+:[\w.-]+ (?:[=!<>]|IN|NOT|MATCH|startsWith)", span)]

    @pytest.mark.parametrize("text", THEIR_POLICIES)
    def test_their_policies(text: str) -> None:
        """What the reference texts show as a policy."""
        assert parse_statements(text)

    @pytest.mark.parametrize("text", THEIR_BOUNDARIES)
    def test_their_boundaries(text: str) -> None:
        """What the reference texts show as a boundary."""
        assert parse_boundary(text)
