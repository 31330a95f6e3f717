# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From text to tokens."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .tree import Position, SyntaxProblem

Kind = Literal["word", "text", "operator", "mark", "end"]

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|//[^\r\n]*)
    |(?P<text>"[^"\r\n]*"|'[^'\r\n]*')
    |(?P<word>[A-Za-z0-9_*][A-Za-z0-9_.:*-]*)
    |(?P<operator>[=!<>~&|]+)
    |(?P<mark>[(),;])""",
    re.VERBOSE,
)
_KINDS: dict[str, Kind] = {"text": "text", "word": "word", "operator": "operator", "mark": "mark"}
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_TYPOGRAPHIC_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb`\u00b4"
_ADVICE = {
    **dict.fromkeys("\"'", "The quote that opens here is not closed on its line."),
    **dict.fromkeys(_TYPOGRAPHIC_QUOTES, "Values stand in plain quotes, \" or '."),
    "#": "Comments start with //.",
    "/": "Comments start with // and end with the line.",
    "$": 'Placeholders stand inside a quoted value: "${bindParam:name}".',
}


@dataclass(frozen=True)
class Token:
    """A piece of text. ``text`` comes without its quotes; ``end`` is the token after the last one, without text."""

    kind: Kind
    text: str
    position: Position

    def __str__(self) -> str:
        return "the end of the text" if self.kind == "end" else repr(self.text)


class Places:
    """Positions by offset in one text. Lines end with LF, CR LF or CR."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def __call__(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, the last of kind ``end``; raises SyntaxProblem where no token can be."""
    places = Places(text)
    offset = end = 0
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if found is None:
            raise SyntaxProblem(_advice(text[offset]), places(offset))
        kind = _KINDS.get(found.lastgroup or "")
        if kind is not None:
            end = found.end()
            yield Token(kind, found.group()[1:-1] if kind == "text" else found.group(), places(offset))
        offset = found.end()
    yield Token("end", "", places(end))


def _advice(character: str) -> str:
    code = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    shown = repr(character) if character.isascii() and character.isprintable() else code
    return _ADVICE.get(character) or f"Unexpected character {shown}."
