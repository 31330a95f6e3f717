# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has access to what: one row for each person, environment and grant. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model import Snapshot
from .grants import Grant

Row = dict[str, Any]


def table_of(snapshot: Snapshot, grants: Mapping[str, tuple[Grant, ...]]) -> list[Row]:
    """Sorted by person, environment, what, group. A policy at the account has a row for each environment; what is for
    the account itself has none as its environment."""
    rows = [row for key in snapshot.users for row in rows_of(snapshot, grants, key)]
    return sorted(rows, key=_order)


def rows_of(snapshot: Snapshot, grants: Mapping[str, tuple[Grant, ...]], user_key: str) -> Iterator[Row]:
    """One person's."""
    user = snapshot.users[user_key]
    for group_id in snapshot.groups_of(user_key):
        group = snapshot.groups.get(group_id)
        for grant in grants.get(group_id, ()):
            for environment, name in _places(snapshot, grant):
                yield {
                    "person": user.email,
                    "status": user.status,
                    "environment": environment or None,
                    "environment_name": name or None,
                    "what": grant.what,
                    "mechanism": grant.mechanism,
                    "group": group.name if group else group_id,
                    "group_id": group_id,
                    "group_owner": group.owner if group else None,
                    "policy": grant.what if grant.mechanism == "policy" else None,
                    "policy_id": grant.policy or None,
                    "parameters": dict(grant.parameters),
                    "level": "environment" if grant.environment else "account",
                    "management_zones": list(grant.zones),
                    "boundaries": list(grant.boundaries),
                    "since": grant.since,
                }


def _places(snapshot: Snapshot, grant: Grant) -> list[tuple[str, str]]:
    names = {each.id: each.name or each.id for each in snapshot.environments or ()}
    if grant.environment:
        return [(grant.environment, names.get(grant.environment, grant.environment))]
    return sorted(names.items()) if grant.mechanism == "policy" else [("", "")]


def _order(row: Row) -> tuple[str, ...]:
    keys = ("environment_name", "what", "group", "level", "boundaries", "management_zones", "parameters")
    return (row["person"].lower(), *(str(row[key] or "") for key in keys))
