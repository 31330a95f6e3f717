# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks of code in the pages of the documentation, in Markdown and reStructuredText."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from tests.tools.tree import ROOT

PAGES = sorted(
    path
    for pattern in ("README.md", "CONTRIBUTING.md", "roles/*/README.md", "docs/**/*.md", "docs/**/*.rst")
    for path in ROOT.glob(pattern)
)
YAML = r"ya?ml(?:\+jinja)?"
CONSOLE = "console"
ANY = r"[\w+]+"
SAVED = re.compile(r"[Ss]ave this as ``?([^`\s]+)``?[^.]*:$")
NOT_RUN = re.compile(r"(?:\.\.|<!--) not run: (.+?)(?: -->)?$")


@dataclass(frozen=True)
class Block:
    """A block of code, and what the paragraph above it says of it."""

    line: int
    """Where its text begins, counted from 1."""
    language: str
    text: str
    """Without the indentation of the page."""
    file: str
    """The name under which readers are told to save it; empty when they aren't."""
    not_run: str
    """Why no test runs it, as a comment of the page says; empty when tests do."""


def blocks(text: str, language: str = ANY) -> list[Block]:
    """The blocks of a language, a regular expression, in the order of the page."""
    fenced = re.finditer(rf"^( *)```({language})[^\n]*\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    directives = re.finditer(
        rf"^( *)\.\. code-block:: ({language})\n(?:\1 +:[^\n]*\n)*\n((?:\1 +[^\n]*\n|\n)+)",
        text + "\n",
        re.MULTILINE,
    )
    found = sorted((match for matches in (fenced, directives) for match in matches), key=lambda match: match.start())
    return [block(text, match) for match in found]


def block(text: str, match: re.Match[str]) -> Block:
    """One block."""
    above = " ".join(text[: match.start()].rstrip().rpartition("\n\n")[2].split())
    saved, not_run = SAVED.search(above), NOT_RUN.match(above)
    return Block(
        line=text[: match.start(3)].count("\n") + 1,
        language=match[2],
        text=textwrap.dedent(match[3]),
        file=saved[1] if saved else "",
        not_run=not_run[1] if not_run else "",
    )


@dataclass(frozen=True)
class Step:
    """A command as it is typed, and the lines that the page shows of its output."""

    command: str
    shown: tuple[str, ...] = ()


def steps(text: str) -> list[Step]:
    """The commands of a console block. Where no line has a prompt, each line is a command."""
    joined = re.sub(r"\\\n\s*", "", text).splitlines()
    if not any(line.startswith("$ ") for line in joined):
        return [Step(line) for line in joined if line]
    found: list[Step] = []
    for line in joined:
        if line.startswith("$ "):
            found.append(Step(line[2:]))
        elif line.strip() not in {"", "..."}:
            found[-1] = Step(found[-1].command, (*found[-1].shown, line))
    return found
