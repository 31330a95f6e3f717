# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the info modules for policies read.

Names and ids choose; None is all, and what isn't there just isn't found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .._api.account import Account
from .._api.records import GLOBAL, Binding, Boundary, Level, Policy, ServiceUser
from .model import Needs, Snapshot
from .policy_directory import PolicyDirectory
from .policy_shapes import binding_with_ids, in_order
from .reader import Reader
from .resolve import Directory


def read_policies(
    account: Account, refs: Collection[str] | None, environments: Collection[str], *, ready_made: bool, statements: bool
) -> tuple[PolicyDirectory, list[Policy]]:
    """Policies of the account, of ``environments`` and, with ``ready_made``, Dynatrace's own; raises Refused."""
    reader = Reader(account)
    snapshot = _with_environments(reader, reader.nothing()) if environments else reader.nothing()
    levels = {_account(snapshot), *_levels(snapshot, environments), *([GLOBAL] if ready_made else [])}
    snapshot = reader.fetch(snapshot, Needs(policies_at=frozenset(levels)))
    access = _directory(snapshot)
    for level in sorted(levels):
        access.check_readable(level)
    found = [each for each in snapshot.policies.values() if _is_meant(refs, each.id, each.name)]
    if statements:
        wanted = frozenset(each.id for each in found)
        snapshot = reader.fetch(snapshot, Needs(statements_of=wanted))
        found = [each for each in snapshot.policies.values() if each.id in wanted]
    return access, sorted(found, key=lambda each: (each.name, each.level, each.id))


def read_bindings(
    account: Account,
    groups: Collection[str] | None,
    policies: Collection[str] | None,
    environments: Collection[str] | None,
) -> list[dict[str, Any]]:
    """What is bound at the account and at ``environments``, as :func:`binding_with_ids` has it; raises Refused."""
    reader = Reader(account)
    snapshot = reader.fetch(reader.nothing(), Needs(groups=True))
    if environments is None or environments:
        snapshot = _with_environments(reader, snapshot)
    levels = {_account(snapshot), *_levels(snapshot, environments)}
    lists = frozenset({GLOBAL, _account(snapshot)})
    snapshot = reader.fetch(snapshot, Needs(bindings_at=frozenset(levels), policies_at=lists))
    found = _bindings(snapshot, levels)
    unknown = {each.level for each in found if each.policy not in snapshot.policies} - lists
    bounded = any(each.boundaries for each in found)
    snapshot = reader.fetch(snapshot, Needs(policies_at=frozenset(unknown), boundaries=bounded))
    access = _directory(snapshot)
    for level in sorted(lists if policies is not None else ()):
        access.check_readable(level)
    shapes = [binding_with_ids(access, each, _group_name(snapshot, each.group)) for each in found]
    kept = [
        each
        for each in shapes
        if _is_meant(groups, each["group_id"], each["group"]) and _is_meant(policies, each["policy_id"], each["policy"])
    ]
    return in_order(kept)


def read_boundaries(account: Account, refs: Collection[str] | None) -> list[Boundary]:
    """The boundaries with these names or ids."""
    found = account.policies.boundaries()
    return sorted(
        (each for each in found if _is_meant(refs, each.id, each.name)), key=lambda each: (each.name, each.id)
    )


def read_service_users(
    account: Account, refs: Collection[str] | None, *, groups: bool
) -> tuple[Snapshot, list[ServiceUser]]:
    """The service users with these names, ids or e-mails, and their groups if wanted."""
    reader = Reader(account)
    snapshot = reader.fetch(reader.nothing(), Needs(service_users=True, groups=groups))
    everyone = (snapshot.service_users or {}).values()
    found = [each for each in everyone if _is_meant(refs, each.uid, each.name, each.email)]
    if groups and found:
        snapshot = reader.fetch(snapshot, Needs(groups_of=frozenset(each.user.key for each in found)))
    return snapshot, sorted(found, key=lambda each: (each.name, each.uid))


def _group_name(snapshot: Snapshot, group_id: str) -> str:
    """What a group is called; its id where no list shows it, as service users have them."""
    group = snapshot.groups.get(group_id)
    return group.name if group else group_id


def _is_meant(refs: Collection[str] | None, *texts: str) -> bool:
    return refs is None or any(text in refs for text in texts)


def _directory(snapshot: Snapshot) -> PolicyDirectory:
    return PolicyDirectory(snapshot, Directory(snapshot))


def _account(snapshot: Snapshot) -> Level:
    return ("account", snapshot.account)


def _levels(snapshot: Snapshot, refs: Collection[str] | None) -> list[Level]:
    return [("environment", each.id) for each in snapshot.environments or () if _is_meant(refs, each.id, each.name)]


def _with_environments(reader: Reader, snapshot: Snapshot) -> Snapshot:
    """The list that knows which ones are active doesn't name all of them everywhere."""
    snapshot = reader.fetch(snapshot, Needs(environment_states=True))
    nameless = any(not each.name for each in snapshot.environments or ())
    return reader.fetch(snapshot, Needs(environments=nameless))


def _bindings(snapshot: Snapshot, levels: Iterable[Level]) -> list[Binding]:
    """Sorted. A switched-off environment may not tell its own, and nobody gets in there anyway."""
    access = _directory(snapshot)
    open_levels = [level for level in levels if access.is_active(level) or snapshot.bindings[level] is not None]
    return sorted(binding for level in open_levels for binding in access.bindings(level))
