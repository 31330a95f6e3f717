# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about the language: its examples are what it says they are, and no code is missing from it."""

from __future__ import annotations

import ast
import re
import textwrap

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._policy import binding, findings, parser
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.findings import (
    check_binding,
    check_boundary,
    check_statements,
)
from tests.tools.tree import ROOT

PAGE = (ROOT / "docs/docsite/rst/policy_language.rst").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^([a-z-]+)\n~+\n(.*?)(?=^[^\n]+\n[-~]{3,}\n|\Z)", PAGE, re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^\.\. code-block:: text\n\n((?:   .*\n|\n)+)", re.MULTILINE)
# A policy of a hundred statements is no reading matter.
WITHOUT_EXAMPLE = {"too-many-statements"}


def codes_of(example: str) -> set[str]:
    """What is found in an example, whose lines ``// policy``, ``// boundary``, ``// parameters`` tell what follows."""
    parts = re.split(r"^// (policy|boundary|parameters)\b(.*)\n?", textwrap.dedent(example), flags=re.MULTILINE)[1:]
    texts = list(zip(parts[0::3], parts[1::3], parts[2::3], strict=True))
    policies = [("policy", text) for kind, _rest, text in texts if kind == "policy"]
    boundaries = [("boundary", text) for kind, _rest, text in texts if kind == "boundary"]
    parameters = {name: "x" for kind, rest, _text in texts if kind == "parameters" for name in rest.split()}
    found = [finding for source, text in policies for finding in check_statements(text, source)]
    found += [finding for source, text in boundaries for finding in check_boundary(text, source)]
    if len(texts) > 1:
        found += check_binding(policies, boundaries, parameters, "binding")
    return {finding.code for finding in found}


def codes_in_the_code() -> set[str]:
    """All texts in the code that look like a code of a finding and stand where one does."""
    found = {"syntax"}
    for module in (binding, findings, parser):
        assert module.__file__
        with open(module.__file__, encoding="utf-8") as file:  # noqa: PTH123
            tree = ast.parse(file.read())
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            found |= {
                value.value
                for value in call.args[:3]
                if isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and re.fullmatch(r"[a-z]+(-[a-z]+)+|empty", value.value)
            }
    return found


def test_all_codes_have_a_section() -> None:
    """And no section is about anything else."""
    assert {code for code, _text in SECTIONS} == codes_in_the_code()


@pytest.mark.parametrize(("code", "text"), [pair for pair in SECTIONS if pair[0] not in WITHOUT_EXAMPLE])
def test_example(code: str, text: str) -> None:
    """The example has what it is an example of, and nothing else."""
    (example,) = BLOCK.findall(text)
    assert codes_of(example) == {code}


def test_first_examples() -> None:
    """Those that show the language have no findings."""
    examples = BLOCK.findall(PAGE.partition("Errors and warnings")[0])
    assert [codes_of(example) for example in examples] == [set(), set()]
