# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that replaces role permissions by policies."""

from __future__ import annotations

from .._api.records import GLOBAL, Group, Permission
from .._core.change import Action
from .draft import Draft
from .environment_roles import EnvironmentRoles
from .facts import PermissionFact
from .migration import Migration
from .plan_bindings import inactive
from .zones import why_not


def plan_migration(draft: Draft) -> None:
    """Note the bindings and boundaries that give the same access, and where asked for, the role permissions that go.

    What no policy gives stays as it is, with a warning.
    """
    migration, snapshot = draft.desired.migration, draft.snapshot
    for group_id in sorted(migration.group_ids(snapshot.groups.values()) if migration else ()):
        if migration and migration.held(snapshot, group_id):
            draft.access.check_readable(GLOBAL)
            _migrate(draft, migration, snapshot.groups[group_id])


def _migrate(draft: Draft, migration: Migration, group: Group) -> None:
    roles = EnvironmentRoles(draft, group)
    movable = {each for each in migration.held(draft.snapshot, group.id) if _is_movable(draft, roles, group, each)}
    roles.change({each for each in movable if not roles.holds(each)})
    for permission in movable if migration.remove else ():
        draft.change(Action.REMOVE, PermissionFact(group, permission, draft.directory.scope_name(permission)))


def _is_movable(draft: Draft, roles: EnvironmentRoles, group: Group, permission: Permission) -> bool:
    level = ("environment", permission.scope.partition(":")[0])
    reason = _why_not(draft, permission)
    if not reason and draft.access.is_active(level) and not roles.holds(permission) and roles.is_tangled(permission):
        reason = "its policy is bound there with and without parameters, which the service can't tell apart"
    if not draft.access.is_active(level):
        draft.warnings.append(inactive(draft.access.place(level)))
    elif reason:
        name = f"{permission.name} on {draft.directory.scope_name(permission)}"
        draft.warnings.append(f"Group {group.name!r} keeps its role permission {name}: {reason}.")
    else:
        return True
    return False


def _why_not(draft: Draft, permission: Permission) -> str:
    environment, _colon, zone = permission.scope.partition(":")
    if not draft.directory.has_place(environment, zone):
        return "its environment or management zone has gone"
    return why_not(permission)
