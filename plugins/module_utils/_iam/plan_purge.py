# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that takes away what the task doesn't name."""

from __future__ import annotations

from .._core.change import Action
from .desired import GroupWish
from .draft import Draft
from .facts import GroupFact, PermissionFact
from .permission_scopes import wanted_permissions


def plan_purge(draft: Draft) -> None:
    """Note what goes because of ``purge``; what others manage and what guards name is never part of it."""
    purge = draft.desired.purge
    leavers = {wish.key for wish in draft.desired.users if wish.state == "absent"}
    if purge.users:
        leavers |= _purge_users(draft)
    if purge.groups:
        _purge_groups(draft)
    if purge.memberships:
        _purge_memberships(draft, leavers)
    if purge.permissions:
        for wish in draft.desired.groups:
            if wish.permissions is not None and wish.state != "absent":
                _purge_permissions(draft, wish)


def _purge_users(draft: Draft) -> set[str]:
    keys = draft.desired.purge.unnamed_users(draft.snapshot, draft.desired.emails().keys())
    for key in keys:
        draft.delete_user(draft.snapshot.users[key])
    return keys


def _purge_groups(draft: Draft) -> None:
    refs = [*(wish.new_name or wish.ref for wish in draft.desired.groups), *draft.desired.group_refs()]
    named = {draft.directory.find_group(ref) for ref in refs}
    kept = {group.id for group in named if group}
    for group in draft.snapshot.groups.values():
        gone = draft.desired.purge.covers_group(group) and group.id not in kept
        if gone and not any(wish.ref in (group.id, group.name) for wish in draft.desired.groups):
            draft.change(Action.DELETE, GroupFact(group, gone=True))


def _purge_memberships(draft: Draft, leavers: set[str]) -> None:
    """Deleting a group or a user takes the memberships along."""
    scope = draft.desired.purge.group_ids(draft.directory.groups) - draft.deleted_groups()
    declared = draft.declared_memberships()
    for key, have in draft.snapshot.memberships.items():
        user = draft.users.get(key)
        if user is None or key in leavers or not draft.desired.purge.covers_user(user):
            continue
        for group_id in sorted(have & scope):
            if (key, group_id) not in declared:
                draft.leave(user, draft.directory.group(group_id))


def _purge_permissions(draft: Draft, wish: GroupWish) -> None:
    group = draft.directory.find_group(wish.new_name or wish.ref)
    if group is None or not draft.desired.purge.covers_group(group):
        return
    current = draft.snapshot.permissions.get(group.id, frozenset())
    for permission in current - wanted_permissions(draft, wish) - draft.removed_permissions(group.id):
        draft.change(Action.REMOVE, PermissionFact(group, permission, draft.directory.scope_name(permission)))
