# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an account at one moment: immutable, and honest about what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .._api.records import Binding, Boundary, Environment, Group, Level, Permission, Policy, ServiceUser, User
from .part import Question

USER_MANAGEMENT = "account-user-management"
"""The permission without which nobody can change any access."""


@dataclass(frozen=True)
class Abilities:
    """What the contract in use can do, as far as planning depends on it."""

    names_writable: bool
    finds_by_email: bool
    lists_members: bool


@dataclass(frozen=True)
class Snapshot:
    """The part of an account that was read. Users are keyed by lower-case e-mail, groups by id.

    ``memberships`` is complete for the users in ``whole_users`` and for the groups in ``whole_groups``.
    """

    account: str
    abilities: Abilities
    users: Mapping[str, User] = field(default_factory=dict)
    users_listed: bool = False
    not_found: frozenset[str] = frozenset()
    """Keys of users whose e-mail was looked up as spelled in the task, without success."""
    namesakes: frozenset[str] = frozenset()
    """Keys that several users share: spellings of one e-mail."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    groups_listed: bool = False
    memberships: Mapping[str, frozenset[str]] = field(default_factory=dict)
    whole_users: frozenset[str] = frozenset()
    whole_groups: frozenset[str] = frozenset()
    permissions: Mapping[str, frozenset[Permission]] = field(default_factory=dict)
    environments: tuple[Environment, ...] | None = None
    zones_listed: bool = False
    states_asked: bool = False
    """Whether the environments were asked for their state; where that isn't allowed, it is None all the same."""
    bindings: Mapping[Level, frozenset[Binding] | None] = field(default_factory=dict)
    """What is bound at a level; None where that may not be read."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    policies_at: Mapping[Level, bool] = field(default_factory=dict)
    """Levels whose policies were asked for → whether they may be read."""
    boundaries: Mapping[str, Boundary] | None = None
    service_users: Mapping[str, ServiceUser] | None = None
    """By uid."""
    may_bind: bool = True
    """Whether the client's scopes are enough to bind policies, as far as that is known."""
    answers: Mapping[Question, Any] = field(default_factory=dict)
    """What parts asked for."""

    def bound_groups(self, level: Level) -> frozenset[str]:
        """Ids of the groups that some policy is known to be bound to at a level."""
        return frozenset(binding.group for binding in self.bindings.get(level) or ())

    def groups_of(self, user_key: str) -> frozenset[str]:
        """Ids of the groups that the user is known to be in."""
        return self.memberships.get(user_key, frozenset())

    def members_of(self, group_id: str) -> frozenset[str]:
        """Keys of the users who are known to be in the group."""
        return frozenset(key for key, groups in self.memberships.items() if group_id in groups)

    def knows(self, user_key: str, group_id: str) -> bool:
        """Whether it was read if the user is in the group."""
        return user_key in self.whole_users or group_id in self.whole_groups

    @property
    def lists_all_members(self) -> bool:
        """Whether reading all explicit groups tells all that there is to know of everybody's groups."""
        return self.abilities.lists_members and self.groups_listed

    def explicit_groups(self) -> frozenset[str]:
        """Ids of the groups that somebody decides about who is in them."""
        return frozenset(group.id for group in self.groups.values() if not is_implicit(group))

    def group_names(self, user_key: str) -> list[str]:
        """Sorted names of the user's groups, without hidden ones and the one that everybody is in."""
        groups = (self.groups.get(group_id) for group_id in self.groups_of(user_key))
        return sorted(group.name for group in groups if group and not is_implicit(group))


def is_implicit(group: Group) -> bool:
    """Whether membership isn't anybody's decision: the group of all users, and hidden ones of service users."""
    return group.owner == "ALL_USERS" or group.hidden


def is_managed(group: Group) -> bool:
    """Whether somebody else decides about name, description and members: SCIM, SAML, DCS, or the service itself."""
    return group.owner != "LOCAL" or group.hidden


def matches(group: Group, patterns: Iterable[str]) -> bool:
    """Whether the group's id or name is among ``patterns``."""
    return is_named(group.id, group.name, patterns)


def is_named(number: str, name: str, patterns: Iterable[str]) -> bool:
    """Whether an id or a name is among ``patterns``, in which only ``*`` and ``?`` stand for anything."""
    return any(number == each or fnmatchcase(name, each.replace("[", "[[]")) for each in patterns)


@dataclass(frozen=True)
class Needs:
    """What has to be read before one can go on; falsy when that is nothing."""

    find_users: frozenset[str] = frozenset()
    """E-mails as spelled by the task."""
    users: bool = False
    groups: bool = False
    environments: bool = False
    groups_of: frozenset[str] = frozenset()
    members_of: frozenset[str] = frozenset()
    permissions_of: frozenset[str] = frozenset()
    bindings_at: frozenset[Level] = frozenset()
    policies_at: frozenset[Level] = frozenset()
    statements_of: frozenset[str] = frozenset()
    """Ids of listed policies."""
    boundaries: bool = False
    service_users: bool = False
    environment_states: bool = False
    """Whether the environments are active; tells their names as well, but no management zones."""
    questions: frozenset[Question] = frozenset()
    """Those of parts."""

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Needs()
