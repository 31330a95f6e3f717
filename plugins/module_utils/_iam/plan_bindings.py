# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with the policies of a group."""

from __future__ import annotations

from collections.abc import Set

from .._api.records import GLOBAL, Binding, Group, Level, Texts
from .._core.change import Action
from .._core.errors import InvalidInput, Refused
from .._policy.reference import ENVIRONMENT_ROLES
from .desired import GroupWish
from .draft import Draft
from .permission_scopes import permissions_of
from .plan_policies import binding_fact
from .policy_wishes import BindingEntry, BindingsWish

Key = tuple[Level, str, str, Texts, Texts]


def plan_bindings(draft: Draft, wish: GroupWish, group: Group) -> None:
    """Note what to bind, to unbind, and whose boundaries to replace: binding by binding, so that all others stay."""
    plan = _BindingsOfGroup(draft, group)
    for part in wish.bindings or ():
        for level in levels_of(draft, part):
            plan.at(level, part)
    plan.note(_by_permissions(draft, wish, group))


def _by_permissions(draft: Draft, wish: GroupWish, group: Group) -> set[Key]:
    """Bindings that the wish's ``permissions`` may stand for: ``exact`` would take away what they give, run by run."""
    parts = [part for part in wish.permissions or () if part.state != "absent" and part.mechanism != "role"]
    found = set()
    for each in (permission for part in parts for permission in permissions_of(draft, part)):
        role = ENVIRONMENT_ROLES.get(each.name)
        policy = draft.access.policy_at(role.policy, GLOBAL) if role else None
        if policy:
            level = ("environment", each.scope.partition(":")[0])
            found.add(Binding(level, policy.id, group.id).key)
    return found


def levels_of(draft: Draft, part: BindingsWish) -> list[Level]:
    """The levels that a wish names, without switched-off environments, which are warned of."""
    levels = [draft.access.level(each) for each in part.environments or (None,)]
    for level in levels:
        if not draft.access.is_active(level):
            draft.warnings.append(inactive(draft.access.place(level)))
    return [level for level in dict.fromkeys(levels) if draft.access.is_active(level)]


def refuse_ambiguous(draft: Draft) -> None:
    """Raise Refused for changes that would meet another binding as well: the service finds them by their parameters
    and metadata, and what has none of these, or fewer, can't be told from what has more."""
    noted = draft.bindings()
    gone = {fact.binding.key for action, fact in noted if action is Action.REMOVE}
    for fact in [fact for action, fact in noted if action is not Action.ADD]:
        here = draft.access.bindings(fact.binding.level)
        others = sorted(each for each in here if each.key not in gone and is_met(each, fact.binding))
        if others:
            twins = "; ".join(binding_fact(draft, each).name for each in others)
            raise Refused(
                f"The service can't tell the binding {fact.name} from {twins}: it would change both, or none. Change"
                " these bindings by hand, or take all of them away and bind what is wanted in a later task."
            )


def is_met(other: Binding, binding: Binding) -> bool:
    """Whether a call about ``binding`` would meet another one of the same policy and group, too."""
    same = (other.level, other.policy, other.group) == (binding.level, binding.policy, binding.group)
    texts = set(binding.parameters) <= set(other.parameters) and set(binding.metadata) <= set(other.metadata)
    return same and texts and other.key != binding.key


def inactive(place: str) -> str:
    """The warning about a switched-off environment."""
    return f"The policies of {place} stay as they are: it is not active, so the service lets nobody change them."


class _BindingsOfGroup:
    def __init__(self, draft: Draft, group: Group) -> None:
        self._draft = draft
        self._group = group
        self._kept: dict[Key, Binding] = {}
        self._gone: dict[Key, Binding] = {}
        self._exact: dict[Level, bool] = {}

    def at(self, level: Level, part: BindingsWish) -> None:
        """Sort the bindings that the part names there into those to have and those to lose."""
        current = self._current(level)
        if part.state == "exact":
            self._exact[level] = True
        for entry in part.entries:
            if part.state == "absent" and self._has_gone(entry, level):
                continue
            policy = self._draft.access.policy(entry.policy, level).id
            found = [binding for binding in current if _is_meant(binding, policy, entry, part.state)]
            if part.state == "absent":
                self._gone.update({binding.key: binding for binding in found})
                continue
            new = Binding(level, policy, self._group.id, entry.parameters or (), entry.metadata or ())
            for binding in found or [new]:
                self._keep(binding, entry)

    def note(self, spared: Set[Key]) -> None:
        """Note the changes; raises InvalidInput for a wish that contradicts itself. ``exact`` leaves ``spared``."""
        both = sorted(binding_fact(self._draft, each).name for key, each in self._gone.items() if key in self._kept)
        if both:
            raise InvalidInput(f"The task wants both to have and not to have: {'; '.join(both)}.")
        kept = self._kept.keys() | spared
        for level in self._exact:
            self._gone.update({each.key: each for each in self._current(level) if each.key not in kept})
        present = {each.key: each for level in self._levels() for each in self._current(level)}
        for key, binding in self._kept.items():
            was = present.get(key)
            if was is None:
                self._draft.change(Action.ADD, binding_fact(self._draft, binding))
            elif was != binding:
                self._draft.change(Action.UPDATE, binding_fact(self._draft, binding, was))
        for binding in self._gone.values():
            self._draft.change(Action.REMOVE, binding_fact(self._draft, binding))

    def _has_gone(self, entry: BindingEntry, level: Level) -> bool:
        """Whether an earlier run of the task has deleted the policy: then there is nothing to take away."""
        deleted = any(wish.state == "absent" and wish.ref == entry.policy for wish in self._draft.desired.policies)
        return deleted and self._draft.access.find_policy(entry.policy, level) is None

    def _keep(self, binding: Binding, entry: BindingEntry) -> None:
        boundaries = binding.boundaries
        if entry.boundaries is not None:
            found = {self._draft.access.boundaries.find(ref).id for ref in entry.boundaries}
            boundaries = tuple(sorted(found))
        wanted = Binding(*binding.key, boundaries=boundaries)
        if self._kept.setdefault(binding.key, wanted) != wanted:
            name = binding_fact(self._draft, binding).name
            raise InvalidInput(f"The task names twice, with different boundaries: {name}.")

    def _current(self, level: Level) -> list[Binding]:
        return self._draft.access.bindings_of(self._group.id, level)

    def _levels(self) -> set[Level]:
        return {binding.level for binding in self._kept.values()}


def _is_meant(binding: Binding, policy: str, entry: BindingEntry, state: str) -> bool:
    """Without parameters, a removal means the policy with whatever parameters; else it means the one that has none."""
    parameters = entry.parameters if state == "absent" or entry.parameters is not None else ()
    return (
        binding.policy == policy
        and (parameters is None or binding.parameters == parameters)
        and (entry.metadata is None or binding.metadata == entry.metadata)
    )
