# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the document service: conditions with `and`, `or`, `not` and brackets, texts in single quotes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from .model import Document, Refused

GRAMMAR = r"""
?start: all ("or" all)* -> either
?all: one ("and" one)* -> both
?one: FIELD OPERATOR VALUE -> condition
    | NOT one -> neither
    | "(" start ")"
OPERATOR: "==" | "=" | "!=" | "<=" | ">=" | "<" | ">" | "contains" | "starts-with" | "ends-with"
VALUE: /'([^'\\]|\\.)*'/ | /\d+/
NOT.2: /not\b/
FIELD: /[A-Za-z][\w.]*/
%ignore /\s+/
"""
MAX_LENGTH = 256
ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WITHIN: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "starts-with": str.startswith,
    "ends-with": str.endswith,
}
FIELDS: dict[str, Callable[[Document], Any]] = {
    "id": lambda item: item.id,
    "name": lambda item: item.name,
    "type": lambda item: item.type,
    "owner": lambda item: item.owner,
    "version": lambda item: item.version,
    "modificationInfo.createdBy": lambda item: item.created_by,
    "modificationInfo.createdTime": lambda item: item.created_at,
    "modificationInfo.lastModifiedBy": lambda item: item.modified_by,
    "modificationInfo.lastModifiedTime": lambda item: item.modified_at,
}
Test = Callable[[Document], bool]


class Builder(Transformer[Token, Any]):
    """Turns a filter into the test that a document must pass."""

    def either(self, tests: list[Test]) -> Test:
        """`… or …`."""
        return lambda item: any(test(item) for test in tests)

    def both(self, tests: list[Test]) -> Test:
        """`… and …`."""
        return lambda item: all(test(item) for test in tests)

    def neither(self, items: list[Any]) -> Test:
        """`not …`."""
        test: Test = items[1]
        return lambda item: not test(item)

    def condition(self, items: list[Token]) -> Test:
        """A field, an operator and a value. Only what looks inside of a text doesn't heed case."""
        name, sign, text = map(str, items)
        if name not in FIELDS:
            raise Refused(400, f"{name} can't be used in a filter")
        value: Any = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith("'") else int(text)
        if isinstance(value, int) != (name == "version") or (name == "version" and sign in WITHIN):
            raise Refused(400, f"{name} can't be compared like this")
        read = FIELDS[name]
        if sign in WITHIN:
            return lambda item: WITHIN[sign]((read(item) or "").lower(), value.lower())
        return lambda item: read(item) is not None and ORDERED[sign](read(item), value)


PARSER: Lark = Lark(GRAMMAR, parser="lalr")


def parse_filter(text: str) -> Test:
    """The test that a filter means, one that everything passes for an empty one; 400 when it is wrong or too long."""
    if not text:
        return lambda item: True
    if len(text) > MAX_LENGTH:
        raise Refused(400, f"filter must not be longer than {MAX_LENGTH} characters")
    try:
        test: Test = Builder().transform(PARSER.parse(text))
    except UnexpectedInput as problem:
        raise Refused(400, f"filter is wrong at character {problem.column}") from None
    except VisitError as problem:
        raise problem.orig_exc from None
    return test
