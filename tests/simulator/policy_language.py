# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of policies and of boundaries: text in, small dataclasses out.

Keywords are read whatever their case, strings in either kind of quotes; the last semicolon may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

GRAMMAR = r"""
policy: (statement ";")* statement?
boundary: (condition ";")* condition?
statement: EFFECT PERMISSION ("," PERMISSION)* ["WHERE"i _where]
_where: "NULL"i | condition ("AND"i condition)*
condition: ATTRIBUTE COMPARISON STRING -> compared
         | ATTRIBUTE "STARTSWITH"i STRING -> starts
         | ATTRIBUTE "NOT"i "STARTSWITH"i STRING -> not_starts
         | ATTRIBUTE "IN"i _values -> among
         | ATTRIBUTE "NOT"i "IN"i _values -> not_among
         | ATTRIBUTE "MATCH"i _values -> matched
_values: "(" STRING ("," STRING)* ")"
EFFECT: "ALLOW"i | "DENY"i
PERMISSION: /[\w-]+(:[\w.-]+){2}/
ATTRIBUTE: /[\w-]+:[\w.-]+/
COMPARISON: "=" | "!=" | "<" | ">"
STRING: /"[^"\n]*"/ | /'[^'\n]*'/
%ignore /\s+/
%ignore /\/\/[^\n]*/
"""
CODES = {
    "=": "EQ",
    "!=": "NE",
    "<": "LT",
    ">": "GT",
    "startsWith": "STARTS_WITH",
    "NOT startsWith": "NOT_STARTS_WITH",
    "IN": "IN",
    "NOT IN": "NOT_IN",
    "MATCH": "MATCH",
}
BIND_PARAMETER = re.compile(r"\$\{bindParam:([^}]+)\}")


class SyntaxProblem(ValueError):
    """A text that is no policy or no boundary: where, and what is wrong there."""


@dataclass(frozen=True)
class Condition:
    """An attribute (`service:name`), one of the operators in CODES, and the values, without their quotes."""

    name: str
    operator: str
    values: tuple[str, ...]

    @property
    def service(self) -> str:
        """The service that knows the attribute; "global" is known to all."""
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Statement:
    """ALLOW or DENY, the permissions, and the conditions that must all hold (none: it always holds)."""

    effect: str
    permissions: tuple[str, ...]
    conditions: tuple[Condition, ...]


class Builder(Transformer[Token, Any]):
    """Makes dataclasses of a syntax tree."""

    def policy(self, found: list[Any]) -> list[Statement]:
        return found

    def boundary(self, found: list[Any]) -> list[Condition]:
        return found

    def statement(self, found: list[Any]) -> Statement:
        permissions = tuple(str(item) for item in found[1:] if isinstance(item, Token))
        conditions = tuple(item for item in found if isinstance(item, Condition))
        return Statement(found[0].upper(), permissions, conditions)

    def compared(self, found: list[Token]) -> Condition:
        return Condition(str(found[0]), str(found[1]), (found[2][1:-1],))

    def starts(self, found: list[Token]) -> Condition:
        return condition("startsWith", found)

    def not_starts(self, found: list[Token]) -> Condition:
        return condition("NOT startsWith", found)

    def among(self, found: list[Token]) -> Condition:
        return condition("IN", found)

    def not_among(self, found: list[Token]) -> Condition:
        return condition("NOT IN", found)

    def matched(self, found: list[Token]) -> Condition:
        return condition("MATCH", found)


def condition(operator: str, found: list[Token]) -> Condition:
    """A condition of an attribute and its quoted values."""
    return Condition(str(found[0]), operator, tuple(item[1:-1] for item in found[1:]))


PARSER = Lark(GRAMMAR, parser="lalr", start=["policy", "boundary"])


def parse_policy(text: str) -> list[Statement]:
    """The statements of a policy, at least one, else SyntaxProblem."""
    statements: list[Statement] = Builder().transform(tree_of(text, "policy"))
    if not statements:
        raise SyntaxProblem("there is no statement")
    return statements


def parse_boundary(text: str) -> list[Condition]:
    """The conditions of a boundary, at least one, else SyntaxProblem."""
    conditions: list[Condition] = Builder().transform(tree_of(text, "boundary"))
    if not conditions:
        raise SyntaxProblem("there is no condition")
    return conditions


def tree_of(text: str, start: str) -> Any:
    """The syntax tree of a text."""
    try:
        return PARSER.parse(text, start=start)
    except UnexpectedInput as problem:
        raise SyntaxProblem(describe(problem)) from None


def describe(problem: UnexpectedInput) -> str:
    """Where a text goes wrong, in a sentence."""
    if isinstance(problem, UnexpectedToken) and problem.token.type == "$END":
        return "the text ends too early"
    what = f"{problem.char!r}" if isinstance(problem, UnexpectedCharacters) else "this"
    if isinstance(problem, UnexpectedToken):
        what = repr(str(problem.token))
    return f"line {problem.line}, column {problem.column}: unexpected {what}"


def bind_parameters(text: str) -> set[str]:
    """The names of the parameters that a binding must supply for this text."""
    return set(BIND_PARAMETER.findall(text))


def with_values(condition: Condition, parameters: Mapping[str, str]) -> Condition:
    """A condition with the parameters of a binding put in; one that isn't supplied stays as it is written."""

    def fill(found: re.Match[str]) -> str:
        return parameters.get(found[1], found[0])

    return replace(condition, values=tuple(BIND_PARAMETER.sub(fill, value) for value in condition.values))
