# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Dynatrace's ready-made policies let a group do in environments, and the changes that give it more or less.

Such a policy is bound once at an environment: without boundaries it holds in all of it, else in the management zones
that its boundaries name. Several boundaries are united.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .._api.records import GLOBAL, Binding, Boundary, Group, Permission
from .._core.change import Action
from .._core.errors import InvalidInput
from .._policy.reference import ENVIRONMENT_ROLES
from .draft import Draft
from .plan_bindings import is_met
from .plan_policies import binding_fact
from .policy_facts import ThingFact
from .zones import new_zone_id, zone_query

Place = tuple[str, str]
"""An environment's id and the name of a role permission."""


class EnvironmentRoles:
    """The roles of one group. All that is asked about must have been read."""

    def __init__(self, draft: Draft, group: Group) -> None:
        self._draft = draft
        self._group = group
        own = draft.access.policy_at
        self._policies = {role: own(each.policy, GLOBAL) for role, each in ENVIRONMENT_ROLES.items()}

    def holds(self, permission: Permission) -> bool:
        """Whether a policy gives it already: at the environment or at the account, and in the zone or everywhere."""
        return bool(self._giving(permission))

    def stays(self, permission: Permission, taken: Collection[Permission]) -> bool:
        """Whether a policy still gives it after ``taken`` has been taken away."""
        environment, zone = self._place(permission)
        own = self._own(environment, permission.name)
        cut = permission in taken and not (zone and own and not own.boundaries)
        goes = cut or Permission(permission.name, "tenant", environment) in taken
        return any(each != own or not goes for each in self._giving(permission))

    def is_tangled(self, permission: Permission) -> bool:
        """Whether the binding to change can't be told from another one, which has parameters or metadata."""
        own = self._own(self._place(permission)[0], permission.name)
        return own is not None and any(is_met(each, own) for each in self._bindings(own.level[1]))

    def held_at(self, scopes: Iterable[tuple[str, str]]) -> set[Permission]:
        """All roles that are bound on exactly these scopes, an environment or a management zone."""
        return {
            permission
            for scope_type, scope in scopes
            if scope_type != "account"
            for role in self._policies
            if self.is_bound_at(permission := Permission(role, scope_type, scope))
        }

    def _giving(self, permission: Permission) -> list[Binding]:
        environment, zone = self._place(permission)
        policy = self._policies.get(permission.name)
        found = [each for each in self._bindings(environment, account=True) if policy and each.policy == policy.id]
        return [each for each in found if not each.boundaries or (zone and zone in self._zones(each))]

    def _own(self, environment: str, role: str) -> Binding | None:
        """The binding that is changed to give and take: the one without parameters and metadata."""
        policy = self._policies.get(role)
        key = Binding(("environment", environment), policy.id if policy else "", self._group.id).key
        return next((each for each in self._bindings(environment) if each.key == key), None)

    def change(self, give: Iterable[Permission], take: Iterable[Permission] = ()) -> None:
        """Note the bindings and boundaries that give and take these roles."""
        given, taken = self._by_place(give), self._by_place(take)
        for place in sorted(given.keys() | taken.keys()):
            self._change(place, given.get(place, set()), taken.get(place, set()))

    def _change(self, place: Place, give: set[str], take: set[str]) -> None:
        """Zones by name; the empty name is the whole environment."""
        policy = self._policies[place[1]]
        if policy is None:
            name = ENVIRONMENT_ROLES[place[1]].policy
            raise InvalidInput(f"The account doesn't show Dynatrace's policy {name!r}, which gives {place[1]}.")
        level = ("environment", place[0])
        new = Binding(level, policy.id, self._group.id)
        was = self._own(*place)
        whole, zones = bool(was and not was.boundaries), self._zones(was) if was else frozenset()
        if "" in give or (whole and "" not in take):
            wanted: Binding | None = new
        else:
            zones = (zones | give) - take
            others = [each for each in (was.boundaries if was else ()) if self._zones_of(each) is None]
            boundaries = {*others, *self._boundaries(zones, was)}
            wanted = Binding(*new.key, boundaries=tuple(sorted(boundaries))) if boundaries else None
        self._note(was, wanted)

    def _note(self, was: Binding | None, wanted: Binding | None) -> None:
        if wanted == was:
            return
        if wanted is None:
            if was:
                self._draft.change(Action.REMOVE, binding_fact(self._draft, was))
        elif was is None:
            self._draft.change(Action.ADD, binding_fact(self._draft, wanted))
        else:
            self._draft.change(Action.UPDATE, binding_fact(self._draft, wanted, was))

    def _boundaries(self, zones: frozenset[str], was: Binding | None) -> set[str]:
        """The ids of boundaries that name these zones: those that the binding has, as far as they fit, and others."""
        have = {each: self._zones_of(each) or frozenset[str]() for each in (was.boundaries if was else ())}
        kept = {each for each, named in have.items() if named and named <= zones}
        covered = frozenset[str]().union(*(have[each] for each in kept))
        return kept | {self._boundary(zone).id for zone in sorted(zones - covered)}

    def _boundary(self, zone: str) -> Boundary:
        access = self._draft.access
        found = access.zones.naming(zone)
        if found:
            return found
        taken = {boundary.name for boundary in access.boundaries.all()}
        title = f"Management zone {zone}"
        name = title if title not in taken else f"{title} (environment roles)"
        boundary = Boundary(new_zone_id(zone), name, zone_query(zone))
        self._draft.change(Action.CREATE, ThingFact(boundary))
        access.boundaries.expect(boundary)
        access.zones.add(boundary)
        return boundary

    def is_bound_at(self, permission: Permission) -> bool:
        """Whether a policy is bound on exactly this scope."""
        environment, zone = self._place(permission)
        policy = self._policies[permission.name]
        found = [each for each in self._bindings(environment) if policy and each.policy == policy.id]
        return any(zone in self._zones(each) if zone else not each.boundaries for each in found)

    def _bindings(self, environment: str, account: bool = False) -> list[Binding]:
        levels = [("environment", environment), *([self._draft.access.level(None)] if account else [])]
        return [each for level in levels for each in self._draft.access.bindings_of(self._group.id, level)]

    def _zones(self, binding: Binding) -> frozenset[str]:
        return frozenset[str]().union(*(self._zones_of(each) or () for each in binding.boundaries))

    def _zones_of(self, boundary_id: str) -> frozenset[str] | None:
        return self._draft.access.zones.zones_of(boundary_id)

    def _by_place(self, permissions: Iterable[Permission]) -> dict[Place, set[str]]:
        found: dict[Place, set[str]] = {}
        for permission in permissions:
            environment, zone = self._place(permission)
            found.setdefault((environment, permission.name), set()).add(zone)
        return found

    def _place(self, permission: Permission) -> tuple[str, str]:
        """The environment's id and the zone's name, which is what policies know it by."""
        environment, _colon, zone = permission.scope.partition(":")
        return environment, self._draft.directory.zone_name(environment, zone) if zone else ""
