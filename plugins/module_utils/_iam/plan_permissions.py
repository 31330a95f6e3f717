# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with what groups may do on the account and in environments."""

from __future__ import annotations

from collections.abc import Set

from .._api.records import GLOBAL, Group, Permission
from .._core.change import Action
from .._core.errors import InvalidInput
from .desired import GroupWish, PermissionWish
from .draft import Draft
from .environment_roles import EnvironmentRoles
from .facts import PermissionFact
from .permission_scopes import permissions_of, scopes_of
from .plan_bindings import inactive
from .zones import may_be_bound, why_not

UNREADABLE = "the OAuth client may not read policies and their bindings (iam:policies:read, iam:bindings:read)"
UNWRITABLE = "the OAuth client may not bind policies (iam:bindings:write)"


def plan_permissions(draft: Draft, wish: GroupWish, group: Group) -> None:
    """Note the permissions to add and to remove. Whoever manages the group, its permissions are decided here."""
    plan = _Permissions(draft, group)
    for part in wish.permissions or ():
        plan.sort(part)
    plan.note()


def looks_at_policies(draft: Draft, part: PermissionWish, current: Set[Permission]) -> bool:
    """Whether policies matter to a part: to ``auto`` they don't where role permissions give all that it wants."""
    if part.mechanism == "role" or not part.environments:
        return False
    on_tenants = {each for each in permissions_of(draft, part) if each.scope_type != "account"}
    return part.mechanism == "policy" or part.state != "present" or not on_tenants <= current


class _Permissions:
    """What one group shall have and not have, sorted by how it is given and taken."""

    def __init__(self, draft: Draft, group: Group) -> None:
        self._draft = draft
        self._group = group
        self._current = draft.snapshot.permissions.get(group.id, frozenset[Permission]())
        self._roles = EnvironmentRoles(draft, group)
        self._wanted: dict[str, set[Permission]] = {"role": set(), "auto": set(), "policy": set()}
        self._unwanted: dict[str, set[Permission]] = {"role": set(), "auto": set(), "policy": set()}
        self._exact: list[PermissionWish] = []
        self._readable = True

    def sort(self, part: PermissionWish) -> None:
        """Take up one part of the wish."""
        if looks_at_policies(self._draft, part, self._current):
            self._readable &= self._may_look(part)
        sides = self._unwanted if part.state == "absent" else self._wanted
        sides[part.mechanism] |= permissions_of(self._draft, part)
        if part.state == "exact":
            self._exact.append(part)

    def note(self) -> None:
        """Note the changes; raises InvalidInput for a wish that contradicts itself or that no policy grants."""
        for part in self._exact:
            self._unwanted[part.mechanism] |= self._surplus(part)
        self._check_contradictions()
        missing = {each for each in self._wanted["auto"] - self._current if not self._is_held(each)}
        by_policy = {each for each in missing if each.scope_type != "account" and not self._why_by_role(each)}
        self._warn_of_roles(missing - by_policy)
        for permission in (self._wanted["role"] | missing - by_policy) - self._current:
            self._change(Action.ADD, permission)
        for permission in self._current & (self._unwanted["role"] | self._unwanted["auto"]):
            self._change(Action.REMOVE, permission)
        take = self._unwanted["auto"] | self._unwanted["policy"] if self._readable else set()
        give = by_policy | self._only_by_policy()
        taken = {each for each in take if may_be_bound(each.name) and self._roles.is_bound_at(each)}
        self._roles.change(
            {each for each in give if self._is_active(each)}, {each for each in taken if self._is_active(each)}
        )
        self._warn_of_others()

    def _may_look(self, part: PermissionWish) -> bool:
        """Without the right to read policies, ``auto`` does without them and ``policy`` fails."""
        access, snapshot = self._draft.access, self._draft.snapshot
        levels = [access.level(None), *(access.level(each) for each in part.environments)]
        if part.mechanism == "policy":
            access.check_readable(GLOBAL)
            for level in levels:
                access.bindings(level)
        return snapshot.policies_at[GLOBAL] and all(snapshot.bindings[level] is not None for level in levels)

    def _surplus(self, part: PermissionWish) -> set[Permission]:
        """What an exact part rules out: all others on the scopes that it names."""
        managed = scopes_of(self._draft, part)
        found = set[Permission]().union(*self._wanted.values())
        if part.mechanism != "policy":
            found |= self._current
        if part.mechanism != "role" and self._readable:
            found |= self._roles.held_at(managed)
        return {each for each in found if (each.scope_type, each.scope) in managed} - permissions_of(self._draft, part)

    def _check_contradictions(self) -> None:
        wanted = set[Permission]().union(*self._wanted.values())
        both = wanted & set[Permission]().union(*self._unwanted.values())
        if both:
            raise InvalidInput(
                f"The task wants group {self._group.name!r} both to have and not to have {self._told(both)}."
            )

    def _only_by_policy(self) -> set[Permission]:
        missing = {each for each in self._wanted["policy"] if not self._is_held(each)}
        hopeless = {each for each in missing if why_not(each)}
        if hopeless:
            raise InvalidInput(f"No ready-made policy gives {self._told(hopeless)}: use mechanism=role for it.")
        return missing

    def _why_by_role(self, permission: Permission) -> str:
        if not self._readable:
            return UNREADABLE
        return why_not(permission) or ("" if self._draft.snapshot.may_bind else UNWRITABLE)

    def _warn_of_roles(self, permissions: Set[Permission]) -> None:
        for permission in sorted(each for each in permissions if each.scope_type != "account"):
            self._draft.warnings.append(
                f"Group {self._group.name!r} gets {self._told({permission})} as a role permission, which stops working"
                f" on 11 January 2027: {self._why_by_role(permission)}."
            )

    def _warn_of_others(self) -> None:
        """Role permissions and policies add up: what goes in one way may still be there in another."""
        by_role = self._unwanted["role"] | self._unwanted["auto"]
        by_policy = self._unwanted["policy"] | self._unwanted["auto"]
        for permission in sorted(by_policy):
            whole = Permission(permission.name, "tenant", permission.scope.partition(":")[0])
            if {permission, whole} & (self._current - by_role):
                self._warn_of_other(permission, "it holds a role permission that gives it")
        for permission in sorted(by_policy | by_role):
            if self._is_known(permission) and self._roles.stays(permission, by_policy):
                self._warn_of_other(permission, "another policy binding, or one on all of the environment, gives it")

    def _warn_of_other(self, permission: Permission, why: str) -> None:
        told = self._told({permission})
        self._draft.warnings.append(f"Group {self._group.name!r} still has {told}, whatever goes: {why}.")

    def _is_known(self, permission: Permission) -> bool:
        """Whether all has been read that could give it."""
        seen, access = self._draft.snapshot.bindings, self._draft.access
        levels = (access.level(None), ("environment", permission.scope.partition(":")[0]))
        return may_be_bound(permission.name) and all(seen.get(level) is not None for level in levels)

    def _is_held(self, permission: Permission) -> bool:
        return self._readable and may_be_bound(permission.name) and self._roles.holds(permission)

    def _is_active(self, permission: Permission) -> bool:
        level = ("environment", permission.scope.partition(":")[0])
        active = self._draft.access.is_active(level)
        if not active:
            self._draft.warnings.append(inactive(self._draft.access.place(level)))
        return active

    def _told(self, permissions: Set[Permission]) -> str:
        return ", ".join(sorted(f"{each.name} on {self._draft.directory.scope_name(each)}" for each in permissions))

    def _change(self, action: Action, permission: Permission) -> None:
        self._draft.change(
            action, PermissionFact(self._group, permission, self._draft.directory.scope_name(permission))
        )
