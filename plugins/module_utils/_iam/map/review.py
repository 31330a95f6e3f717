# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The review as a CSV file that people fill in, and back again into what they decided. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain, zip_longest
from typing import Any

from ..._api.records import SERVICE_USER_DOMAIN
from ..._core.errors import InvalidInput, Refused
from .table import Row

GRANT = (
    "person",
    "status",
    "environment",
    "environment_name",
    "what",
    "mechanism",
    "group",
    "group_id",
    "group_owner",
    "level",
    "management_zones",
    "boundaries",
    "parameters",
    "since",
)
COLUMNS = (*GRANT, "grant", "decision", "reviewer", "date")
IDENTITY = (
    "person",
    "environment",
    "what",
    "mechanism",
    "group_id",
    "policy_id",
    "level",
    "management_zones",
    "boundaries",
    "parameters",
)
DELIMITERS = (",", ";", "\t")
"""What spreadsheets put between cells, which depends on the country."""
DECISIONS = ("", "keep", "revoke")
OWN = "LOCAL"
MOST = 20
"""So many problems are told at once."""
_FORMULA = re.compile(r"[=+\-@\t\r]")


def csv_text(table: Iterable[Row]) -> str:
    """One row a grant. A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table:
        writer.writerow([*(_cell(_text(row[key])) for key in GRANT), grant_id(row), "", "", ""])
    return out.getvalue()


def grant_id(row: Row) -> str:
    """What tells a grant from all others, whatever it is called: g and 16 hexadecimal digits.

    Without the letter, a spreadsheet would take some for numbers, such as 1234567890123e45, and write others back."""
    return "g" + sha256("\n".join(_text(row[key]) for key in IDENTITY).encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return _text([f"{key}={each}" for key, each in sorted(value.items())])
    if isinstance(value, (list, tuple)):
        return re.sub(r"[\r\n]+", " ", "; ".join(value))
    return "" if value is None else re.sub(r"[\r\n]+", " ", str(value))


def _cell(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


@dataclass(frozen=True)
class _Decided:
    """A row of the file: ``line`` is where it stands."""

    line: int
    cells: Mapping[str, str]

    @property
    def revoked(self) -> bool:
        return self.cells["decision"].lower() == "revoke"


def read_decisions(lines: Iterable[str], table: Iterable[Row]) -> list[dict[str, Any]]:
    """Users for ``dynatrace_access``: who leaves which groups, by id. ``table`` is the account as it is now.

    Raises InvalidInput with all that is wrong, by line, and Refused when grants have changed since the file was made.
    """
    decided = _rows(lines)
    current = {grant_id(row): row for row in table}
    _refuse_changes(decided, current)
    problems = [problem for each in decided for problem in _problems(each)]
    problems += _contradictions(decided, current)
    if problems:
        more = [f"and {len(problems) - MOST} more"] if len(problems) > MOST else []
        raise InvalidInput(f"The review can't be applied: {'; '.join([*problems[:MOST], *more])}.")
    leaving: dict[str, set[str]] = {}
    for each in decided:
        if each.revoked:
            row = current[each.cells["grant"]]
            leaving.setdefault(row["person"], set()).add(row["group_id"])
    return [
        {"email": person, "state": "existing", "groups": {"remove": sorted(groups)}}
        for person, groups in sorted(leaving.items())
    ]


def _rows(lines: Iterable[str]) -> list[_Decided]:
    given = iter(lines)
    first = next(given, "")
    reader = csv.reader(chain([first], given), strict=True, delimiter=max(DELIMITERS, key=first.count))
    try:
        header = [cell.strip() for cell in next(reader, [])]
        missing = [name for name in ("grant", "decision", "reviewer", "date") if header.count(name) != 1]
        if missing:
            raise InvalidInput(f"The review has no column {', '.join(missing)}; its header is: {', '.join(header)}.")
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
        return [
            _Decided(line, dict(zip_longest(header, row[: len(header)], fillvalue="")))
            for line, row in rows
            if any(row)
        ]
    except csv.Error as error:
        raise InvalidInput(f"The review can't be read, line {reader.line_num}: {error}.") from error


def _refuse_changes(decided: list[_Decided], current: Mapping[str, Row]) -> None:
    """What was reviewed has to be what is there: a grant more or less is another review."""
    reviewed = {each.cells.get("grant", "") for each in decided}
    new = [_told(row) for grant, row in current.items() if grant not in reviewed]
    gone = [f"line {each.line}" for each in decided if each.cells.get("grant", "") not in current]
    if new or gone:
        told = [
            f"{what}: {', '.join(items[:MOST])}" for what, items in (("new", new), ("no longer there", gone)) if items
        ]
        raise Refused(f"Grants have changed since the review was made: {'; '.join(told)}. Make a new review.")


def _problems(each: _Decided) -> list[str]:
    found = []
    decision = each.cells.get("decision", "").lower()
    if decision not in DECISIONS:
        found.append(f"line {each.line}: decision is keep, revoke or empty, not {each.cells['decision']!r}")
    if decision and not each.cells.get("reviewer"):
        found.append(f"line {each.line}: who decided? reviewer is empty")
    if decision:
        try:
            date.fromisoformat(each.cells.get("date", ""))
        except ValueError:
            found.append(f"line {each.line}: date is a day such as 2027-01-11, not {each.cells.get('date', '')!r}")
    return found


def _contradictions(decided: list[_Decided], current: Mapping[str, Row]) -> list[str]:
    """What comes through one group goes with it as a whole; groups of others are left there."""
    found = []
    kept: dict[tuple[str, str], int] = {}
    for each in decided:
        row = current[each.cells["grant"]]
        if not each.revoked:
            kept.setdefault((row["person"], row["group_id"]), each.line)
    for each in decided:
        row = current[each.cells["grant"]]
        if each.revoked and row["group_owner"] != OWN:
            owner = row["group_owner"] or "the service itself"
            found.append(f"line {each.line}: {owner} decides about group {row['group']!r}, revoke it there")
        elif each.revoked and row["person"].lower().endswith(SERVICE_USER_DOMAIN):
            found.append(f"line {each.line}: a service user leaves group {row['group']!r} by dynatrace_service_user")
        elif each.revoked and (row["person"], row["group_id"]) in kept:
            line = kept[row["person"], row["group_id"]]
            told = f"comes through group {row['group']!r} as line {line} does, which isn't revoked"
            found.append(f"line {each.line}: {told}; decide the same for both")
    return found


def _told(row: Row) -> str:
    return f"{row['person']}: {row['what']} in {row['environment_name'] or 'the account'} through {row['group']}"
