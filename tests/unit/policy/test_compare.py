# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that mean the same, and texts of any kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.compare import (
    parameters_of,
    same_boundary,
    same_statements,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.findings import (
    check_binding,
    check_boundary,
    check_statements,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.parser import (
    parse_boundary,
    parse_statements,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.tree import (
    Condition,
    Permission,
    Position,
    Statement,
    SyntaxProblem,
)

NOWHERE = Position(0, 0)
PARTS = st.from_regex(r"[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,8}[a-zA-Z0-9_])?", fullmatch=True)
# A value holds one kind of quotes at most, or it could not be written.
VALUES = st.text(st.characters(exclude_characters="\r\n'", codec="utf-8"), max_size=12)
SINGLE = st.sampled_from(["=", "!=", "<", ">", "startsWith", "NOT startsWith"])
LISTS = st.sampled_from(["IN", "NOT IN", "MATCH"])
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.builds("{}:{}".format, PARTS, PARTS),
        SINGLE,
        st.tuples(VALUES),
        st.just(NOWHERE),
    ),
    st.builds(
        Condition,
        st.builds("{}:{}".format, PARTS, PARTS),
        LISTS,
        st.lists(VALUES, min_size=1, max_size=3).map(tuple),
        st.just(NOWHERE),
    ),
)
PERMISSIONS = st.builds(Permission, st.builds("{}:{}:{}".format, PARTS, PARTS, PARTS), st.just(NOWHERE))
STATEMENTS = st.builds(
    Statement,
    st.sampled_from(["ALLOW", "DENY"]),
    st.lists(PERMISSIONS, min_size=1, max_size=3).map(tuple),
    st.lists(CONDITIONS, max_size=3).map(tuple),
    st.just(NOWHERE),
)
POLICIES = st.lists(STATEMENTS, max_size=4).map(tuple)
QUERIES = st.lists(CONDITIONS, max_size=4).map(tuple)
BLANKS = st.sampled_from([" ", "\t", "\n", "\r\n", "  ", " // no; WHERE \u00e4 'x\n", "\n//\r\n"])
GAPS = st.one_of(st.just(""), BLANKS)
# Pieces of the language in any order: nearly right texts are found more often than among all texts.
PIECES = st.lists(
    st.sampled_from(
        [
            *("ALLOW", "deny", "WHERE", "null", "AND", "OR", "NOT", "in", "MATCH", "startsWith", "=", "!=", "<", "=="),
            *(
                "a:b:c",
                "a:b",
                "a",
                "'x'",
                '"y',
                "(",
                ")",
                ",",
                ";",
                "//",
                "\n",
                "\r",
                "\u00e9",
                "${bindParam:x}",
                "#",
                "*",
            ),
        ]
    ),
    max_size=20,
).map(" ".join)


class Writer:
    """Writes a tree in one of the many ways there are."""

    def __init__(self, data: st.DataObject) -> None:
        self.draw = data.draw

    def keyword(self, text: str) -> str:
        shown = [self.draw(st.sampled_from([word.upper(), word.lower(), word.title(), word])) for word in text.split()]
        return self.draw(BLANKS).join(shown)

    def value(self, text: str) -> str:
        quote = "'" if '"' in text else self.draw(st.sampled_from("\"'"))
        return f"{self.draw(GAPS)}{quote}{text}{quote}{self.draw(GAPS)}"

    def condition(self, condition: Condition) -> str:
        values = ",".join(self.value(value) for value in condition.values)
        if condition.operator in ("IN", "NOT IN", "MATCH"):
            values = f"{self.draw(GAPS)}({values})"
        gap = self.draw(BLANKS if condition.operator[0].isalpha() else GAPS)
        return f"{condition.name}{gap}{self.keyword(condition.operator)}{values}"

    def statement(self, statement: Statement) -> str:
        permissions = f"{self.draw(GAPS)},{self.draw(GAPS)}".join(each.name for each in statement.permissions)
        text = f"{self.keyword(statement.effect)}{self.draw(BLANKS)}{permissions}"
        if statement.conditions:
            conditions = [self.condition(each) for each in statement.conditions]
            joined = "".join(
                f"{self.draw(BLANKS)}{self.keyword(word)}{self.draw(BLANKS)}{condition}"
                for word, condition in zip(["WHERE", *["AND"] * 3], conditions, strict=False)
            )
            return f"{text}{joined}{self.draw(GAPS)}"
        return text + self.draw(st.sampled_from(["", " WHERE null", "\nwhere\tNULL "]))

    def ended(self, parts: list[str]) -> str:
        last = self.draw(st.sampled_from([";", ""])) if parts else ""
        return self.draw(GAPS) + f";{self.draw(GAPS)}".join(parts) + last + self.draw(GAPS)


def placeless(condition: Condition) -> Condition:
    """The condition without its place."""
    return replace(condition, position=NOWHERE)


def bare(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements without their places."""
    return tuple(
        replace(
            each,
            position=NOWHERE,
            permissions=tuple(replace(permission, position=NOWHERE) for permission in each.permissions),
            conditions=tuple(placeless(condition) for condition in each.conditions),
        )
        for each in statements
    )


def problem_of(parse: Callable[[str], object], text: str) -> SyntaxProblem | None:
    """What is wrong with the text; any other exception gets through."""
    try:
        parse(text)
    except SyntaxProblem as problem:
        return problem
    return None


class TestRoundTrip:
    """However a tree is written, it is read as that tree."""

    @given(POLICIES, st.data())
    def test_policy(self, tree: tuple[Statement, ...], data: st.DataObject) -> None:
        writer = Writer(data)
        texts = [writer.ended([writer.statement(each) for each in tree]) for _attempt in range(2)]
        assert [bare(parse_statements(text)) for text in texts] == [tree, tree]
        assert same_statements(*texts)
        shuffled = data.draw(st.permutations(tree))
        assert same_statements(texts[0], writer.ended([writer.statement(each) for each in shuffled]))

    @given(QUERIES, st.data())
    def test_boundary(self, tree: tuple[Condition, ...], data: st.DataObject) -> None:
        writer = Writer(data)
        texts = [writer.ended([writer.condition(each) for each in tree]) for _attempt in range(2)]
        assert [tuple(placeless(each) for each in parse_boundary(text)) for text in texts] == [tree, tree]
        assert same_boundary(*texts)

    @given(POLICIES, STATEMENTS, st.data())
    def test_one_more_differs(self, tree: tuple[Statement, ...], more: Statement, data: st.DataObject) -> None:
        writer = Writer(data)
        text, longer = (writer.ended([writer.statement(each) for each in some]) for some in (tree, (*tree, more)))
        plain = {(each.effect, each.permissions, each.conditions) for each in tree}
        if same_statements(text, longer):
            assert any(set(more.permissions) == set(permissions) for _effect, permissions, _conditions in plain)


class TestAnyText:
    """No text is too strange to be read or refused in its right place."""

    @given(st.one_of(st.text(), PIECES))
    @example("\r")
    @example("ALLOW a:b:c\r\n\r\n,")
    def test_read_or_refused(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for problem in (problem_of(parse_statements, text), problem_of(parse_boundary, text)):
            if problem is not None:
                assert 1 <= problem.position.line <= len(lines)
                assert 1 <= problem.position.column <= len(lines[problem.position.line - 1]) + 1

    @given(st.one_of(st.text(), PIECES))
    def test_findings(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        found = [
            *check_statements(text, "policy"),
            *check_boundary(text, "boundary"),
            *check_binding([("policy", text)], [("boundary", text), ("other", "a:b = 'x'")], {}, "binding"),
        ]
        assert all(finding.line <= len(lines) for finding in found)
        assert {finding.source for finding in found} <= {"policy", "boundary", "other"}

    @given(st.one_of(st.text(), PIECES))
    def test_same_as_itself(self, text: str) -> None:
        assert same_statements(text, text)
        assert same_boundary(text, text)


SAME = [
    ("ALLOW a:b:c;", "allow a:b:c where null"),
    ("ALLOW a:b:c, d:e:f;", "ALLOW d:e:f,a:b:c;"),
    ("ALLOW a:b:c; DENY d:e:f;", "DENY d:e:f; // first\nALLOW a:b:c;"),
    ("ALLOW a:b:c WHERE a:b IN ('x', 'y');", 'ALLOW a:b:c WHERE a:b in ("y", "x");'),
    ("ALLOW a:b:c WHERE a:b = 'x' AND c:d = 'y';", "ALLOW a:b:c WHERE c:d = 'y' and a:b = 'x'"),
    ("ALLOW a:b:c;\r\nALLOW d:e:f;\r\n", "ALLOW a:b:c;\nALLOW d:e:f;"),
    ("GRANT a:b:c\r\n", "GRANT a:b:c\n"),
]
DIFFERENT = [
    ("ALLOW a:b:c;", "DENY a:b:c;"),
    ("ALLOW a:b:c;", "ALLOW a:b:C;"),
    ("ALLOW a:b:c;", ""),
    ("ALLOW a:b:c, d:e:f;", "ALLOW a:b:c;"),
    ("ALLOW a:b:c;", "ALLOW a:b:c WHERE a:b = 'x';"),
    ("ALLOW a:b:c WHERE a:b = 'x';", "ALLOW a:b:c WHERE a:b = 'X';"),
    ("ALLOW a:b:c WHERE a:b = 'x';", "ALLOW a:b:c WHERE a:b = ' x';"),
    ("ALLOW a:b:c WHERE a:b = 'x';", "ALLOW a:b:c WHERE a:b != 'x';"),
    ("ALLOW a:b:c WHERE a:b IN ('x');", "ALLOW a:b:c WHERE a:b NOT IN ('x');"),
    ("ALLOW a:b:c WHERE a:b IN ('x', 'y');", "ALLOW a:b:c WHERE a:b IN ('x');"),
    ("ALLOW a:b:c WHERE a:b = 'x'; ALLOW d:e:f;", "ALLOW a:b:c; ALLOW d:e:f WHERE a:b = 'x';"),
    ("GRANT a:b:c", "GRANT a:b:d"),
    ("GRANT a:b:c", "ALLOW a:b:c"),
]


class TestComparison:
    """What counts, and what doesn't."""

    @pytest.mark.parametrize(("one", "other"), SAME)
    def test_same(self, one: str, other: str) -> None:
        assert same_statements(one, other)
        assert same_statements(other, one)

    @pytest.mark.parametrize(("one", "other"), DIFFERENT)
    def test_different(self, one: str, other: str) -> None:
        assert not same_statements(one, other)
        assert not same_statements(other, one)

    def test_boundaries(self) -> None:
        assert same_boundary("a:b = 'x'; c:d IN ('y','z');", '// both\nc:d IN ("z", "y");\na:b = "x"')
        assert not same_boundary("a:b = 'x';", "a:b = 'y';")
        assert not same_boundary("a:b = 'x';", "a:b = 'x' AND c:d = 'y';")

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("ALLOW a:b:c;", set()),
            (
                "ALLOW a:b:c WHERE a:b = '${bindParam:one}-${bindParam:two}' AND c:d IN ('x', \"${bindParam:one}\")",
                {"one", "two"},
            ),
            ("a:b = '${bindParam:team-name}';", {"team-name"}),
            ("ALLOW a:b:c WHERE a:b = '${global:levelId}${other:x}${bindParam:}${bindParam:open';", set()),
            ("ALLOW a:b:c; // '${bindParam:not}'", set()),
            ("GRANT a:b:c # '${bindParam:yes}'", {"yes"}),
        ],
    )
    def test_parameters(self, text: str, names: set[str]) -> None:
        assert parameters_of(text) == names
