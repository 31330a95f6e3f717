# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_summary
short_description: Tell what a plan means, in lines for whoever approves it
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Takes the result of a module of this collection that changes an account, and tells what people gain and lose, what else is
    changed, and what the module warned of.
  - Names from the account are data. What they hold of templates or line breaks is taken apart, so that the lines can be handed on.
positional: _input, people
options:
  _input:
    description: The result as C(register) keeps it.
    type: dict
    required: true
  people:
    description: E-mails of those whom the task is about. Who of them isn't in the account is told as well.
    type: list
    elements: str
    default: []
  most:
    description: How many lines to tell at most about people, about other changes and about warnings, each. The rest is counted.
    type: int
    default: 100
seealso:
  - module: identityops.dynatrace.dynatrace_access
"""

EXAMPLES = r"""
- name: Make the plan
  identityops.dynatrace.dynatrace_access:
    users:
      - email: anna.lindqvist@example.com
  check_mode: true
  register: preview

- name: What the approver reads
  ansible.builtin.debug:
    msg: "{{ preview | identityops.dynatrace.plan_summary }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "Plan 0bd2bd4ae1b0a7ab9d9d2d2a0c0d1b2b0fb0f4e0f6ad1c8b8b1a41ce8ee9ee0a: 3 changes"
    - "anna@example.com: gains group Shop Developers, the account"
    - "update group: Shop Developers (description \"\" becomes \"Team of the web shop\")"
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import one_line

TOLD_WITH_PEOPLE = {("create", "user"), ("delete", "user"), ("add", "membership"), ("remove", "membership")}
TOKENS = {"api_token": "API token", "platform_token": "platform token"}


def plan_summary(result: Any, people: Iterable[str] = (), most: int = 100) -> list[str]:
    """Lines about a module's result; raises AnsibleFilterError for what isn't one."""
    if not isinstance(result, Mapping) or "plan_id" not in result:
        raise AnsibleFilterError("This takes the result of a module that changes an account; this one has no plan_id.")
    changes = result["changes"]
    count = "1 change" if len(changes) == 1 else f"{len(changes) or 'no'} changes"
    fates: dict[tuple[str, str], list[str]] = {}
    concerned = result.get("people", ())
    moved = {(each["email"].lower(), what) for each in concerned for what in (*each["gains"], *each["loses"])}
    others = []
    for each in changes:
        token = _token(each)
        if token in moved:
            fates.setdefault(token, []).append(_fate(each))
        elif (each["action"], each["kind"]) not in TOLD_WITH_PEOPLE:
            others.append(_other(each))
    told = [
        *_at_most(most, [*_people(concerned, fates), *_missing(result, people)], "people"),
        *_at_most(most, others, "changes"),
        *_at_most(most, [f"Warning: {each}" for each in result.get("warnings") or ()], "warnings"),
    ]
    return [_as_data(line) for line in (f"Plan {result['plan_id']}: {count}", *told)]


def _people(people: Iterable[Mapping[str, Any]], fates: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    for each in people:
        moves = []
        for verb in ("gains", "loses"):
            told = [text for what in each[verb] for text in fates.get((each["email"].lower(), what), [what])]
            moves += [f"{verb} {', '.join(told)}"] if told else []
        yield f"{each['email']}: {'; '.join(moves)}"


def _token(change: Mapping[str, Any]) -> tuple[str, str]:
    """Whose it is, and what the result calls it among the things that this person gains or loses."""
    noun = TOKENS.get(change["kind"], "")
    return (str(change["detail"].get("owner")).lower(), f"{noun} {change['name']}")


def _fate(change: Mapping[str, Any]) -> str:
    """What the result calls a token, and what happens to it."""
    new = change["detail"]
    state = "enabled" if new.get("enabled") else "disabled"
    ends = ["deleted"] if change["action"] == "delete" else [state, *_moves(change, told="enabled")]
    return f"{_token(change)[1]} ({', '.join(ends)})"


def _missing(result: Mapping[str, Any], people: Iterable[str]) -> list[str]:
    """Those of the people of whom the result knows nothing."""
    leavers = [each for each in result.get("leavers") or () if each["in_account"]]
    known = {each["email"].lower() for each in (*result.get("people", ()), *result.get("users", ()), *leavers)}
    return [f"{email}: isn't in the account" for email in people if email.lower() not in known]


def _other(change: Mapping[str, Any]) -> str:
    moves = _moves(change)
    told = f"{change['action']} {change['kind'].replace('_', ' ')}: {change['name']}"
    return f"{told} ({', '.join(moves)})" if moves else told


def _moves(change: Mapping[str, Any], told: str = "") -> list[str]:
    new = change["detail"]
    old = {what: value for what, value in new.get("before", {}).items() if what != told}
    return [f"{what} {_value(value)} becomes {_value(new.get(what))}" for what, value in old.items()]


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _at_most(most: int, told: list[str], what: str) -> list[str]:
    return told if len(told) <= most else [*told[:most], f"and {len(told) - most} more {what}"]


def _as_data(line: str) -> str:
    """One line that no template engine acts on, wherever it is handed to."""
    return re.sub(r"\{(?=[{%#])", "{ ", one_line(line))


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"plan_summary": plan_summary}
