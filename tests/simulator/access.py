# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies and role permissions mean: who may do what, where.

Written from the documented rules, for tests that compare what people could do before, during and after a change:

* A level inherits what is bound at the account.
* A boundary touches only permissions of services that know its conditions, and only ALLOW; `global:` conditions touch
  all. A name that is there twice means either; several boundaries are united. What no condition touches stays open.
* DENY beats ALLOW.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from .account import Account
from .model import Binding, Environment, Group, Level, Permission, Policy, User
from .policy_language import CODES, Condition, parse_boundary, parse_policy, with_values

ROLES = "environment:roles:"
TENANT = "tenant-"
EVERYWHERE = "*"
# Who (e-mail), in which environment, in which management zone (its id, or "*"), may do what (`viewer`, ...).
Ability = tuple[str, str, str, str]
Facts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grant:
    """One permission as one binding allows or denies it to a group, where all conditions hold."""

    permission: str
    effect: str
    conditions: tuple[Condition, ...]
    policy: Policy
    level: Level
    group: str


def grants(account: Account, level: Level) -> Iterator[Grant]:
    """All that is bound at a level, and at the account above it. A policy that nobody knows gives nothing."""
    for binding in account.bindings:
        policy = account.policy(binding.policy)
        if binding.level not in (level, ("account", account.uuid)) or policy is None:
            continue
        for permission, effect, conditions in meanings(account, binding, policy):
            for group in binding.groups:
                yield Grant(permission, effect, conditions, policy, binding.level, group)


def meanings(account: Account, binding: Binding, policy: Policy) -> Iterator[tuple[str, str, tuple[Condition, ...]]]:
    """Permission, effect and conditions of a bound policy, each permission with each of its restrictions."""
    for statement in parse_policy(policy.statement):
        own = tuple(with_values(item, binding.extras.parameters) for item in statement.conditions)
        for permission in statement.permissions:
            for more in restrictions(account, binding, statement.effect, permission.partition(":")[0]):
                yield permission, statement.effect, own + more


def restrictions(account: Account, binding: Binding, effect: str, service: str) -> list[tuple[Condition, ...]]:
    """What the boundaries of a binding add to a permission of a service; one of the alternatives must hold."""
    if effect == "DENY" or not binding.extras.boundaries:
        return [()]
    found: dict[tuple[Condition, ...], None] = {}
    for uuid in binding.extras.boundaries:
        by_name: dict[str, list[Condition]] = defaultdict(list)
        conditions = parse_boundary(account.boundaries[uuid].query) if uuid in account.boundaries else []
        for condition in conditions:
            if condition.service in (service, "global"):
                by_name[condition.name].append(with_values(condition, binding.extras.parameters))
        if conditions:
            found.update(dict.fromkeys(product(*by_name.values())))
    return list(found)


def groups_of(entity: User | Group) -> set[str]:
    """The groups whose bindings count for a user or a group."""
    return {entity.uuid} if isinstance(entity, Group) else set(entity.groups)


def effective(account: Account, level: Level, entity: User | Group) -> list[dict[str, Any]]:
    """The effective permissions of somebody by policies, as the API sends them, by name."""
    found: dict[str, dict[tuple[str, tuple[Condition, ...]], list[dict[str, Any]]]] = defaultdict(dict)
    groups = groups_of(entity)
    for grant in grants(account, level):
        if grant.group in groups:
            origins = found[grant.permission].setdefault((grant.effect, grant.conditions), [])
            if origin(grant) not in origins:
                origins.append(origin(grant))
    return [
        {
            "permission": permission,
            "effects": [
                {
                    "effect": effect,
                    "conditions": [
                        {"name": item.name, "operator": CODES[item.operator], "values": list(item.values)}
                        for item in conditions
                    ],
                    "effectivePolicies": origins,
                }
                for (effect, conditions), origins in effects.items()
            ],
        }
        for permission, effects in sorted(found.items())
    ]


def origin(grant: Grant) -> dict[str, Any]:
    """Where a permission comes from; the boundaries of the binding are in the conditions only."""
    policy, (kind, name) = grant.policy, grant.level
    return {
        "policy": {
            "uuid": policy.uuid,
            "name": policy.name,
            "statementQuery": policy.statement,
            "levelType": policy.level[0],
            "levelId": policy.level[1],
        },
        "binding": {"groupUuid": grant.group, "levelType": kind, "levelId": name},
    }


def abilities(account: Account) -> frozenset[Ability]:
    """What everybody may do in the environments, by role permissions and by policies, in one vocabulary.

    Each place of an environment is looked at by itself: its management zones, and "*", which is all that lies in no
    zone. Whoever may do something in the whole environment is named with "*" and with each zone, whoever may do it in
    some zones with those only. Policies name a zone by its name: in "*" there is none, so that `= "Shop"` doesn't hold
    there and `!= "Shop"` does. A condition on anything that a place doesn't tell (a date, a bucket) counts against
    whoever is asked for: it ends an ALLOW and upholds a DENY.
    """
    found: set[Ability] = set()
    for environment in account.environments.values():
        by_group: dict[str, list[Grant]] = defaultdict(list)
        for grant in grants(account, ("environment", environment.id)):
            if grant.permission.startswith(ROLES):
                by_group[grant.group].append(grant)
        for user in account.users.values():
            mine = [grant for group in user.groups for grant in by_group[group]]
            held = by_roles(account, environment, user) | by_policies(environment, user, mine)
            found.update((user.email, environment.id, place, ability) for place, ability in held)
    return frozenset(found)


def by_roles(account: Account, environment: Environment, user: User) -> set[tuple[str, str]]:
    """Place and ability by the role permissions of the user's groups; after the sunset they give nothing."""
    if account.options.after_sunset:
        return set()
    return {
        (place, permission.name.removeprefix(TENANT))
        for group in user.groups
        for permission in account.groups[group].permissions
        for place in places_of(environment, permission)
    }


def places_of(environment: Environment, permission: Permission) -> list[str]:
    """The places of an environment where a role permission holds."""
    zones = [zone.id for zone in environment.zones]
    if permission.scope_type == "tenant" and permission.scope == environment.id:
        return [EVERYWHERE, *zones]
    if permission.scope_type == "management-zone":
        return [zone for zone in zones if permission.scope == f"{environment.id}:{zone}"]
    return []


def by_policies(environment: Environment, user: User, mine: Iterable[Grant]) -> set[tuple[str, str]]:
    """Place and ability by the policies that are bound for the user's groups."""
    found: set[tuple[str, str]] = set()
    names = {EVERYWHERE: (), **{zone.id: (zone.name,) for zone in environment.zones}}
    for place, zone in names.items():
        facts = {
            "environment:management-zone": zone,
            "global:environmentId": (environment.id,),
            "global:userGroup": tuple(user.groups),
        }
        allowed = {item.permission for item in mine if item.effect == "ALLOW" and applies(item, facts, unknown=False)}
        denied = {item.permission for item in mine if item.effect == "DENY" and applies(item, facts, unknown=True)}
        found.update((place, permission.removeprefix(ROLES)) for permission in allowed - denied)
    return found


def applies(grant: Grant, facts: Facts, *, unknown: bool) -> bool:
    """Whether all conditions hold; `unknown` is the answer for one that the facts don't decide."""
    return all(holds(condition, facts, unknown=unknown) for condition in grant.conditions)


def holds(condition: Condition, facts: Facts, *, unknown: bool) -> bool:
    """Whether a condition holds for these facts."""
    if condition.name not in facts or condition.operator in ("<", ">"):
        return unknown
    actual, wanted = facts[condition.name], list(expand(condition.values, facts))
    if condition.operator in ("=", "IN", "!=", "NOT IN"):
        met = any(value in wanted for value in actual)
    elif condition.operator == "MATCH":
        met = any(matches(pattern, value) for pattern in wanted for value in actual)
    else:
        met = any(value.startswith(start) for start in wanted for value in actual)
    return met != (condition.operator in ("!=", "NOT IN", "NOT startsWith"))


def expand(values: Iterable[str], facts: Facts) -> Iterator[str]:
    """Values with the level and the user's groups put in where they are asked for."""
    for value in values:
        if value == "${global:userGroup}":
            yield from facts["global:userGroup"]
        else:
            yield value.replace("${global:levelId}", facts["global:environmentId"][0])


def matches(pattern: str, value: str) -> bool:
    """Whether a value fits a pattern in which only a star means anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), value, re.DOTALL) is not None
