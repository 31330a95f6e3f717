# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of role permissions, as the service knows them and as people write them."""

from __future__ import annotations

from difflib import get_close_matches

from .._core.errors import InvalidInput

ACCOUNT_PERMISSIONS = (
    "account-company-info",
    "account-saml-flexible-federation",
    "account-user-management",
    "account-viewer",
)
TENANT_PERMISSIONS = (
    "tenant-agent-install",
    "tenant-configure-request-capture-data",
    "tenant-logviewer",
    "tenant-manage-security-problems",
    "tenant-manage-settings",
    "tenant-manage-support-tickets",
    "tenant-replay-sessions-with-masking",
    "tenant-replay-sessions-without-masking",
    "tenant-view-security-problems",
    "tenant-view-sensitive-request-data",
    "tenant-viewer",
)
FRIENDLY = {name.removeprefix("tenant-"): name for name in TENANT_PERMISSIONS}


def permission_name(given: str) -> str:
    """The service's name for a permission given by that name or without ``tenant-``; raises InvalidInput."""
    name = given.strip().lower()
    name = FRIENDLY.get(name, name)
    if name in ACCOUNT_PERMISSIONS or name in TENANT_PERMISSIONS:
        return name
    known = sorted([*FRIENDLY, *ACCOUNT_PERMISSIONS])
    near = get_close_matches(name, [*known, *TENANT_PERMISSIONS], n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    raise InvalidInput(f"There is no permission {given!r}. {hint}")


def is_account_permission(name: str) -> bool:
    """Whether the permission is held on the account, rather than on environments or management zones."""
    return name in ACCOUNT_PERMISSIONS
