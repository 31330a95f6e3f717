# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tokens a list shows, and how: selector, fields and sorting as the environment API takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from .model import ApiToken, Refused

GRAMMAR = r"""
start: criterion ("," criterion)*
criterion: "owner" "(" STRING ")" -> owner
         | "personalAccessToken" "(" BOOLEAN ")" -> personal
         | "scope" "(" STRING ("," STRING)* ")" -> scope
BOOLEAN: "true" | "false"
STRING: /"[^"\n]*"/
%ignore " "
"""
SORTED_BY = {
    "name": "name",
    "lastUsedDate": "last_used",
    "creationDate": "created_at",
    "expirationDate": "expires",
    "modifiedDate": "modified_at",
}
ALWAYS = ("id", "name", "enabled", "owner", "creationDate")
ADDED = ("personalAccessToken", "expirationDate", "lastUsedDate", "modifiedDate", "scopes")
EMPTY = ("lastUsedIpAddress", "additionalMetadata")
Test = Callable[[ApiToken], bool]


class Builder(Transformer[Token, Any]):
    """Turns a selector into the tests that a token must pass, all of them."""

    def start(self, tests: list[Test]) -> list[Test]:
        """All criteria."""
        return tests

    def owner(self, items: list[Token]) -> Test:
        """The owner, spelt as the environment spells it."""
        return lambda token: token.owner == items[0][1:-1]

    def personal(self, items: list[Token]) -> Test:
        """Personal access tokens or the others."""
        return lambda token: token.personal == (items[0] == "true")

    def scope(self, items: list[Token]) -> Test:
        """One of the scopes."""
        return lambda token: any(item[1:-1] in token.scopes for item in items)


PARSER: Lark = Lark(GRAMMAR, parser="lalr", transformer=Builder())


def parse_selector(text: str) -> list[Test]:
    """The tests that a selector means, none for an empty one; 400 when it is wrong."""
    if not text:
        return []
    try:
        tests: Any = PARSER.parse(text)
    except UnexpectedInput as problem:
        raise Refused(400, f"apiTokenSelector is wrong at character {problem.column}") from None
    return list(tests)


def parse_fields(text: str) -> list[str]:
    """The fields of each item: those that are always there and those added with a plus, else 400."""
    added = [item.strip() for item in text.split(",")] if text else []
    for item in added:
        if not item.startswith("+") or item[1:] not in (*ADDED, *EMPTY):
            raise Refused(400, f"fields: {item} is not one of " + ", ".join(f"+{name}" for name in (*ADDED, *EMPTY)))
    return [*ALWAYS, *(item[1:] for item in added)]


def in_order(tokens: list[ApiToken], text: str) -> list[ApiToken]:
    """Tokens in the order asked for; a date that isn't there is the smallest. 400 for an unknown order."""
    key = SORTED_BY.get(text.removeprefix("-").removeprefix("+").strip())
    if key is None:
        raise Refused(400, "sort must be one of " + ", ".join(SORTED_BY))
    return sorted(tokens, key=lambda token: getattr(token, key) or "", reverse=text.startswith("-"))
