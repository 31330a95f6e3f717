# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access that ends by itself: groups that somebody is in until a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .._core.errors import InvalidInput

ALWAYS = datetime.min.replace(tzinfo=timezone.utc)
"""A moment at which nobody's time is up."""


@dataclass(frozen=True)
class TimeBoxed:
    """The names of a list, split by whether their time is up."""

    valid: tuple[str, ...]
    over: tuple[str, ...]


def split_by_time(option: str, entries: Iterable[Any], now: datetime) -> TimeBoxed:
    """From names and ``{name, until}``; raises InvalidInput for another shape or a moment without time zone."""
    valid: list[str] = []
    over: list[str] = []
    for entry in entries:
        name, until = _entry(option, entry)
        if until is not None and moment(f"{option} of {name}", until) <= now:
            over.append(name)
        else:
            valid.append(name)
    return TimeBoxed(tuple(valid), tuple(over))


def moment(option: str, given: str) -> datetime:
    """An ISO 8601 date and time with its zone; raises InvalidInput.

    A naive time is refused rather than guessed: whose midnight it would be depends on the machine.
    """
    text = re.sub(r"[zZ]$", "+00:00", given.strip())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{option}: {given!r} is not a moment such as 2026-12-24T18:00:00Z.") from None
    if found.tzinfo is None:
        raise InvalidInput(
            f"{option}: {given!r} has no time zone; write 2026-12-24T18:00:00Z or with +01:00 in the end."
        )
    return found


def _entry(option: str, entry: Any) -> tuple[str, str | None]:
    if isinstance(entry, Mapping):
        if not entry.get("name") or entry.keys() - {"name", "until"}:
            raise InvalidInput(f"{option}: an entry is a name, or a dictionary of name and until, not {dict(entry)!r}.")
        until = entry.get("until")
        return str(entry["name"]), None if until is None else str(until)
    return str(entry), None
