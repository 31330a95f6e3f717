# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the names that people write to the things that the account holds."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol, TypeVar

from .._api.records import Environment, Group, Permission, Zone
from .._core.errors import InvalidInput
from .model import Snapshot, is_implicit


class _Thing(Protocol):
    @property
    def id(self) -> str:
        """The service's."""

    @property
    def name(self) -> str:
        """What people call it."""


Thing = TypeVar("Thing", bound=_Thing)


class Directory:
    """Finds groups, environments and zones of a snapshot by name or id.

    ``changed`` are groups as they will be: created, or with another name.
    """

    def __init__(self, snapshot: Snapshot, changed: Iterable[Group] = ()) -> None:
        self._groups = {**snapshot.groups, **{group.id: group for group in changed}}
        self._named: dict[str, list[Group]] = {}
        for group in self._groups.values():
            self._named.setdefault(group.name, []).append(group)
        self._environments = snapshot.environments or ()

    def expect(self, group: Group) -> None:
        """Find the group as it will be, instead of as it is."""
        was = self._groups.get(group.id)
        if was:
            self._named[was.name].remove(was)
        self._groups[group.id] = group
        self._named.setdefault(group.name, []).append(group)

    @property
    def groups(self) -> Iterable[Group]:
        """All of them, as they will be."""
        return self._groups.values()

    def find_group(self, ref: str) -> Group | None:
        """The group with this id, else the only one with this name, else None; raises InvalidInput for namesakes.

        Hidden groups are service users' own, and have whatever name: they make that of a listed one no less clear.
        """
        named = self._named.get(ref, [])
        return self._groups.get(ref) or only("group", ref, [each for each in named if not each.hidden] or named)

    def group(self, ref: str) -> Group:
        """As :meth:`find_group`, but raises InvalidInput with the nearest names when there is none."""
        found = self.find_group(ref)
        if found is None:
            raise _unknown("group", ref, [group for group in self._groups.values() if not is_implicit(group)])
        return found

    def environment(self, ref: str) -> Environment:
        """The environment with this id or name; raises InvalidInput."""
        return only("environment", ref, self._places.get(ref, [])) or find("environment", ref, self._environments)

    @cached_property
    def _places(self) -> dict[str, list[Environment]]:
        return index_of(self._environments)

    def scope_name(self, permission: Permission) -> str:
        """Where a permission is held, in people's words; ids where there is no name."""
        if permission.scope_type == "account":
            return "the account"
        environment_id, _colon, zone_id = permission.scope.partition(":")
        place = self.environment_name(environment_id)
        zone = self.zone_name(environment_id, zone_id)
        return f"management zone {zone} of {place}" if zone_id else f"environment {place}"

    def environment_name(self, environment_id: str) -> str:
        """What an environment is called; its id where it has no name or isn't there."""
        environment = self._environment(environment_id)
        return (environment.name if environment else "") or environment_id

    def has_place(self, environment_id: str, zone_id: str) -> bool:
        """Whether an environment, and its management zone unless that is empty, are there."""
        environment = self._environment(environment_id)
        return environment is not None and (not zone_id or any(each.id == zone_id for each in environment.zones))

    def zone_name(self, environment_id: str, zone_id: str) -> str:
        """What a management zone is called; its id where it has no name or isn't there."""
        environment = self._environment(environment_id)
        zones = environment.zones if environment else ()
        return next((each.name for each in zones if each.id == zone_id), "") or zone_id

    def _environment(self, environment_id: str) -> Environment | None:
        return next((each for each in self._environments if each.id == environment_id), None)

    @staticmethod
    def zone(environment: Environment, ref: str) -> Zone:
        """The management zone with this id or name; raises InvalidInput."""
        return find("management zone", ref, environment.zones, f" in {environment.name or environment.id}")


def index_of(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """Ids win over names: what is found by its id isn't found by a name of the same text."""
    things = list(things)
    index: dict[str, list[Thing]] = {}
    for thing in things:
        index.setdefault(thing.name, []).append(thing)
    index.update({thing.id: [thing] for thing in things})
    return index


def find(kind: str, ref: str, things: Iterable[Thing], place: str = "") -> Thing:
    """The thing with this id, else the only one with this name; raises InvalidInput with the nearest names."""
    things = list(things)
    found = only(kind, ref, index_of(things).get(ref, []))
    if found is None:
        raise _unknown(kind, ref, things, place)
    return found


def only(kind: str, ref: str, found: list[Thing]) -> Thing | None:
    """The one thing found, None when there is none; raises InvalidInput for namesakes."""
    if len(found) > 1:
        ids = " and ".join(sorted(thing.id for thing in found))
        raise InvalidInput(f"The name {ref!r} isn't clear, it is that of {len(found)} {kind}s: {ids}. Give the id.")
    return found[0] if found else None


def _unknown(kind: str, ref: str, things: Iterable[_Thing], place: str = "") -> InvalidInput:
    spelled = {text.lower(): text for thing in things for text in (thing.id, thing.name) if text}
    near = [spelled[text] for text in get_close_matches(ref.lower(), spelled, n=3, cutoff=0.5)]
    hint = f"Did you mean {' or '.join(repr(text) for text in near)}?" if near else "Nothing has a similar name."
    return InvalidInput(f"There is no {kind} {ref!r}{place}. {hint}")
