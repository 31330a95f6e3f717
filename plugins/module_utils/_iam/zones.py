# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Management zones as boundaries of Dynatrace's ready-made policies for environment roles."""

from __future__ import annotations

from collections.abc import Iterable

from .._api.records import Boundary, Permission
from .._core.errors import InvalidInput
from .._policy.parser import parse_boundary
from .._policy.reference import CONDITIONS, ENVIRONMENT_ROLES, ZONE
from .._policy.tree import Condition, SyntaxProblem
from .policy_facts import new_id

_BESIDE = ("storage:", "settings:")
"""Services whose conditions an environment role doesn't know: they don't touch it."""


BY_ZONE = frozenset(
    role.policy for role in ENVIRONMENT_ROLES.values() if ZONE in CONDITIONS.get(role.permission, frozenset())
)
"""Names of the ready-made policies that can be held to a management zone."""


def may_be_bound(role: str) -> bool:
    """Whether a ready-made policy gives what the role permission gives on a whole environment."""
    return role in ENVIRONMENT_ROLES


def why_not(permission: Permission) -> str:
    """Why no ready-made policy can give a permission; empty when one can."""
    if not may_be_bound(permission.name):
        return "no policy of Dynatrace's gives it"
    known = CONDITIONS.get(ENVIRONMENT_ROLES[permission.name].permission, frozenset())
    if permission.scope_type == "management-zone" and ZONE not in known:
        return "its policy can't be held to a management zone"
    return ""


def zones_of(boundary: Boundary) -> frozenset[str] | None:
    """Names of the management zones to which a boundary holds an environment role; None when it says more."""
    try:
        conditions = parse_boundary(boundary.query)
    except SyntaxProblem:
        return None
    zones = [each for each in conditions if each.name == ZONE]
    others = [each for each in conditions if each.name != ZONE]
    if len(zones) != 1 or zones[0].operator not in ("=", "IN") or not _beside(others):
        return None
    return frozenset(zones[0].values)


class ZoneBoundaries:
    """Boundaries by the management zones that they name, read once."""

    def __init__(self, boundaries: Iterable[Boundary]) -> None:
        self._zones: dict[str, frozenset[str] | None] = {}
        self._alone: dict[str, Boundary] = {}
        for boundary in sorted(boundaries, key=lambda each: each.id):
            self.add(boundary)

    def add(self, boundary: Boundary) -> None:
        """Know one more."""
        zones = self._zones[boundary.id] = zones_of(boundary)
        if zones is not None and len(zones) == 1:
            (zone,) = zones
            self._alone.setdefault(zone, boundary)

    def zones_of(self, boundary_id: str) -> frozenset[str] | None:
        """As :func:`zones_of`; None for a boundary that isn't known, too."""
        return self._zones.get(boundary_id)

    def naming(self, zone: str) -> Boundary | None:
        """One that names this zone and no other."""
        return self._alone.get(zone)


def _beside(conditions: Iterable[Condition]) -> bool:
    return all(each.name.startswith(_BESIDE) for each in conditions)


def new_zone_id(zone: str) -> str:
    """Stands for the id of a boundary that is made for a management zone because no other one names just that."""
    return new_id("zone", zone)


def is_of_zone(boundary_id: str) -> bool:
    """Whether a boundary is made for environment roles: then it is meant to restrict nothing else."""
    return boundary_id.startswith(new_zone_id(""))


def zone_query(zone: str) -> str:
    """A boundary that holds environment roles to one management zone; raises InvalidInput for a name it can't have."""
    quote = next((each for each in ('"', "'") if each not in zone), None)
    if quote is None or "${" in zone:
        raise InvalidInput(f"No boundary can name the management zone {zone!r}: rename it.")
    return f"{ZONE} = {quote}{zone}{quote};"
