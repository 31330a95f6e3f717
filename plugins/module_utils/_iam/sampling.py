# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People by whom to see that a migration took nothing from anybody."""

from __future__ import annotations

from typing import Any

from .._api.account import Account
from .._api.records import Permission
from .migration import Migration
from .model import Needs, Snapshot
from .reader import Reader
from .resolve import Directory
from .zones import why_not


def sample(account: Account, snapshot: Snapshot, migration: Migration, number: int) -> list[dict[str, Any]]:
    """Up to ``number`` people, spread over the groups concerned, and what they may do by role permissions:
    ``{email, environment, management_zone, must}``, sorted. ``snapshot`` is that before the migration."""
    held = {group: migration.held(snapshot, group) for group in migration.group_ids(snapshot.groups.values())}
    groups = sorted(group for group, permissions in held.items() if permissions)
    if not number or not groups:
        return []
    reader = Reader(account)
    seen = _with_people(reader, snapshot, _spread(groups, number))
    keys = [key for key in sorted(seen.users) if _is_sampled(seen, key, set(groups))]
    chosen = _spread(keys, number)
    seen = reader.fetch(seen, Needs(groups_of=frozenset(chosen) - seen.whole_users))
    return [entry for key in chosen for entry in _entries(seen, key, held)]


def _with_people(reader: Reader, snapshot: Snapshot, groups: list[str]) -> Snapshot:
    """A few groups' members; where the API doesn't list these, the groups of people spread over the account."""
    if snapshot.abilities.lists_members:
        return reader.fetch(snapshot, Needs(members_of=frozenset(groups) - snapshot.whole_groups))
    seen = snapshot if snapshot.users_listed else reader.fetch(snapshot, Needs(users=True))
    people = _spread(sorted(key for key, user in seen.users.items() if not user.is_service_user), 4 * len(groups))
    return reader.fetch(seen, Needs(groups_of=frozenset(people) - seen.whole_users))


def _is_sampled(seen: Snapshot, key: str, groups: set[str]) -> bool:
    user = seen.users[key]
    return user.uid is not None and not user.is_service_user and bool(seen.groups_of(key) & groups)


def _spread(items: list[str], number: int) -> list[str]:
    """Evenly over the list, always the same ones."""
    step = max(len(items) / number, 1.0) if number else 1.0
    return [items[int(index * step)] for index in range(min(number, len(items)))]


def _entries(seen: Snapshot, key: str, held: dict[str, list[Permission]]) -> list[dict[str, Any]]:
    directory = Directory(seen)
    off = {each.id for each in seen.environments or () if each.active is False}
    places: dict[tuple[str, str], set[str]] = {}
    for group in seen.groups_of(key):
        for permission in held.get(group, ()):
            environment, _colon, zone = permission.scope.partition(":")
            if environment not in off and directory.has_place(environment, zone) and not why_not(permission):
                places.setdefault((environment, zone), set()).add(permission.name.removeprefix("tenant-"))
    return [
        {
            "email": seen.users[key].email,
            "environment": environment,
            "management_zone": zone or None,
            "must": sorted(roles),
        }
        for (environment, zone), roles in sorted(places.items())
    ]
