# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account holds, the same whichever contract it came by. Only ids are certain to be there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

SERVICE_USER_DOMAIN = "@service.sso.dynatrace.com"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


_TOKEN = re.compile(r"(dt0[a-z]\d{2}\.[A-Za-z0-9]+)\.[A-Za-z0-9]+")


def token_id(secret: str) -> str | None:
    """The public part of a Dynatrace token, which is its id; None for a token of another shape."""
    found = _TOKEN.fullmatch(secret)
    return found.group(1) if found else None


def is_uuid(text: str) -> bool:
    """Whether ``text`` has the shape of a UUID, of whatever version."""
    return bool(_UUID.fullmatch(text))


@dataclass(frozen=True)
class User:
    """A person or a service user; None is "the service doesn't say"."""

    email: str
    uid: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    status: str | None = None
    created: str | None = field(default=None, compare=False)
    last_login: str | None = field(default=None, compare=False)
    """ISO moments, as far as the service tells them: of people who log in by single sign-on it may know neither."""

    @cached_property
    def key(self) -> str:
        """E-mails compare whatever their case."""
        return self.email.lower()

    @property
    def is_service_user(self) -> bool:
        """Service users are members of groups, but nobody's joiner or leaver."""
        return self.key.endswith(SERVICE_USER_DOMAIN)


@dataclass(frozen=True)
class Group:
    """A group. ``owner``: LOCAL, or who else decides about it (SCIM, SAML, DCS, ALL_USERS)."""

    id: str
    name: str
    description: str = ""
    owner: str = "LOCAL"
    federated: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, order=True)
class Permission:
    """A role permission. ``scope``: account UUID, environment id, or ``environment-id:zone-id``, by ``scope_type``."""

    name: str
    scope_type: str
    scope: str
    since: str | None = field(default=None, compare=False)
    """When it was given, as the service tells it; no part of what it is."""


@dataclass(frozen=True)
class Zone:
    """A management zone of an environment."""

    id: str
    name: str


@dataclass(frozen=True)
class Environment:
    """An environment; ``active`` and ``url`` are None where only its name was read."""

    id: str
    name: str
    active: bool | None = None
    url: str | None = None
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True)
class UserWithGroups:
    """A user and all groups that the service shows for them; ``groups`` is None where only ids came (``group_ids``)."""

    user: User
    group_ids: frozenset[str]
    groups: tuple[Group, ...] = ()


Level = tuple[str, str]
"""Where a policy lives or is bound: ``("account", UUID)``, ``("environment", id)`` or ``("global", "global")``."""
GLOBAL: Level = ("global", "global")
Texts = tuple[tuple[str, str], ...]
"""A mapping of texts, as sorted pairs."""


@dataclass(frozen=True)
class Policy:
    """A policy; lists don't tell its ``statement``."""

    id: str
    name: str
    level: Level
    description: str = ""
    tags: tuple[str, ...] = ()
    statement: str | None = None


@dataclass(frozen=True)
class Boundary:
    """A policy boundary; they all live at the account."""

    id: str
    name: str
    query: str


@dataclass(frozen=True, order=True)
class Binding:
    """A policy bound to a group at a level. The service gives it no id: all but ``boundaries`` is its identity."""

    level: Level
    policy: str
    group: str
    parameters: Texts = ()
    metadata: Texts = ()
    boundaries: tuple[str, ...] = ()
    """Sorted ids."""

    @property
    def key(self) -> tuple[Level, str, str, Texts, Texts]:
        """What tells it from others."""
        return (self.level, self.policy, self.group, self.parameters, self.metadata)


@dataclass(frozen=True)
class ServiceUser:
    """A service user. ``group`` is the id of the hidden group that is its own, where the service told it."""

    uid: str
    email: str
    name: str
    description: str = ""
    group: str | None = None

    @property
    def user(self) -> User:
        """As a member of groups."""
        return User(self.email, self.uid)


@dataclass(frozen=True, order=True)
class Content:
    """Something that people make in an environment; ``owner`` is their e-mail or uid, by ``kind``."""

    environment: str
    kind: str
    """``classic dashboard``, or as the document service says: ``dashboard``, ``notebook`` and others."""
    name: str
    id: str
    owner: str


@dataclass(frozen=True)
class AuditEntry:
    """Who changed what when. ``moment`` is ISO 8601, ``name`` and ``id`` are those of what was changed.

    ``details`` is a text in which the service says more.
    """

    moment: str
    user: str
    name: str
    id: str
    details: str = ""


@dataclass(frozen=True)
class ScimUser:
    """A user as SCIM has them; ``version`` is that of a read, for the next write to be refused if it has moved on."""

    id: str
    user_name: str
    given_name: str = ""
    family_name: str = ""
    active: bool = True
    external_id: str | None = None
    version: str | None = None

    @cached_property
    def key(self) -> str:
        """User names compare whatever their case."""
        return self.user_name.lower()

    @property
    def name(self) -> str:
        """What people call them."""
        return self.user_name


@dataclass(frozen=True)
class ScimGroup:
    """A group as SCIM has it; ``members`` are ids of users, none where it was read without."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    external_id: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Token:
    """An access token of an environment, or a platform token of the account; never its secret.

    ``environment`` is the id, empty for a platform token; ``owner`` is empty where none is told. Moments are ISO texts
    as the service gave them.
    """

    id: str
    name: str
    owner: str = ""
    enabled: bool = True
    environment: str = ""
    personal: bool = False
    scopes: tuple[str, ...] = ()
    created: str | None = None
    last_used: str | None = None
    expires: str | None = None
    resources: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``api_token`` or ``platform_token``."""
        return "api_token" if self.environment else "platform_token"

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others: kind, environment, id."""
        return (self.kind, self.environment, self.id)
