# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change is one fact that a run makes true or untrue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol


class Action(Enum):
    """What happens to a fact. The order is the order of the stages: adds come before removes everywhere."""

    CREATE = "create"
    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    DELETE = "delete"


STAGES = tuple(Action)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class DiffEntry:
    """One line's worth of a diff: ``item`` in the list ``field`` of ``block``, or fields ``before`` and ``after``."""

    block: str
    field: str = ""
    item: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


class Fact(Protocol):
    """What the core needs to know about a fact; the domain defines the kinds."""

    @property
    def kind(self) -> str:
        """A noun: ``user``, ``membership``."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def identity(self) -> str:
        """What tells it from a namesake: ids, for the plan id."""

    @property
    def closes(self) -> bool:
        """Whether even an update of it takes access from somebody, as disabling a token does."""

    def detail(self) -> dict[str, Any]:
        """The fact in the user's words, JSON-able."""

    def diff(self, view: str, /) -> DiffEntry:
        """How the fact shows in a diff; ``view`` names the kind of object that the diff has a block for."""

    def provides(self) -> frozenset[str]:
        """Keys that later changes may depend on."""

    def needs(self) -> frozenset[str]:
        """Keys whose changes must not have failed before this one is carried out."""


def described(change: Mapping[str, Any]) -> str:
    """An entry of ``changes`` as one line of text."""
    return f"{change['action']} {change['kind']} {change['name']} {json.dumps(change['detail'], sort_keys=True)}"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact and what happens to it."""

    action: Action
    fact: Fact

    @property
    def takes(self) -> bool:
        """Whether it takes something away."""
        return self.action in (Action.REMOVE, Action.DELETE) or self.fact.closes

    def as_dict(self) -> dict[str, Any]:
        """An entry of the ``changes`` return value: ``{action, kind, name, detail}``."""
        return {
            "action": self.action.value,
            "kind": self.fact.kind,
            "name": self.fact.name,
            "detail": self.fact.detail(),
        }

    @property
    def canonical(self) -> str:
        """One text for one change, for ordering and for the plan id."""
        return _CANONICAL.encode([self.as_dict(), self.fact.identity])
