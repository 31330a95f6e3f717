# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which permissions a wish means, and where."""

from __future__ import annotations

from .._api.records import Permission
from .desired import GroupWish, PermissionWish
from .draft import Draft
from .permissions import is_account_permission

Scope = tuple[str, str]
"""A scope type, and the id of what is meant."""


def wanted_permissions(draft: Draft, wish: GroupWish) -> set[Permission]:
    """All permissions that the group shall have; raises InvalidInput for an unknown environment or management zone."""
    return {each for part in wish.permissions or () if part.state != "absent" for each in permissions_of(draft, part)}


def permissions_of(draft: Draft, part: PermissionWish) -> set[Permission]:
    """Each permission of the part on each scope that it can be held on."""
    return {
        Permission(name, *scope)
        for name in part.permissions
        for scope in scopes_of(draft, part)
        if is_account_permission(name) == (scope[0] == "account")
    }


def scopes_of(draft: Draft, part: PermissionWish) -> set[Scope]:
    """The environments or management zones that the part names, and the account when it names a permission on it."""
    scopes: set[Scope] = set()
    if any(is_account_permission(name) for name in part.permissions):
        scopes.add(("account", draft.snapshot.account))
    for ref in part.environments:
        environment = draft.directory.environment(ref)
        zones = [draft.directory.zone(environment, zone) for zone in part.zones]
        scopes |= {("management-zone", f"{environment.id}:{zone.id}") for zone in zones}
        if not zones:
            scopes.add(("tenant", environment.id))
    return scopes
