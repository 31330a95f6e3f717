# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be read of policies, boundaries and bindings before a wish can be planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._api.records import GLOBAL, Binding, Level, is_uuid
from .desired import Desired, GroupWish
from .draft import Draft
from .model import Needs, Snapshot
from .plan_permissions import looks_at_policies
from .policy_wishes import BindingsWish


def policy_needs(desired: Desired, snapshot: Snapshot) -> Needs:
    """What to read next. Groups, environments and role permissions that matter are known by now."""
    if not _concerns_policies(desired):
        return Needs()
    draft = Draft(desired, snapshot)
    parts = [*_of_objects(draft), *_of_groups(draft), *_of_migration(draft)]
    return Needs(
        groups=not snapshot.groups_listed and any(part.groups for part in parts),
        policies_at=frozenset(level for part in parts for level in part.policies_at) - snapshot.policies_at.keys(),
        bindings_at=frozenset(level for part in parts for level in part.bindings_at) - snapshot.bindings.keys(),
        statements_of=frozenset(each for part in parts for each in part.statements_of),
        boundaries=snapshot.boundaries is None and any(part.boundaries for part in parts),
        environment_states=not snapshot.states_asked and any(part.environment_states for part in parts),
    )


def _concerns_policies(desired: Desired) -> bool:
    by_policy = (part.mechanism != "role" for group in desired.groups for part in group.permissions or ())
    bound = any(group.bindings is not None for group in desired.groups)
    return bool(desired.policies or desired.boundaries or desired.migration) or bound or any(by_policy)


def _of_objects(draft: Draft) -> Iterator[Needs]:
    """Policies and boundaries themselves. Those that go must not be in use anywhere."""
    snapshot, gone = draft.snapshot, False
    for wish in draft.desired.policies:
        level = draft.access.level(wish.environment)
        refs = [ref for ref in (wish.ref, wish.new_name) if ref]
        found = [policy for ref in refs if (policy := draft.access.policy_at(ref, level))]
        gone |= wish.state == "absent" and bool(found)
        unread = frozenset(policy.id for policy in found if policy.statement is None)
        yield Needs(policies_at=frozenset({level}), statements_of=unread)
    for boundary in draft.desired.boundaries:
        yield Needs(boundaries=True)
        gone |= boundary.state == "absent" and bool(draft.access.boundaries.look(boundary.ref))
    if gone:
        account = draft.access.level(None)
        yield Needs(environment_states=True, bindings_at=frozenset({account, *_environments(snapshot)}))
        yield Needs(groups=True, policies_at=frozenset({GLOBAL, account}), boundaries=True)


def _of_groups(draft: Draft) -> Iterator[Needs]:
    for wish in draft.desired.groups:
        if wish.state == "absent":
            continue
        for part in wish.bindings or ():
            yield _of_bindings(draft, wish, part)
        yield from _of_permissions(draft, wish)


def _of_bindings(draft: Draft, wish: GroupWish, part: BindingsWish) -> Needs:
    """Policies are mostly Dynatrace's own or the account's; those that aren't may be an environment's."""
    levels = frozenset(draft.access.level(each) for each in part.environments or (None,))
    lists = frozenset({GLOBAL, draft.access.level(None)})
    held = _held(draft, wish, levels)
    nameless = any(binding.policy not in draft.snapshot.policies for binding in held)
    unknown = nameless or any(_is_unknown(draft, each.policy) for each in part.entries)
    if unknown and lists <= draft.snapshot.policies_at.keys():
        lists |= levels
    bounded = any(entry.boundaries for entry in part.entries) or any(binding.boundaries for binding in held)
    return Needs(policies_at=lists, bindings_at=levels, boundaries=bounded)


def _is_unknown(draft: Draft, ref: str) -> bool:
    planned = any(ref in (wish.name, wish.new_name) for wish in draft.desired.policies)
    return not planned and not is_uuid(ref) and draft.access.policies.look(ref) is None


def _of_permissions(draft: Draft, wish: GroupWish) -> Iterator[Needs]:
    group = draft.directory.find_group(wish.new_name or wish.ref) or draft.directory.find_group(wish.ref)
    current = draft.snapshot.permissions.get(group.id, frozenset()) if group else frozenset()
    for part in wish.permissions or ():
        if looks_at_policies(draft, part, current):
            levels = frozenset({draft.access.level(None), *(draft.access.level(each) for each in part.environments)})
            bounded = bool(part.zones) or any(binding.boundaries for binding in _held(draft, wish, levels))
            lists = frozenset({GLOBAL})
            yield Needs(policies_at=lists, bindings_at=levels, boundaries=bounded, environment_states=True)


def _held(draft: Draft, wish: GroupWish, levels: Iterable[Level]) -> list[Binding]:
    """The bindings that the group has there, as far as they have been read."""
    group = draft.directory.find_group(wish.new_name or wish.ref) or draft.directory.find_group(wish.ref)
    found = [binding for level in levels for binding in draft.snapshot.bindings.get(level) or ()]
    return [binding for binding in found if group and binding.group == group.id]


def _of_migration(draft: Draft) -> Iterator[Needs]:
    migration, snapshot = draft.desired.migration, draft.snapshot
    if migration is None:
        return
    groups = migration.group_ids(snapshot.groups.values())
    held = [each for group in groups for each in migration.held(snapshot, group)]
    if not held:
        return
    places = {("environment", each.scope.partition(":")[0]) for each in held}
    levels = frozenset({draft.access.level(None), *(places & _environments(snapshot))})
    found = [binding for level in levels for binding in snapshot.bindings.get(level) or () if binding.group in groups]
    bounded = any(each.scope_type == "management-zone" for each in held) or any(each.boundaries for each in found)
    yield Needs(policies_at=frozenset({GLOBAL}), bindings_at=levels, boundaries=bounded)


def _environments(snapshot: Snapshot) -> frozenset[Level]:
    return frozenset(("environment", each.id) for each in snapshot.environments or ())
