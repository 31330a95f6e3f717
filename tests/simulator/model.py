# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The things an account is made of. No HTTP and no rules in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWNERS = ("LOCAL", "SCIM", "SAML", "DCS", "ALL_USERS")
STATUSES = ("ACTIVE", "INACTIVE", "PENDING", "DELETED", "ECUSTOMS_MANUALLY_BLOCKED")
SCOPE_TYPES = ("account", "tenant", "management-zone")
PERMISSION_NAMES = (
    "account-company-info",
    "account-user-management",
    "account-viewer",
    "account-saml-flexible-federation",
    "tenant-viewer",
    "tenant-manage-settings",
    "tenant-agent-install",
    "tenant-logviewer",
    "tenant-view-sensitive-request-data",
    "tenant-configure-request-capture-data",
    "tenant-replay-sessions-with-masking",
    "tenant-replay-sessions-without-masking",
    "tenant-manage-security-problems",
    "tenant-view-security-problems",
    "tenant-manage-support-tickets",
)
ALL_SCOPES = (
    "account-idm-read",
    "account-idm-write",
    "account-env-read",
    "account-env-write",
    "account-uac-read",
    "account-uac-write",
    "iam-policies-management",
    "iam:policies:read",
    "iam:policies:write",
    "iam:bindings:read",
    "iam:bindings:write",
    "iam:boundaries:read",
    "iam:boundaries:write",
    "iam:effective-permissions:read",
    "iam:limits:read",
    "account-audit-logs-read",
    "platform-token:tokens:manage",
    "document:documents:read",
    "document:documents:admin",
)
MAX_DESCRIPTION = 255
MAX_PERMISSIONS_PER_GROUP = 1000
MAX_ITEMS = 100_000
MAX_POLICIES = 200
MAX_STATEMENTS = 100
MAX_BINDINGS = 30_000
MAX_BOUNDARIES = 2_000
MAX_RESTRICTIONS = 10
SUNSET = "2027-01-11"
Level = tuple[str, str]


class Refused(Exception):
    """The account refuses a request: an HTTP status and the sentence that goes with it.

    `form` names the error body: "account" (`error: true`), "gateway" (`statusCode`) or "repo" (`code`, `errorsMap`).
    `errors` tells for each field of the request what is wrong with it.
    """

    def __init__(
        self, status: int, message: str, form: str = "account", errors: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.form = form
        self.errors = dict(errors or {})


class BadState(ValueError):
    """A state or a list of faults that the simulator can't take."""


@dataclass
class User:
    """A person or a service user, with the ids of the groups in the order they were joined."""

    uid: str
    email: str
    name: str | None = None
    surname: str | None = None
    status: str = "PENDING"
    emergency_contact: bool = False
    login: Mapping[str, Any] | None = None
    created_at: str | None = None
    modified_at: str | None = None
    service: bool = False
    service_group: str | None = None
    description: str | None = None
    external_id: str | None = None
    groups: dict[str, None] = field(default_factory=dict)
    seq: int = 0
    lag: int = 0


@dataclass(frozen=True)
class Permission:
    """A role permission of a group. Two of them are the same when name, scope and scope type are."""

    name: str
    scope: str
    scope_type: str
    created_at: str | None = field(default=None, compare=False)
    updated_at: str | None = field(default=None, compare=False)


@dataclass
class Group:
    """A group with its members (uids in the order they joined) and its role permissions."""

    uuid: str
    name: str
    description: str = ""
    owner: str = "LOCAL"
    federated: list[str] = field(default_factory=list)
    hidden: bool = False
    external_id: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    permissions: list[Permission] = field(default_factory=list)
    members: dict[str, None] = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True)
class Zone:
    """A management zone of an environment."""

    id: str
    name: str


@dataclass
class ApiToken:
    """An access token of an environment. `id` is its public part, `secret` the whole of it, as far as it is known."""

    id: str
    name: str
    owner: str
    enabled: bool = True
    scopes: list[str] = field(default_factory=list)
    created_at: str | None = None
    modified_at: str | None = None
    last_used: str | None = None
    expires: str | None = None
    personal: bool = False
    secret: str | None = None


@dataclass
class PlatformToken:
    """A platform token of the account. Whom it acts for is `owner`, an e-mail."""

    id: str
    name: str
    owner: str
    created_by: str | None = None
    scope: list[str] = field(default_factory=list)
    resource: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    status: str = "ACTIVE"
    expires: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class Scim:
    """What SCIM needs to know: verified domains, tokens, whom it manages and whom the IdP would create again.

    A token without an environment is one of the account's; of those of an environment only the last one is active.
    """

    domains: list[str] = field(default_factory=list)
    tokens: list[dict[str, str]] = field(default_factory=list)
    managed: list[str] = field(default_factory=list)
    provisioned: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dashboard:
    """A classic dashboard. Its owner is the name that somebody signs in with."""

    id: str
    name: str
    owner: str


@dataclass(frozen=True)
class Document:
    """A dashboard or notebook of the platform. People are uids here."""

    id: str
    name: str
    type: str
    owner: str
    private: bool = True
    version: int = 1
    created_by: str | None = None
    created_at: str | None = None
    modified_by: str | None = None
    modified_at: str | None = None


@dataclass(frozen=True)
class Environment:
    """An environment (a tenant). Its name may be missing or empty, as on live accounts."""

    id: str
    name: str | None
    active: bool
    zones: list[Zone]
    tokens: list[ApiToken] = field(default_factory=list)
    dashboards: list[Dashboard] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


@dataclass
class Policy:
    """A policy and where it lives. A level is ("account", uuid), ("environment", id) or ("global", "global")."""

    uuid: str
    level: Level
    name: str
    description: str
    statement: str
    tags: list[str] = field(default_factory=list)
    category: str = "CUSTOM"


@dataclass
class Boundary:
    """A boundary; all of them belong to the account."""

    uuid: str
    name: str
    query: str
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Extras:
    """What a binding says beside policy and groups. Parameters and metadata tell bindings apart, boundaries don't."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    boundaries: list[str] = field(default_factory=list)


@dataclass
class Binding:
    """A policy bound for groups at a level. Policy and groups may be unknown to the account."""

    level: Level
    policy: str
    groups: list[str]
    extras: Extras = field(default_factory=Extras)


@dataclass(frozen=True)
class Client:
    """An OAuth client. `subject_may` tells whether the person behind it may manage users."""

    client_id: str
    client_secret: str
    scopes: list[str]
    subject_may: bool = True


@dataclass(frozen=True)
class Options:
    """What can be switched. The README explains each."""

    email_case_sensitive_paths: bool = True
    today: str | None = None
    unbind_missing_status: int = 400
    visibility_lag: int = 0
    token_lifetime: int = 300
    invite_answers_empty: bool = False
    max_groups_per_call: int = 200
    user_exists_status: int | None = None
    rate_limit_headers: str = "retry-after-seconds"
    rate_window: float = 60
    client_owner: str = "client.owner@example.com"

    @property
    def after_sunset(self) -> bool:
        """Whether role permissions on environments and zones, and the validation of policies, have ended."""
        return self.today is not None and self.today >= SUNSET
