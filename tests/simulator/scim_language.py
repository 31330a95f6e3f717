# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters and paths of SCIM (RFC 7644, 3.4.2.2 and 3.5.2): `eq`, `co`, `sw`, `pr` and `and`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from .scim_wire import ScimRefused

GRAMMAR = r"""
filter: condition ("and"i condition)*
condition: ATTRIBUTE "pr"i -> present
         | ATTRIBUTE OPERATOR VALUE -> compared
path: ATTRIBUTE ["[" filter "]" [SUB]]
OPERATOR: "eq"i | "co"i | "sw"i
VALUE: /"([^"\\]|\\.)*"/ | "true" | "false" | "null" | /-?\d+/
ATTRIBUTE: /(urn:[\w.:-]+:)?[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)?/
SUB: /\.[A-Za-z][\w-]*/
%ignore /\s+/
"""
URN = re.compile(r"urn:.*:")
EXACT = ("id", "externalid", "value")


@dataclass(frozen=True)
class Condition:
    """An attribute in lower case, an operator in lower case ("pr" has no value), and the value."""

    attribute: str
    operator: str
    value: Any = None

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether a resource, its attributes in lower case, is meant. Only ids and their like heed case."""
        found, wanted = item.get(self.attribute), self.value
        if self.operator == "pr":
            return found not in (None, "")
        if isinstance(found, str) and isinstance(wanted, str) and self.attribute not in EXACT:
            found, wanted = found.lower(), wanted.lower()
        if self.operator == "eq":
            return bool(found == wanted)
        if not isinstance(found, str):
            return False
        return found.startswith(wanted) if self.operator == "sw" else wanted in found


@dataclass(frozen=True)
class Path:
    """What a PATCH changes: an attribute in lower case, and which of its values (none: all)."""

    attribute: str
    conditions: tuple[Condition, ...] = ()


def plain(name: str) -> str:
    """The name of an attribute in lower case and without the schema that it may come with."""
    return URN.sub("", name).lower()


class Builder(Transformer[Token, Any]):
    """Turns the syntax tree into conditions and paths."""

    def filter(self, items: list[Condition]) -> tuple[Condition, ...]:
        """All conditions; each must hold."""
        return tuple(items)

    def present(self, items: list[Token]) -> Condition:
        """`attribute pr`."""
        return Condition(plain(items[0]), "pr")

    def compared(self, items: list[Token]) -> Condition:
        """`attribute eq "value"` and its like."""
        return Condition(plain(items[0]), items[1].lower(), json.loads(items[2]))

    def path(self, items: list[Any]) -> Path:
        """`attribute` or `attribute[filter].sub`."""
        return Path(plain(items[0]), items[1] or () if len(items) > 1 else ())


PARSER: Lark = Lark(GRAMMAR, parser="lalr", start=["filter", "path"], transformer=Builder(), maybe_placeholders=True)


def parse_filter(text: str, known: tuple[str, ...]) -> tuple[Condition, ...]:
    """The conditions of a filter, none for an empty one; invalidFilter for what is wrong or not known here."""
    if not text:
        return ()
    try:
        conditions: Any = PARSER.parse(text, start="filter")
    except (UnexpectedInput, ValueError) as problem:
        raise ScimRefused(400, f"The filter can't be read: {type(problem).__name__}", "invalidFilter") from None
    for item in conditions:
        if item.attribute not in known or (item.operator in ("co", "sw") and not isinstance(item.value, str)):
            raise ScimRefused(400, f"Can't filter {item.attribute} by {item.operator}", "invalidFilter")
    return tuple(conditions)


def parse_path(text: Any) -> Path:
    """The path of a PATCH operation; invalidPath for what is none."""
    try:
        path: Any = PARSER.parse(text, start="path")
    except (UnexpectedInput, TypeError, ValueError):
        raise ScimRefused(400, f"{text!r} is no path", "invalidPath") from None
    assert isinstance(path, Path)
    return path
