# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of what a task wants that lie beside users, groups and policies: SCIM, tokens.

A part brings along all that the engine has to know about it, so tasks without it load nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .._core.change import Action, Change, DiffEntry
from .._core.execute import Step

if TYPE_CHECKING:
    from .draft import Draft
    from .model import Snapshot


class Question(Protocol):
    """Something to be read; a frozen dataclass, by which the answer is found in ``Snapshot.answers``."""

    def ask(self, account: Any, /) -> Any:
        """The answer. ``account`` is an Account, which the planner must not know. Raises CallFailed."""


class PartFact:
    """Base of the facts of parts: besides what the core wants to know, what guards and reports do."""

    @property
    def closes(self) -> bool:
        """Whether even an update of it takes access from somebody."""
        return False

    @property
    def kind(self) -> str:
        """As in ``changes``."""
        raise NotImplementedError

    @property
    def noun(self) -> str:
        """The plural, for thresholds."""
        raise NotImplementedError

    @property
    def counts(self) -> bool:
        """Whether it counts for thresholds: what only follows from something that does, doesn't."""
        return True

    @property
    def name(self) -> str:
        """What people call it."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """What tells it from a namesake."""
        raise NotImplementedError

    @property
    def person(self) -> tuple[str, str] | None:
        """E-mail of whom it concerns, and what it is to them."""
        return None

    @property
    def locks_out(self) -> bool:
        """Whether that person can't log in any more."""
        return False

    def detail(self) -> dict[str, Any]:
        """The fact in the user's words, JSON-able."""
        raise NotImplementedError

    def diff(self, _view: str, /) -> DiffEntry:
        """How it shows in a diff."""
        raise NotImplementedError

    def provides(self) -> frozenset[str]:
        """Keys that later changes may depend on."""
        return frozenset()

    def needs(self) -> frozenset[str]:
        """Keys whose changes must not have failed before this one is carried out."""
        return frozenset()

    def population(self, _snapshot: Snapshot, /) -> int | None:
        """How many there are of its kind, for thresholds; None when that wasn't read."""
        return None

    def way_back(self, _action: Action, /) -> str:
        """How to undo it, or that it can't be undone, in words."""
        raise NotImplementedError

    def projected(self, snapshot: Snapshot, _action: Action, /) -> Snapshot:
        """``snapshot`` after the change."""
        return snapshot


class Steps(Protocol):
    """Turns changes of a part's facts into calls, for one run."""

    ids: dict[str, str]
    """The real ids of what was created by those that stood for them."""

    def steps(self, action: Action, changes: Sequence[Change], /) -> Iterable[Step]:
        """The calls of one stage; ``changes`` may hold facts of other parts, too."""


class Part(Protocol):
    """A part of what a task wants."""

    def questions(self, snapshot: Snapshot, /) -> Iterable[Question]:
        """What has to be read before planning can begin; what ``snapshot`` answers already may be among it."""

    def plan(self, draft: Draft, /) -> None:
        """Note the changes; raises InvalidInput or Refused. Nothing is read or sent."""

    def start(self, account: Any, snapshot: Snapshot, /) -> Steps:
        """For the Account to be changed."""
