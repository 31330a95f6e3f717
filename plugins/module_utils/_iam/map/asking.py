# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to the map: who can do something, what somebody can do and why, what two of them have apart. Pure.

What policies say is evaluated here, not by the service, so that a question about everybody takes no request more. It is
on the safe side: what depends on a condition or a boundary is "conditional", never granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..._core.errors import InvalidInput
from ..._policy.parser import SyntaxProblem, parse_statements
from ..._policy.tree import Statement
from ..model import Snapshot, is_implicit
from ..resolve import Directory
from ..verdicts import Question, Way, question, state_of
from .grants import Grant, grants_of_groups
from .table import Row, rows_of


@dataclass(frozen=True)
class Map:
    """An account that was read whole, and what is asked of it."""

    snapshot: Snapshot

    @cached_property
    def grants(self) -> Mapping[str, tuple[Grant, ...]]:
        """By group id."""
        return grants_of_groups(self.snapshot)

    @cached_property
    def _statements(self) -> Mapping[str, tuple[Statement, ...] | None]:
        """By policy id; None for a text that can't be read."""
        return {
            each.id: _parsed(each.statement) for each in self.snapshot.policies.values() if each.statement is not None
        }

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """Where policies are bound that can't be read, in words. What an inactive environment has opens nothing."""
        idle = {("environment", each.id) for each in self.snapshot.environments or () if each.active is False}
        blind = sorted(level for level, found in self.snapshot.bindings.items() if found is None and level not in idle)
        return tuple(f"policies bound at {kind} {place}: they may not be read" for kind, place in blind)

    def has_conditions(self, policy_id: str) -> bool:
        """Whether some statement of the policy holds only under conditions; one that can't be read might have some."""
        statements = self._statements.get(policy_id)
        return statements is None or any(each.conditions for each in statements)

    def only_denies(self, grant: Grant) -> bool:
        """Whether it is a policy that allows nothing at all; one that can't be read might."""
        statements = self._statements.get(grant.policy)
        return bool(statements) and all(each.effect == "DENY" for each in statements or ())

    def reach(self, group: str) -> frozenset[str]:
        """Ids of the environments that a group opens: by a role permission there, or by a policy there or at the
        account that allows something."""
        found: set[str] = set()
        for grant in self.grants.get(group, ()):
            if self.only_denies(grant):
                continue
            if grant.environment:
                found.add(grant.environment)
            elif grant.mechanism == "policy":
                found |= {each.id for each in self.snapshot.environments or ()}
        return frozenset(found)

    def who_can(self, permission: str, environment: str) -> list[dict[str, Any]]:
        """Everybody who can, or may under conditions: ``{email, status, state, through}``, sorted by e-mail.

        Raises InvalidInput for a permission that can't be one, and for an unknown environment.
        """
        asked, place = question(permission), Directory(self.snapshot).environment(environment).id
        found = []
        for key, user in sorted(self.snapshot.users.items()):
            ways = [way for group in sorted(self.snapshot.groups_of(key)) for way in self._ways(group, asked, place)]
            state = state_of(ways)
            if state != "denied":
                through = sorted({self._told(way) for way in ways})
                found.append({"email": user.email, "status": user.status, "state": state, "through": through})
        return found

    def what_can(self, email: str) -> list[Row]:
        """A person's rows of the table; raises InvalidInput for somebody who isn't in the account."""
        return sorted(rows_of(self.snapshot, self.grants, self._person(email)), key=_row_order)

    def opens_nothing(self) -> list[dict[str, Any]]:
        """Groups that open no environment, with the number of their members; not the group of all."""
        return [
            {"id": group.id, "name": group.name, "members": len(self.snapshot.members_of(group.id))}
            for group in sorted(self.snapshot.groups.values(), key=lambda each: (each.name, each.id))
            if not is_implicit(group) and not self.reach(group.id)
        ]

    def compare_people(self, one: str, other: str) -> dict[str, Any]:
        """``groups`` and ``access`` that only one of them has; raises InvalidInput."""
        keys = [self._person(email) for email in (one, other)]
        groups = [set(self.snapshot.group_names(key)) for key in keys]
        access = [{_told_row(row) for row in rows_of(self.snapshot, self.grants, key)} for key in keys]
        return {"groups": _apart(groups), "access": _apart(access)}

    def compare_environments(self, one: str, other: str) -> dict[str, Any]:
        """What groups have in only one of them: ``access``; raises InvalidInput."""
        directory = Directory(self.snapshot)
        places = [directory.environment(ref).id for ref in (one, other)]
        access = [
            {self._told_grant(grant) for held in self.grants.values() for grant in held if grant.environment == place}
            for place in places
        ]
        return {"access": _apart(access)}

    def _person(self, email: str) -> str:
        key = email.strip().lower()
        if key not in self.snapshot.users:
            raise InvalidInput(f"There is no user {email!r} in the account.")
        return key

    def _ways(self, group: str, asked: Question, environment: str) -> Iterable[Way]:
        for grant in self.grants.get(group, ()):
            if grant.environment not in ("", environment):
                continue
            if grant.mechanism == "policy":
                yield from self._policy_ways(grant, asked)
            elif grant.what == asked.role and grant.environment == environment and not grant.zones:
                yield Way("ALLOW", group)

    def _policy_ways(self, grant: Grant, asked: Question) -> Iterable[Way]:
        statements = self._statements.get(grant.policy)
        if statements is None:
            unread = ("nobody can tell what it says",)
            yield Way("ALLOW", grant.group, policy=grant.what, policy_id=grant.policy, conditions=unread, holds=False)
        for statement in statements or ():
            if asked.permission in [each.name for each in statement.permissions]:
                conditions = [f"{each.name} {each.operator} {', '.join(each.values)}" for each in statement.conditions]
                if statement.effect == "ALLOW":
                    conditions += [f"boundary {each}" for each in grant.boundaries]
                level = "environment" if grant.environment else "account"
                yield Way(
                    effect=statement.effect,
                    group=grant.group,
                    policy=grant.what,
                    policy_id=grant.policy,
                    level=level,
                    conditions=tuple(conditions),
                    holds=not conditions,
                )

    def _told(self, way: Way) -> str:
        group = self._group_name(way.group)
        if way.policy is None:
            return f"role permission of group {group}"
        limits = f" where {' and '.join(way.conditions)}" if way.conditions else ""
        verb = "denied by " if way.effect == "DENY" else ""
        return f"{verb}policy {way.policy} of group {group}{limits}"

    def _told_grant(self, grant: Grant) -> str:
        limits = [*(f"zone {each}" for each in grant.zones), *(f"boundary {each}" for each in grant.boundaries)]
        limits += [f"{key}={each}" for key, each in grant.parameters]
        within = f" within {' and '.join(limits)}" if limits else ""
        return f"group {self._group_name(grant.group)}: {grant.what}{within}"

    def _group_name(self, group_id: str) -> str:
        group = self.snapshot.groups.get(group_id)
        return group.name if group else group_id


def _parsed(text: str) -> tuple[Statement, ...] | None:
    try:
        return tuple(parse_statements(text))
    except SyntaxProblem:
        return None


def _told_row(row: Row) -> str:
    limits = [*row["management_zones"], *row["boundaries"]]
    limits += [f"{key}={each}" for key, each in sorted(row["parameters"].items())]
    within = f" within {' and '.join(limits)}" if limits else ""
    return f"{row['what']} in {row['environment_name'] or 'the account'}{within}"


def _row_order(row: Row) -> tuple[str, ...]:
    return (row["environment_name"] or "", row["what"], row["group"], row["level"])


def _apart(sides: list[set[str]]) -> dict[str, list[str]]:
    first, second = sides
    return {f"only_{name}": sorted(found) for name, found in (("first", first - second), ("second", second - first))}
