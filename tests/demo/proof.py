# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a step did what it says, judged by the simulator's log and state and not by what Ansible prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.demo.story import Expected, Step
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.log import Entry, is_write
from tests.tools.playbook import Outcome

State = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What is known about a step that has run."""

    outcome: Outcome
    log: Sequence[Entry]
    before: State
    after: State

    @property
    def requests(self) -> int:
        """Requests to the account; tokens come from another service."""
        return sum(entry["path"] != TOKEN_PATH for entry in self.log)

    @property
    def writes(self) -> list[str]:
        """The requests that could change the account, with names where ids were sent."""
        names = names_of(self.before) | names_of(self.after)
        return [f"{entry['method']} {readable(entry['path'], names)}" for entry in self.log if is_write(entry)]

    @property
    def untouched(self) -> bool:
        """Whether the account is as it was."""
        return self.before == self.after


def names_of(state: State) -> dict[str, str]:
    """What people call the things behind the ids."""
    return {user["uid"]: user["email"] for user in state["users"]} | {
        group["uuid"]: group["name"] for group in state["groups"]
    }


def readable(path: str, names: Mapping[str, str]) -> str:
    """The end of a path, behind the account or at an environment."""
    behind = path.partition("/accounts/")[2].split("/")[1:]
    segments = behind or path.strip("/").split("/")
    return "/".join(names.get(segment, unquote(segment)) for segment in segments)


def memberships(state: State) -> dict[str, tuple[str, ...]]:
    """E-mail to the names of the groups, without the one of all users."""
    names = {group["uuid"]: group["name"] for group in state["groups"] if group["owner"] != "ALL_USERS"}
    return {
        user["email"]: tuple(sorted(names[group] for group in user["groups"] if group in names))
        for user in state["users"]
    }


def findings(step: Step, contract: str, evidence: Evidence) -> list[str]:
    """What is not as the step says; nothing when all is well."""
    outcome, writes = evidence.outcome, len(evidence.writes)
    expected = step.writes.get(contract, 0)
    found = []
    if outcome.exit_code != step.exit_code:
        found.append(f"ansible-playbook ended with {outcome.exit_code}, expected {step.exit_code}")
    if outcome.changed != step.changed:
        found.append(f"the recap says changed={outcome.changed}, expected {step.changed}")
    if writes != expected:
        found.append(f"the simulator saw {writes} writes, expected {expected}")
    if not expected and not evidence.untouched:
        found.append("the account was changed, although nothing should have been")
    found.extend(f"the output doesn't say {text!r}" for text in step.says if text not in outcome.output)
    return [*found, *misplaced(step.expected, evidence.after)]


def misplaced(expected: Expected, state: State) -> list[str]:
    """People who are not where they should be."""
    actual = memberships(state)
    found = []
    for email, groups in expected.items():
        have = actual.get(email)
        if have != groups:
            found.append(f"{email} {described(have)}, expected: {described(groups)}")
    return found


def described(groups: tuple[str, ...] | None) -> str:
    """In words."""
    return "is not in the account" if groups is None else f"is in {', '.join(groups) or 'no group'}"
