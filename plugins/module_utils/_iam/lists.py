# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of names as tasks give them: what to add, to remove, or to have and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .._core.errors import InvalidInput
from .timebox import ALWAYS, split_by_time


@dataclass(frozen=True)
class ListWish:
    """How a list shall change. Without a ``set``, what else is in it stays; ``within`` bounds what it removes."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    set: tuple[str, ...] | None = None
    within: tuple[str, ...] | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """All entries that the task names."""
        return (*self.add, *self.remove, *(self.set or ()))


def named(option: str, given: str) -> str:
    """A name or id without surrounding blanks; raises InvalidInput for an empty one."""
    text = str(given).strip()
    if not text:
        raise InvalidInput(f"{option} must not be empty.")
    return text


def names(option: str, given: Iterable[str]) -> tuple[str, ...]:
    """Names or ids, each once."""
    return tuple(dict.fromkeys(named(option, item) for item in given))


def list_wish(option: str, given: Mapping[str, Any] | None, now: datetime = ALWAYS) -> ListWish | None:
    """From ``{add, remove, set, within}``; None for an omitted one. Entries of ``add`` and ``set`` may be time-boxed:
    one that is over is to be removed."""
    if given is None:
        return None
    boxes = {key: split_by_time(f"{option}.{key}", value, now) for key, value in given.items() if value is not None}
    parts = {key: names(f"{option}.{key}", box.valid) for key, box in boxes.items()}
    over = names(option, boxes["add"].over) if "add" in boxes else ()
    if "set" in parts and ("add" in parts or "remove" in parts):
        raise InvalidInput(f"{option}: set says what the whole list is, so it can't be combined with add or remove.")
    if "within" in parts and "set" not in parts:
        raise InvalidInput(f"{option}: within bounds what set removes, and does nothing without it.")
    both = sorted(set(parts.get("add", ())) & set(parts.get("remove", ())))
    if both:
        raise InvalidInput(f"{option}: {', '.join(both)} is in both add and remove.")
    return ListWish(**{**parts, "remove": (*parts.get("remove", ()), *over)})
