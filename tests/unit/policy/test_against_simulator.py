# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two readers of the language, written without knowledge of each other: they take the same texts to mean the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._policy import parser as ours
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.tree import SyntaxProblem
from tests.simulator import policy_language as theirs

NAMES = ("storage:logs:read", "environment:roles:viewer", "a:b.c-d:e_f", "app-engine:apps:run")
ATTRIBUTES = ("storage:bucket-name", "environment:management-zone", "global:date", "in:not", "where:null")
TEXTS = ('"x"', "'y'", '"it\'s"', "'say \"no\"'", '""', '"${bindParam:a}"', '"a;b"', '"// no comment"', '"ä\u00a0b"')
OPERATORS = ("=", "!=", "<", ">", "startsWith", "NOT startsWith", "IN", "NOT IN", "MATCH")
BLANKS = (" ", "  ", "\n", "\r\n", "\t", " // why; not\n")
MARKS = (*"=<>(),;!", "!=", "==", "*", '"', "//")
WORDS = ("ALLOW", "deny", "WHERE", "and", "OR", "NULL", "IN", "NOT", "MATCH", "startsWith", "a:b", "a", "x:y:z:w")
PIECES = (*NAMES, *ATTRIBUTES, *TEXTS, *WORDS, *MARKS)
KEYWORDS = "allow|deny|where|and|null|in|not|match|startswith"
DIFFERENCES = {
    "a keyword stuck to the next word": (rf"(?i)(?<![\w.:-])({KEYWORDS})[\w.:-]", "ALLOWa:b:c", False),
    "a name that begins with a dash": (r"(?<![\w.:*-])-", "ALLOW -a:b:c", False),
    "a dot in the name of a service": (r"(?<![\w.:-])[\w-]*\.[\w.-]*:", "ALLOW a.b:c:d", True),
    "letters and blanks beyond ASCII": (r"[^\x00-\x7f]", "ALLOW \u00e4:b:c", False),
    "other characters that are blank": (r"[\x0b\x0c\x1c-\x1f]", "ALLOW\fa:b:c", False),
    "a comment that ends with CR": (r"//[^\n]*\r(?!\n)", "// x\rALLOW a:b:c", True),
    "a CR in a value": (r"\r", 'ALLOW a:b:c WHERE a:b = "x\ry"', False),
}


def spelled(draw: st.DrawFn, *words: str) -> str:
    """Words with blanks between them, keywords in whatever case."""
    cases = (str, str.lower, str.upper, str.title)
    parts = [draw(st.sampled_from(cases))(word) if word.isalpha() else word for word in words]
    return "".join(part + draw(st.sampled_from(BLANKS)) for part in parts)


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """One condition."""
    name, operator = draw(st.sampled_from(ATTRIBUTES)), draw(st.sampled_from(OPERATORS))
    if operator not in ("IN", "NOT IN", "MATCH"):
        return spelled(draw, name, *operator.split(" "), draw(st.sampled_from(TEXTS)))
    first, *others = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
    more = [part for text in others for part in (",", text)]
    return spelled(draw, name, *operator.split(" "), "(", first, *more, ")")


@st.composite
def policies(draw: st.DrawFn) -> str:
    """Some statements."""
    found = []
    for _number in range(draw(st.integers(1, 3))):
        names = " , ".join(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))).split(" ")
        text = spelled(draw, draw(st.sampled_from(["ALLOW", "DENY"])), *names)
        where = draw(st.lists(conditions(), max_size=3))
        found.append(text + (f"WHERE {' AND '.join(where)}" if where else draw(st.sampled_from(["", "where NULL"]))))
    return ";".join(found) + draw(st.sampled_from(["", ";", ";\n"]))


@st.composite
def boundaries(draw: st.DrawFn) -> str:
    """Some conditions."""
    return ";".join(draw(st.lists(conditions(), min_size=1, max_size=3))) + draw(st.sampled_from(["", ";", ";\n"]))


@st.composite
def mutated(draw: st.DrawFn, whole: st.SearchStrategy[str]) -> str:
    """A text of which something was cut, or into which something got by mistake."""
    text = draw(whole)
    for _number in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 6)))
        text = text[:start] + draw(st.sampled_from(["", " ", *PIECES])) + text[end:]
    return text


def read_by_us(text: str, kind: str) -> Any:
    """What we read, in plain values; None for what we refuse."""
    try:
        if kind == "boundary":
            return [(each.name, each.operator, each.values) for each in ours.parse_boundary(text)]
        return [
            (
                each.effect,
                tuple(one.name for one in each.permissions),
                tuple((one.name, one.operator, one.values) for one in each.conditions),
            )
            for each in ours.parse_statements(text)
        ]
    except SyntaxProblem:
        return None


def read_by_them(text: str, kind: str) -> Any:
    """The same for the simulator."""
    try:
        if kind == "boundary":
            return [(each.name, each.operator, each.values) for each in theirs.parse_boundary(text)]
        return [
            (each.effect, each.permissions, tuple((one.name, one.operator, one.values) for one in each.conditions))
            for each in theirs.parse_policy(text)
        ]
    except theirs.SyntaxProblem:
        return None


def compare(text: str, kind: str) -> None:
    """Both take a text for the same, or both refuse it, or it is a difference that we want."""
    found, wanted = read_by_us(text, kind), read_by_them(text, kind)
    event("accepted" if found else "refused")
    if (found or None) != wanted:
        reasons = [name for name, (pattern, *_more) in DIFFERENCES.items() if re.search(pattern, text)]
        event(f"different: {reasons}")
        assert reasons
        assert found is None or wanted is None


@pytest.mark.parametrize(("pattern", "text", "ours_takes_it"), DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_differences(pattern: str, text: str, ours_takes_it: bool) -> None:
    """Where nothing is documented we refuse what is more likely a slip than meant, and read what any editor may write.

    Only what we take and the service doesn't could fail late; the service then says so before it stores anything.
    """
    assert re.search(pattern, text)
    assert (read_by_us(text, "policy") is not None) is ours_takes_it
    assert (read_by_them(text, "policy") is not None) is not ours_takes_it


@given(policies())
def test_policies(text: str) -> None:
    assert read_by_us(text, "policy")
    compare(text, "policy")


@given(boundaries())
def test_boundaries(text: str) -> None:
    assert read_by_us(text, "boundary")
    compare(text, "boundary")


@given(mutated(policies()))
def test_mutated_policies(text: str) -> None:
    compare(text, "policy")


@given(mutated(boundaries()))
def test_mutated_boundaries(text: str) -> None:
    compare(text, "boundary")


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(["policy", "boundary"]))
def test_words_in_any_order(pieces: list[str], kind: str) -> None:
    compare(" ".join(pieces), kind)


@pytest.mark.parametrize("text", ["", " \n", "// nothing"])
@pytest.mark.parametrize("kind", ["policy", "boundary"])
def test_nothing_at_all(text: str, kind: str) -> None:
    """We read it, and look for what is in it; to the service it is no policy and no boundary."""
    assert read_by_us(text, kind) == []
    assert read_by_them(text, kind) is None
    assert not re.search(r"\w", text.partition("//")[0])
