# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts with SCIM, and the ways to it."""

from __future__ import annotations

from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ScimGroup, ScimUser
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.wishes import (
    ScimGroupWish,
    ScimUserWish,
    scim_group_wish,
    scim_user_wish,
)

from .builders import ACCOUNT, Bench, State, account, gid, person, place, team, uid

OWN, OLD, NEW = "own-scim-token", "environments-old-token", "environments-token"
ADDRESSES = ("account", "environment")
ANNA, TOM = "Anna@Example.com", "tom@example.com"


def with_scim(*users: State, **more: Any) -> State:
    """An account in which Anna is in the group Synced, Tom is not, and the domain example.com is verified."""
    tokens = [{"token": OWN}, {"token": OLD, "environment": "prod"}, {"token": NEW, "environment": "prod"}]
    people = [person(ANNA, "Synced", first="Anna", last="Berg"), person(TOM), *users]
    groups = [team("Synced", owner="SCIM"), team("Shop")]
    return account(people, groups, [place("Prod")], scim={"domains": ["example.com"], "tokens": tokens}, **more)


def way(made: Bench, address: str = "account", token: str | None = None) -> State:
    """The settings that lead to SCIM, at the account's own address or at its environment's."""
    if address == "account":
        return {
            "scim_url": f"{made.sim.url}/idm/public/scim/{ACCOUNT}/v2/",
            "scim_token": token or OWN,
        }
    return {"scim_url": f"{made.sim.url}/e/prod/api/v2/scim", "scim_token": token or NEW}


def client(made: Bench, address: str = "account", token: str | None = None) -> Account:
    """A client that knows the way."""
    return made.client(**way(made, address, token))


def scim_user(user_name: str, **more: Any) -> ScimUser:
    """A user of the account."""
    return ScimUser(uid(user_name), user_name, **more)


def scim_group(name: str, *members: str) -> ScimGroup:
    """A group of the account with members by user name."""
    return ScimGroup(gid(name), name, tuple(uid(each) for each in members))


def wanted_scim_user(user_name: str | None = None, **more: Any) -> ScimUserWish:
    """As from the options of dynatrace_scim_user."""
    return scim_user_wish({"user_name": user_name, **more})


def wanted_scim_group(name: str | None = None, **more: Any) -> ScimGroupWish:
    """As from the options of dynatrace_scim_group; ``add``, ``remove`` and ``set`` are about members."""
    parts = {key: more.pop(key) for key in ("add", "remove", "set") if key in more}
    return scim_group_wish({"name": name, "members": parts or None, **more})
