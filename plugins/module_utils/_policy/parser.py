# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From tokens to statements and conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from .hints import did_you_mean
from .tokens import Token, tokens
from .tree import Condition, Effect, Permission, Position, Statement, SyntaxProblem

__all__ = ["SyntaxProblem", "parse_boundary", "parse_statements"]

Part = TypeVar("Part")
EFFECTS: dict[str, Effect] = {"ALLOW": "ALLOW", "DENY": "DENY"}
SINGLE = ("=", "!=", "<", ">", "startsWith", "NOT startsWith")
LISTS = ("IN", "NOT IN", "MATCH")
_BY_FOLD = {operator.casefold(): operator for operator in (*SINGLE, *LISTS)}
_INSTEAD = {"==": "=", "<>": "!=", "<=": "<", ">=": ">", "~": "MATCH", "LIKE": "MATCH", "CONTAINS": "MATCH"}
_OR, _AND = ("OR", "|", "||"), ("AND", "&", "&&")
_PARENTHESES = "Conditions take no parentheses"


class _Reader:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str) -> None:
        # one at a time, so that a character that fits nowhere is not told before what stands above it
        self._tokens = tokens(text)
        self.next = next(self._tokens)

    def take(self) -> Token:
        token = self.next
        self.next = next(self._tokens, token)
        return token

    def sees(self, *words: str) -> bool:
        """Whether one of these keywords, operators or marks comes next."""
        return self.next.kind != "text" and self.next.text.upper() in words

    def skip(self, word: str) -> bool:
        found = self.sees(word)
        if found:
            self.take()
        return found

    def fail(self, message: str, code: str = "syntax") -> NoReturn:
        raise SyntaxProblem(message, self.next.position, code)

    def expected(self, what: str, keywords: Iterable[str] = ()) -> NoReturn:
        hint = did_you_mean(self.next.text, keywords) if self.next.kind == "word" else ""
        self.fail(f"Expected {what}, found {self.next}.{hint}")


def parse_statements(text: str) -> tuple[Statement, ...]:
    """The statements of a policy; raises SyntaxProblem at the first thing that is none."""
    reader = _Reader(text)
    found = []
    while reader.next.kind != "end":
        found.append(_statement(reader))
    return tuple(found)


def parse_boundary(text: str) -> tuple[Condition, ...]:
    """The conditions of a boundary query; raises SyntaxProblem at the first thing that is none."""
    reader = _Reader(text)
    found = []
    while reader.next.kind != "end":
        if reader.sees(*EFFECTS, "WHERE"):
            reader.fail(f"A boundary holds conditions only, without {reader.next.text.upper()}.")
        found.append(_condition(reader))
        _end_of_boundary_line(reader)
    return tuple(found)


def _statement(reader: _Reader) -> Statement:
    if not reader.sees(*EFFECTS):
        reader.expected("ALLOW or DENY", EFFECTS)
    start = reader.take()
    permissions = _separated(reader, _permission, ",")
    conditions: tuple[Condition, ...] = ()
    follows = ("',', WHERE or ';'", "WHERE")
    if reader.skip("WHERE"):
        follows = ("';'", "")
        if not reader.skip("NULL"):
            conditions = _separated(reader, _condition, "AND")
            follows = ("AND or ';'", "AND")
    if not reader.skip(";"):
        _wrong_end(reader, *follows)
    return Statement(EFFECTS[start.text.upper()], permissions, conditions, start.position)


def _separated(reader: _Reader, part: Callable[[_Reader], Part], separator: str) -> tuple[Part, ...]:
    found = [part(reader)]
    while reader.skip(separator):
        found.append(part(reader))
    return tuple(found)


def _wrong_end(reader: _Reader, what: str, keyword: str) -> None:
    """The last ``;`` of a text may be missing; anything else in its place is a problem."""
    if reader.next.kind == "end":
        return
    if reader.sees(*_OR):
        reader.fail("There is no OR: use IN for several values, or a statement of its own for each alternative.")
    if reader.sees("(", ")"):
        reader.fail(f"{_PARENTHESES}: join them by AND.")
    if reader.sees(*EFFECTS):
        reader.fail(f"Expected ';' before {reader.next.text.upper()}: it ends the statement above.")
    if keyword == "AND" and reader.sees(*_AND):
        reader.fail(f"Expected {what}, found {reader.next}. Did you mean AND?")
    reader.expected(what, [keyword] if keyword else [])


def _end_of_boundary_line(reader: _Reader) -> None:
    if reader.skip(";") or reader.next.kind == "end":
        return
    if reader.sees(*_AND):
        reader.fail("A boundary takes no AND: end the condition with ';' and write the next on a line of its own.")
    if reader.sees(*_OR):
        reader.fail("A boundary takes no OR: use IN for several values, or repeat the condition after ';'.")
    if reader.sees("(", ")"):
        reader.fail(f"{_PARENTHESES}: end each with ';'.")
    reader.expected("';' after the condition")


def _name(reader: _Reader, parts: int, what: str) -> tuple[str, Position]:
    token = reader.next
    if token.kind != "word" or ":" not in token.text:
        reader.expected(what)
    if "*" in token.text:
        reader.fail(f"{token}: names are written in full; patterns with * are quoted values of MATCH.")
    if len(token.text.split(":")) != parts or not all(token.text.split(":")):
        reader.fail(f"{token} is not {what}.")
    reader.take()
    return token.text, token.position


def _permission(reader: _Reader) -> Permission:
    return Permission(*_name(reader, 3, "a permission (service:resource:action)"))


def _condition(reader: _Reader) -> Condition:
    if reader.sees("(", ")"):
        reader.fail(f"{_PARENTHESES}; leave them out.")
    if reader.sees("NOT"):
        reader.fail("NOT belongs to the operator: NOT IN, NOT startsWith; for the opposite of = write !=.")
    name, position = _name(reader, 2, "a condition (service:attribute)")
    operator = _operator(reader)
    values = _list(reader, operator) if operator in LISTS else _single(reader, operator)
    return Condition(name, operator, values, position)


def _operator(reader: _Reader) -> str:
    token = reader.next
    if token.kind not in ("operator", "word"):
        reader.expected(f"an operator ({', '.join(_BY_FOLD.values())})")
    if reader.sees("NOT"):
        reader.take()
        if not reader.sees("IN", "STARTSWITH"):
            hint = " Write != instead." if reader.sees("=") else ""
            reader.fail(f"Expected IN or startsWith after NOT, found {reader.next}.{hint}")
        return _BY_FOLD[f"not {reader.take().text.casefold()}"]
    operator = _BY_FOLD.get(token.text.casefold())
    if operator is None:
        nearest = _INSTEAD.get(token.text.upper())
        hint = f" Did you mean {nearest}?" if nearest else did_you_mean(token.text, _BY_FOLD.values())
        reader.fail(f"There is no operator {token}.{hint}", "unknown-operator")
    reader.take()
    return operator


def _single(reader: _Reader, operator: str) -> tuple[str, ...]:
    if reader.sees("("):
        instead = {"=": "IN", "!=": "NOT IN"}.get(operator)
        hint = f"use {instead} for a list" if instead else "use a condition or statement for each"
        reader.fail(f"{operator} takes one value without parentheses; {hint}.")
    return (_value(reader),)


def _list(reader: _Reader, operator: str) -> tuple[str, ...]:
    if not reader.skip("("):
        reader.fail(f'{operator} takes a list: {operator} ("x", "y"). Expected "(", found {reader.next}.')
    values = _separated(reader, _value, ",")
    if not reader.skip(")"):
        reader.expected("',' or ')' in the list of values")
    return values


def _value(reader: _Reader) -> str:
    if reader.next.kind != "text":
        hint = f' Values stand in quotes: "{reader.next.text}".' if reader.next.kind == "word" else ""
        reader.fail(f"Expected a quoted value, found {reader.next}.{hint}")
    return reader.take().text
