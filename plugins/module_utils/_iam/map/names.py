# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that find just what they are the names of; ids for whatever shares its name. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from ..._api.records import GLOBAL, Level, is_uuid
from ..model import Snapshot

Refs = Mapping[str, str]
"""By id: the name, or that id where the name isn't clear."""


def clear_names(things: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> Refs:
    """For pairs of id and name. Ids win over names, and so do the texts ``taken``; blanks around a name would go."""
    named = dict(things)
    number = Counter(named.values())
    others = {*named, *taken}
    return {
        key: name if name and name == name.strip() and number[name] == 1 and name not in others else key
        for key, name in named.items()
    }


class Names:
    """How to refer to the things of an account, so that a task finds them again."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._places: dict[str, Refs] = {}
        self._policies: dict[Level, Refs] = {}

    @cached_property
    def groups(self) -> Refs:
        """All groups. A hidden one makes the name of a listed one no less clear."""
        groups = self._snapshot.groups
        listed = [(each.id, each.name) for each in groups.values() if not each.hidden]
        return {**clear_names((each.id, each.name) for each in groups.values()), **clear_names(listed, groups)}

    @cached_property
    def environments(self) -> Refs:
        """All environments."""
        return clear_names((each.id, each.name) for each in self._snapshot.environments or ())

    @cached_property
    def boundaries(self) -> Refs:
        """All policy boundaries."""
        return clear_names((each.id, each.name) for each in (self._snapshot.boundaries or {}).values())

    @cached_property
    def service_users(self) -> Refs:
        """By uid; their e-mails find them, too."""
        robots = (self._snapshot.service_users or {}).values()
        return clear_names(((each.uid, each.name) for each in robots), (each.email for each in robots))

    def zones(self, environment: str) -> Refs:
        """The management zones of an environment, by its id."""
        if environment not in self._places:
            found = [place for place in self._snapshot.environments or () if place.id == environment]
            zones = [(zone.id, zone.name) for place in found for zone in place.zones]
            self._places[environment] = clear_names(zones)
        return self._places[environment]

    def policies_of(self, level: Level) -> Refs:
        """The policies that live at a level."""
        return clear_names((each.id, each.name) for each in self._snapshot.policies.values() if each.level == level)

    def bindable(self, policy: str, level: Level) -> str | None:
        """A policy bound at a level. One that no list shows is found by its id if that looks like one, else None."""
        if level not in self._policies:
            levels = (GLOBAL, ("account", self._snapshot.account), level)
            found = [each for each in self._snapshot.policies.values() if each.level in levels]
            self._policies[level] = clear_names((each.id, each.name) for each in found)
        return self._policies[level].get(policy, policy if is_uuid(policy) else None)
