# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is the ordered set of changes that a run would make, and has an id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from .change import STAGES, Action, Change


@dataclass(frozen=True)
class Plan:
    """Changes in the order of their stages; make one with :func:`make_plan`."""

    subject: str
    changes: tuple[Change, ...]
    id: str
    """SHA-256 over subject and changes: the same inputs against the same account give the same id."""
    warnings: tuple[str, ...] = ()

    @cached_property
    def takes(self) -> tuple[Change, ...]:
        """The changes that take something away."""
        return tuple(change for change in self.changes if change.takes)

    def stages(self) -> Iterator[tuple[Action, list[Change]]]:
        """The changes of each action that has any, in order."""
        for action in STAGES:
            changes = [change for change in self.changes if change.action is action]
            if changes:
                yield action, changes

    def as_list(self) -> list[dict[str, Any]]:
        """The ``changes`` return value."""
        return [change.as_dict() for change in self.changes]


def make_plan(subject: str, changes: Iterable[Change], warnings: Iterable[str] = ()) -> Plan:
    """Sort the changes into a plan for ``subject`` (the account): by stage, kind and name. Warnings are kept once."""
    rank = {action: index for index, action in enumerate(STAGES)}
    keyed = [((rank[each.action], each.fact.kind, each.fact.name, each.canonical), each) for each in changes]
    keyed.sort(key=itemgetter(0))
    digest = hashlib.sha256(subject.encode())
    for key, _change in keyed:
        digest.update(f"\n{key[-1]}".encode())
    ordered = tuple(change for _key, change in keyed)
    return Plan(subject, ordered, digest.hexdigest(), tuple(dict.fromkeys(warnings)))
