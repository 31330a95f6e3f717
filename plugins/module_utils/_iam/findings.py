# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies and boundaries that a plan touches, looked at for what would silently not do what it says."""

from __future__ import annotations

from collections.abc import Iterator

from .._api.account import Account
from .._api.records import GLOBAL, Boundary, Policy
from .._core.change import Action
from .._core.errors import CallFailed, InvalidInput
from .._core.plan import Plan
from .._policy.binding import check_binding
from .._policy.findings import check_boundary, check_statements
from .._policy.tree import Finding
from .model import NOTHING, Needs, Snapshot
from .policy_facts import BindingFact, ThingFact
from .zones import BY_ZONE, is_of_zone, zones_of


def texts_to_check(plan: Plan, snapshot: Snapshot) -> Needs:
    """What to read of the policies that are about to be bound: without particulars, Dynatrace's own need no check."""
    unread = set()
    bounded = False
    known = _boundaries(plan, snapshot)
    for fact in _bound(plan):
        if _is_role_in_zones(fact, snapshot.policies.get(fact.binding.policy), known):
            continue
        policy = snapshot.policies.get(fact.binding.policy)
        particular = bool(fact.binding.boundaries or fact.binding.parameters)
        bounded |= bool(fact.binding.boundaries)
        if policy and policy.statement is None and (particular or policy.level != GLOBAL):
            unread.add(policy.id)
    if not unread and not (bounded and snapshot.boundaries is None):
        return NOTHING
    return Needs(statements_of=frozenset(unread), boundaries=bounded and snapshot.boundaries is None)


def check_texts(plan: Plan, snapshot: Snapshot, on_finding: str) -> list[str]:
    """Warnings about the texts that the plan writes and binds; raises InvalidInput for errors unless told to warn."""
    found = list(dict.fromkeys(_findings(plan, snapshot)))
    errors = [str(finding) for finding in found if finding.severity == "error"]
    if errors and on_finding == "fail":
        raise InvalidInput(f"{' '.join(errors)} Nothing was written. Mend it, or let it through with on_finding=warn.")
    return [str(finding) for finding in found]


def validated(account: Account, plan: Plan) -> list[str]:
    """What the service itself says of the policies that a preview would write; raises CallFailed for a refusal.

    The call ends on 11 January 2027: from then on, and where it isn't allowed, the checks here must do.
    """
    warnings = []
    for change in plan.changes:
        thing = change.fact.thing if isinstance(change.fact, ThingFact) and not change.fact.gone else None
        if isinstance(thing, Policy):
            try:
                warnings += [f"policy {thing.name!r}: {warning}" for warning in account.policies.validate(thing)]
            except CallFailed as failure:
                if failure.status not in (403, 404, 405, 410, 501):
                    raise
    return warnings


def _findings(plan: Plan, snapshot: Snapshot) -> Iterator[Finding]:
    policies, boundaries = dict(snapshot.policies), _boundaries(plan, snapshot)
    for change in plan.changes:
        thing = change.fact.thing if isinstance(change.fact, ThingFact) and not change.fact.gone else None
        if isinstance(thing, Policy):
            policies[thing.id] = thing
            yield from check_statements(thing.statement or "", f"policy {thing.name!r}")
        elif isinstance(thing, Boundary) and not is_of_zone(thing.id):
            yield from check_boundary(thing.query, f"boundary {thing.name!r}")
    for fact in _bound(plan):
        yield from _of_binding(fact, policies.get(fact.binding.policy), boundaries)


def _of_binding(fact: BindingFact, policy: Policy | None, boundaries: dict[str, Boundary]) -> Iterator[Finding]:
    if policy is None or policy.statement is None or _is_role_in_zones(fact, policy, boundaries):
        return
    texts = [(f"policy {policy.name!r}", policy.statement)]
    bounds = [
        (f"boundary {boundaries[each].name!r}", boundaries[each].query)
        for each in fact.binding.boundaries
        if each in boundaries
    ]
    yield from check_binding(texts, bounds, dict(fact.binding.parameters), f"binding {fact.name}")


def _boundaries(plan: Plan, snapshot: Snapshot) -> dict[str, Boundary]:
    """The boundaries as they will be."""
    things = [change.fact.thing for change in plan.changes if isinstance(change.fact, ThingFact)]
    return {**(snapshot.boundaries or {}), **{thing.id: thing for thing in things if isinstance(thing, Boundary)}}


def _is_role_in_zones(fact: BindingFact, policy: Policy | None, boundaries: dict[str, Boundary]) -> bool:
    """Whether it is an environment role in nothing but management zones, of which each adds its own, as is meant."""
    if policy is None or policy.level != GLOBAL or policy.name not in BY_ZONE or fact.binding.parameters:
        return False
    found = [boundaries.get(each) for each in fact.binding.boundaries]
    return all(boundary is not None and zones_of(boundary) is not None for boundary in found)


def _bound(plan: Plan) -> Iterator[BindingFact]:
    for change in plan.changes:
        if isinstance(change.fact, BindingFact) and change.action is not Action.REMOVE:
            yield change.fact
