# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Something in an account that somebody should look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Finding:
    """``subject`` is the kind and the name of what it is about; ``evidence`` is JSON-able; ``fix`` is a task as YAML
    that mends it, with words in capitals where somebody has to decide."""

    rule: str
    severity: str
    title: str
    subject: tuple[str, str]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    fix: str = ""

    def shape(self) -> dict[str, Any]:
        """As modules return it."""
        kind, name = self.subject
        shown = {"rule": self.rule, "severity": self.severity, "title": self.title}
        return {**shown, "subject": {"kind": kind, "name": name}, "evidence": dict(self.evidence), "fix": self.fix}


def task(title: str, module: str, **options: Any) -> str:
    """A task as YAML. Values are JSON, which YAML is a superset of; a text that Ansible would evaluate is unsafe."""
    lines = [f"- name: {title}", f"  identityops.dynatrace.{module}:"]
    return "".join(f"{line}\n" for line in [*lines, *(f"    {key}: {_value(each)}" for key, each in options.items())])


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_value(each)}' for key, each in value.items())}}}"
    # a text whose first line begins so has brackets of its own
    tag = "!unsafe " if isinstance(value, str) and ("{" in value or value.startswith("#jinja2:")) else ""
    return tag + json.dumps(value, ensure_ascii=False)


def in_order(findings: list[Finding]) -> list[Finding]:
    """By severity, rule and name."""
    return sorted(findings, key=lambda each: (SEVERITIES.index(each.severity), each.rule, each.subject[1].lower()))
