# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each message that the guide explains is one that the code can print, so that entries don't rot."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.tools.pages import blocks
from tests.tools.tree import ROOT

PAGE = ROOT / "docs/docsite/rst/troubleshooting.rst"
GAP = "(.{1,250}?)"
WORDS = 3
"""Fewer fixed words say nothing: they could stand in any sentence."""


def templates(text: str) -> Iterator[str]:
    """The texts of a Python source, with a gap for each value that is put in."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\\{\w*\\}", GAP, re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else GAP for part in node.values)
            yield "".join(parts)


def messages(text: str) -> Iterator[str]:
    """The texts of a playbook or of a role's tasks, with a gap for each expression."""
    for value in re.split(r"\n\s*\n|\n\s*(?=[\w-]+:\s)", text):
        flat = re.sub(r"^(- )?\w+: (>-)?", "", " ".join(value.split())).strip("\"' ")
        yield GAP.join(re.escape(part) for part in re.split(r"\{\{.*?\}\}", flat))


@dataclass(frozen=True)
class Template:
    """What the code can print."""

    pattern: re.Pattern[str]
    core: str
    """Its longest fixed part, which is quicker to look for."""

    def prints(self, message: str) -> bool:
        """Whether it stands in a message."""
        return self.core in message and self.pattern.search(message) is not None


def printable() -> list[Template]:
    """What the code can print, as far as it has some fixed words."""
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "plugins").rglob("*.py"))]
    plays = [path for folder in ("playbooks", "roles") for path in sorted((ROOT / folder).rglob("*.yml"))]
    found = {made for text in sources for made in templates(text)}
    found |= {made for path in plays for made in messages(path.read_text(encoding="utf-8"))}
    fixed = {made: [re.sub(r"\\(.)", r"\1", part) for part in made.split(GAP)] for made in sorted(found)}
    worded = {made: parts for made, parts in fixed.items() if len(re.findall(r"[a-z]{2,}", " ".join(parts))) >= WORDS}
    return [Template(re.compile(made), max(parts, key=len)) for made, parts in worded.items()]


@pytest.fixture(scope="module")
def known() -> list[Template]:
    """Once for all messages."""
    return printable()


MESSAGES = [
    pytest.param(" ".join(block.text.split()), id=f"line {block.line}")
    for block in blocks(PAGE.read_text(encoding="utf-8"), "text")
]


@pytest.mark.parametrize("message", MESSAGES)
def test_message_is_printed(known: list[Template], message: str) -> None:
    """A sentence of it, at least, is in the code."""
    assert any(template.prints(message) for template in known), message


def test_the_search_tells_messages_apart(known: list[Template]) -> None:
    """Words of the trade alone are no message."""
    assert not any(made.prints("There is a group that the account of the user can't open.") for made in known)
