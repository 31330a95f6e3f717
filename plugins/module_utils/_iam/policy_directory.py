# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the names of policies, boundaries and levels to what the account holds, or will hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Generic

from .._api.records import GLOBAL, Binding, Boundary, Level, Policy, ServiceUser, is_uuid
from .._core.errors import InvalidInput, Refused
from .model import Snapshot
from .resolve import Directory, Thing, find, index_of, only

if TYPE_CHECKING:
    from .zones import ZoneBoundaries

UNREADABLE = (
    "The {what} of {place} can't be read: the OAuth client needs the scope {scope} or iam-policies-management, and"
    " {place} must be there."
)


class Known(Generic[Thing]):
    """Things of one kind as they are, and as they will be once what is planned has been applied."""

    def __init__(self, noun: str, things: Iterable[Thing]) -> None:
        self._noun = noun
        self._things = {thing.id: thing for thing in things}

    def expect(self, thing: Thing) -> None:
        """Find the thing as it will be."""
        self._things[thing.id] = thing

    def all(self) -> list[Thing]:
        """All of them."""
        return list(self._things.values())

    def get(self, thing_id: str) -> Thing | None:
        """The one with this id."""
        return self._things.get(thing_id)

    def look(self, ref: str) -> Thing | None:
        """The one with this id or name, else None; raises InvalidInput for namesakes."""
        return only(self._noun, ref, index_of(self._things.values()).get(ref, []))

    def find(self, ref: str) -> Thing:
        """As :meth:`look`; raises InvalidInput with the nearest names when there is none."""
        return find(self._noun, ref, self._things.values())


class PolicyDirectory:
    """Policies and boundaries by name or id, and what is bound at a level."""

    def __init__(self, snapshot: Snapshot, directory: Directory) -> None:
        self._snapshot = snapshot
        self._directory = directory
        self._by_group: dict[Level, dict[str, list[Binding]]] = {}
        self.policies = Known("policy", snapshot.policies.values())
        self.boundaries: Known[Boundary] = Known("policy boundary", (snapshot.boundaries or {}).values())

    def find_policy(self, ref: str, level: Level) -> Policy | None:
        """By name or id, of those that can be bound at a level; raises InvalidInput for namesakes."""
        return only("policy", ref, index_of(self._bindable(level)).get(ref, []))

    def policy(self, ref: str, level: Level) -> Policy:
        """As :meth:`find_policy`. An id that no list shows is taken as it is: live accounts bind such policies."""
        found = self.find_policy(ref, level)
        if found is None and is_uuid(ref):
            return Policy(ref, ref, GLOBAL)
        for each in (GLOBAL, self.level(None), level) if found is None else ():
            if each in self._snapshot.policies_at:
                self.check_readable(each)
        return found or find("policy", ref, self._bindable(level))

    def _bindable(self, level: Level) -> list[Policy]:
        """An environment's own policies can be bound there only."""
        return [policy for policy in self.policies.all() if policy.level in (GLOBAL, self.level(None), level)]

    def policy_at(self, ref: str, level: Level) -> Policy | None:
        """A policy of this very level, None when there is none; raises InvalidInput for namesakes."""
        here = [policy for policy in self.policies.all() if policy.level == level]
        return only("policy", ref, index_of(here).get(ref, []))

    def level(self, environment: str | None) -> Level:
        """The level that a name or id of an environment means; the account without one."""
        if environment is None:
            return ("account", self._snapshot.account)
        return ("environment", self._directory.environment(environment).id)

    def place(self, level: Level) -> str:
        """A level in people's words."""
        if level[0] == "account":
            return "the account"
        if level == GLOBAL:
            return "Dynatrace's own"
        return f"environment {self.environment_name(level)}"

    def environment_name(self, level: Level) -> str:
        """What the environment of a level is called; its id where it has no name or isn't there."""
        return self._directory.environment_name(level[1])

    def is_active(self, level: Level) -> bool:
        """False only for an environment that is known to be switched off: its bindings can't be written."""
        return level[1] not in self._inactive

    @cached_property
    def _inactive(self) -> frozenset[str]:
        return frozenset(each.id for each in self._snapshot.environments or () if each.active is False)

    def bindings(self, level: Level) -> frozenset[Binding]:
        """What is bound at a level; raises Refused where that may not be read."""
        found = self._snapshot.bindings[level]
        if found is None:
            raise Refused(UNREADABLE.format(what="policy bindings", place=self.place(level), scope="iam:bindings:read"))
        return found

    @cached_property
    def zones(self) -> ZoneBoundaries:
        """The boundaries that name management zones; first asked for when the task's own are known."""
        from .zones import ZoneBoundaries

        return ZoneBoundaries(self.boundaries.all())

    def bindings_of(self, group_id: str, level: Level) -> list[Binding]:
        """What is bound to a group at a level, sorted; raises Refused where that may not be read."""
        if level not in self._by_group:
            found: dict[str, list[Binding]] = {}
            for binding in sorted(self.bindings(level)):
                found.setdefault(binding.group, []).append(binding)
            self._by_group[level] = found
        return self._by_group[level].get(group_id, [])

    def check_readable(self, level: Level) -> None:
        """Raise Refused where the policies of a level may not be read."""
        if not self._snapshot.policies_at.get(level, False):
            raise Refused(UNREADABLE.format(what="policies", place=self.place(level), scope="iam:policies:read"))

    def names(self, binding: Binding) -> tuple[tuple[str, str], ...]:
        """What the ids of the boundaries in a binding are called."""
        found = [(each, self.boundaries.get(each)) for each in binding.boundaries]
        return tuple((each, boundary.name) for each, boundary in found if boundary)

    def policy_name(self, policy_id: str) -> str:
        """What a policy is called; its id where no list shows it."""
        policy = self.policies.get(policy_id)
        return policy.name if policy else policy_id


def service_user_named(snapshot: Snapshot, ref: str) -> ServiceUser | None:
    """The service user with this uid, e-mail or name; raises InvalidInput for namesakes."""
    everyone, key = (snapshot.service_users or {}).values(), ref.lower()
    exact = [each for each in everyone if ref == each.uid or key == each.email.lower()]
    found = exact or [each for each in everyone if each.name == ref]
    if len(found) > 1:
        ids = " and ".join(sorted(each.uid for each in found))
        raise InvalidInput(
            f"The name {ref!r} isn't clear, it is that of {len(found)} service users: {ids}. Give the id."
        )
    return found[0] if found else None
