# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders in values: parameters that a binding supplies, and what Dynatrace fills in by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .tokens import Places, tokens
from .tree import Position, SyntaxProblem

PROVIDED = ("global:levelId", "global:userGroup")
_PLACEHOLDER = re.compile(r"\$\{(?P<inner>[^{}]*)\}?")


@dataclass(frozen=True)
class Placeholder:
    """``${...}`` in a value. ``parameter`` is set where a binding must supply it."""

    text: str
    parameter: str | None
    position: Position

    @property
    def known(self) -> bool:
        """Whether it is one that a binding or Dynatrace fills in."""
        return self.parameter is not None or self.text in {f"${{{name}}}" for name in PROVIDED}


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Those within quotes, in their order; of a text that can't be read, those anywhere in it."""
    try:
        values = [(token.text, token.position) for token in tokens(text) if token.kind == "text"]
    except SyntaxProblem:
        places = Places(text)
        return tuple(_placeholder(found, places(found.start())) for found in _PLACEHOLDER.finditer(text))
    return tuple(placeholder for value, position in values for placeholder in _within(value, position))


def _within(value: str, position: Position) -> Iterator[Placeholder]:
    for found in _PLACEHOLDER.finditer(value):
        # the value's own position is that of the quote before it
        yield _placeholder(found, Position(position.line, position.column + 1 + found.start()))


def _placeholder(found: re.Match[str], position: Position) -> Placeholder:
    kind, _colon, name = found["inner"].partition(":")
    supplied = kind == "bindParam" and name.strip() and found.group().endswith("}")
    return Placeholder(found.group(), name if supplied else None, position)
