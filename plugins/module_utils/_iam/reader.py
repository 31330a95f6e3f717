# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what is needed, side by side, and adds it to what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from .._api.account import Account
from .._api.records import Environment, Group, Level, Policy, User, UserWithGroups
from .._core.errors import CallFailed
from .._core.workers import run_side_by_side
from .model import Abilities, Needs, Snapshot
from .part import Question

GONE = "DELETED"
"""The status of users whom the service may still list although they have gone."""


class _Notes:
    """A snapshot while things are added to it: one copy for all answers of a fetch."""

    def __init__(self, known: Snapshot) -> None:
        self.users = dict(known.users)
        self.groups = dict(known.groups)
        self.memberships = dict(known.memberships)
        self.permissions = dict(known.permissions)
        self.bindings = dict(known.bindings)
        self.policies = dict(known.policies)
        self.policies_at = dict(known.policies_at)
        self.boundaries = known.boundaries
        self.service_users = known.service_users
        self.may_bind = known.may_bind
        self.whole_users = set(known.whole_users)
        self.whole_groups = set(known.whole_groups)
        self.not_found = set(known.not_found)
        self.namesakes = set(known.namesakes)
        self.environments = known.environments
        self.answers = dict(known.answers)
        self.zones_listed = known.zones_listed
        self.states_asked = known.states_asked
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
            zones_listed=self.zones_listed,
            states_asked=self.states_asked,
            bindings=self.bindings,
            policies=self.policies,
            policies_at=self.policies_at,
            boundaries=self.boundaries,
            service_users=self.service_users,
            may_bind=self.may_bind,
            answers=self.answers,
        )


T = TypeVar("T")
Note = Callable[[_Notes], None]


class Reader:
    """Turns needs into calls."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def nothing(self, of_account: bool = True) -> Snapshot:
        """The snapshot to begin with; unless anything is ``of_account``, its contract need not be known."""
        if not of_account:
            return Snapshot(
                self._account.name, Abilities(names_writable=False, finds_by_email=False, lists_members=False)
            )
        contract = self._account.contract
        abilities = Abilities(contract.names_writable, contract.finds_by_email, contract.lists_members)
        return Snapshot(self._account.uuid, abilities)

    def fetch(self, snapshot: Snapshot, needs: Needs, spared: list[CallFailed] | None = None) -> Snapshot:
        """``snapshot`` and what ``needs`` names; raises CallFailed.

        With ``spared``, what the service can't answer is left out, and the failure is put there; also for people who
        are listed, and not there when asked for: else they are in no group. That the login isn't good enough, that
        requests are too many or that no answer comes is raised all the same.
        """
        calls: list[Callable[[], Note]] = [
            *([self._users] if needs.users else []),
            *([self._groups] if needs.groups else []),
            *([self._environments] if needs.environments else []),
            *(partial(self._find, email) for email in sorted(needs.find_users)),
            *(partial(self._groups_of, snapshot.users[key], spared is None) for key in sorted(needs.groups_of)),
            *(partial(self._members_of, snapshot.groups[group]) for group in sorted(needs.members_of)),
            *(partial(self._permissions_of, snapshot.groups[group]) for group in sorted(needs.permissions_of)),
            *([self._environment_states] if needs.environment_states else []),
            *([self._boundaries] if needs.boundaries else []),
            *([self._service_users] if needs.service_users else []),
            *(partial(self._policies, level) for level in sorted(needs.policies_at)),
            *(partial(self._statement, snapshot.policies[policy]) for policy in sorted(needs.statements_of)),
            *(partial(self._bindings, level) for level in sorted(needs.bindings_at)),
            *(partial(self._ask, question) for question in sorted(needs.questions, key=repr)),
        ]
        notes = _Notes(snapshot)
        for note in run_side_by_side(partial(_called, spared), calls, self._account.workers):
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
        environments = self._account.contract.environments_with_zones()

        def note(notes: _Notes) -> None:
            known = {each.id: each for each in notes.environments or ()}
            notes.environments = tuple(
                replace(each, active=known[each.id].active, url=known[each.id].url) if each.id in known else each
                for each in environments
            )
            notes.zones_listed = True

        return note

    def _find(self, email: str) -> Note:
        found = self._account.contract.find_user(email)
        if found is None or found.user.status == GONE or found.user.key != email.lower():
            return lambda notes: notes.not_found.add(email.lower())
        return partial(_note_user, found)

    def _groups_of(self, user: User, may_be_gone: bool) -> Note:
        found = self._account.contract.user_with_groups(user)
        if found is None and not may_be_gone:
            raise CallFailed(f"{user.email!r} is listed, and isn't there when asked for.", "GET", "users", 404)
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

    def _environment_states(self) -> Note:
        """Without its scope the names are enough: then the service will say which environment isn't active."""
        found = optional(self._account.contract.environments)
        states = self._account.contract.environments_with_zones() if found is None else found
        return partial(_note_states, states)

    def _boundaries(self) -> Note:
        found = {boundary.id: boundary for boundary in self._account.policies.boundaries()}

        def note(notes: _Notes) -> None:
            notes.boundaries = found

        return note

    def _service_users(self) -> Note:
        found = {each.uid: each for each in self._account.service_users.service_users()}

        def note(notes: _Notes) -> None:
            notes.service_users = found
            for each in found.values():
                notes.users.setdefault(each.user.key, each.user)

        return note

    def _policies(self, level: Level) -> Note:
        found = optional(lambda: self._account.policies.policies(level))

        def note(notes: _Notes) -> None:
            notes.policies_at[level] = found is not None
            notes.may_bind = self._account.may_bind
            notes.policies.update({policy.id: policy for policy in found or ()})

        return note

    def _statement(self, policy: Policy) -> Note:
        found = self._account.policies.policy(policy)

        def note(notes: _Notes) -> None:
            if found:
                notes.policies[policy.id] = found
            else:
                notes.policies.pop(policy.id, None)

        return note

    def _bindings(self, level: Level) -> Note:
        found = optional(lambda: self._account.policies.bindings(level))
        return lambda notes: notes.bindings.update({level: None if found is None else frozenset(found)})

    def _ask(self, question: Question) -> Note:
        found = question.ask(self._account)
        return lambda notes: notes.answers.update({question: found})


def _called(spared: list[CallFailed] | None, call: Callable[[], Note]) -> Note:
    try:
        return call()
    except CallFailed as failure:
        if spared is None or failure.status in (None, 401, 403, 429):
            raise
        spared.append(failure)
        return lambda notes: None


def optional(read: Callable[[], list[T]]) -> list[T] | None:
    """What ``read`` gives, or None where it may not be read or isn't there."""
    try:
        return read()
    except CallFailed as failure:
        if failure.status in (403, 404, 410):
            return None
        raise


def _note_states(states: list[Environment], notes: _Notes) -> None:
    """A name or management zones that are known already stay."""
    notes.states_asked = True
    known = {each.id: each for each in notes.environments or ()}
    notes.environments = tuple(
        replace(each, name=each.name or known[each.id].name, zones=known[each.id].zones) if each.id in known else each
        for each in states
    )


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
