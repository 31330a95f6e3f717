# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what is needed, side by side, and adds it to what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from .._api.account import Account
from .._api.records import Group, User, UserWithGroups
from .._core.workers import run_side_by_side
from .model import Abilities, Needs, Snapshot

GONE = "DELETED"
"""The status of users whom the service may still list although they have gone."""


class _Notes:
    """A snapshot while things are added to it: one copy for all answers of a fetch."""

    def __init__(self, known: Snapshot) -> None:
        self.users = dict(known.users)
        self.groups = dict(known.groups)
        self.memberships = dict(known.memberships)
        self.permissions = dict(known.permissions)
        self.bound = dict(known.bound)
        self.whole_users = set(known.whole_users)
        self.whole_groups = set(known.whole_groups)
        self.not_found = set(known.not_found)
        self.namesakes = set(known.namesakes)
        self.environments = known.environments
        self.users_listed = known.users_listed
        self.groups_listed = known.groups_listed

    def join(self, key: str, groups: frozenset[str]) -> None:
        self.memberships[key] = self.memberships.get(key, frozenset()) | groups

    def added_to(self, known: Snapshot) -> Snapshot:
        return replace(
            known,
            users=self.users,
            users_listed=self.users_listed,
            not_found=frozenset(self.not_found),
            namesakes=frozenset(self.namesakes),
            groups=self.groups,
            groups_listed=self.groups_listed,
            memberships=self.memberships,
            whole_users=frozenset(self.whole_users),
            whole_groups=frozenset(self.whole_groups),
            permissions=self.permissions,
            environments=self.environments,
            bound=self.bound,
        )


Note = Callable[[_Notes], None]


class Reader:
    """Turns needs into calls."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def nothing(self) -> Snapshot:
        """The snapshot to begin with."""
        contract = self._account.contract
        abilities = Abilities(contract.names_writable, contract.finds_by_email, contract.lists_members)
        return Snapshot(self._account.uuid, abilities)

    def fetch(self, snapshot: Snapshot, needs: Needs) -> Snapshot:
        """``snapshot`` and what ``needs`` names; raises CallFailed."""
        calls: list[Callable[[], Note]] = [
            *([self._users] if needs.users else []),
            *([self._groups] if needs.groups else []),
            *([self._environments] if needs.environments else []),
            *(partial(self._find, email) for email in sorted(needs.find_users)),
            *(partial(self._groups_of, snapshot.users[key]) for key in sorted(needs.groups_of)),
            *(partial(self._members_of, snapshot.groups[group]) for group in sorted(needs.members_of)),
            *(partial(self._permissions_of, snapshot.groups[group]) for group in sorted(needs.permissions_of)),
            *(partial(self._bound, *level) for level in sorted(needs.bindings_at)),
        ]
        notes = _Notes(snapshot)
        for note in run_side_by_side(lambda call: call(), calls, self._account.workers):
            note(notes)
        return _completed(notes.added_to(snapshot))

    def _users(self) -> Note:
        users = [user for user in self._account.contract.users() if user.status != GONE]
        listed = {user.key: user for user in users}
        spellings = Counter(key for key, _email in {(user.key, user.email) for user in users})

        def note(notes: _Notes) -> None:
            notes.users.update(listed)
            notes.namesakes.update(key for key, number in spellings.items() if number > 1)
            notes.users_listed = True

        return note

    def _groups(self) -> Note:
        listed = {group.id: group for group in self._account.groups()}

        def note(notes: _Notes) -> None:
            unlisted = {key: replace(group, hidden=True) for key, group in notes.groups.items() if key not in listed}
            notes.groups = {**unlisted, **listed}
            notes.groups_listed = True

        return note

    def _environments(self) -> Note:
        environments = tuple(self._account.contract.environments_with_zones())

        def note(notes: _Notes) -> None:
            notes.environments = environments

        return note

    def _find(self, email: str) -> Note:
        found = self._account.contract.find_user(email)
        if found is None or found.user.status == GONE or found.user.key != email.lower():
            return lambda notes: notes.not_found.add(email.lower())
        return partial(_note_user, found)

    def _groups_of(self, user: User) -> Note:
        found = self._account.contract.user_with_groups(user)
        return partial(_note_user, found or UserWithGroups(user, frozenset()))

    def _members_of(self, group: Group) -> Note:
        members = [user for user in self._account.contract.members(group) if user.status != GONE]

        def note(notes: _Notes) -> None:
            for user in members:
                notes.users.setdefault(user.key, user)
                notes.join(user.key, frozenset({group.id}))
            notes.whole_groups.add(group.id)

        return note

    def _permissions_of(self, group: Group) -> Note:
        found = frozenset(self._account.contract.permissions(group))
        return lambda notes: notes.permissions.update({group.id: found})

    def _bound(self, level_type: str, level_id: str) -> Note:
        groups = self._account.contract.bound_groups(level_type, level_id)
        return lambda notes: notes.bound.update({(level_type, level_id): groups})


def _completed(snapshot: Snapshot) -> Snapshot:
    """Where all groups have been read, so have the groups of all users: everybody is in the group of all users."""
    if not (snapshot.lists_all_members and snapshot.whole_groups >= snapshot.explicit_groups()):
        return snapshot
    everybody = frozenset(group.id for group in snapshot.groups.values() if group.owner == "ALL_USERS")
    memberships = {key: snapshot.groups_of(key) | everybody for key in snapshot.users}
    return replace(snapshot, memberships=memberships, whole_users=frozenset(snapshot.users))


def _note_user(found: UserWithGroups, notes: _Notes) -> None:
    """A listed group says more than the same group in a user's answer, so it stays; one that isn't listed is hidden."""
    notes.users[found.user.key] = found.user
    for group in found.groups:
        notes.groups.setdefault(group.id, replace(group, hidden=True) if notes.groups_listed else group)
    notes.join(found.user.key, found.group_ids)
    notes.whole_users.add(found.user.key)
