# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters and paths of SCIM (RFC 7644, 3.4.2.2 and 3.5.2)."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from .scim_wire import ScimRefused

GRAMMAR = r"""
?filter: both ("or"i both)* -> either
?both: one ("and"i one)*
?one: ATTRIBUTE "pr"i -> present
    | ATTRIBUTE OPERATOR VALUE -> compared
    | NOT "(" filter ")" -> neither
    | "(" filter ")"
path: ATTRIBUTE ["[" filter "]" [SUB]]
NOT.2: /not\b/i
OPERATOR: "eq"i | "ne"i | "co"i | "sw"i | "ew"i | "gt"i | "ge"i | "lt"i | "le"i
VALUE: /"([^"\\]|\\.)*"/ | "true" | "false" | "null" | /-?\d+/
ATTRIBUTE: /(urn:[\w.:-]+:)?[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)?/
SUB: /\.[A-Za-z][\w-]*/
%ignore /\s+/
"""
URN = re.compile(r"urn:.*:")
EXACT = ("id", "externalid", "value")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {"eq": operator.eq, "ne": operator.ne}
COMPARE_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


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
        if self.operator in COMPARE:
            return COMPARE[self.operator](found, wanted)
        return isinstance(found, str) and COMPARE_TEXTS[self.operator](found, wanted)

    def conditions(self) -> Iterator[Condition]:
        """Itself."""
        yield self


@dataclass(frozen=True)
class Joined:
    """Filters that must hold all, any or none of them."""

    join: Callable[[Iterator[bool]], bool]
    parts: tuple[Condition | Joined, ...]

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether a resource is meant."""
        return self.join(part.holds(item) for part in self.parts)

    def conditions(self) -> Iterator[Condition]:
        """All conditions in it."""
        for part in self.parts:
            yield from part.conditions()


Filter = Condition | Joined
EVERYTHING = Joined(all, ())


@dataclass(frozen=True)
class Path:
    """What a PATCH changes: an attribute in lower case, and which of its values (None: all)."""

    attribute: str
    filter: Filter | None = None


def plain(name: str) -> str:
    """The name of an attribute in lower case and without the schema that it may come with."""
    return URN.sub("", name).lower()


def none(held: Iterator[bool]) -> bool:
    """Whether nothing holds."""
    return not any(held)


class Builder(Transformer[Token, Any]):
    """Turns the syntax tree into filters and paths."""

    def either(self, items: list[Filter]) -> Filter:
        """`… or …`."""
        return items[0] if len(items) == 1 else Joined(any, tuple(items))

    def both(self, items: list[Filter]) -> Filter:
        """`… and …`."""
        return Joined(all, tuple(items))

    def neither(self, items: list[Any]) -> Filter:
        """`not (…)`."""
        return Joined(none, (items[1],))

    def present(self, items: list[Token]) -> Filter:
        """`attribute pr`."""
        return Condition(plain(items[0]), "pr")

    def compared(self, items: list[Token]) -> Filter:
        """`attribute eq "value"` and its like."""
        return Condition(plain(items[0]), items[1].lower(), json.loads(items[2]))

    def path(self, items: list[Any]) -> Path:
        """`attribute` or `attribute[filter].sub`."""
        return Path(plain(items[0]), items[1] if len(items) > 1 else None)


PARSER: Lark = Lark(GRAMMAR, parser="lalr", start=["filter", "path"], transformer=Builder(), maybe_placeholders=True)


def parse_filter(text: str, known: tuple[str, ...]) -> Filter:
    """What a filter means, everything for an empty one; invalidFilter for what is wrong or not known here."""
    if not text:
        return EVERYTHING
    try:
        found: Any = PARSER.parse(text, start="filter")
    except (UnexpectedInput, ValueError) as problem:
        raise ScimRefused(400, f"The filter can't be read: {type(problem).__name__}", "invalidFilter") from None
    assert isinstance(found, Condition | Joined)
    for item in found.conditions():
        if item.attribute not in known or (item.operator in COMPARE_TEXTS and not isinstance(item.value, str)):
            raise ScimRefused(400, f"Can't filter {item.attribute} by {item.operator}", "invalidFilter")
    return found


def parse_path(text: Any) -> Path:
    """The path of a PATCH operation; invalidPath for what is none."""
    try:
        path: Any = PARSER.parse(text, start="path")
    except (UnexpectedInput, TypeError, ValueError):
        raise ScimRefused(400, f"{text!r} is no path", "invalidPath") from None
    assert isinstance(path, Path)
    return path
