# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two texts mean the same, however they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .parameters import placeholders
from .parser import SyntaxProblem, parse_boundary, parse_statements
from .tree import Condition


def same_statements(a: str, b: str) -> bool:
    """Whether two policies have the same statements, in whatever order and spelling.

    Texts that can't be read are compared as texts, except for their line ends.
    """
    return _meaning(a, _statements) == _meaning(b, _statements)


def same_boundary(a: str, b: str) -> bool:
    """Whether two boundary queries have the same conditions; otherwise like `same_statements`."""
    return _meaning(a, _boundary) == _meaning(b, _boundary)


def parameters_of(text: str) -> frozenset[str]:
    """The parameters that a binding of this policy or boundary must supply: ``x`` for ``${bindParam:x}``."""
    return frozenset(found.parameter for found in placeholders(text) if found.parameter is not None)


def _meaning(text: str, read: Callable[[str], object]) -> object:
    try:
        return read(text)
    except SyntaxProblem:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _statements(text: str) -> object:
    return frozenset(
        (
            statement.effect,
            frozenset(permission.name for permission in statement.permissions),
            _conditions(statement.conditions),
        )
        for statement in parse_statements(text)
    )


def _boundary(text: str) -> object:
    return _conditions(parse_boundary(text))


def _conditions(conditions: Iterable[Condition]) -> object:
    return frozenset((condition.name, condition.operator, frozenset(condition.values)) for condition in conditions)
