# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back: an input for ``dynatrace_access`` that restores what a run changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from .._api.records import Group, ServiceUser, User
from .._core.change import Action, Change
from .._core.plan import Plan
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import Needs, Snapshot, is_managed
from .part import PartFact
from .policy_facts import BindingFact, ThingFact
from .undo_policies import PolicyWayBack


def keepsakes(plan: Plan, snapshot: Snapshot) -> Needs:
    """What has to be read of that which is about to be deleted, since afterwards nobody can tell."""
    people: set[str] = set()
    groups: set[str] = set()
    for change in plan.takes:
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


def undo(changes: Collection[Change], before: Snapshot) -> dict[str, Any]:
    """What to pass to ``dynatrace_access``, and as ``lost`` in words what can't come back.

    ``{users, groups, lost}``, and where any were changed, ``policies``, ``boundaries`` and ``service_users``.
    """
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
        elif isinstance(fact, ThingFact):
            way.thing(fact)
        elif isinstance(fact, BindingFact):
            way.policies.binding(change.action, fact)
    way.parts(changes)
    return way.finished()


class _WayBack:
    def __init__(self, before: Snapshot) -> None:
        self._before = before
        self.policies = PolicyWayBack(before)
        self._users: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, dict[str, Any]] = {}
        self._created: set[str] = set()
        self._names: dict[str, str] = {}
        self._lost: list[str] = []
        self._hopeless: set[str] = set()
        self._managed_again: dict[str, Group] = {}
        self._everybody_read = before.users_listed and before.whole_users >= before.users.keys()
        names = Counter(group.name for group in before.groups.values())
        self._namesakes = {name for name, number in names.items() if number > 1}

    def user(self, fact: UserFact) -> None:
        if fact.gone:
            self._gone(fact.user)
        elif fact.was is None:
            self._users[fact.user.key] = {"email": fact.user.email, "state": "absent"}
            self._created.add(fact.user.key)
        else:
            self._user(fact.user).update(_names(fact.was))

    def thing(self, fact: ThingFact) -> None:
        """A new service user goes with its memberships."""
        self.policies.thing(fact)
        if isinstance(fact.thing, ServiceUser) and fact.was is None and not fact.gone:
            self._created.add(fact.thing.user.key)

    def _gone(self, user: User) -> None:
        if user.is_service_user:
            self._lost.append(f"user {user.email}: doesn't come back, since service users can't be invited")
            return
        self._user(user).update(state="present", **_names(user))
        for group_id in sorted(self._before.groups_of(user.key)):
            group = self._before.groups.get(group_id)
            if group and not is_managed(group):
                self.membership(Action.REMOVE, user, group)
            elif group is None or group.owner != "ALL_USERS":
                name, owner = (group.name, group.owner) if group else (group_id, "LOCAL")
                decider = "the service itself" if owner == "LOCAL" else owner
                self._lost.append(f"user {user.email}: group {name}, of which {decider} decides")
        self._lost.append(f"user {user.email}: comes back as a new one, by invitation, with another uid")

    def parts(self, changes: Iterable[Change]) -> None:
        """Not by ``dynatrace_access``: their texts name the way."""
        self._lost += [change.fact.way_back(change.action) for change in changes if isinstance(change.fact, PartFact)]

    def group(self, fact: GroupFact) -> None:
        if fact.gone:
            self._deleted(fact.group)
        elif fact.was is None:
            self._new(fact.group)
        else:
            self._updated(fact.group, fact.was)

    def _deleted(self, group: Group) -> None:
        if group.name in self._namesakes:
            self._hopeless.add(group.id)
            self._lost.append(f"group {group.name}: doesn't come back, since there are others of its name")
            return
        entry = self._group(group)
        entry.update(description=group.description, federated_attribute_values=sorted(group.federated))
        for permission in sorted(self._before.permissions.get(group.id, ())):
            self._add_permission(entry, permission.name, permission.scope_type, permission.scope, "present")
        for key in sorted(self._before.members_of(group.id)):
            self.membership(Action.REMOVE, self._before.users[key], group)
        if group.id not in self._before.whole_groups and not self._everybody_read:
            self._lost.append(f"group {group.name}: its members aren't all known, since this API doesn't list them")
        self._lost.append(
            f"group {group.name}: comes back as a new one with another id, without bindings and service users"
        )

    def _new(self, group: Group) -> None:
        self._created |= {group.id, group.name}
        if is_managed(group):
            self._lost.append(f"group {group.name}: stays, since {group.owner} decides about it now")
        else:
            self._groups[group.id] = {"name": group.name, "state": "absent"}

    def _updated(self, group: Group, was: Group) -> None:
        entry = self._group(group)
        entry.update(description=was.description, federated_attribute_values=sorted(was.federated))
        if is_managed(was):
            self._managed_again[group.id] = was
        if was.name == group.name:
            return
        if was.name in self._namesakes:
            self._names[group.id] = group.name
            self._lost.append(f"group {group.name}: its name, since there are others that are called that")
        else:
            self._names[group.id] = entry["new_name"] = was.name

    def membership(self, action: Action, user: User, group: Group) -> None:
        if user.key in self._created or self._is_new(group):
            return
        part = "remove" if action is Action.ADD else "add"
        ids = self._user(user).setdefault("groups", {}).setdefault(part, [])
        self._names.setdefault(group.id, group.id if group.name in self._namesakes else group.name)
        if group.id not in ids:
            ids.append(group.id)

    def permission(self, action: Action, fact: PermissionFact) -> None:
        if not self._is_new(fact.group):
            state = "absent" if action is Action.ADD else "present"
            given = fact.permission
            self._add_permission(self._group(fact.group), given.name, given.scope_type, given.scope, state)

    def finished(self) -> dict[str, Any]:
        """Groups are referred to by the names that they will have again, or by their ids where names don't tell."""
        for entry in self._users.values():
            for part, ids in entry.get("groups", {}).items():
                entry["groups"][part] = sorted(self._names[each] for each in ids if self._may_return(entry, each))
        self._bind_again()
        things = {option: entries for option, entries in self.policies.things.items() if entries}
        lost = [*self._lost, *self.policies.lost]
        return {"users": [*self._users.values()], "groups": [*self._groups.values()], **things, "lost": lost}

    def _bind_again(self) -> None:
        """Groups that were created go with their bindings; one that no list shows can't be named."""
        for group_id, wishes in self.policies.bindings.items():
            group = self._before.groups.get(group_id)
            if group_id in self._groups or group:
                entry = self._groups[group_id] if group_id in self._groups else self._group(group) if group else {}
                if entry.get("state") != "absent":
                    entry.setdefault("bindings", []).extend(wishes)
            elif group_id not in self._created:
                self._lost.append(f"group {group_id}: its policy bindings, since no list shows this group")

    def _is_new(self, group: Group) -> bool:
        """By name, too: a run that had to read again goes on with the real id of the group that it created."""
        return group.id in self._created or (group.id not in self._before.groups and group.name in self._created)

    def _may_return(self, entry: dict[str, Any], group_id: str) -> bool:
        """Whether a membership can be taken back; where it can't since others decide, that is noted."""
        group = self._managed_again.get(group_id)
        if group:
            self._lost.append(f"user {entry['email']}: group {group.name}, of which {group.owner} decides")
        return not group and group_id not in self._hopeless

    def _user(self, user: User) -> dict[str, Any]:
        return self._users.setdefault(user.key, {"email": user.email, "state": "existing"})

    def _group(self, group: Group) -> dict[str, Any]:
        by = {"id": group.id} if group.name in self._namesakes else {"name": group.name}
        return self._groups.setdefault(group.id, {**by, "state": "present"})

    @staticmethod
    def _add_permission(entry: dict[str, Any], name: str, scope_type: str, scope: str, state: str) -> None:
        wish: dict[str, Any] = {"permissions": [name], "state": state, "mechanism": "role"}
        if scope_type != "account":
            environment, _colon, zone = scope.partition(":")
            wish["environments"] = [environment]
            if zone:
                wish["management_zones"] = [zone]
        entry.setdefault("permissions", []).append(wish)


def _names(user: User) -> dict[str, str]:
    return {"first_name": user.first_name or "", "last_name": user.last_name or ""}
