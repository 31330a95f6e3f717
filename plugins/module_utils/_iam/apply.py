# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the changes of a stage into the fewest calls that the contract in use has for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from .._api.account import Account
from .._api.contracts.base import Contract, chunks
from .._api.records import Group, Permission, User
from .._core.change import Action, Change
from .._core.errors import CallFailed, Effect
from .._core.execute import Step
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import Snapshot
from .part import Part
from .policy_steps import PolicySteps


class Applier:
    """Makes the steps of one run. ``users`` and ``groups`` hold the real ids as they become known."""

    def __init__(self, account: Account, snapshot: Snapshot, parts: Iterable[Part] = ()) -> None:
        self.users: dict[str, User] = dict(snapshot.users)
        self.groups: dict[str, Group] = dict(snapshot.groups)
        self._account = account
        self._created: set[str] = set()
        self._policies = PolicySteps(account, self._note_user)
        self._parts = [part.start(account, snapshot) for part in parts]

    @property
    def _contract(self) -> Contract:
        """Only asked for where something of the account itself changes: parts may do without logging in there."""
        return self._account.contract

    def steps(self, action: Action, changes: Sequence[Change]) -> Iterable[Step]:
        """The calls of one stage."""
        users = [change for change in changes if isinstance(change.fact, UserFact)]
        groups = [change for change in changes if isinstance(change.fact, GroupFact)]
        return [
            *(self._create_groups(groups) if action is Action.CREATE else map(self._group_step, groups)),
            *(self._user_step(action, change) for change in users),
            *self._membership_steps(changes, add=action is Action.ADD),
            *self._permission_steps(changes, add=action is Action.ADD),
            *self._policies.steps(action, changes, self._group_id),
            *(step for part in self._parts for step in part.steps(action, changes)),
        ]

    @property
    def ids(self) -> dict[str, str]:
        """The real ids of whatever else was created by those that stood for them."""
        sources = [self._policies.ids, *(part.ids for part in self._parts)]
        return {key: real for each in sources for key, real in each.items()}

    def _group_id(self, group_id: str) -> str:
        """The real id; a group that no list shows is known by nothing else."""
        return self.groups[group_id].id if group_id in self.groups else group_id

    def _note_user(self, key: str, user: User) -> None:
        self.users[key] = user
        self._created.add(user.key)

    def _create_groups(self, changes: list[Change]) -> Iterable[Step]:
        at_once = self._contract.groups_at_once or len(changes) if changes else 1
        for part in chunks(changes, at_once):
            yield Step(tuple(part), partial(self._create, [change.fact.group for change in part]))

    def _create(self, groups: list[Group]) -> None:
        created = {group.name: group for group in self._contract.create_groups(groups)}
        if any(group.name not in created for group in groups):
            created = {group.name: group for group in self._contract.groups()}
        for group in groups:
            if group.name not in created:
                problem = f"The service gave no id for group {group.name!r}."
                raise CallFailed(problem, "POST", "groups", effect=Effect.UNKNOWN)
            self.groups[group.id] = created[group.name]
            self._created.add(group.id)

    def _group_step(self, change: Change) -> Step:
        fact = change.fact
        if not isinstance(fact, GroupFact):
            raise TypeError(fact)
        work = self._contract.delete_group if fact.gone else self._contract.update_group
        return Step((change,), partial(work, fact.group))

    def _user_step(self, action: Action, change: Change) -> Step:
        fact = change.fact
        if not isinstance(fact, UserFact):
            raise TypeError(fact)
        if action is Action.CREATE:
            return Step((change,), partial(self._invite, fact.user))
        work = self._contract.delete_user if fact.gone else self._contract.update_user
        return Step((change,), partial(work, fact.user))

    def _invite(self, user: User) -> None:
        self.users[user.key] = self._contract.invite_user(user)
        self._created.add(user.key)

    def _membership_steps(self, changes: Sequence[Change], *, add: bool) -> Iterable[Step]:
        by_pair = {}
        for change in changes:
            if isinstance(change.fact, MembershipFact):
                pair = (self.users[change.fact.user.key], self.groups[change.fact.group.id])
                by_pair[pair[0].key, pair[1].id] = (change, pair)
        if not by_pair:
            return
        fresh = bool(self._created)
        for batch in self._contract.batches([pair for _change, pair in by_pair.values()], add=add, fresh=fresh):
            yield Step(tuple(by_pair[user.key, group.id][0] for user, group in batch.memberships), batch.call)

    def _permission_steps(self, changes: Sequence[Change], *, add: bool) -> Iterable[Step]:
        by_group: dict[str, list[tuple[Change, Permission]]] = {}
        for change in changes:
            if isinstance(change.fact, PermissionFact):
                by_group.setdefault(change.fact.group.id, []).append((change, change.fact.permission))
        for group_id, wanted in by_group.items():
            group = self.groups[group_id]
            if add:
                together, permissions = zip(*wanted, strict=True)
                fresh = group_id in self._created
                yield Step(together, partial(self._contract.add_permissions, group, permissions, fresh=fresh))
            else:
                for change, permission in wanted:
                    yield Step((change,), partial(self._contract.remove_permission, group, permission))
