# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dynatrace_scim_info reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..._api.records import ScimGroup, ScimUser
from .members import FEW
from .shapes import scim_group_shape, scim_user_shape

if TYPE_CHECKING:
    from ..._api.account import Account
    from ..._api.scim import Scim

OWN_WORDS = ("service_provider_config", "schemas", "resource_types")
"""What the service says of itself, passed on as it is."""


def read_scim(account: Account, given: Mapping[str, Any]) -> dict[str, Any]:
    """From the options of dynatrace_scim_info to its return values; raises CallFailed."""
    include = given["include"] or _named(given) or ["users", "groups"]
    scim = account.scim
    found: dict[str, Any] = {}
    users: Collection[ScimUser] = ()
    if "users" in include:
        users = _users(scim, given["user_names"], given["user_filter"] or "")
        found["users"] = [scim_user_shape(each) for each in sorted(users, key=lambda user: (user.key, user.id))]
    if "groups" in include:
        groups = _groups(scim, given["group_names"], given["group_filter"] or "")
        names = {user.id: user.user_name for user in _members(scim, groups, users)}
        found["groups"] = [
            scim_group_shape(each, [names.get(member, member) for member in each.members])
            for each in sorted(groups, key=lambda group: (group.name.lower(), group.id))
        ]
    return {**found, **{name: getattr(scim, name)() for name in OWN_WORDS if name in include}}


def _named(given: Mapping[str, Any]) -> list[str]:
    """Without ``include``: of what the task chooses some."""
    return [
        kind
        for kind, options in (("users", ("user_names", "user_filter")), ("groups", ("group_names", "group_filter")))
        if any(given[option] is not None for option in options)
    ]


def _users(scim: Scim, names: Collection[str] | None, filter_text: str) -> Collection[ScimUser]:
    if names is None:
        return scim.users(filter_text)
    if len(names) <= FEW:
        found = {user.id: user for user in map(scim.user_named, names) if user}
        return list(found.values())
    keys = {name.lower() for name in names}
    return [user for user in scim.users() if user.key in keys]


def _members(scim: Scim, groups: Iterable[ScimGroup], known: Collection[ScimUser]) -> Iterable[ScimUser]:
    """Everybody who is in some group, read only as far as ``known`` lacks them."""
    missing = {member for group in groups for member in group.members} - {user.id for user in known}
    if len(missing) <= FEW:
        return [*known, *filter(None, map(scim.user, sorted(missing)))]
    return scim.users()


def _groups(scim: Scim, names: Collection[str] | None, filter_text: str) -> Collection[ScimGroup]:
    groups = scim.groups(filter_text)
    return groups if names is None else [group for group in groups if group.name in names]
