# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an account once, whole, with the fewest requests."""

from __future__ import annotations

from ..._api.account import Account
from ..._api.records import GLOBAL, Level
from ..model import Needs, Snapshot
from ..reader import Reader


def read_account(account: Account, *, statements: bool = False) -> Snapshot:
    """Users and service users, groups, who is in which, role permissions, environments, and all that is bound where.

    With ``statements`` also what the policies say that are bound. Raises CallFailed; what the client's scopes don't
    show is None in the snapshot.
    """
    reader = Reader(account)
    first = Needs(users=True, groups=True, environment_states=True, service_users=True, boundaries=True)
    snapshot = reader.fetch(reader.nothing(), first)
    own: Level = ("account", snapshot.account)
    levels = {own, *(("environment", each.id) for each in snapshot.environments or ())}
    groups, members_of = snapshot.groups.keys(), _groups_to_ask(snapshot)
    snapshot = reader.fetch(
        snapshot,
        Needs(
            permissions_of=frozenset(groups),
            bindings_at=frozenset(levels),
            policies_at=frozenset({own}),
            members_of=members_of,
            groups_of=frozenset() if members_of else frozenset(snapshot.users),
        ),
    )
    snapshot = reader.fetch(snapshot, _names(snapshot))
    wanted = {binding.policy for found in snapshot.bindings.values() for binding in found or ()}
    if statements:
        snapshot = reader.fetch(snapshot, Needs(statements_of=frozenset(wanted & snapshot.policies.keys())))
    return snapshot


def _groups_to_ask(snapshot: Snapshot) -> frozenset[str]:
    """All but the group of everybody; none where asking people takes fewer requests."""
    explicit = snapshot.explicit_groups()
    by_group = snapshot.abilities.lists_members and len(explicit) <= len(snapshot.users)
    return explicit if by_group else frozenset()


def _names(snapshot: Snapshot) -> Needs:
    """Lists that are asked for only where something refers to them: zones, Dynatrace's own policies, and others."""
    zones = any(each.scope_type == "management-zone" for held in snapshot.permissions.values() for each in held)
    nameless = any(not each.name for each in snapshot.environments or ())
    unknown = {
        level
        for level, found in snapshot.bindings.items()
        for binding in found or ()
        if binding.policy not in snapshot.policies
    }
    levels = {GLOBAL, *(level for level in unknown if level[0] == "environment")} if unknown else set[Level]()
    return Needs(environments=zones or nameless, policies_at=frozenset(levels - snapshot.policies_at.keys()))
