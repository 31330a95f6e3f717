# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People from a CSV file, checked row by row before anything is done with them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .._core.errors import InvalidInput
from .desired import email

FIELDS = ("email", "first_name", "last_name", "groups")
MOST_PROBLEMS = 20
"""How many problems are told at once."""


@dataclass(frozen=True)
class Layout:
    """How the file is made. ``columns``: for each of FIELDS that the file has, the column's name in the header."""

    columns: Mapping[str, str]
    delimiter: str = ","
    group_separator: str = ";"
    groups_for_all: tuple[str, ...] = ()
    groups_as: str = "add"
    """``add`` lets people join, ``set`` makes the groups all that they are in."""


@dataclass
class _Findings:
    problems: list[str] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """Key of a person → line."""


def read_people(lines: Iterable[str], layout: Layout) -> list[dict[str, Any]]:
    """Users for ``dynatrace_access``; raises InvalidInput with all that is wrong, by line.

    Cells are text and nothing else: one that a spreadsheet would run as a formula is a name like any other.
    """
    for what, text in (("delimiter", layout.delimiter), ("group_separator", layout.group_separator)):
        if len(text) != 1 or text in '"\r\n':
            raise InvalidInput(f"{what} must be one character, other than a quote or the end of a line, not {text!r}.")
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    findings = _Findings()
    try:
        positions = _header(next(reader, []), layout)
        for row in reader:
            if any(cell.strip() for cell in row):
                _read_row(reader.line_num, row, positions, layout, findings)
    except csv.Error as error:
        findings.problems.append(f"line {reader.line_num}: {error}")
    if findings.problems:
        more = len(findings.problems) - MOST_PROBLEMS
        told = findings.problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise InvalidInput(f"It can't be used: {'; '.join(told)}.")
    return findings.people


def _header(row: list[str], layout: Layout) -> dict[str, int]:
    """Field → position; raises InvalidInput when a column isn't there or is there twice."""
    names = [cell.strip() for cell in row]
    positions = {}
    for name, column in layout.columns.items():
        if names.count(column) != 1:
            near = get_close_matches(column, names, n=1, cutoff=0.5)
            what = "more than one column" if column in names else "no column"
            hint = f", did you mean {near[0]!r}" if near and column not in names else ""
            raise InvalidInput(f"It has {what} {column!r} for {name}{hint}; its header is: {', '.join(names)}.")
        positions[name] = names.index(column)
    positions["width"] = len(names)
    return positions


def _read_row(line: int, row: list[str], positions: Mapping[str, int], layout: Layout, findings: _Findings) -> None:
    if len(row) != positions["width"]:
        findings.problems.append(f"line {line}: {len(row)} cells, but the header has {positions['width']}")
        return
    cells = {name: row[positions[name]].strip() for name in FIELDS if name in positions}
    try:
        address = email(cells["email"])
    except InvalidInput as error:
        findings.problems.append(f"line {line}: {str(error).rstrip('.')}")
        return
    first = findings.lines.setdefault(address.lower(), line)
    if first != line:
        findings.problems.append(f"line {line}: {address} is in line {first} already")
        return
    groups = [name.strip() for name in cells.get("groups", "").split(layout.group_separator)]
    wanted = list(dict.fromkeys([*layout.groups_for_all, *(name for name in groups if name)]))
    names = {name: cells[name] for name in ("first_name", "last_name") if cells.get(name)}
    groups_known = "groups" in cells or bool(layout.groups_for_all)
    findings.people.append(
        {"email": address, **names, **({"groups": {layout.groups_as: wanted}} if groups_known else {})}
    )
