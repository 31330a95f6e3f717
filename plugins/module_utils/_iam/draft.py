# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan while it is being made: changes, warnings, and who may be touched."""

from __future__ import annotations

from .._api.records import Binding, Group, Permission, User
from .._core.change import Action, Change, Fact
from .._core.errors import Refused
from .desired import Desired
from .facts import GroupFact, MembershipFact, PermissionFact, UserFact
from .model import Snapshot, is_managed
from .policy_directory import PolicyDirectory
from .policy_facts import BindingFact
from .resolve import Directory


class Draft:
    """Shared by the parts of the planner.

    ``users``, ``directory`` and ``access`` (policies and boundaries) hold what will be there once all is applied.
    """

    def __init__(self, desired: Desired, snapshot: Snapshot) -> None:
        self.desired = desired
        self.snapshot = snapshot
        self.warnings: list[str] = []
        self.users: dict[str, User] = dict(snapshot.users)
        self.directory = Directory(snapshot)
        self.access = PolicyDirectory(snapshot, self.directory)
        self._changes: list[Change] = []
        self._memberships: dict[tuple[str, str], Change] = {}

    def change(self, action: Action, fact: Fact) -> None:
        """Note a change other than of a membership."""
        self._changes.append(Change(action, fact))

    def changes(self) -> list[Change]:
        """All that was noted."""
        return [*self._changes, *self._memberships.values()]

    def delete_user(self, user: User) -> None:
        """Note a deletion, with the groups that it takes away."""
        self.change(Action.DELETE, UserFact(user, gone=True, groups=tuple(self.snapshot.group_names(user.key))))

    def expect_group(self, group: Group) -> None:
        """Make a group that will be created or renamed known to everything that is planned after it."""
        self.directory.expect(group)

    def may_change(self, group: Group, what: str) -> bool:
        """Whether ``what`` of the group is ours to change; where it isn't, the task's ``on_managed`` decides."""
        if not is_managed(group):
            return True
        manager = "the service itself" if group.owner in ("LOCAL", "ALL_USERS") else group.owner
        message = f"Group {group.name!r} is managed by {manager}, its {what} can't be changed here"
        if self.desired.on_managed == "fail":
            raise Refused(f"{message}. Change it there, or pass over it with on_managed=warn or skip.")
        if self.desired.on_managed == "warn":
            self.warnings.append(f"{message}: left as it is.")
        return False

    def group_with_id(self, group_id: str) -> Group:
        """The group as it will be; one that no list shows, as service users have them, is called by its id."""
        found = self.directory.find_group(group_id)
        return found or Group(group_id, group_id, hidden=True)

    def is_released(self, binding: Binding, thing_id: str) -> bool:
        """Whether the binding goes anyway, or does without this policy or boundary from now on."""
        facts = [(action, fact.binding) for action, fact in self.bindings() if fact.binding.key == binding.key]
        return any(action is Action.REMOVE or thing_id not in (new.policy, *new.boundaries) for action, new in facts)

    def bindings(self) -> list[tuple[Action, BindingFact]]:
        """What is bound, unbound, and bound with other boundaries."""
        return [(change.action, change.fact) for change in self._changes if isinstance(change.fact, BindingFact)]

    def removed_permissions(self, group_id: str) -> set[Permission]:
        """The permissions that the group loses anyway."""
        return {
            change.fact.permission
            for change in self._changes
            if change.action is Action.REMOVE
            and isinstance(change.fact, PermissionFact)
            and change.fact.group.id == group_id
        }

    def deleted_groups(self) -> set[str]:
        """Ids of the groups that go, with all their memberships."""
        return {
            change.fact.group.id
            for change in self._changes
            if change.action is Action.DELETE and isinstance(change.fact, GroupFact)
        }

    def declared_memberships(self) -> set[tuple[str, str]]:
        """(user key, group id) of all memberships that the task wants, whichever side it names them from."""
        declared = set()
        for user in self.desired.users:
            if user.groups:
                refs = (*user.groups.add, *(user.groups.set or ()))
                declared |= {(user.key, self.directory.group(ref).id) for ref in refs}
        for wish in self.desired.groups:
            if wish.members:
                group_id = self.directory.group(wish.new_name or wish.ref).id
                declared |= {(text.lower(), group_id) for text in (*wish.members.add, *(wish.members.set or ()))}
        return declared

    def join(self, user: User, group: Group) -> None:
        """Note that the user shall be in the group."""
        if not self._is_member(user, group):
            self._membership(Action.ADD, user, group)

    def leave(self, user: User, group: Group) -> None:
        """Note that the user shall not be in the group."""
        if self._is_member(user, group):
            self._membership(Action.REMOVE, user, group)

    def _is_member(self, user: User, group: Group) -> bool:
        exist = group.id in self.snapshot.groups and user.key in self.snapshot.users
        if exist and not self.snapshot.knows(user.key, group.id):
            raise RuntimeError(f"bug: planning without knowing whether {user.email} is in {group.name!r}")
        return group.id in self.snapshot.groups_of(user.key)

    def _membership(self, action: Action, user: User, group: Group) -> None:
        if self.may_change(group, "members"):
            self._memberships[user.key, group.id] = Change(action, MembershipFact(user, group))
