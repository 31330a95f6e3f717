# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account as JSON: reading it strictly, writing it back the same."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from .contents import read_dashboard, read_document, write_dashboard, write_document
from .credentials import read_api_token, write_api_token
from .keys import check_keys, need
from .limiter import HEADER_FORMS
from .model import (
    ALL_SCOPES,
    OWNERS,
    STATUSES,
    BadState,
    Binding,
    Boundary,
    Client,
    Environment,
    Extras,
    Group,
    Options,
    Permission,
    Policy,
    User,
    Zone,
)
from .policy_language import SyntaxProblem, parse_boundary, parse_policy

State = dict[str, Any]

TOP_KEYS = {
    "account_uuid",
    "account_name",
    "clients",
    "access_tokens",
    "users",
    "groups",
    "environments",
    "policies",
    "boundaries",
    "bindings",
    "platform_tokens",
    "scim",
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
    "serviceGroup",
    "description",
    "externalId",
    "groups",
}
BELONGINGS = ("api_tokens", "dashboards", "documents")
BINDING_KEYS = {"levelType", "levelId", "policyUuid", "groups", "parameters", "metadata", "boundaries"}
POLICY_KEYS = {"uuid", "levelType", "levelId", "name", "description", "tags", "statementQuery", "category"}
BOUNDARY_KEYS = {"uuid", "name", "boundaryQuery", "metadata"}
GROUP_KEYS = {
    "uuid",
    "name",
    "description",
    "owner",
    "federatedAttributeValues",
    "hidden",
    "externalId",
    "createdAt",
    "updatedAt",
    "permissions",
}


def read_user(data: Mapping[str, Any]) -> User:
    """A user from JSON; the group ids are joined later."""
    check_keys("user", data, USER_KEYS)
    status = data.get("status", "ACTIVE")
    if status not in STATUSES:
        raise BadState(f"user {data.get('email')}: status {status!r} is none of {', '.join(STATUSES)}")
    if not data.get("service") and (data.get("serviceGroup") or data.get("description")):
        raise BadState(f"user {data.get('email')}: only a service user has a serviceGroup and a description")
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
        service_group=data.get("serviceGroup"),
        description=data.get("description"),
        external_id=data.get("externalId"),
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
        external_id=data.get("externalId"),
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
    check_keys("environment", data, {"id", "name", "active", "management_zones", *BELONGINGS})
    zones = [Zone(str(need("zone", z, "id")), need("zone", z, "name")) for z in data.get("management_zones", [])]
    return Environment(
        need("environment", data, "id"),
        data.get("name"),
        data.get("active", True),
        zones,
        tokens=[read_api_token(item) for item in data.get("api_tokens", [])],
        dashboards=[read_dashboard(item) for item in data.get("dashboards", [])],
        documents=[read_document(item) for item in data.get("documents", [])],
    )


def read_policy(data: Mapping[str, Any]) -> Policy:
    """A custom policy from JSON; its statement must be one."""
    check_keys("policy", data, POLICY_KEYS)
    kind, statement = need("policy", data, "levelType"), need("policy", data, "statementQuery")
    if kind not in ("account", "environment"):
        raise BadState(f"policy {data.get('name')}: levelType must be account or environment")
    try:
        parse_policy(statement)
    except SyntaxProblem as problem:
        raise BadState(f"policy {data.get('name')}: {problem}") from None
    return Policy(
        uuid=need("policy", data, "uuid"),
        level=(kind, need("policy", data, "levelId")),
        name=need("policy", data, "name"),
        description=data.get("description", ""),
        statement=statement,
        tags=list(data.get("tags", [])),
        category=data.get("category", "CUSTOM"),
    )


def read_boundary(data: Mapping[str, Any]) -> Boundary:
    """A boundary from JSON; its query must be one."""
    check_keys("boundary", data, BOUNDARY_KEYS)
    query = need("boundary", data, "boundaryQuery")
    try:
        parse_boundary(query)
    except SyntaxProblem as problem:
        raise BadState(f"boundary {data.get('name')}: {problem}") from None
    return Boundary(need("boundary", data, "uuid"), need("boundary", data, "name"), query, data.get("metadata", {}))


def read_binding(data: Mapping[str, Any]) -> Binding:
    """A policy binding from JSON. Its groups may be unknown: live bindings name groups that no list shows."""
    check_keys("binding", data, BINDING_KEYS)
    level = (need("binding", data, "levelType"), need("binding", data, "levelId"))
    extras = Extras(data.get("parameters") or {}, data.get("metadata") or {}, list(data.get("boundaries") or []))
    return Binding(level, need("binding", data, "policyUuid"), list(need("binding", data, "groups")), extras)


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
    check_day(options.today)
    return options


def check_day(day: str | None) -> None:
    """Refuse what is no day of the form YYYY-MM-DD; days are compared as texts."""
    try:
        fits = day is None or date.fromisoformat(day).isoformat() == day
    except ValueError:
        fits = False
    if not fits:
        raise BadState(f"options: today must be a day as in 2027-01-11, not {day}")


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
    if user.service_group is not None:
        data["serviceGroup"] = user.service_group
    if user.description is not None:
        data["description"] = user.description
    if user.external_id is not None:
        data["externalId"] = user.external_id
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
    if group.external_id is not None:
        data["externalId"] = group.external_id
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


def write_policy(policy: Policy) -> State:
    """A policy as JSON, the way `read_policy` takes it."""
    return {
        "uuid": policy.uuid,
        "levelType": policy.level[0],
        "levelId": policy.level[1],
        "name": policy.name,
        "description": policy.description,
        "tags": list(policy.tags),
        "statementQuery": policy.statement,
        "category": policy.category,
    }


def write_boundary(boundary: Boundary) -> State:
    """A boundary as JSON, the way `read_boundary` takes it."""
    return {
        "uuid": boundary.uuid,
        "name": boundary.name,
        "boundaryQuery": boundary.query,
        "metadata": copy.deepcopy(boundary.metadata),
    }


def write_binding(binding: Binding) -> State:
    """A binding as JSON, the way `read_binding` takes it; what it doesn't have is absent, as in the API."""
    kind, name = binding.level
    data: State = {"levelType": kind, "levelId": name, "policyUuid": binding.policy, "groups": list(binding.groups)}
    data.update({key: copy.copy(value) for key, value in vars(binding.extras).items() if value})
    return data


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
        belongings = {
            "api_tokens": [write_api_token(token) for token in environment.tokens],
            "dashboards": [write_dashboard(dashboard) for dashboard in environment.dashboards],
            "documents": [write_document(document) for document in environment.documents],
        }
        items.append({**item, **{key: value for key, value in belongings.items() if value}})
    return items


def write_clients(clients: Iterable[Client]) -> list[State]:
    """OAuth clients as JSON."""
    return [asdict(client) for client in clients]
