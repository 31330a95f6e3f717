# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From wishes and a snapshot to a plan. Pure: the same arguments give the same plan, and nothing is read or sent."""

from __future__ import annotations

from .._core.errors import InvalidInput
from .._core.plan import Plan, make_plan
from .desired import Desired
from .draft import Draft
from .model import Snapshot
from .plan_groups import check_named_once, plan_group
from .plan_memberships import check_contradictions, plan_groups_of_user, plan_members, warn_of_lonely
from .plan_purge import plan_purge
from .plan_users import plan_user, warn_of_names


def make_access_plan(desired: Desired, snapshot: Snapshot) -> Plan:
    """All changes that make ``desired`` true; raises InvalidInput or Refused.

    ``snapshot`` must hold what :func:`needs.to_read` names.
    """
    twins = sorted(desired.emails().keys() & snapshot.namesakes)
    if twins:
        raise InvalidInput(f"Several users of the account share an e-mail but for its case: {', '.join(twins)}.")
    draft = Draft(desired, snapshot)
    check_named_once(draft)
    groups = [(wish, plan_group(draft, wish)) for wish in desired.groups]
    for wish in desired.users:
        plan_user(draft, wish)
    check_contradictions(draft)
    for wish in desired.users:
        plan_groups_of_user(draft, wish)
    for group_wish, group in groups:
        if group is not None:
            plan_members(draft, group_wish, group)
    if desired.concerns_access:
        from .plan_access import plan_access

        plan_access(draft, groups)
    for part in desired.parts:
        part.plan(draft)
    plan_purge(draft)
    warn_of_names(draft)
    warn_of_lonely(draft)
    return make_plan(f"account {snapshot.account}", draft.changes(), draft.warnings)
