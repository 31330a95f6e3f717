# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for policy bindings, for both contracts.

A binding is known by policy, group, parameters and metadata, all at one level; it has no id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account
from .model import MAX_BINDINGS, Binding, Extras, Level, Policy, Refused
from .policy_language import bind_parameters
from .ready_made import GLOBAL

SELECTOR = re.compile(r"(parameters|metadata)\[([^\]]+)\]")


@dataclass(frozen=True)
class Selector:
    """Which bindings of a policy are meant: those that have all of these parameters and metadata."""

    parameters: Mapping[str, str]
    metadata: Mapping[str, str]

    @classmethod
    def of(cls, query: list[tuple[str, str]]) -> Selector:
        """From a query: `parameters[name]=value` and `metadata[name]=value`."""
        parts: dict[str, dict[str, str]] = {"parameters": {}, "metadata": {}}
        for key, value in query:
            found = SELECTOR.fullmatch(key)
            if found:
                parts[found[1]][found[2]] = value
        return cls(**parts)

    def meets(self, extras: Extras) -> bool:
        """Whether a binding with these extras is meant."""
        return self.parameters.items() <= extras.parameters.items() and self.metadata.items() <= extras.metadata.items()


def check_extras(body: Any) -> Extras:
    """Parameters, metadata and boundaries of a request, else 400."""
    if not isinstance(body, Mapping):
        raise Refused(400, "The body must be an object", "repo")
    maps = {}
    for key in ("parameters", "metadata"):
        maps[key] = body.get(key) or {}
        if not isinstance(maps[key], dict) or not all(isinstance(value, str) for value in maps[key].values()):
            raise Refused(400, f"{key} must be an object of strings", "repo", {key: "must be an object of strings"})
    return Extras(maps["parameters"], maps["metadata"], check_uuids(body.get("boundaries") or [], "boundaries"))


def check_uuids(value: Any, key: str) -> list[str]:
    """A list of ids, doubles dropped, else 400."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Refused(400, f"{key} must be an array of uuids", "repo", {key: "must be an array of uuids"})
    return list(dict.fromkeys(value))


def check_level(account: Account, level: Level) -> None:
    """Bindings can be written at the account and at active environments only."""
    if level == GLOBAL:
        raise Refused(400, "Bindings are unavailable within global level", "repo")
    if level[0] == "environment" and not account.environments[level[1]].active:
        raise Refused(403, f"Environment {level[1]} is not active", "repo")


def bindable(account: Account, level: Level, uuid: str, status: int = 404) -> Policy:
    """A policy that exists and fits the level: global ones anywhere, the account's there and below, others at home."""
    policy = account.policy(uuid)
    if policy is None:
        raise Refused(status, f"Policy {uuid} not found", "repo")
    if policy.level not in (GLOBAL, ("account", account.uuid), level):
        kind, name = level
        raise Refused(400, f"Policy {uuid} can't be bound to levelType: {kind}, levelId: {name}", "repo")
    return policy


def check_groups(account: Account, groups: list[str], status: int = 400) -> None:
    """Each group must exist; hidden ones do."""
    for uuid in groups:
        if uuid not in account.groups:
            raise Refused(status, f"Group {uuid} not found", "repo")


def check_needs(account: Account, policy: Policy, extras: Extras) -> None:
    """The boundaries must exist, and all parameters that policy and boundaries refer to must be supplied."""
    texts = [policy.statement]
    for uuid in extras.boundaries:
        if uuid not in account.boundaries:
            raise Refused(400, f"Policy boundary {uuid} not found", "repo", {"boundaries": f"{uuid} not found"})
        texts.append(account.boundaries[uuid].query)
    missing = sorted(set().union(*map(bind_parameters, texts)) - extras.parameters.keys())
    if missing:
        text = "Missing parameters: " + ", ".join(missing)
        raise Refused(400, text, "repo", {"parameters": text})


def same(binding: Binding, level: Level, policy: str, extras: Extras) -> bool:
    """Whether a binding is known by these; its boundaries don't matter."""
    return (binding.level, binding.policy, binding.extras.parameters, binding.extras.metadata) == (
        level,
        policy,
        extras.parameters,
        extras.metadata,
    )


def check_new(account: Account, found: Binding, but: Binding | None = None) -> None:
    """400 for what is bound already, whatever its boundaries; `but` is the binding that is about to change."""
    for binding in account.bindings:
        both = [group for group in found.groups if group in binding.groups]
        if binding is not but and both and same(binding, found.level, found.policy, found.extras):
            raise Refused(400, f"Policy {found.policy} is already bound to group {both[0]} this way", "repo")


def store(account: Account, new: Binding) -> None:
    """Keep a binding; one that differs in its groups only takes them over."""
    if sum(item.level == new.level for item in account.bindings) >= MAX_BINDINGS:
        raise Refused(400, f"A level can't have more than {MAX_BINDINGS} bindings", "repo")
    for binding in account.bindings:
        if same(binding, new.level, new.policy, new.extras) and binding.extras.boundaries == new.extras.boundaries:
            binding.groups += new.groups
            return
    account.bindings.append(new)


def append(account: Account, new: Binding) -> None:
    """Add a binding and keep all others; what is bound already this way refuses it."""
    check_new(account, new)
    store(account, new)


def put(account: Account, new: Binding, selector: Selector) -> None:
    """Change the one binding of a group that the selector means, or make it when there is none."""
    found = matching(account, new.level, new.policy, selector, new.groups[0])
    if len(found) > 1:
        raise Refused(400, "More than one binding matches", "repo")
    check_new(account, new, found[0] if found else None)
    take_out(account, found, new.groups[0])
    store(account, new)


def matching(account: Account, level: Level, policy: str, selector: Selector, group: str | None) -> list[Binding]:
    """The bindings of a policy at a level that a selector means, of one group or of all."""
    return [
        binding
        for binding in account.bindings
        if (binding.level, binding.policy) == (level, policy)
        and group in (None, *binding.groups)
        and selector.meets(binding.extras)
    ]


def take_out(account: Account, found: list[Binding], group: str | None) -> None:
    """Take a group (None: all) out of bindings; one without groups is gone."""
    for binding in found:
        binding.groups = [item for item in binding.groups if group not in (None, item)]
        if not binding.groups:
            account.bindings.remove(binding)


def remove(
    account: Account, level: Level, policy: str, group: str | None, selector: Selector, force_multiple: bool
) -> None:
    """Unbind a policy from a group (None: from all); what isn't bound is no success."""
    found = matching(account, level, policy, selector, group)
    if not found:
        status = account.options.unbind_missing_status
        raise Refused(status, f"Policy {policy} is not bound", "repo")
    kinds = {(*sorted(item.extras.parameters.items()), None, *sorted(item.extras.metadata.items())) for item in found}
    if len(kinds) > 1 and not force_multiple:
        raise Refused(400, "More than one binding matches; use forceMultiple", "repo")
    take_out(account, found, group)


def replace_group(account: Account, level: Level, group: str, policies: list[str]) -> None:
    """Bind a group at a level to just these policies: parameters, metadata and boundaries are lost, as in reality.

    That holds for a policy that needs parameters, too: it is bound without them.
    """
    for uuid in policies:
        bindable(account, level, uuid, 400)
    take_out(account, [item for item in account.bindings if item.level == level and group in item.groups], group)
    for uuid in policies:
        store(account, Binding(level, uuid, [group]))


def remove_level(account: Account, level: Level) -> None:
    """Delete all bindings of a level: nobody should ever ask for this."""
    account.bindings = [binding for binding in account.bindings if binding.level != level]
