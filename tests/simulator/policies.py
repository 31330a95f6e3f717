# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for policies and boundaries, for both contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account
from .model import (
    MAX_BOUNDARIES,
    MAX_POLICIES,
    MAX_RESTRICTIONS,
    MAX_STATEMENTS,
    Boundary,
    Level,
    Policy,
    Refused,
)
from .policy_language import SyntaxProblem, bind_parameters, parse_boundary, parse_policy
from .ready_made import GLOBAL, READY_MADE

VALIDATION_GONE = "Policy validation is no longer available. Creating and updating a policy validate it."


@dataclass(frozen=True)
class WantedPolicy:
    """What a request says about a policy."""

    name: str
    description: str
    statement: str
    tags: list[str]


@dataclass(frozen=True)
class WantedBoundary:
    """What a request says about a boundary."""

    name: str
    query: str
    metadata: dict[str, Any]


def check_policy(body: Mapping[str, Any]) -> WantedPolicy:
    """A policy that can be stored, else 400 with what is wrong with each field."""
    errors = check_texts(body, "name", "statementQuery")
    if not isinstance(body.get("description") or "", str):
        errors["description"] = "must be a string"
    tags = body.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(item, str) for item in tags):
        errors["tags"] = "must be an array of strings"
    if "statementQuery" not in errors:
        errors.update(check_syntax("statementQuery", body["statementQuery"], parse_policy, MAX_STATEMENTS))
    refuse_if(errors)
    return WantedPolicy(body["name"], body.get("description") or "", body["statementQuery"], list(tags))


def check_boundary(body: Mapping[str, Any]) -> WantedBoundary:
    """A boundary that can be stored, else 400 with what is wrong with each field."""
    errors = check_texts(body, "name", "boundaryQuery")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        errors["metadata"] = "must be an object"
    if "boundaryQuery" not in errors:
        errors.update(check_syntax("boundaryQuery", body["boundaryQuery"], parse_boundary, MAX_RESTRICTIONS))
    refuse_if(errors)
    return WantedBoundary(body["name"], body["boundaryQuery"], metadata)


def check_texts(body: Mapping[str, Any], *keys: str) -> dict[str, str]:
    """What is wrong with fields that must be texts with something in them."""
    return {
        key: "must not be empty" for key in keys if not isinstance(body.get(key), str) or not str(body[key]).strip()
    }


def check_syntax(key: str, text: str, parse: Callable[[str], list[Any]], limit: int) -> dict[str, str]:
    """What is wrong with a text of the policy language."""
    try:
        parts = parse(text)
    except SyntaxProblem as problem:
        return {key: str(problem)}
    return {key: f"must not have more than {limit} parts"} if len(parts) > limit else {}


def refuse_if(errors: Mapping[str, str]) -> None:
    """400 when a field is wrong."""
    if errors:
        raise Refused(400, "Constraints violated: " + ", ".join(errors), "repo", errors)


def at_level(account: Account, level: Level) -> list[Policy]:
    """The policies that live at just this level."""
    if level == GLOBAL:
        return list(READY_MADE.values())
    return [policy for policy in account.policies.values() if policy.level == level]


def usable_at(account: Account, level: Level) -> list[Policy]:
    """The policies of a level and those that it inherits."""
    levels = {level: None, ("account", account.uuid): None, GLOBAL: None}
    wanted = [GLOBAL] if level == GLOBAL else list(levels)
    return [policy for item in wanted for policy in at_level(account, item)]


def policy_at(account: Account, level: Level, uuid: str) -> Policy:
    """The policy of this level with this id, else 404: a level doesn't show what it inherits."""
    policy = account.policy(uuid)
    if policy is None or policy.level != level:
        raise Refused(404, f"Policy {uuid} not found", "repo")
    return policy


def create(account: Account, level: Level, wanted: WantedPolicy, uuid: str | None = None) -> Policy:
    """A new policy; names need not be unique."""
    if len(account.policies) >= MAX_POLICIES:
        raise Refused(400, f"An account can't have more than {MAX_POLICIES} policies", "repo")
    policy = Policy(uuid or account.new_id(), level, wanted.name, wanted.description, wanted.statement, wanted.tags)
    account.policies[policy.uuid] = policy
    return policy


def put(account: Account, level: Level, uuid: str, wanted: WantedPolicy) -> Policy | None:
    """Replace a policy, or make a new one with this id when there is none; then it is returned."""
    policy = account.policy(uuid)
    if policy is None:
        return create(account, level, wanted, uuid)
    if policy.level != level:
        raise Refused(400, f"Policy {uuid} belongs to another level", "repo")
    if is_bound(account, uuid) and bind_parameters(policy.statement) != bind_parameters(wanted.statement):
        raise Refused(400, f"Policy {uuid} is bound: its parameters can't be changed", "repo")
    policy.name, policy.description = wanted.name, wanted.description
    policy.statement, policy.tags = wanted.statement, wanted.tags
    return None


def is_bound(account: Account, uuid: str) -> bool:
    """Whether a policy is bound anywhere."""
    return any(binding.policy == uuid for binding in account.bindings)


def delete(account: Account, level: Level, uuid: str, force: bool) -> None:
    """Delete a policy; one that is bound only by force, and its bindings go with it."""
    policy_at(account, level, uuid)
    if is_bound(account, uuid) and not force:
        raise Refused(400, f"Policy {uuid} is bound", "repo")
    account.bindings = [binding for binding in account.bindings if binding.policy != uuid]
    del account.policies[uuid]


def boundary(account: Account, uuid: str) -> Boundary:
    """The boundary with this id, else 404."""
    if uuid not in account.boundaries:
        raise Refused(404, f"Policy boundary {uuid} not found", "repo")
    return account.boundaries[uuid]


def create_boundary(account: Account, wanted: WantedBoundary, uuid: str | None = None) -> Boundary:
    """A new boundary; names need not be unique."""
    if len(account.boundaries) >= MAX_BOUNDARIES:
        raise Refused(400, f"An account can't have more than {MAX_BOUNDARIES} boundaries", "repo")
    made = Boundary(uuid or account.new_id(), wanted.name, wanted.query, wanted.metadata)
    account.boundaries[made.uuid] = made
    return made


def put_boundary(account: Account, uuid: str, wanted: WantedBoundary) -> Boundary | None:
    """Replace a boundary, or make a new one with this id when there is none; then it is returned."""
    if uuid not in account.boundaries:
        return create_boundary(account, wanted, uuid)
    found = account.boundaries[uuid]
    found.name, found.query, found.metadata = wanted.name, wanted.query, wanted.metadata
    return None


def delete_boundary(account: Account, uuid: str) -> None:
    """Delete a boundary that no binding uses."""
    boundary(account, uuid)
    if any(uuid in binding.extras.boundaries for binding in account.bindings):
        raise Refused(400, "Policy boundary is in use", "repo")
    del account.boundaries[uuid]
