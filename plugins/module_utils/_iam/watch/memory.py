# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an account as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..._api.records import Binding, Environment, Group, Permission, User
from ..model import Abilities, Snapshot

Json = dict[str, Any]


def to_json(known: Snapshot) -> Json:
    """The part of a snapshot that later looks are compared with; equal snapshots give equal values."""
    return {
        "users": {key: [user.email, user.uid, user.status] for key, user in sorted(known.users.items())},
        "groups": {key: [group.name, group.owner, group.hidden] for key, group in sorted(known.groups.items())},
        "environments": sorted([each.id, each.name] for each in known.environments or ()),
        "memberships": {key: sorted(held) for key, held in sorted(known.memberships.items())},
        "whole_users": sorted(known.whole_users),
        "whole_groups": sorted(known.whole_groups),
        "permissions": {
            key: sorted([each.name, each.scope_type, each.scope] for each in held)
            for key, held in sorted(known.permissions.items())
        },
        "bindings": [
            [list(level), [asdict(each) for each in sorted(held)]]
            for level, held in sorted(known.bindings.items())
            if held is not None
        ],
    }


def from_json(account: str, known: Mapping[str, Any]) -> Snapshot:
    """The snapshot again; raises KeyError, TypeError, ValueError or AttributeError for anything else."""
    return Snapshot(
        account=account,
        abilities=Abilities(names_writable=False, finds_by_email=False, lists_members=False),
        users={key: User(email, uid, status=status) for key, (email, uid, status) in known["users"].items()},
        users_listed=True,
        groups={
            key: Group(key, name, owner=owner, hidden=hidden) for key, (name, owner, hidden) in known["groups"].items()
        },
        groups_listed=True,
        environments=tuple(Environment(*each) for each in known["environments"]),
        memberships={key: frozenset(held) for key, held in known["memberships"].items()},
        whole_users=frozenset(known["whole_users"]),
        whole_groups=frozenset(known["whole_groups"]),
        permissions={key: frozenset(Permission(*each) for each in held) for key, held in known["permissions"].items()},
        bindings={(level[0], level[1]): frozenset(map(_binding, held)) for level, held in known["bindings"]},
    )


def _binding(item: Mapping[str, Any]) -> Binding:
    return Binding(
        level=(item["level"][0], item["level"][1]),
        policy=item["policy"],
        group=item["group"],
        parameters=tuple((key, value) for key, value in item["parameters"]),
        metadata=tuple((key, value) for key, value in item["metadata"]),
        boundaries=tuple(item["boundaries"]),
    )
