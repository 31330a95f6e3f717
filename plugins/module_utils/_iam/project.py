# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account will look like once changes have taken place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import cast

from .._api.records import Boundary, Policy, ServiceUser, User
from .._core.change import Action, Change
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import Snapshot
from .part import PartFact
from .policy_facts import BindingFact, Thing, ThingFact, thing_id


def project(snapshot: Snapshot, changes: Collection[Change]) -> Snapshot:
    """``snapshot`` after ``changes``. New users have no uid yet, new groups an id that stands in for the real one."""
    future = _Future(snapshot)
    for change in changes:
        future.note(change)
    return _with_parts(future.snapshot(), changes)


def _with_parts(snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    for change in changes:
        if isinstance(change.fact, PartFact):
            snapshot = change.fact.projected(snapshot, change.action)
    return snapshot


class _Future:
    def __init__(self, today: Snapshot) -> None:
        self._today = today
        self._users = dict(today.users)
        self._groups = dict(today.groups)
        self._memberships: dict[str, frozenset[str] | set[str]] = dict(today.memberships)
        self._permissions = dict(today.permissions)
        self._bindings = dict(today.bindings)
        self._things: dict[type[Thing], dict[str, Thing]] = {
            Policy: dict(today.policies),
            Boundary: dict(today.boundaries or {}),
            ServiceUser: dict(today.service_users or {}),
        }

    def note(self, change: Change) -> None:
        fact = change.fact
        if isinstance(fact, UserFact):
            self.user(fact)
        elif isinstance(fact, GroupFact):
            self.group(fact)
        elif isinstance(fact, MembershipFact):
            self.membership(fact, holds=change.action is Action.ADD)
        elif isinstance(fact, PermissionFact):
            self.permission(fact, holds=change.action is Action.ADD)
        elif isinstance(fact, ThingFact):
            self.thing(fact)
        elif isinstance(fact, BindingFact):
            self.binding(fact, holds=change.action is not Action.REMOVE)

    def user(self, fact: UserFact) -> None:
        if fact.gone:
            self._users.pop(fact.user.key, None)
            self._memberships.pop(fact.user.key, None)
        else:
            self._users[fact.user.key] = fact.user

    def group(self, fact: GroupFact) -> None:
        if fact.gone:
            self._groups.pop(fact.group.id, None)
            self._permissions.pop(fact.group.id, None)
        else:
            self._groups[fact.group.id] = fact.group

    def membership(self, fact: MembershipFact, *, holds: bool) -> None:
        if fact.user.key in self._users:
            have = self._memberships.get(fact.user.key, frozenset())
            if not isinstance(have, set):
                have = self._memberships[fact.user.key] = set(have)
            (have.add if holds else have.discard)(fact.group.id)

    def permission(self, fact: PermissionFact, *, holds: bool) -> None:
        have, one = self._permissions.get(fact.group.id, frozenset()), {fact.permission}
        self._permissions[fact.group.id] = have | one if holds else have - one

    def thing(self, fact: ThingFact) -> None:
        things = self._things[type(fact.thing)]
        if fact.gone:
            things.pop(thing_id(fact.thing), None)
        else:
            things[thing_id(fact.thing)] = fact.thing
        if isinstance(fact.thing, ServiceUser):
            self._service_user(fact.thing.user, gone=fact.gone)

    def _service_user(self, user: User, *, gone: bool) -> None:
        if gone:
            self._users.pop(user.key, None)
            self._memberships.pop(user.key, None)
        else:
            self._users.setdefault(user.key, user)

    def binding(self, fact: BindingFact, *, holds: bool) -> None:
        key = fact.binding.key
        others = {each for each in self._bindings.get(fact.binding.level) or () if each.key != key}
        self._bindings[fact.binding.level] = frozenset({*others, *([fact.binding] if holds else [])})

    def snapshot(self) -> Snapshot:
        deleted = self._today.groups.keys() - self._groups.keys()
        memberships = {key: frozenset(have) - deleted for key, have in self._memberships.items()}
        return replace(
            self._today,
            users=self._users,
            groups=self._groups,
            memberships=memberships,
            permissions=self._permissions,
            bindings=self._bindings,
            policies=cast("dict[str, Policy]", self._things[Policy]),
            boundaries=cast("dict[str, Boundary]", self._things[Boundary]),
            service_users=cast("dict[str, ServiceUser]", self._things[ServiceUser]),
            whole_users=self._today.whole_users | (self._users.keys() - self._today.users.keys()),
        )
