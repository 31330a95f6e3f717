# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back for policies, boundaries, bindings and service users: the other parts of an input for
``dynatrace_access``."""

from __future__ import annotations

from typing import Any

from .._api.records import Binding, Boundary, Policy, ServiceUser
from .._core.change import Action
from .model import Snapshot
from .policy_facts import BindingFact, Thing, ThingFact, is_new, text_of, thing_id

OPTIONS: dict[type[Thing], str] = {Policy: "policies", Boundary: "boundaries", ServiceUser: "service_users"}


class PolicyWayBack:
    """``things`` are options of ``dynatrace_access`` by their names, ``bindings`` those of groups, by group id."""

    def __init__(self, before: Snapshot) -> None:
        self.things: dict[str, list[dict[str, Any]]] = {option: [] for option in OPTIONS.values()}
        self.bindings: dict[str, list[dict[str, Any]]] = {}
        self.lost: list[str] = []
        self._before = before
        self._policies = dict(before.policies)

    def thing(self, fact: ThingFact) -> None:
        """Who or what was created goes, what was changed or deleted is made as it was."""
        entries = self.things[OPTIONS[type(fact.thing)]]
        entry: dict[str, Any] = {"name": fact.thing.name}
        if isinstance(fact.thing, Policy) and fact.thing.level[0] == "environment":
            entry["environment"] = fact.thing.level[1]
        if fact.gone:
            entries.append({**entry, **text_of(fact.thing), "state": "present"})
            self._gone(fact)
        elif fact.was is None:
            entries.append({**entry, "state": "absent"})
        else:
            was = text_of(fact.was)
            renamed = {"new_name": was["name"]} if was["name"] != fact.thing.name else {}
            entries.append({**entry, **{key: value for key, value in was.items() if key != "name"}, **renamed})

    def _gone(self, fact: ThingFact) -> None:
        noun = fact.kind.replace("_", " ")
        extra = ", without its groups, tokens and bindings" if isinstance(fact.thing, ServiceUser) else ""
        self.lost.append(f"{noun} {fact.name}: comes back as a new one with another id{extra}")

    def binding(self, action: Action, fact: BindingFact) -> None:
        """What was bound is unbound; what was unbound or changed is bound as it was."""
        binding = fact.was or fact.binding
        state = "absent" if action is Action.ADD else "present"
        entry: dict[str, Any] = {"policy": self._policy(binding, fact.policy), "parameters": dict(binding.parameters)}
        if binding.metadata or action is Action.ADD:
            entry["metadata"] = dict(binding.metadata)
        if state == "present":
            names = dict(fact.names)
            entry["boundaries"] = sorted(names.get(each, each) for each in binding.boundaries)
        wish: dict[str, Any] = {"policies": [entry], "state": state}
        if binding.level[0] == "environment":
            wish["environments"] = [binding.level[1]]
        self.bindings.setdefault(fact.group.id, []).append(wish)

    def _policy(self, binding: Binding, name: str) -> str:
        """By name where that tells it from others: a policy that was deleted comes back with another id."""
        namesakes = [each for each in self._policies.values() if each.name == name]
        known = thing_id(namesakes[0]) == binding.policy if len(namesakes) == 1 else False
        return name if known or is_new(binding.policy) else binding.policy
