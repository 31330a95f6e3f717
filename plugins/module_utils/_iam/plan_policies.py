# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with policies, boundaries and service users themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from .._api.records import GLOBAL, SERVICE_USER_DOMAIN, Binding, Boundary, Level, Policy, ServiceUser
from .._core.change import Action
from .._core.errors import InvalidInput, Refused
from .._policy.compare import same_boundary, same_statements
from .draft import Draft
from .policy_directory import service_user_named
from .policy_facts import BindingFact, Thing, ThingFact, new_id
from .policy_wishes import BoundaryWish, ObjectWish, PolicyWish, ServiceUserWish

Kind = TypeVar("Kind", Policy, Boundary, ServiceUser)


def plan_objects(draft: Draft) -> None:
    """Note the policies and boundaries to create and to change, so that bindings can name them."""
    for wish in draft.desired.policies:
        draft.access.check_readable(draft.access.level(wish.environment))
        if wish.state == "present":
            _plan_policy(draft, wish)
    for boundary in draft.desired.boundaries:
        if boundary.state == "present":
            _plan_boundary(draft, boundary)


def plan_removed_objects(draft: Draft) -> None:
    """Note the policies and boundaries to delete, after all that the task itself unbinds."""
    for wish in draft.desired.policies:
        level = draft.access.level(wish.environment)
        found = draft.access.policy_at(wish.ref, level) if wish.state == "absent" else None
        if found:
            bindings = [binding for binding in _everywhere(draft) if binding.policy == found.id]
            _unbind(draft, found, bindings, wish.unbind)
            draft.change(Action.DELETE, ThingFact(found, gone=True, place=_place(draft, level)))
    for boundary in draft.desired.boundaries:
        going = draft.access.boundaries.look(boundary.ref) if boundary.state == "absent" else None
        if going:
            _unbind(draft, going, [binding for binding in _everywhere(draft) if going.id in binding.boundaries])
            draft.change(Action.DELETE, ThingFact(going, gone=True))


def _place(draft: Draft, level: Level) -> str:
    return draft.access.place(level) if level[0] == "environment" else ""


def _plan_policy(draft: Draft, wish: PolicyWish) -> None:
    level = draft.access.level(wish.environment)
    found = _existing(wish, lambda ref: draft.access.policy_at(ref, level))
    own = f"{level[1]}:" if level[0] == "environment" else ""
    stand_in = new_id("policy", f"{own}{wish.new_name or wish.ref}")
    policy = found or Policy(stand_in, _new_name(draft, wish, level), level)
    statement = wish.statement
    if statement is None and not found:
        raise InvalidInput(f"There is no policy {wish.ref!r} yet, so it needs a statement.")
    if statement is None or (policy.statement is not None and same_statements(statement, policy.statement)):
        statement = policy.statement
    tags = policy.tags if wish.tags is None or set(wish.tags) == set(policy.tags) else wish.tags
    description = policy.description if wish.description is None else wish.description
    wanted = replace(policy, name=wish.new_name or policy.name, description=description, tags=tags, statement=statement)
    _note(draft, wanted, found, _place(draft, level))
    draft.access.policies.expect(wanted)


def _plan_boundary(draft: Draft, wish: BoundaryWish) -> None:
    found = _existing(wish, draft.access.boundaries.look)
    boundary = found or Boundary(new_id("boundary", wish.new_name or wish.ref), wish.name or "", "")
    if wish.query is None and not found:
        raise InvalidInput(f"There is no policy boundary {wish.ref!r} yet, so it needs a query.")
    query = boundary.query if wish.query is None or same_boundary(wish.query, boundary.query) else wish.query
    wanted = replace(boundary, name=wish.new_name or boundary.name, query=query)
    _note(draft, wanted, found)
    draft.access.boundaries.expect(wanted)


def plan_service_user(draft: Draft, wish: ServiceUserWish) -> ServiceUser | None:
    """Note what happens to the service user; returns it as it will be, None when it is to go or isn't there."""
    found = _existing(wish, lambda ref: service_user_named(draft.snapshot, ref))
    if wish.state == "absent":
        if found:
            draft.change(Action.DELETE, ThingFact(found, gone=True))
        return None
    stand_in = new_id("service_user", wish.new_name or wish.ref)
    email = f"{wish.new_name or wish.ref}{SERVICE_USER_DOMAIN}"
    while email.lower() in draft.users:
        email = f"'{email}"
    someone = found or ServiceUser(stand_in, email, wish.name or "")
    description = someone.description if wish.description is None else wish.description
    wanted = replace(someone, name=wish.new_name or someone.name, description=description)
    _note(draft, wanted, found)
    return wanted


def _existing(wish: ObjectWish, look: Callable[[str], Kind | None]) -> Kind | None:
    """By its name or id or, when it was renamed in an earlier run, by its new name."""
    found = look(wish.ref)
    renamed = look(wish.new_name) if wish.new_name else None
    if found and renamed and found != renamed:
        raise InvalidInput(f"{found.name!r} can't be renamed to {wish.new_name!r}: there is one of that name.")
    if wish.id and not found and wish.state == "present":
        raise InvalidInput(f"There is nothing with the id {wish.id!r}.")
    return found or renamed


def _new_name(draft: Draft, wish: PolicyWish, level: Level) -> str:
    """A second policy of a name that Dynatrace's own have could no longer be told from it."""
    name = wish.new_name or wish.name or ""
    if draft.access.policy_at(name, GLOBAL) and level != GLOBAL:
        raise InvalidInput(f"{name!r} is the name of one of Dynatrace's own policies: choose another one.")
    return name


def _note(draft: Draft, wanted: Thing, found: Thing | None, place: str = "") -> None:
    if found is None:
        draft.change(Action.CREATE, ThingFact(wanted, place=place))
    elif wanted != found:
        draft.change(Action.UPDATE, ThingFact(wanted, was=found, place=place))


def _everywhere(draft: Draft) -> list[Binding]:
    return [binding for level in draft.snapshot.bindings for binding in draft.access.bindings(level)]


def _unbind(draft: Draft, thing: Policy | Boundary, bindings: list[Binding], allowed: bool = False) -> None:
    """The service refuses to delete what is bound. What the task itself unbinds doesn't count, and from the groups that
    it deletes, it is taken."""
    noun = "policy" if isinstance(thing, Policy) else "boundary"
    noted = [fact for action, fact in draft.bindings() if action is not Action.REMOVE]
    used = sorted(fact.name for fact in noted if thing.id in (fact.binding.policy, *fact.binding.boundaries))
    if used:
        raise InvalidInput(f"The task deletes the {noun} {thing.name!r}, and yet binds it: {'; '.join(used)}.")
    facts = [binding_fact(draft, binding) for binding in sorted(bindings)]
    left = [fact for fact in facts if not draft.is_released(fact.binding, thing.id)]
    going = draft.deleted_groups()
    kept = [fact for fact in left if fact.group.id not in going]
    if kept and not allowed:
        advice = ", or take it away everywhere with unbind=true" if noun == "policy" else ""
        users = "; ".join(fact.name for fact in kept)
        raise Refused(f"The {noun} {thing.name!r} is in use: {users}. Change these bindings first{advice}.")
    stuck = [fact.name for fact in left if not draft.access.is_active(fact.binding.level)]
    if stuck:
        raise Refused(
            f"The policy {thing.name!r} can't be taken from: {'; '.join(stuck)}. The environment is not active."
        )
    for fact in left:
        draft.change(Action.REMOVE, fact)


def binding_fact(draft: Draft, binding: Binding, was: Binding | None = None) -> BindingFact:
    """The binding in people's words; a group that no list shows is called by its id."""
    group = draft.group_with_id(binding.group)
    names = dict((*draft.access.names(binding), *(draft.access.names(was) if was else ())))
    policy = draft.access.policy_name(binding.policy)
    place = draft.access.place(binding.level)
    return BindingFact(binding, group, policy, place, tuple(sorted(names.items())), was)
