# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account as JSON: reading it strictly, writing it back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from .limiter import HEADER_FORMS
from .model import (
    ALL_SCOPES,
    OWNERS,
    STATUSES,
    BadState,
    Client,
    Environment,
    Group,
    Options,
    Permission,
    User,
    Zone,
)

State = dict[str, Any]

TOP_KEYS = {
    "account_uuid",
    "account_name",
    "clients",
    "access_tokens",
    "users",
    "groups",
    "environments",
    "bindings",
    "options",
}
USER_KEYS = {
    "uid",
    "email",
    "name",
    "surname",
    "status",
    "emergencyContact",
    "userLoginMetadata",
    "createdAt",
    "lastModifiedAt",
    "service",
    "groups",
}
BINDING_KEYS = {"levelType", "levelId", "policyUuid", "groups", "parameters", "metadata", "boundaries"}
GROUP_KEYS = {
    "uuid",
    "name",
    "description",
    "owner",
    "federatedAttributeValues",
    "hidden",
    "createdAt",
    "updatedAt",
    "permissions",
}


def check_keys(what: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Refuse keys that nobody would read: a typing error in a seed must not pass in silence."""
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise BadState(f"{what}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")


def need(what: str, data: Mapping[str, Any], key: str) -> Any:
    """The value of a key that must be there."""
    if key not in data:
        raise BadState(f"{what}: {key} is missing in {dict(data)!r}")
    return data[key]


def read_user(data: Mapping[str, Any]) -> User:
    """A user from JSON; the group ids are joined later."""
    check_keys("user", data, USER_KEYS)
    status = data.get("status", "ACTIVE")
    if status not in STATUSES:
        raise BadState(f"user {data.get('email')}: status {status!r} is none of {', '.join(STATUSES)}")
    return User(
        uid=need("user", data, "uid"),
        email=need("user", data, "email"),
        name=data.get("name"),
        surname=data.get("surname"),
        status=status,
        emergency_contact=data.get("emergencyContact", False),
        login=data.get("userLoginMetadata"),
        created_at=data.get("createdAt"),
        modified_at=data.get("lastModifiedAt"),
        service=data.get("service", False),
    )


def read_group(data: Mapping[str, Any]) -> Group:
    """A group from JSON, with its permissions and without its members."""
    check_keys("group", data, GROUP_KEYS)
    owner = data.get("owner", "LOCAL")
    if owner not in OWNERS:
        raise BadState(f"group {data.get('name')}: owner {owner!r} is none of {', '.join(OWNERS)}")
    return Group(
        uuid=need("group", data, "uuid"),
        name=need("group", data, "name"),
        description=data.get("description", ""),
        owner=owner,
        federated=list(data.get("federatedAttributeValues") or []),
        hidden=data.get("hidden", False),
        created_at=data.get("createdAt"),
        updated_at=data.get("updatedAt"),
        permissions=[read_permission(item) for item in data.get("permissions", [])],
    )


def read_permission(data: Mapping[str, Any]) -> Permission:
    """A role permission from JSON."""
    return Permission(
        name=need("permission", data, "permissionName"),
        scope=need("permission", data, "scope"),
        scope_type=need("permission", data, "scopeType"),
        created_at=data.get("createdAt"),
        updated_at=data.get("updatedAt"),
    )


def read_environment(data: Mapping[str, Any]) -> Environment:
    """An environment and its management zones from JSON."""
    check_keys("environment", data, {"id", "name", "active", "management_zones"})
    zones = [Zone(str(need("zone", z, "id")), need("zone", z, "name")) for z in data.get("management_zones", [])]
    return Environment(need("environment", data, "id"), data.get("name"), data.get("active", True), zones)


def read_binding(data: Mapping[str, Any]) -> State:
    """A policy binding from JSON. Its groups may be unknown: live bindings name groups that no list shows."""
    check_keys("binding", data, BINDING_KEYS)
    for key in ("levelType", "levelId", "policyUuid", "groups"):
        need("binding", data, key)
    return dict(data)


def read_client(data: Mapping[str, Any]) -> Client:
    """An OAuth client from JSON; without `scopes` it holds all of them."""
    check_keys("client", data, {"client_id", "client_secret", "scopes", "subject_may"})
    scopes = list(data.get("scopes", ALL_SCOPES))
    return Client(
        need("client", data, "client_id"), need("client", data, "client_secret"), scopes, data.get("subject_may", True)
    )


def read_options(data: Mapping[str, Any]) -> Options:
    """The options; what isn't given keeps its default."""
    check_keys("options", data, [item.name for item in fields(Options)])
    options = Options(**data)
    if options.rate_limit_headers not in HEADER_FORMS:
        raise BadState(f"options: rate_limit_headers must be one of {', '.join(HEADER_FORMS)}")
    return options


def write_user(user: User) -> State:
    """A user as JSON, the way `read_user` takes it."""
    data: State = {
        "uid": user.uid,
        "email": user.email,
        "name": user.name,
        "surname": user.surname,
        "status": user.status,
        "emergencyContact": user.emergency_contact,
        "createdAt": user.created_at,
        "lastModifiedAt": user.modified_at,
        "service": user.service,
        "groups": list(user.groups),
    }
    if user.login is not None:
        data["userLoginMetadata"] = dict(user.login)
    return data


def write_group(group: Group) -> State:
    """A group as JSON, the way `read_group` takes it."""
    data: State = {
        "uuid": group.uuid,
        "name": group.name,
        "description": group.description,
        "owner": group.owner,
        "hidden": group.hidden,
        "createdAt": group.created_at,
        "updatedAt": group.updated_at,
        "permissions": [write_permission(item) for item in group.permissions],
    }
    if group.federated:
        data["federatedAttributeValues"] = list(group.federated)
    return data


def write_permission(permission: Permission) -> State:
    """A role permission as JSON, which is also what the API sends."""
    return {
        "permissionName": permission.name,
        "scope": permission.scope,
        "scopeType": permission.scope_type,
        "createdAt": permission.created_at,
        "updatedAt": permission.updated_at,
    }


def write_environments(environments: Iterable[Environment]) -> list[State]:
    """Environments as JSON; one that has no name keeps having none."""
    items = []
    for environment in environments:
        item: State = {
            "id": environment.id,
            "active": environment.active,
            "management_zones": [{"id": zone.id, "name": zone.name} for zone in environment.zones],
        }
        if environment.name is not None:
            item["name"] = environment.name
        items.append(item)
    return items


def write_clients(clients: Iterable[Client]) -> list[State]:
    """OAuth clients as JSON."""
    return [asdict(client) for client in clients]
