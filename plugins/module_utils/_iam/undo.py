# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back: an input for ``dynatrace_access`` that restores what a run changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._api.records import Group, User
from .._core.change import Action, Change
from .._core.plan import Plan
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import Needs, Snapshot, is_managed


def keepsakes(plan: Plan, snapshot: Snapshot) -> Needs:
    """What has to be read of that which is about to be deleted, since afterwards nobody can tell."""
    people: set[str] = set()
    groups: set[str] = set()
    for change in plan.changes:
        if isinstance(change.fact, UserFact) and change.fact.gone:
            people.add(change.fact.user.key)
        elif isinstance(change.fact, GroupFact) and change.fact.gone:
            groups.add(change.fact.group.id)
    listed = groups if snapshot.abilities.lists_members else set()
    return Needs(
        groups_of=frozenset(people - snapshot.whole_users),
        permissions_of=frozenset(groups - snapshot.permissions.keys()),
        members_of=frozenset(listed - snapshot.whole_groups),
    )


def undo(changes: Iterable[Change], before: Snapshot) -> dict[str, Any]:
    """``{users, groups, lost}``: what to pass to ``dynatrace_access``, and in words what can't come back."""
    way = _WayBack(before)
    for change in changes:
        fact = change.fact
        if isinstance(fact, UserFact):
            way.user(fact)
        elif isinstance(fact, GroupFact):
            way.group(fact)
        elif isinstance(fact, MembershipFact):
            way.membership(change.action, fact.user, fact.group)
        elif isinstance(fact, PermissionFact):
            way.permission(change.action, fact)
    return way.finished()


class _WayBack:
    def __init__(self, before: Snapshot) -> None:
        self._before = before
        self._users: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, dict[str, Any]] = {}
        self._created: set[str] = set()
        self._names: dict[str, str] = {}
        self._lost: list[str] = []

    def user(self, fact: UserFact) -> None:
        entry = self._user(fact.user)
        if fact.gone:
            entry["state"] = "present"
            entry.update(_names(fact.user))
            for group_id in sorted(self._before.groups_of(fact.user.key)):
                group = self._before.groups.get(group_id)
                if group and not is_managed(group):
                    self.membership(Action.REMOVE, fact.user, group)
            self._lost.append(f"user {fact.user.email}: comes back as a new one, by invitation, with another uid")
        elif fact.was is None:
            self._users[fact.user.key] = {"email": fact.user.email, "state": "absent"}
            self._created.add(fact.user.key)
        else:
            entry.update(_names(fact.was))

    def group(self, fact: GroupFact) -> None:
        if fact.gone:
            group = fact.group
            entry = self._group(group)
            entry.update(description=group.description, federated_attribute_values=sorted(group.federated))
            for permission in sorted(self._before.permissions.get(group.id, ())):
                self._add_permission(entry, permission.name, permission.scope_type, permission.scope, "present")
            for key in sorted(self._before.members_of(group.id)):
                self.membership(Action.REMOVE, self._before.users[key], group)
            if group.id not in self._before.whole_groups and not self._before.whole_users >= self._before.users.keys():
                self._lost.append(f"group {group.name}: its members aren't all known, since this API doesn't list them")
            self._lost.append(
                f"group {group.name}: comes back as a new one with another id, without bindings of policies"
            )
        elif fact.was is None:
            self._groups[fact.group.id] = {"name": fact.group.name, "state": "absent"}
            self._created.add(fact.group.id)
        else:
            self._names[fact.group.id] = fact.was.name
            entry = self._group(fact.group)
            entry.update(
                new_name=fact.was.name,
                description=fact.was.description,
                federated_attribute_values=sorted(fact.was.federated),
            )

    def membership(self, action: Action, user: User, group: Group) -> None:
        if user.key in self._created or group.id in self._created:
            return
        part = "remove" if action is Action.ADD else "add"
        ids = self._user(user).setdefault("groups", {}).setdefault(part, [])
        self._names.setdefault(group.id, group.name)
        if group.id not in ids:
            ids.append(group.id)

    def permission(self, action: Action, fact: PermissionFact) -> None:
        if fact.group.id not in self._created:
            state = "absent" if action is Action.ADD else "present"
            given = fact.permission
            self._add_permission(self._group(fact.group), given.name, given.scope_type, given.scope, state)

    def finished(self) -> dict[str, Any]:
        """Groups are referred to by the names that they will have again."""
        for entry in self._users.values():
            for part, ids in entry.get("groups", {}).items():
                entry["groups"][part] = sorted(self._names[group_id] for group_id in ids)
        return {"users": [*self._users.values()], "groups": [*self._groups.values()], "lost": self._lost}

    def _user(self, user: User) -> dict[str, Any]:
        return self._users.setdefault(user.key, {"email": user.email, "state": "existing"})

    def _group(self, group: Group) -> dict[str, Any]:
        return self._groups.setdefault(group.id, {"name": group.name, "state": "present"})

    @staticmethod
    def _add_permission(entry: dict[str, Any], name: str, scope_type: str, scope: str, state: str) -> None:
        wish: dict[str, Any] = {"permissions": [name], "state": state}
        if scope_type != "account":
            environment, _colon, zone = scope.partition(":")
            wish["environments"] = [environment]
            if zone:
                wish["management_zones"] = [zone]
        entry.setdefault("permissions", []).append(wish)


def _names(user: User) -> dict[str, str]:
    return {"first_name": user.first_name or "", "last_name": user.last_name or ""}
