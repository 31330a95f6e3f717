# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account: what is in it and how to find it. The rules for changing it are in people, groups and permissions."""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any, TypeVar

from . import credentials
from . import state as form
from .keys import check_keys, need
from .model import (
    ALL_SCOPES,
    BadState,
    Binding,
    Boundary,
    Client,
    Environment,
    Group,
    Options,
    PlatformToken,
    Policy,
    Refused,
    Scim,
    User,
)
from .ready_made import READY_MADE

Item = TypeVar("Item", Policy, Boundary)


def new_uuid() -> str:
    """A random id, as the API makes them."""
    return str(uuid.uuid4())


def own_group(user: User, uuid_: str) -> Group:
    """The group that a service user has for itself."""
    group = Group(uuid_, f"Service user {user.uid}", hidden=True)
    group.created_at = group.updated_at = user.created_at
    return group


class Account:
    """Users, groups, environments, policies and their bindings, with an index for each way the API looks something up.

    Hold `lock` while reading or changing; the server does so for each request.
    """

    def __init__(self, state: dict[str, Any], now: Callable[[], float], new_id: Callable[[], str] = new_uuid) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.new_id = new_id
        self.load(state)

    def load(self, state: dict[str, Any]) -> None:
        """Replace everything by this state; a state that is wrong changes nothing."""
        check_keys("state", state, form.TOP_KEYS)
        fresh = object.__new__(Account)
        fresh._read(copy.deepcopy(state))
        with self.lock:
            self.__dict__.update(fresh.__dict__)

    def _read(self, state: dict[str, Any]) -> None:
        """Fill an empty object from a state."""
        self.uuid: str = need("state", state, "account_uuid")
        self.name: str = state.get("account_name", "Simulated account")
        self.clients: list[Client] = [form.read_client(item) for item in state.get("clients", [])]
        self.access_tokens: list[dict[str, Any]] = state.get("access_tokens", [])
        self.environments: dict[str, Environment] = {
            item.id: item for item in map(form.read_environment, state.get("environments", []))
        }
        self.bindings: list[Binding] = [form.read_binding(item) for item in state.get("bindings", [])]
        self.policies = self._read_all("policies", state, form.read_policy)
        self.boundaries = self._read_all("boundaries", state, form.read_boundary)
        self.platform_tokens: list[PlatformToken] = [
            credentials.read_platform_token(item) for item in state.get("platform_tokens", [])
        ]
        self.scim: Scim = credentials.read_scim(state.get("scim", {}))
        self.options: Options = form.read_options(state.get("options", {}))
        self.users: dict[str, User] = {}
        self.emails: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        self.names: dict[str, dict[str, None]] = {}
        self.sequence = 0
        self.audits: list[dict[str, Any]] = []
        for item in state.get("groups", []):
            self.insert_group(form.read_group(item))
        for item in state.get("users", []):
            self._read_user(item)

    @staticmethod
    def _read_all(key: str, state: dict[str, Any], read: Callable[[dict[str, Any]], Item]) -> dict[str, Item]:
        """The policies or boundaries of a state by uuid; a uuid that is there twice is refused."""
        found: dict[str, Item] = {}
        for item in map(read, state.get(key, [])):
            if item.uuid in found or item.uuid in READY_MADE:
                raise BadState(f"{key}: {item.uuid} is there twice")
            found[item.uuid] = item
        return found

    def _read_user(self, item: dict[str, Any]) -> None:
        """Put one user of a state in, with the memberships in the given order."""
        user = form.read_user(item)
        if user.uid in self.users or user.email.lower() in self.emails:
            raise BadState(f"user {user.email}: uid or e-mail is there twice")
        joined = self._with_own_group(user, item.get("groups", []))
        missing = [group for group in joined if group not in self.groups]
        if missing:
            raise BadState(f"user {user.email}: no such group {', '.join(missing)}")
        self.insert_user(user, joined)

    def _with_own_group(self, user: User, joined: list[str]) -> list[str]:
        """The groups of a service user. Its own is made and joined when missing, the first hidden one if unnamed."""
        if not user.service:
            return joined
        if user.service_group is None:
            hidden = [group for group in joined if group in self.groups and self.groups[group].hidden]
            user.service_group = hidden[0] if hidden else None
            return joined
        if user.service_group in self.groups:
            return joined
        self.insert_group(own_group(user, user.service_group))
        return [*joined, user.service_group]

    def state(self) -> dict[str, Any]:
        """Everything as JSON, in a copy of its own."""
        with self.lock:
            return {
                "account_uuid": self.uuid,
                "account_name": self.name,
                "clients": form.write_clients(self.clients),
                "access_tokens": copy.deepcopy(self.access_tokens),
                "users": [form.write_user(user) for user in self.users.values()],
                "groups": [form.write_group(group) for group in self.groups.values()],
                "environments": form.write_environments(self.environments.values()),
                "policies": [form.write_policy(policy) for policy in self.policies.values()],
                "boundaries": [form.write_boundary(boundary) for boundary in self.boundaries.values()],
                "bindings": [form.write_binding(binding) for binding in self.bindings],
                "platform_tokens": [credentials.write_platform_token(item) for item in self.platform_tokens],
                "scim": asdict(self.scim),
                "options": asdict(self.options),
            }

    def stamp(self) -> str:
        """The time of now as the API writes it."""
        moment = datetime.fromtimestamp(self.now(), tz=timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def insert_user(self, user: User, groups: list[str] | None = None) -> None:
        """Put a user in. Everybody is in each group that all users belong to."""
        self.sequence += 1
        user.seq = self.sequence
        self.users[user.uid] = user
        self.emails[user.email.lower()] = user.uid
        for group in groups or []:
            self.attach(user, self.groups[group])
        for found in self.groups.values():
            if found.owner == "ALL_USERS":
                self.attach(user, found)

    def remove_user(self, user: User) -> None:
        """Take a user out of the account and of all groups; a service user's own group goes, too."""
        for group in list(user.groups):
            self.detach(user, self.groups[group])
        del self.users[user.uid]
        del self.emails[user.email.lower()]
        if user.service_group is not None and user.service_group in self.groups:
            self.remove_group(self.groups[user.service_group])

    def rename_user(self, user: User, email: str) -> None:
        """Give a user another e-mail and keep the index right."""
        del self.emails[user.email.lower()]
        user.email = email
        self.emails[email.lower()] = user.uid

    def insert_group(self, group: Group) -> None:
        """Put a group in."""
        if group.uuid in self.groups:
            raise BadState(f"group {group.uuid} is there twice")
        self.sequence += 1
        group.seq = self.sequence
        self.groups[group.uuid] = group
        self.names.setdefault(group.name, {})[group.uuid] = None

    def remove_group(self, group: Group) -> None:
        """Take a group out and its members with it; bindings to it stay, as nothing says that they go."""
        for uid in list(group.members):
            self.detach(self.users[uid], group)
        for user in self.users.values():
            if user.service_group == group.uuid:
                user.service_group = None
        del self.groups[group.uuid]
        del self.names[group.name][group.uuid]

    def rename_group(self, group: Group, name: str) -> None:
        """Give a group another name and keep the index right."""
        del self.names[group.name][group.uuid]
        group.name = name
        self.names.setdefault(name, {})[group.uuid] = None

    def attach(self, user: User, group: Group) -> None:
        """Make a user a member; twice is once."""
        user.groups[group.uuid] = None
        group.members[user.uid] = None

    def detach(self, user: User, group: Group) -> None:
        """End a membership; one that isn't there is no error."""
        user.groups.pop(group.uuid, None)
        group.members.pop(user.uid, None)

    def user_by_email(self, email: str) -> User:
        """The user with this e-mail. Whether case counts in a path is not documented, hence the option."""
        user = self.users.get(self.emails.get(email.lower(), ""))
        if user is not None and self.options.email_case_sensitive_paths and user.email != email:
            user = None
        return self._seen(user, email)

    def user_by_uid(self, uid: str) -> User:
        """The user with this uid."""
        return self._seen(self.users.get(uid), uid)

    def _seen(self, user: User | None, asked: str) -> User:
        """The user, unless there is none or a fresh one can't be seen yet."""
        if user is not None and user.lag > 0:
            user.lag -= 1
            user = None
        if user is None:
            raise Refused(404, f"User {asked} not found")
        return user

    def group(self, uuid_: str) -> Group:
        """The group with this id, hidden or not."""
        found = self.groups.get(uuid_)
        if found is None:
            raise Refused(404, f"Group {uuid_} not found")
        return found

    def policy(self, uuid_: str) -> Policy | None:
        """The policy with this id at whatever level; live bindings name some that nobody can see."""
        return self.policies.get(uuid_) or READY_MADE.get(uuid_)

    def visible_groups(self) -> list[Group]:
        """What a list of groups shows: the groups that service users have for themselves are not in it."""
        return [group for group in self.groups.values() if not group.hidden]

    def scopes_of_any_client(self) -> list[str]:
        """The scopes of a client when the state names none."""
        return list(ALL_SCOPES)
