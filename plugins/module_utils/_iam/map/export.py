# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account as input of ``dynatrace_access``: feeding it back plans nothing. Pure and stable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..._api.records import GLOBAL, Boundary, Group, Level, Policy, ServiceUser, User
from ..._core.errors import InvalidInput
from ..desired import LONGEST_DESCRIPTION, email
from ..model import Snapshot, is_implicit, is_managed
from .export_grants import bindings_of, permissions_of
from .names import Names, Refs

Item = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """``options`` are users, groups, policies, boundaries and service_users; ``left_out`` says in words what isn't in
    them, since no option can express it or since it couldn't be read. Both sorted."""

    options: dict[str, list[Item]]
    left_out: list[str]


def export(snapshot: Snapshot) -> Export:
    """From what ``read_for_export`` read. Names are given where they are clear, else ids."""
    return _Exporter(snapshot).made()


class _Exporter:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._names = Names(snapshot)
        self._left: set[str] = set()

    def made(self) -> Export:
        seen = self._snapshot
        people = sorted((each for each in seen.users.values() if not each.is_service_user), key=lambda each: each.key)
        groups = _in_order((group.name, group.id, group) for group in seen.groups.values() if not group.hidden)
        levels = {level: self._names.policies_of(level) for level in seen.policies_at if level != GLOBAL}
        own = (policy for policy in seen.policies.values() if policy.level in levels)
        policies = _in_order((f"{each.level} {each.name}", each.id, each) for each in own)
        boundaries = _in_order((each.name, each.id, each) for each in (seen.boundaries or {}).values())
        robots = _in_order((each.name, each.uid, each) for each in (seen.service_users or {}).values())
        self._note_unread()
        options = {
            "users": [self._user(each) for each in people if self._is_expressible(each)],
            "groups": [self._group(each) for each in groups],
            "policies": [self._policy(each, levels[each.level]) for each in policies],
            "boundaries": [self._boundary(each) for each in boundaries],
            "service_users": [self._service_user(each) for each in robots],
        }
        return Export(options, sorted(self._left))

    def _note_unread(self) -> None:
        for level, found in self._snapshot.bindings.items():
            if found is None:
                self._left.add(f"what is bound at {self._place(level)}: it can't be read")
            listed = self._snapshot.groups
            strange = {each.group for each in found or () if each.group not in listed or listed[each.group].hidden}
            self._left |= {f"what is bound to group {each}: no list shows it" for each in strange}
        for level, readable in self._snapshot.policies_at.items():
            if not readable:
                self._left.add(f"policies of {self._place(level)}: they can't be read")

    def _place(self, level: Level) -> str:
        refs = self._names.environments
        return f"environment {refs.get(level[1], level[1])}" if level[0] == "environment" else f"the {level[0]} level"

    def _is_expressible(self, user: User) -> bool:
        if user.key in self._snapshot.namesakes:
            self._left.add(f"user {user.key}: several spellings of it are in the account")
            return False
        try:
            return email(user.email) == user.email
        except InvalidInput as problem:
            self._left.add(f"user {user.email!r}: {problem}")
            return False

    def _user(self, user: User) -> Item:
        found: Item = {"email": user.email}
        if self._snapshot.abilities.names_writable:
            found |= {"first_name": user.first_name or "", "last_name": user.last_name or ""}
        return {**found, **self._groups_of(user)}

    def _groups_of(self, user: User) -> Item:
        """Those that are somebody's decision here: what others manage is no option's to change."""
        if user.key not in self._snapshot.whole_users:
            self._left.add(f"groups of {user.email}: they can't be read")
            return {}
        listed = self._snapshot.groups
        groups = [listed[each] for each in self._snapshot.groups_of(user.key) if each in listed]
        managed = [group for group in groups if is_managed(group) and not is_implicit(group)]
        self._left |= {f"members of group {group.name!r}: {group.owner} decides about them" for group in managed}
        return {"groups": {"set": sorted(self._names.groups[group.id] for group in groups if not is_managed(group))}}

    def _group(self, group: Group) -> Item:
        found = self._identity("group", group.id, group.name, self._names.groups)
        if len(group.description) <= LONGEST_DESCRIPTION:
            found["description"] = group.description
        else:
            self._left.add(f"description of group {group.name!r}: it is too long")
        federated = sorted(group.federated)
        if federated and self._all_plain(federated, f"federated attribute values of group {group.name!r}"):
            found["federated_attribute_values"] = federated
        rights = permissions_of(self._snapshot, self._names, group, self._left)
        return {**found, **rights, **bindings_of(self._snapshot, self._names, group, self._left)}

    def _policy(self, policy: Policy, refs: Refs) -> Item:
        found = self._identity("policy", policy.id, policy.name, refs)
        if policy.level[0] == "environment":
            found["environment"] = self._names.environments.get(policy.level[1], policy.level[1])
        found["description"] = policy.description
        if self._all_plain(policy.tags, f"tags of policy {policy.name!r}"):
            found["tags"] = sorted(policy.tags)
        return found if policy.statement is None else {**found, "statement": policy.statement}

    def _boundary(self, boundary: Boundary) -> Item:
        found = self._identity("boundary", boundary.id, boundary.name, self._names.boundaries)
        return {**found, "query": boundary.query}

    def _service_user(self, robot: ServiceUser) -> Item:
        found = self._identity("service user", robot.uid, robot.name, self._names.service_users)
        return {**found, "description": robot.description, **self._groups_of(robot.user)}

    def _identity(self, noun: str, thing_id: str, name: str, refs: Refs) -> Item:
        if refs[thing_id] == name:
            return {"name": name}
        self._left.add(f"name of {noun} {thing_id}: {name!r} isn't clear, so the id stands for it")
        return {"id": thing_id}

    def _all_plain(self, texts: Iterable[str], what: str) -> bool:
        """Whether options would keep them as they are."""
        plain = all(text and text == text.strip() for text in texts)
        if not plain:
            self._left.add(f"{what}: there are blanks around them")
        return plain


def _in_order(things: Iterable[tuple[str, str, Any]]) -> list[Any]:
    return [thing for _name, _id, thing in sorted(things, key=lambda each: each[:2])]
