# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small account that is there when no seed is given."""

from __future__ import annotations

from typing import Any

ACCOUNT_UUID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
ALL_USERS = "a0000000-0000-4000-8000-000000000001"
ADMINS = "a0000000-0000-4000-8000-000000000002"
VIEWERS = "a0000000-0000-4000-8000-000000000003"
ADMIN_USER = "b0000000-0000-4000-8000-000000000001"
DATE = "2026-01-05T08:00:00.000Z"


def default_state() -> dict[str, Any]:
    """One administrator, three groups, one environment with a management zone; a new copy each time."""
    return {
        "account_uuid": ACCOUNT_UUID,
        "account_name": "Simulated account",
        "clients": [],
        "users": [
            {
                "uid": ADMIN_USER,
                "email": "admin@example.com",
                "name": "Ada",
                "surname": "Admin",
                "status": "ACTIVE",
                "emergencyContact": True,
                "createdAt": DATE,
                "lastModifiedAt": DATE,
                "groups": [ALL_USERS, ADMINS],
            }
        ],
        "groups": [
            group(ALL_USERS, "Default group with all users", "ALL_USERS"),
            group(ADMINS, "Account Admins", "LOCAL", ("account-user-management", ACCOUNT_UUID, "account")),
            group(VIEWERS, "Environment Users", "LOCAL", ("tenant-viewer", "abc12345", "tenant")),
        ],
        "environments": [
            {
                "id": "abc12345",
                "name": "Production",
                "active": True,
                "management_zones": [{"id": "1001", "name": "Shop"}],
            }
        ],
        "bindings": [],
        "options": {},
    }


def group(uuid: str, name: str, owner: str, *permissions: Any) -> dict[str, Any]:
    """A group of the small account."""
    return {
        "uuid": uuid,
        "name": name,
        "description": "",
        "owner": owner,
        "createdAt": DATE,
        "updatedAt": DATE,
        "permissions": [
            {"permissionName": item[0], "scope": item[1], "scopeType": item[2], "createdAt": DATE, "updatedAt": DATE}
            for item in permissions
        ],
    }
