# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in plain text, for the demo and the benchmarks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def printable(text: str) -> str:
    """The text as data: nothing in it can steer a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def aligned(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The lines of a table. Columns with nothing but numbers are set flush right, their headings too."""
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    columns = list(zip(header, *cells, strict=True))
    widths = [max(width(text) for text in column) for column in columns]
    right = [bool(rows) and all(isinstance(row[at], int | float) for row in rows) for at in range(len(header))]
    lines = [list(header), ["-" * size for size in widths], *cells]
    return ["  ".join(map(_padded, line, widths, right)).rstrip() for line in lines]


def _padded(text: str, size: int, right: bool) -> str:
    blanks = " " * (size - width(text))
    return blanks + text if right else text + blanks
