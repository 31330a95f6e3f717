# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call for effective permissions, the same in both contracts."""

from __future__ import annotations

from starlette.responses import Response

from .access import effective
from .model import Group, Refused, User
from .ready_made import GLOBAL
from .repository import ALL, level_of, on_page
from .wire import Call, Endpoint, answer


def entity(call: Call) -> User | Group:
    """The user or group that is asked for, else 404."""
    kind, name = call.value("entityType"), call.value("entityId")
    if kind not in ("user", "group"):
        raise Refused(400, "entityType must be user or group", "repo")
    everybody: dict[str, User] | dict[str, Group] = call.account.users if kind == "user" else call.account.groups
    if name not in everybody:
        raise Refused(404, f"{kind.capitalize()} {name} not found", "repo")
    return everybody[name]


def effective_permissions(call: Call) -> Response:
    """A page of what somebody may do at a level by policies. How many there are is not told."""
    level = level_of(call)
    if level == GLOBAL:
        raise Refused(404, "This endpoint is unavailable within global level", "repo")
    found = effective(call.account, level, entity(call))
    services = [part for value in call.values("services") for part in value.split(",") if part]
    if services:
        found = [item for item in found if item["permission"].partition(":")[0] in services]
    return answer({"effectivePermissions": on_page(call, found)})


ROUTES = [
    Endpoint(
        "GET",
        "/iam/v1/resolution/{level_type}/{level_id}/effectivepermissions",
        effective_permissions,
        (ALL, "iam:effective-permissions:read"),
    )
]
