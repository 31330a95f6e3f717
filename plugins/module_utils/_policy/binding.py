# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes of a policy together with the boundaries and parameters of one binding.

Boundaries are united: access through either of them is access. Within one boundary a condition restricts only the
permissions that know it, and the others stay as wide as the policy grants them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from . import reference
from .hints import did_you_mean, listed
from .parameters import placeholders
from .parser import SyntaxProblem, parse_boundary, parse_statements
from .tree import Condition, Finding, Permission, Position, Severity, Statement

Sourced = tuple[str, str]  # the name of a policy or boundary, and its text
Read = TypeVar("Read")


class Reach(IntEnum):
    """How sure it is that a condition restricts a permission."""

    NO = 0
    DOUBTFUL = 1
    LIKELY = 2
    SURE = 3


@dataclass(frozen=True)
class _Boundary:
    source: str
    conditions: tuple[Condition, ...]

    @property
    def position(self) -> Position:
        return self.conditions[0].position if self.conditions else Position(1, 1)

    def reach(self, permission: str) -> Reach:
        return max((_reach(condition.name, permission) for condition in self.conditions), default=Reach.NO)


@dataclass(frozen=True)
class _Bound:
    """What is bound, as far as it can be read, and the name of the binding."""

    allowed: Mapping[str, tuple[str, Position]]
    denies: tuple[tuple[str, Position], ...]
    boundaries: tuple[_Boundary, ...]
    source: str


def check_binding(
    statements: Sequence[Sourced], boundaries: Sequence[Sourced], parameters: Mapping[str, str], source: str
) -> tuple[Finding, ...]:
    """The findings in one policy that is bound with boundaries and parameters.

    ``statements`` and ``boundaries`` are pairs of name and text, ``source`` names the binding. A text that can't be
    read is `check_statements`' and `check_boundary`'s to report; here it leaves only the parameters to look at.
    """
    found = [*_check_parameters([*statements, *boundaries], parameters, source)]
    try:
        bound = _read(statements, boundaries, source)
    except SyntaxProblem:
        return tuple(found)
    if bound.boundaries:
        found += [*_check_denies(bound), *_check_unrestricted(bound), *_check_union(bound), *_check_idle(bound)]
    return tuple(found)


def _read(statements: Iterable[Sourced], boundaries: Iterable[Sourced], source: str) -> _Bound:
    policy = list(_each(statements, parse_statements))
    allowed: dict[str, tuple[str, Position]] = {}
    for name, permission in _permissions(policy):
        allowed.setdefault(permission.name, (name, permission.position))
    denies = tuple((name, found.position) for name, read in policy for found in read if found.effect == "DENY")
    return _Bound(allowed, denies, tuple(_Boundary(*pair) for pair in _each(boundaries, parse_boundary)), source)


def _each(texts: Iterable[Sourced], read: Callable[[str], Read]) -> Iterator[tuple[str, Read]]:
    for source, text in texts:
        yield source, read(text)


def _permissions(policy: Iterable[tuple[str, tuple[Statement, ...]]]) -> Iterator[tuple[str, Permission]]:
    for source, statements in policy:
        for statement in statements:
            if statement.effect == "ALLOW":
                yield from ((source, permission) for permission in statement.permissions)


def _reach(attribute: str, permission: str) -> Reach:
    if attribute.startswith(reference.GLOBAL_PREFIX) or attribute in reference.CONDITIONS.get(permission, ()):
        return Reach.SURE
    if attribute in reference.ATTRIBUTES and permission in reference.CONDITIONS:
        return Reach.NO
    same_service = attribute.partition(":")[0] == permission.partition(":")[0]
    return Reach.LIKELY if same_service else Reach.DOUBTFUL


def _check_parameters(texts: Sequence[Sourced], parameters: Mapping[str, str], source: str) -> Iterator[Finding]:
    used = [(origin, found) for origin, text in texts for found in placeholders(text) if found.parameter is not None]
    for origin, placeholder in used:
        name = placeholder.parameter or ""
        if name not in parameters:
            message = f"{source} gives no parameter {name}.{did_you_mean(name, parameters)}"
            yield _finding("error", "unbound-parameter", message, (origin, placeholder.position))
    for name in sorted(parameters.keys() - {placeholder.parameter for _origin, placeholder in used}):
        message = f"Nothing uses the parameter {name}."
        yield Finding("warning", "unused-parameter", message, 0, 0, source)


def _check_denies(bound: _Bound) -> Iterator[Finding]:
    if bound.denies:
        message = f"The boundary in {bound.source} does not apply to DENY, which holds everywhere."
        yield _finding("warning", "boundary-on-deny", message, bound.denies[0])


def _check_unrestricted(bound: _Bound) -> Iterator[Finding]:
    """Permissions that no boundary restricts. If there is nothing else, the binding is certainly not what it says."""
    reach = {name: max(boundary.reach(name) for boundary in bound.boundaries) for name in bound.allowed}
    untouched = [name for name in reach if reach[name] <= Reach.DOUBTFUL]
    if not untouched:
        return
    certain = all(level is Reach.NO for level in reach.values())
    doubt = "" if all(reach[name] is Reach.NO for name in untouched) else ", as far as the reference knows"
    scope = "any of the permissions" if len(untouched) == len(reach) else "these permissions"
    message = f"The boundaries in {bound.source} do not restrict {scope}{doubt}: {listed(untouched)}."
    severity: Severity = "error" if certain else "warning"
    yield _finding(severity, "unrestricted-permission", message, bound.allowed[untouched[0]])


def _check_union(bound: _Bound) -> Iterator[Finding]:
    """What one boundary leaves open is open, whatever another says."""
    if len(bound.boundaries) < 2:
        return
    restricted = [name for name in bound.allowed if any(each.reach(name) is Reach.SURE for each in bound.boundaries)]
    opened = [
        (each, names)
        for each in bound.boundaries
        if (names := [name for name in restricted if each.reach(name) is Reach.NO])
    ]
    for boundary, names in opened:
        message = f"Boundaries are united: in {bound.source} this one opens what another restricts: {listed(names)}."
        yield _finding("error", "widening-boundary", message, (boundary.source, boundary.position))
    if not opened:
        first, second = bound.boundaries[:2]
        message = f"Boundaries are united: in {bound.source} this one adds access to that of {first.source}."
        yield _finding("warning", "widening-boundary", message, (second.source, second.position))


def _check_idle(bound: _Bound) -> Iterator[Finding]:
    """Conditions that do nothing in a boundary that otherwise does something."""
    for boundary in bound.boundaries:
        reach = {
            condition: max((_reach(condition.name, name) for name in bound.allowed), default=Reach.NO)
            for condition in boundary.conditions
        }
        if all(level is Reach.NO for level in reach.values()):
            continue
        names = {condition.name for condition in reach}
        # the three that express a management zone belong together, whatever the policy has
        expected = reference.ZONE_CONDITIONS if names >= reference.ZONE_CONDITIONS else frozenset()
        idle = [condition for condition in reach if reach[condition] is Reach.NO and condition.name not in expected]
        for condition in idle:
            message = f"No permission in {bound.source} knows {condition.name}, so this condition does nothing there."
            yield _finding("warning", "idle-condition", message, (boundary.source, condition.position))


def _finding(severity: Severity, code: str, message: str, place: tuple[str, Position]) -> Finding:
    source, position = place
    return Finding(severity, code, message, position.line, position.column, source)
