# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the role permissions of groups, for both contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .account import Account
from .model import MAX_PERMISSIONS_PER_GROUP, PERMISSION_NAMES, SCOPE_TYPES, Group, Permission, Refused

GONE = "Role permissions for environments and management zones are no longer available. Use policies."


def check_permissions(account: Account, body: Any) -> list[Permission]:
    """The permissions of a request; doubles are dropped, anything unknown is 400."""
    if not isinstance(body, list):
        raise Refused(400, "The body must be an array of permissions")
    stamp = account.stamp()
    found: list[Permission] = []
    for item in body:
        if not isinstance(item, Mapping):
            raise Refused(400, "A permission must be an object")
        permission = check_permission(
            account, item.get("permissionName"), item.get("scope"), item.get("scopeType"), stamp
        )
        if permission not in found:
            found.append(permission)
    return found


def check_permission(account: Account, name: Any, scope: Any, scope_type: Any, stamp: str = "") -> Permission:
    """One permission, with a name, a scope type and a scope that exist and fit together."""
    if name not in PERMISSION_NAMES:
        raise Refused(400, "permissionName must be one of " + ", ".join(PERMISSION_NAMES))
    if scope_type not in SCOPE_TYPES:
        raise Refused(400, "scopeType must be one of " + ", ".join(SCOPE_TYPES))
    if not isinstance(scope, str) or not scope:
        raise Refused(400, "scope should not be empty")
    if name.startswith("account-") != (scope_type == "account"):
        raise Refused(400, f"Permission {name} can't have the scope type {scope_type}")
    return Permission(name, scope, scope_type, stamp, stamp)


def check_scopes(account: Account, permissions: Iterable[Permission]) -> None:
    """Each scope must exist: the account, an environment, or an environment's management zone."""
    for permission in permissions:
        if not scope_exists(account, permission):
            raise Refused(400, f"Scope {permission.scope} of type {permission.scope_type} does not exist")


def scope_exists(account: Account, permission: Permission) -> bool:
    """Whether the scope of a permission is in the account."""
    if permission.scope_type == "account":
        return permission.scope == account.uuid
    environment_id, colon, zone_id = permission.scope.partition(":")
    environment = account.environments.get(environment_id)
    if environment is None or bool(colon) != (permission.scope_type == "management-zone"):
        return False
    return not colon or any(zone.id == zone_id for zone in environment.zones)


def check_gone(account: Account, permissions: Iterable[Permission]) -> None:
    """After the sunset, writing at environment and management-zone scope answers 410."""
    if account.options.after_sunset and any(item.scope_type != "account" for item in permissions):
        raise Refused(410, GONE)


def add(account: Account, group: Group, wanted: list[Permission]) -> None:
    """Add permissions and keep the others; one that is there already stays as it is."""
    check_gone(account, wanted)
    check_scopes(account, wanted)
    store(group, group.permissions + [item for item in wanted if item not in group.permissions])


def replace(account: Account, group: Group, wanted: list[Permission]) -> None:
    """Replace all permissions; an empty list clears them."""
    check_gone(account, wanted)
    check_scopes(account, wanted)
    kept = {item: item for item in group.permissions}
    store(group, [kept.get(item, item) for item in wanted])


def store(group: Group, permissions: list[Permission]) -> None:
    """Keep a group's permissions, up to the limit."""
    if len(permissions) > MAX_PERMISSIONS_PER_GROUP:
        raise Refused(400, f"A group can't have more than {MAX_PERMISSIONS_PER_GROUP} permissions")
    group.permissions = permissions


def remove(account: Account, group: Group, permission: Permission) -> None:
    """Remove one permission; one that isn't there is 404. Its scope may be gone from the account by now."""
    check_gone(account, [permission])
    if permission not in group.permissions:
        raise Refused(404, f"Permission {permission.name} with scope {permission.scope} not found")
    group.permissions.remove(permission)
