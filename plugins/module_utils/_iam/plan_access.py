# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner for which policies matter: what groups and service users may do.

Only tasks that name such things load it: an unchanged user costs mostly the time of loading code.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._api.records import Group
from .desired import GroupWish
from .draft import Draft
from .plan_bindings import plan_bindings, refuse_ambiguous
from .plan_memberships import plan_groups_of_service_user
from .plan_migration import plan_migration
from .plan_permissions import plan_permissions
from .plan_policies import plan_objects, plan_removed_objects, plan_service_user


def plan_access(draft: Draft, groups: Iterable[tuple[GroupWish, Group | None]]) -> None:
    """Note all of it; ``groups`` are the groups that the task names, as they will be."""
    for robot in draft.desired.service_users:
        plan_groups_of_service_user(draft, robot, plan_service_user(draft, robot))
    plan_objects(draft)
    for wish, group in groups:
        if group is not None:
            plan_permissions(draft, wish, group)
            plan_bindings(draft, wish, group)
    plan_migration(draft)
    plan_removed_objects(draft)
    refuse_ambiguous(draft)
