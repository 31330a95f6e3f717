# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of facts that concern policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._api.records import Binding, Boundary, Group, Policy, ServiceUser
from .._core.change import DiffEntry
from .facts import ANY_ADD, FOR_GOOD

Thing = Policy | Boundary | ServiceUser
NOUNS: dict[type[Thing], tuple[str, str]] = {
    Policy: ("policy", "policy"),
    Boundary: ("boundary", "boundary"),
    ServiceUser: ("service_user", "service user"),
}


def new_id(noun: str, name: str) -> str:
    """Stands for the id of a thing that doesn't exist yet."""
    return f"new:{noun}:{name}"


def is_new(thing_id: str) -> bool:
    """Whether the id only stands for one."""
    return thing_id.startswith("new:")


@dataclass(frozen=True, slots=True)
class ThingFact:
    """A policy, a boundary or a service user is there (like this), or isn't. ``was`` is it before an update, ``gone``
    marks a deletion, ``place`` says where a policy lives that isn't the account's."""

    thing: Thing
    was: Thing | None = None
    gone: bool = False
    place: str = ""

    closes = False

    @property
    def kind(self) -> str:
        return NOUNS[type(self.thing)][0]

    @property
    def name(self) -> str:
        return (self.was or self.thing).name + (f" in {self.place}" if self.place else "")

    @property
    def identity(self) -> str:
        return thing_id(self.thing)

    def detail(self) -> dict[str, Any]:
        if self.gone:
            return {"name": self.thing.name, "deleted": FOR_GOOD}
        if self.was is None:
            return {key: value for key, value in text_of(self.thing).items() if value}
        before, after = self._changed()
        return {**after, "before": before}

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"{NOUNS[type(self.thing)][1]} {self.name}"
        if self.gone:
            return DiffEntry(block, before=text_of(self.thing), after={"deleted": FOR_GOOD})
        if self.was is None:
            return DiffEntry(block, after={key: value for key, value in text_of(self.thing).items() if value})
        before, after = self._changed()
        return DiffEntry(block, before=before, after=after)

    def provides(self) -> frozenset[str]:
        user = {f"user {self.thing.user.key}"} if isinstance(self.thing, ServiceUser) else set[str]()
        return frozenset({thing_id(self.thing), *user})

    def needs(self) -> frozenset[str]:
        return frozenset({f"binds {thing_id(self.thing)}"}) if self.gone else frozenset()

    def _changed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        before, after = text_of(self.was or self.thing), text_of(self.thing)
        changed = [key for key in after if after[key] != before[key]]
        return {key: before[key] for key in changed}, {key: after[key] for key in changed}


def thing_id(thing: Thing) -> str:
    """The service's id."""
    return thing.uid if isinstance(thing, ServiceUser) else thing.id


def text_of(thing: Thing) -> dict[str, Any]:
    """What people give to it."""
    if isinstance(thing, Boundary):
        return {"name": thing.name, "query": thing.query}
    if isinstance(thing, ServiceUser):
        return {"name": thing.name, "description": thing.description}
    return {
        "name": thing.name,
        "description": thing.description,
        "tags": sorted(thing.tags),
        "statement": thing.statement or "",
    }


@dataclass(frozen=True, slots=True)
class BindingFact:
    """A policy is bound to a group at a level, called ``place``. ``was`` is the binding before its boundaries change.

    ``names`` tells what ids in the binding are called, as pairs.
    """

    binding: Binding
    group: Group
    policy: str
    place: str
    names: tuple[tuple[str, str], ...] = ()
    was: Binding | None = None

    kind = "binding"
    closes = False

    @property
    def name(self) -> str:
        return f"{self.group.name}: {self.policy} on {self.place}{self._particulars()}"

    @property
    def identity(self) -> str:
        return " ".join((self.group.id, self.binding.policy, *self.binding.level, *self.binding.boundaries))

    @property
    def narrows(self) -> bool:
        """Whether other boundaries may leave less access: they are united, and having none is the widest."""
        if self.was is None or not self.binding.boundaries:
            return False
        return not self.was.boundaries or not set(self.was.boundaries) <= set(self.binding.boundaries)

    def detail(self) -> dict[str, Any]:
        found: dict[str, Any] = {"group": self.group.name, "policy": self.policy, "level": self.place}
        for key in ("parameters", "metadata"):
            if getattr(self.binding, key):
                found[key] = dict(getattr(self.binding, key))
        if self.binding.boundaries or self.was:
            found["boundaries"] = self._boundaries(self.binding)
        return {**found, "before": {"boundaries": self._boundaries(self.was)}} if self.was else found

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"group {self.group.name}"
        what = f"{self.policy} on {self.place}{self._particulars()}"
        if self.was:
            before, after = ({f"boundaries of {what}": self._boundaries(each)} for each in (self.was, self.binding))
            return DiffEntry(block, before=before, after=after)
        within = f" within {' and '.join(self._boundaries(self.binding))}" if self.binding.boundaries else ""
        return DiffEntry(block, "bindings", f"{what}{within}")

    def provides(self) -> frozenset[str]:
        return frozenset({ANY_ADD, f"access of {self.group.id}", *self._things("binds ")})

    def needs(self) -> frozenset[str]:
        """Access is only taken from a group once all that it gains is there."""
        return frozenset({f"group {self.group.id}", f"access of {self.group.id}", *self._things("")})

    def _things(self, prefix: str) -> set[str]:
        bindings = (self.binding, self.was or self.binding)
        return {f"{prefix}{each}" for one in bindings for each in (one.policy, *one.boundaries)}

    def _boundaries(self, binding: Binding) -> list[str]:
        called = dict(self.names)
        return sorted(called.get(each, each) for each in binding.boundaries)

    def _particulars(self) -> str:
        pairs = [f"{key}={value}" for key, value in (*self.binding.parameters, *self.binding.metadata)]
        return f" ({', '.join(pairs)})" if pairs else ""
