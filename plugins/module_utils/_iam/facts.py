# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of facts that a plan changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._api.records import Group, Permission, User
from .._core.change import DiffEntry

FOR_GOOD = "for good; deletion can't be undone"
ANY_ADD = "any add"
"""Provided by every addition: deleting a group waits for all of them, so that nobody loses access in between."""


def new_group_id(name: str) -> str:
    """Stands for the id of a group that doesn't exist yet."""
    return f"new:{name}"


@dataclass(frozen=True, slots=True)
class UserFact:
    """A user is there (with these names), or isn't. ``was`` is the user before an update, ``gone`` marks a deletion.

    ``groups`` are the names of the groups that a deletion takes away.
    """

    user: User
    was: User | None = None
    gone: bool = False
    groups: tuple[str, ...] = ()

    kind = "user"
    closes = False

    @property
    def name(self) -> str:
        return self.user.email

    @property
    def identity(self) -> str:
        return self.user.uid or ""

    def detail(self) -> dict[str, Any]:
        if self.gone:
            return {"email": self.user.email, "groups": list(self.groups), "deleted": FOR_GOOD}
        if self.was is None:
            return self._shown(self.user)
        changed = _changed(_names(self.was), _names(self.user))
        return {"email": self.user.email, **changed, "before": {key: _names(self.was)[key] for key in changed}}

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"user {self.user.email}"
        if self.gone:
            before = {**self._shown(self.user), **({"groups": list(self.groups)} if self.groups else {})}
            return DiffEntry(block, before=before, after={"deleted": FOR_GOOD})
        if self.was is None:
            return DiffEntry(block, after=self._shown(self.user))
        changed = _changed(_names(self.was), _names(self.user))
        return DiffEntry(block, before={key: _names(self.was)[key] for key in changed}, after=changed)

    def provides(self) -> frozenset[str]:
        return frozenset({f"user {self.user.key}"})

    def needs(self) -> frozenset[str]:
        return frozenset()

    @staticmethod
    def _shown(user: User) -> dict[str, Any]:
        shown = {"email": user.email, **_names(user), "status": user.status}
        return {key: value for key, value in shown.items() if value}


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A group is there (with this text), or isn't. ``was`` is the group before an update, ``gone`` marks a deletion."""

    group: Group
    was: Group | None = None
    gone: bool = False

    kind = "group"
    closes = False

    @property
    def name(self) -> str:
        return (self.was or self.group).name

    @property
    def identity(self) -> str:
        return self.group.id

    def detail(self) -> dict[str, Any]:
        if self.gone:
            return {"name": self.group.name, "deleted": FOR_GOOD}
        if self.was is None:
            return {key: value for key, value in _text(self.group).items() if value}
        changed = _changed(_text(self.was), _text(self.group))
        return {**changed, "before": {key: _text(self.was)[key] for key in changed}}

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"group {self.name}"
        if self.gone:
            return DiffEntry(block, before=_text(self.group), after={"deleted": FOR_GOOD})
        if self.was is None:
            return DiffEntry(block, after={key: value for key, value in _text(self.group).items() if value})
        changed = _changed(_text(self.was), _text(self.group))
        return DiffEntry(block, before={key: _text(self.was)[key] for key in changed}, after=changed)

    def provides(self) -> frozenset[str]:
        return frozenset({f"group {self.group.id}"})

    def needs(self) -> frozenset[str]:
        return frozenset({ANY_ADD}) if self.gone else frozenset()


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A user is in a group. A removal waits for the user's additions: movers are never without access in between."""

    user: User
    group: Group

    kind = "membership"
    closes = False

    @property
    def name(self) -> str:
        return f"{self.user.email} in {self.group.name}"

    @property
    def identity(self) -> str:
        return f"{self.user.uid or ''} {self.group.id}"

    def detail(self) -> dict[str, Any]:
        return {"user": self.user.email, "group": self.group.name}

    def diff(self, view: str, /) -> DiffEntry:
        if view == "group":
            return DiffEntry(f"group {self.group.name}", "members", self.user.email)
        return DiffEntry(f"user {self.user.email}", "groups", self.group.name)

    def provides(self) -> frozenset[str]:
        return frozenset({ANY_ADD, f"memberships of {self.user.key}"})

    def needs(self) -> frozenset[str]:
        return frozenset({f"user {self.user.key}", f"group {self.group.id}", f"memberships of {self.user.key}"})


@dataclass(frozen=True, slots=True)
class PermissionFact:
    """A group has a role permission; ``scope_name`` says where in people's words."""

    group: Group
    permission: Permission
    scope_name: str

    kind = "permission"
    closes = False

    @property
    def name(self) -> str:
        return f"{self.group.name}: {self.permission.name} on {self.scope_name}"

    @property
    def identity(self) -> str:
        return f"{self.group.id} {self.permission.scope}"

    def detail(self) -> dict[str, Any]:
        return {
            "group": self.group.name,
            "permission": self.permission.name,
            "scope_type": self.permission.scope_type,
            "scope": self.scope_name,
        }

    def diff(self, _view: str, /) -> DiffEntry:
        return DiffEntry(f"group {self.group.name}", "permissions", f"{self.permission.name} on {self.scope_name}")

    def provides(self) -> frozenset[str]:
        return frozenset({ANY_ADD, f"access of {self.group.id}"})

    def needs(self) -> frozenset[str]:
        return frozenset({f"group {self.group.id}", f"access of {self.group.id}"})


def _names(user: User) -> dict[str, str]:
    return {"first_name": user.first_name or "", "last_name": user.last_name or ""}


def _text(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "description": group.description,
        "federated_attribute_values": sorted(group.federated),
    }


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in after.items() if value != before[key]}
