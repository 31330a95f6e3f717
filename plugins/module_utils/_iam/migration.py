# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way off role permissions on environments and management zones, which end on 11 January 2027."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._api.records import Group, Permission
from .model import Snapshot, matches


@dataclass(frozen=True)
class Migration:
    """For the groups that ``groups`` names (with wildcards, or by id): give through policies what they hold as role
    permissions. With ``remove`` the role permissions go once that is there. ``sample``: how many people to name."""

    groups: tuple[str, ...] = ("*",)
    remove: bool = False
    sample: int = 0

    def group_ids(self, groups: Iterable[Group]) -> frozenset[str]:
        """Those of the groups that are meant; whoever manages them."""
        return frozenset(group.id for group in groups if matches(group, self.groups))

    def held(self, snapshot: Snapshot, group_id: str) -> list[Permission]:
        """The role permissions of a group that end, sorted."""
        return sorted(each for each in snapshot.permissions.get(group_id, ()) if each.scope_type != "account")
