# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for users and memberships, for both contracts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .account import Account
from .model import STATUSES, Group, Refused, User

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
FIXED_OWNERS = ("SCIM", "ALL_USERS")


def check_email(value: Any) -> str:
    """An e-mail that could be one, else 400."""
    if not isinstance(value, str) or not EMAIL.fullmatch(value):
        raise Refused(400, "email must be an email")
    return value


def check_ids(value: Any, what: str, limit: int | None = None) -> list[str]:
    """A list of ids from a request: strings, not empty, not more than the limit; doubles are dropped."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Refused(400, f"The body must be an array of {what}")
    if limit is not None and len(value) > limit:
        raise Refused(400, f"Not more than {limit} {what} in one call")
    return list(dict.fromkeys(value))


def invite(account: Account, email: str, status: int, name: str | None = None, surname: str | None = None) -> User:
    """A new user, PENDING until the invitation is accepted. An e-mail is taken whatever its case."""
    if email.lower() in account.emails:
        raise Refused(account.options.user_exists_status or status, "User already exists")
    stamp = account.stamp()
    user = User(account.new_id(), email, name, surname, created_at=stamp, modified_at=stamp)
    user.lag = account.options.visibility_lag
    account.insert_user(user)
    return user


def replace(account: Account, user: User, body: Mapping[str, Any]) -> None:
    """The guide's full replacement: a name that is omitted is cleared; groups can't be set here."""
    if "groups" in body:
        raise Refused(400, "groups can't be set here; use the group membership endpoints")
    email = check_email(body.get("email"))
    holder = account.emails.get(email.lower())
    if holder not in (None, user.uid):
        raise Refused(409, "User already exists")
    names = check_names(body)
    status = body.get("userStatus", user.status)
    if status not in STATUSES:
        raise Refused(400, "userStatus must be one of " + ", ".join(STATUSES))
    account.rename_user(user, email)
    user.name, user.surname, user.status = names["firstName"], names["lastName"], status
    user.modified_at = account.stamp()


def check_names(body: Mapping[str, Any]) -> dict[str, str | None]:
    """firstName and lastName of a request: strings, or None when not given."""
    names: dict[str, str | None] = {}
    for key in ("firstName", "lastName"):
        value = body.get(key)
        if value is not None and not isinstance(value, str):
            raise Refused(400, f"{key} must be a string")
        names[key] = value
    return names


def joinable(account: Account, uuid: str) -> Group:
    """A group whose members the API may change: SCIM and ALL_USERS groups are not."""
    group = account.group(uuid)
    if group.owner in FIXED_OWNERS:
        raise Refused(400, f"Members of group {group.name} are managed by {group.owner} and can't be modified")
    return group


def join(account: Account, user: User, uuids: list[str]) -> None:
    """Add memberships and keep the others; one that can't be added refuses them all."""
    groups = [joinable(account, uuid) for uuid in uuids]
    for group in groups:
        account.attach(user, group)


def set_groups(account: Account, user: User, uuids: list[str]) -> None:
    """Replace all memberships. ALL_USERS groups stay, named or not; a change to a SCIM group is refused."""
    wanted = {uuid: account.group(uuid) for uuid in uuids}
    changed = [account.group(uuid) for uuid in user.groups if uuid not in wanted]
    changed += [group for uuid, group in wanted.items() if uuid not in user.groups]
    for group in changed:
        if group.owner == "SCIM":
            raise Refused(400, f"Members of group {group.name} are managed by SCIM and can't be modified")
    for group in changed:
        if group.owner == "ALL_USERS":
            continue
        if group.uuid in wanted:
            account.attach(user, group)
        else:
            account.detach(user, group)


def leave(account: Account, user: User, uuids: list[str]) -> None:
    """Remove memberships. One that isn't there and one of an ALL_USERS group change nothing."""
    groups = [account.group(uuid) for uuid in uuids]
    for group in groups:
        if group.owner == "SCIM" and group.uuid in user.groups:
            raise Refused(400, f"Members of group {group.name} are managed by SCIM and can't be modified")
    for group in groups:
        if group.owner != "ALL_USERS":
            account.detach(user, group)


def add_members(account: Account, uuid: str, uids: list[str]) -> None:
    """The guide's call: many users into one group. An e-mail is 400, an unknown uid 404; nothing is done by halves."""
    group = joinable(account, uuid)
    if any("@" in uid for uid in uids):
        raise Refused(400, "The body must be an array of user uids, not of e-mail addresses")
    users = [account.user_by_uid(uid) for uid in uids]
    for user in users:
        account.attach(user, group)


def remove_member(account: Account, uuid: str, uid: str) -> None:
    """The guide's call: one user out of one group; somebody who isn't in it is 404."""
    group = joinable(account, uuid)
    user = account.user_by_uid(uid)
    if uid not in group.members:
        raise Refused(404, f"User {uid} is not a member of group {uuid}")
    account.detach(user, group)
