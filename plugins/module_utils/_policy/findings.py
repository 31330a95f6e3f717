# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong or doubtful in a policy or a boundary by itself; `check_binding` looks at them together."""

from __future__ import annotations

from collections.abc import Iterable

from . import reference
from .binding import check_binding
from .hints import did_you_mean, listed
from .parameters import placeholders
from .parser import SyntaxProblem, parse_boundary, parse_statements
from .tree import Condition, Finding, Permission, Position, Severity, Statement

__all__ = ["check_binding", "check_boundary", "check_statements"]

MAX_STATEMENTS, MAX_CONDITIONS = 100, 10
START = Position(1, 1)


class _Findings:
    """What is found in the text of one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Finding] = []

    def error(self, code: str, position: Position, message: str) -> None:
        self._add("error", code, position, message)

    def warning(self, code: str, position: Position, message: str) -> None:
        self._add("warning", code, position, message)

    def _add(self, severity: Severity, code: str, position: Position, message: str) -> None:
        self.found.append(Finding(severity, code, message, position.line, position.column, self.source))

    def in_order(self) -> tuple[Finding, ...]:
        return tuple(sorted(self.found, key=lambda finding: (finding.line, finding.column)))


def check_statements(text: str, source: str) -> tuple[Finding, ...]:
    """The findings in a policy's text, in its order. A text that can't be read has only the first problem."""
    findings = _Findings(source)
    try:
        statements = parse_statements(text)
    except SyntaxProblem as problem:
        findings.error(problem.code, problem.position, problem.message)
        return findings.in_order()
    if not statements:
        findings.warning("empty", START, "There is no statement here.")
    if len(statements) > MAX_STATEMENTS:
        message = f"{len(statements)} statements, at most {MAX_STATEMENTS} are allowed; the first beyond is here."
        findings.error("too-many-statements", statements[MAX_STATEMENTS].position, message)
    for statement in statements:
        _check_statement(findings, statement)
    _check_placeholders(findings, text)
    return findings.in_order()


def check_boundary(text: str, source: str) -> tuple[Finding, ...]:
    """The findings in a boundary query, in its order. A text that can't be read has only the first problem."""
    findings = _Findings(source)
    try:
        conditions = parse_boundary(text)
    except SyntaxProblem as problem:
        findings.error(problem.code, problem.position, problem.message)
        return findings.in_order()
    if not conditions:
        findings.warning("empty", START, "There is no condition here, so the boundary restricts nothing.")
    if len(conditions) > MAX_CONDITIONS:
        message = f"{len(conditions)} conditions, at most {MAX_CONDITIONS} are allowed; the first beyond is here."
        findings.error("too-many-conditions", conditions[MAX_CONDITIONS].position, message)
    for condition in conditions:
        if _check_name(findings, condition):
            _check_operator(findings, condition, reference.OPERATORS.get(condition.name, frozenset()))
    _check_zone(findings, conditions)
    _check_placeholders(findings, text)
    return findings.in_order()


def _check_statement(findings: _Findings, statement: Statement) -> None:
    if statement.effect == "DENY" and not statement.conditions:
        names = listed(permission.name for permission in statement.permissions)
        message = f"Without a condition this takes {names} from everyone in the group, whatever else allows it."
        findings.warning("unconditional-deny", statement.position, message)
    for permission in statement.permissions:
        if permission.name not in reference.CONDITIONS:
            hint = did_you_mean(permission.name, reference.CONDITIONS)
            message = f"The published reference has no permission {permission.name}.{hint}"
            findings.warning("unknown-permission", permission.position, message)
    for condition in statement.conditions:
        if _check_name(findings, condition):
            _check_use(findings, condition, statement.permissions)


def _check_name(findings: _Findings, condition: Condition) -> bool:
    """Whether the reference has this attribute; a finding if not."""
    known = condition.name in reference.ATTRIBUTES
    if not known:
        hint = did_you_mean(condition.name, reference.ATTRIBUTES)
        message = f"The published reference has no condition {condition.name}.{hint}"
        findings.warning("unknown-condition", condition.position, message)
    return known


def _check_use(findings: _Findings, condition: Condition, permissions: Iterable[Permission]) -> None:
    """A condition with the permissions of its own statement, as far as the reference has them."""
    known = [permission.name for permission in permissions if permission.name in reference.CONDITIONS]
    users = [name for name in known if _knows(name, condition.name)]
    if known and not users:
        message = f"No permission of this statement ({listed(known)}) knows {condition.name}."
        findings.warning("idle-condition", condition.position, message)
        return
    operators = [reference.operators_of(condition.name, name) for name in users or [""]]
    _check_operator(findings, condition, frozenset.intersection(*operators))


def _knows(permission: str, attribute: str) -> bool:
    return attribute.startswith(reference.GLOBAL_PREFIX) or attribute in reference.CONDITIONS[permission]


def _check_operator(findings: _Findings, condition: Condition, operators: frozenset[str]) -> None:
    if operators and condition.operator not in operators:
        message = f"{condition.operator} is unusual for {condition.name}, which takes {', '.join(sorted(operators))}."
        findings.warning("unknown-operator", condition.position, message)


def _check_zone(findings: _Findings, conditions: Iterable[Condition]) -> None:
    """A zone restricts neither what is stored in Grail nor all settings, so its partners should stand beside it."""
    by_name = {condition.name: condition for condition in conditions}
    missing = sorted(reference.ZONE_CONDITIONS - by_name.keys())
    if reference.ZONE in by_name and missing:
        message = f"A management zone does not restrict everything; add {' and '.join(missing)} to cover the rest."
        findings.warning("incomplete-zone-boundary", by_name[reference.ZONE].position, message)


def _check_placeholders(findings: _Findings, text: str) -> None:
    for placeholder in placeholders(text):
        if not placeholder.known:
            message = f"Nothing fills in {placeholder.text}; write ${{bindParam:name}} for a parameter of the binding."
            findings.warning("unknown-placeholder", placeholder.position, message)
