# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both contracts have in common: role permissions, environments, the policy repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from . import (
    api_tokens,
    audit,
    classic_dashboards,
    documents,
    permissions,
    platform_tokens,
    repository,
    resolution,
    scim_discovery,
    scim_groups,
    scim_users,
    service_users,
)
from .model import Group
from .state import write_permission
from .wire import Call, Endpoint, answer, empty

PERMISSIONS = "/iam/v1/accounts/{account}/groups/{group}/permissions"
GOING_AWAY = {"Deprecation": "Mon, 15 Jun 2026 00:00:00 GMT", "Sunset": "Mon, 11 Jan 2027 00:00:00 GMT"}


def permission_views(group: Group) -> list[dict[str, Any]]:
    """The permissions of a group as the API sends them."""
    return [write_permission(permission) for permission in group.permissions]


def add_permissions(call: Call) -> Response:
    """Add permissions to a group."""
    group = call.account.group(call.params["group"])
    permissions.add(call.account, group, permissions.check_permissions(call.account, call.json()))
    return empty(201)


def set_permissions(call: Call) -> Response:
    """Replace the permissions of a group."""
    group = call.account.group(call.params["group"])
    permissions.replace(call.account, group, permissions.check_permissions(call.account, call.json()))
    return empty()


def remove_permission(call: Call) -> Response:
    """Remove one permission, named in the query."""
    group = call.account.group(call.params["group"])
    named = permissions.check_permission(
        call.account, call.value("permission-name"), call.value("scope"), call.value("scope-type")
    )
    permissions.remove(call.account, group, named)
    return empty()


def permission_routes(
    view: Callable[[Group], dict[str, Any]], read: tuple[str, ...], write: tuple[str, ...]
) -> list[Endpoint]:
    """The four permission calls of a contract: they differ in scopes and in how a group looks."""

    def get_permissions(call: Call) -> Response:
        return answer(view(call.account.group(call.params["group"])))

    return [
        Endpoint("GET", PERMISSIONS, get_permissions, read, GOING_AWAY),
        Endpoint("POST", PERMISSIONS, add_permissions, write, GOING_AWAY),
        Endpoint("PUT", PERMISSIONS, set_permissions, write, GOING_AWAY),
        Endpoint("DELETE", PERMISSIONS, remove_permission, write, GOING_AWAY),
    ]


def environments_v1(call: Call) -> Response:
    """Environments and, beside them, the management zones of all of them."""
    found = call.account.environments.values()
    zones = [
        {"parent": environment.id, "name": zone.name, "id": zone.id}
        for environment in found
        for zone in environment.zones
    ]
    tenants = [{"name": environment.name or "", "id": environment.id} for environment in found]
    return answer({"tenantResources": tenants, "managementZoneResources": zones})


def environments_v2(call: Call) -> Response:
    """Environments with their state and address; a name may be missing."""
    data: list[dict[str, Any]] = []
    for environment in call.account.environments.values():
        item: dict[str, Any] = {"id": environment.id}
        if environment.name is not None:
            item["name"] = environment.name
        item.update(active=environment.active, url=f"https://{environment.id}.live.dynatrace.com")
        data.append(item)
    return answer({"data": data})


ROUTES = [
    Endpoint("GET", "/env/v1/accounts/{account}/environments", environments_v1, ("account-idm-read",)),
    Endpoint("GET", "/env/v2/accounts/{account}/environments", environments_v2, ("account-env-read",)),
    *repository.ROUTES,
    *resolution.ROUTES,
    *service_users.ROUTES,
    *audit.ROUTES,
    *platform_tokens.ROUTES,
    *api_tokens.ROUTES,
    *classic_dashboards.ROUTES,
    *documents.ROUTES,
    *scim_users.ROUTES,
    *scim_groups.ROUTES,
    *scim_discovery.ROUTES,
]
