# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about groups, policies and boundaries: what is of no use, what will end, what is uneven. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..._api.records import Group
from ..model import is_implicit
from ..resolve import Directory
from .asking import Map
from .finding import Finding, task


def group_findings(made: Map, siblings: Iterable[Sequence[str]] = ()) -> Iterator[Finding]:
    """All of them. ``siblings``: names or ids of environments that should be alike, in sets; raises InvalidInput."""
    directory = Directory(made.snapshot)
    families = [{directory.environment(ref).id: ref for ref in family} for family in siblings]
    for group in made.snapshot.groups.values():
        if not is_implicit(group):
            yield from _of_no_use(made, group)
            yield from _uneven(made, group, families)
        yield from _ending(made, group)
    yield from _unused(made)


def _of_no_use(made: Map, group: Group) -> Iterator[Finding]:
    subject = ("group", group.name)
    ref = {"id": group.id}
    if not made.snapshot.members_of(group.id):
        fix = task("Delete it", "dynatrace_group", **ref, state="absent")
        yield Finding("group_without_members", "low", "Has no members", subject, {**ref, "owner": group.owner}, fix)
    if not made.grants.get(group.id) and not made.unread:
        fix = _binding("Give it something to open", group, "ENVIRONMENT")
        members = len(made.snapshot.members_of(group.id))
        severity = "medium" if members else "low"
        yield Finding("group_without_permissions", severity, "Gives nothing", subject, {**ref, "members": members}, fix)


def _uneven(made: Map, group: Group, families: list[dict[str, str]]) -> Iterator[Finding]:
    reached = made.reach(group.id)
    for family in families:
        missing = sorted(family[each] for each in family.keys() - reached)
        has = sorted(family[each] for each in family.keys() & reached)
        if missing and has and not made.unread:
            title = f"Opens {', '.join(has)}, but not {', '.join(missing)}"
            fix = _binding("Let it open the others", group, *missing)
            evidence = {"opens": has, "does_not_open": missing}
            yield Finding("sibling_environments", "low", title, ("group", group.name), evidence, fix)


def _binding(title: str, group: Group, *environments: str) -> str:
    """By a policy: role permissions would end soon."""
    return task(title, "dynatrace_policy_binding", group=group.id, policies=["POLICY"], environments=environments)


def _ending(made: Map, group: Group) -> Iterator[Finding]:
    """Role permissions on environments and management zones stop working on 11 January 2027."""
    held = [each for each in made.snapshot.permissions.get(group.id, ()) if each.scope_type != "account"]
    if held:
        title = f"Role permissions that end on 11 January 2027: {len(held)}"
        fix = task("Replace them by policies", "dynatrace_role_migration", groups=[group.id])
        evidence = {"permissions": sorted({each.name for each in held})}
        yield Finding("role_permissions_end", "high", title, ("group", group.name), evidence, fix)


def _unused(made: Map) -> Iterator[Finding]:
    """Where some level's bindings may not be read, nobody knows what is unused."""
    snapshot = made.snapshot
    if any(found is None for found in snapshot.bindings.values()):
        return
    bound = {binding for found in snapshot.bindings.values() for binding in found or ()}
    policies, boundaries = {each.policy for each in bound}, {one for each in bound for one in each.boundaries}
    for policy in snapshot.policies.values():
        if policy.level[0] != "global" and policy.id not in policies:
            fix = task("Delete it", "dynatrace_policy", id=policy.id, state="absent")
            yield Finding("unused_policy", "low", "Is bound to nobody", ("policy", policy.name), {"id": policy.id}, fix)
    for boundary in (snapshot.boundaries or {}).values():
        if boundary.id not in boundaries:
            fix = task("Delete it", "dynatrace_policy_boundary", id=boundary.id, state="absent")
            subject = ("boundary", boundary.name)
            yield Finding("unused_boundary", "low", "Limits no binding", subject, {"id": boundary.id}, fix)
