# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads for those who only want to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from .._api.account import Account
from .._api.records import Environment, Group, User
from .desired import Desired, UserWish
from .lists import ListWish
from .model import Needs, Snapshot
from .needs import to_read
from .reader import Reader
from .resolve import Directory


def read_people(
    account: Account, emails: Collection[str] | None, include: Collection[str]
) -> tuple[Snapshot, list[User]]:
    """The people with these e-mails (None: all), with their groups and environments as far as ``include`` says so."""
    reader = Reader(account)
    snapshot = reader.nothing()
    if emails is None:
        snapshot = reader.fetch(snapshot, Needs(users=True, groups=bool(include)))
        keys = [user.key for user in snapshot.users.values() if not user.is_service_user]
        if include:
            snapshot = _all_memberships(reader, snapshot, keys)
    else:
        groups = ListWish(set=()) if include else None
        desired = Desired(users=tuple(UserWish(email, state="existing", groups=groups) for email in emails))
        while needs := to_read(desired, snapshot, thorough=True):
            snapshot = reader.fetch(snapshot, needs)
        keys = [email.lower() for email in emails]
    found = {key: snapshot.users[key] for key in keys if key in snapshot.users}
    if "environments" in include and found:
        snapshot = _open_environments(account, reader, snapshot, found)
    return snapshot, sorted(found.values(), key=lambda user: user.key)


def read_groups(account: Account, refs: Iterable[str] | None, include: Collection[str]) -> tuple[Snapshot, list[Group]]:
    """The groups with these names or ids (None: all), with members and permissions as far as ``include`` says so."""
    reader = Reader(account)
    snapshot = reader.fetch(reader.nothing(), Needs(groups=True))
    wanted = None if refs is None else set(refs)
    groups = [
        group for group in snapshot.groups.values() if wanted is None or group.id in wanted or group.name in wanted
    ]
    ids = frozenset(group.id for group in groups)
    by_group = snapshot.abilities.lists_members
    members = "members" in include and bool(ids)
    needs = Needs(
        users=members and not by_group,
        members_of=ids if members and by_group else frozenset(),
        permissions_of=ids if "permissions" in include else frozenset(),
    )
    snapshot = reader.fetch(snapshot, needs)
    if members and not by_group:
        snapshot = reader.fetch(snapshot, Needs(groups_of=frozenset(snapshot.users)))
    return snapshot, sorted(groups, key=lambda group: (group.name, group.id))


def find_environments(snapshot: Snapshot, refs: Iterable[str] | None) -> list[Environment]:
    """The environments with these names or ids (None: all); raises InvalidInput for an unknown one."""
    if refs is None or snapshot.environments is None:
        return list(snapshot.environments or ())
    directory = Directory(snapshot)
    return [directory.environment(ref) for ref in refs]


def read_environments(account: Account, refs: Iterable[str] | None) -> list[Environment]:
    """The environments with these names or ids (None: all), with state, address and management zones."""
    zones = {environment.id: environment for environment in account.contract.environments_with_zones()}
    found = []
    for environment in account.contract.environments():
        other = zones.get(environment.id, environment)
        found.append(replace(environment, name=environment.name or other.name, zones=other.zones))
    wanted = None if refs is None else set(refs)
    kept = [each for each in found if wanted is None or each.id in wanted or each.name in wanted]
    return sorted(kept, key=lambda each: (each.name, each.id))


def _all_memberships(reader: Reader, snapshot: Snapshot, keys: list[str]) -> Snapshot:
    """By groups or by people, whichever takes fewer calls."""
    if snapshot.abilities.lists_members and len(snapshot.groups) < len(keys):
        return reader.fetch(snapshot, Needs(members_of=frozenset(snapshot.groups)))
    return reader.fetch(snapshot, Needs(groups_of=frozenset(keys)))


def _open_environments(account: Account, reader: Reader, snapshot: Snapshot, people: Iterable[str]) -> Snapshot:
    groups = frozenset(group for key in people for group in snapshot.groups_of(key)) & snapshot.groups.keys()
    snapshot = reader.fetch(snapshot, Needs(permissions_of=groups, environments=True))
    levels = {("account", account.uuid), *(("environment", each.id) for each in snapshot.environments or ())}
    return reader.fetch(snapshot, Needs(bindings_at=frozenset(levels)))
