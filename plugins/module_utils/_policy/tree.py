# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policy statements and boundary queries are made of, and what may be found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Effect = Literal["ALLOW", "DENY"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text. Line and column count from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Condition:
    """``name operator values``; the operator is one of ``reference.OPERATORS``, spelled as there."""

    name: str
    operator: str
    values: tuple[str, ...]
    position: Position


@dataclass(frozen=True)
class Permission:
    """``service:resource:action``."""

    name: str
    position: Position


@dataclass(frozen=True)
class Statement:
    """One statement; all its conditions must hold. Without conditions it always holds."""

    effect: Effect
    permissions: tuple[Permission, ...]
    conditions: tuple[Condition, ...]
    position: Position


@dataclass(frozen=True)
class Finding:
    """Something to mend or to know.

    An error certainly does not do what it says; doubt is a warning. ``source`` names the policy, boundary or binding.
    Line and column are 0 where the finding has no place in a text.
    """

    severity: Severity
    code: str
    message: str
    line: int
    column: int
    source: str

    def __str__(self) -> str:
        place = f", line {self.line}, column {self.column}" if self.line else ""
        return f"{self.source}{place}: {self.message} [{self.code}]"


class SyntaxProblem(ValueError):
    """A text that can't be read from ``position`` on. ``code`` is that of the finding it becomes."""

    def __init__(self, message: str, position: Position, code: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.code = code

    def __str__(self) -> str:
        return f"line {self.position.line}, column {self.position.column}: {self.message}"
