# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes away what the task doesn't name, within the bounds that it gives, and never what guards name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from .._api.records import Group, User
from .._core.errors import InvalidInput
from .model import Snapshot, is_managed, matches


@dataclass(frozen=True)
class Purge:
    """What to purge, and where: groups by ``group_scope`` (names with wildcards, or ids), people by ``domains``."""

    users: bool = False
    groups: bool = False
    memberships: bool = False
    permissions: bool = False
    group_scope: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    spared_users: frozenset[str] = frozenset()
    spared_groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.users or self.groups or self.memberships or self.permissions

    def covers_user(self, user: User) -> bool:
        """Whether the user may be touched; without domains, members of the groups in scope are."""
        in_domain = not self.domains or user.key.rpartition("@")[2] in self.domains
        return in_domain and not user.is_service_user and user.key not in self.spared_users

    def covers_group(self, group: Group) -> bool:
        """Whether the group may be touched."""
        return matches(group, self.group_scope) and not matches(group, self.spared_groups) and not is_managed(group)

    def unnamed_users(self, snapshot: Snapshot, named: Set[str]) -> set[str]:
        """Keys of the users in scope whom the task doesn't name."""
        return {key for key, user in snapshot.users.items() if key not in named and self.covers_user(user)}

    def group_ids(self, groups: Iterable[Group]) -> frozenset[str]:
        """Those of the groups that are in scope."""
        return frozenset(group.id for group in groups if self.covers_group(group))


NO_PURGE = Purge()


def make_purge(params: Mapping[str, Any], guard: Mapping[str, Any]) -> Purge:
    """From the options ``purge``, ``scope`` and ``guard``; raises InvalidInput for a purge without bounds."""
    what = {key: bool(value) for key, value in (params.get("purge") or {}).items()}
    scope = params.get("scope") or {}
    domains = tuple(domain.strip().lower().removeprefix("@") for domain in scope.get("email_domains") or ())
    purge = Purge(
        **what,
        group_scope=tuple(scope.get("groups") or ()),
        domains=domains,
        spared_users=frozenset(each.strip().lower() for each in guard.get("protected_users") or ()),
        spared_groups=tuple(guard.get("protected_groups") or ()),
    )
    if purge.users and not purge.domains:
        raise InvalidInput("purge.users needs scope.email_domains, which says whose users may be deleted.")
    if (purge.groups or purge.memberships or purge.permissions) and not purge.group_scope:
        raise InvalidInput("purge needs scope.groups, which says in which groups it may take something away.")
    return purge
