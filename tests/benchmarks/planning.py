# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What planning for a large account takes: seconds of the processor and memory, in a process of its own.

From a task's options to its return values, with an account that answers from memory: no request and none of Ansible's
own work is in it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, cast

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Group, Permission, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.memory import without_collection
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import render_diff
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Mode, converge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import USER_MANAGEMENT
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people import gains_and_losses
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import users_and_groups
from ansible_collections.identityops.dynatrace.plugins.modules.dynatrace_access import wish
from tests.benchmarks.access import GUARD, OPTIONS
from tests.benchmarks.accounts import email, group_id, group_name
from tests.benchmarks.cases import three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.tools.tree import ROOT

LARGE, SMALL = (10_000, 500), (1_000, 500)
TIMES = LARGE[0] // SMALL[0]
MOST_SECONDS, MOST_MB, MOST_TIMES = 3.0, 300, 12.0
TRIES = 4
ADMINS = Group("admins", "Account Admins")
CHANGES = {"unchanged": 0, "new": 4, "replaced": 6}
"""For each kind of work the changes a person."""
COLUMNS = ("", "users", "groups", "changes", "s", "below", "MB", "below", f"s, a {TIMES}th", "times", "at most")


class Remembered:
    """An account, with as much of its contract as planning asks."""

    uuid = "account"
    workers = 5
    names_writable = False
    finds_by_email = True
    lists_members = True

    def __init__(self, users: int, groups: int) -> None:
        self._users = [User(email(number), f"uid {number}", "Given", "Name", "ACTIVE") for number in range(users)]
        self._groups = [Group(group_id(number), group_name(number)) for number in range(groups)]
        admin = User("admin@example.com", "uid", status="ACTIVE")
        self._members: dict[str, list[User]] = {group.id: [] for group in self._groups}
        for number, user in enumerate(self._users):
            for group in three_of(groups)(number):
                self._members[self._groups[group].id].append(user)
        self._members[ADMINS.id] = [admin]

    @property
    def contract(self) -> Remembered:
        return self

    def users(self) -> list[User]:
        return self._users

    def groups(self) -> list[Group]:
        return [*self._groups, ADMINS]

    def members(self, group: Group) -> list[User]:
        return self._members[group.id]

    def permissions(self, group: Group) -> list[Permission]:
        return [Permission(USER_MANAGEMENT, "account", self.uuid)] if group == ADMINS else []


def options(users: int, groups: int, what: str) -> list[dict[str, Any]]:
    """What a task says about everybody."""
    first = users if what == "new" else 0
    part, shift = ("set", 1) if what == "replaced" else ("add", 0)
    return [
        {
            "email": email(number),
            "groups": {part: [group_name((group + shift) % groups) for group in three_of(groups)(number)]},
        }
        for number in range(first, first + users)
    ]


@without_collection()
def plan(account: Remembered, users: list[dict[str, Any]]) -> dict[str, Any]:
    """The return values of a task in check mode."""
    desired = wish({**OPTIONS, "guard": GUARD, "users": users})
    result = converge(cast(Account, account), desired, Guards(), Mode(preview=True))
    return {
        "plan_id": result.plan.id,
        "changes": [change.as_dict() for change in result.applied],
        "people": gains_and_losses(result.applied, result.before),
        "undo": undo(result.applied, result.before),
        "diff": render_diff(result.applied, "user"),
        **users_and_groups(result, desired),
    }


def used() -> float:
    """Seconds of the processor so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(users: int, groups: int, what: str) -> dict[str, float]:
    """Plan once."""
    account, wanted = Remembered(users, groups), options(users, groups, what)
    before = used()
    values = plan(account, wanted)
    seconds = used() - before
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"changes": len(values["changes"]), "seconds": seconds, "megabytes": kilobytes / 1024}


def measure(size: tuple[int, int], what: str) -> dict[str, float]:
    """The fastest of a few processes."""
    command = [sys.executable, "-m", "tests.benchmarks.planning", *map(str, size), what]
    runs = []
    for turn in range(TRIES):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
        if done.returncode:
            raise Unsound(f"planning ({what}, {turn}) failed: {done.stderr}")
        runs.append(json.loads(done.stdout))
    fastest: dict[str, float] = min(runs, key=lambda each: float(each["seconds"]))
    return fastest


def judged(what: str, large: dict[str, float], small: dict[str, float]) -> Line:
    """Time and memory beside their limits."""
    if large["changes"] != CHANGES[what] * LARGE[0]:
        raise Unsound(f"planning ({what}): {large['changes']} changes, expected {CHANGES[what]} a person")
    seconds, memory, times = large["seconds"], large["megabytes"], large["seconds"] / small["seconds"]
    figures = {"seconds": round(seconds, 3), "megabytes": round(memory, 1), "times": round(times, 2)}
    return Line(
        cells=(
            what,
            *LARGE,
            large["changes"],
            f"{seconds:.2f}",
            MOST_SECONDS,
            f"{memory:.0f}",
            MOST_MB,
            f"{small['seconds']:.3f}",
            f"{times:.1f}",
            MOST_TIMES,
        ),
        ok=seconds < MOST_SECONDS and memory < MOST_MB and times <= MOST_TIMES,
        data={"case": what, "changes": large["changes"], **figures},
    )


def planning() -> Section:
    """The table."""
    lines = [judged(what, measure(LARGE, what), measure(SMALL, what)) for what in CHANGES]
    title = f"Planning {3 * LARGE[0]} memberships, three a person, best of {TRIES}; and for a {TIMES}th of the users"
    return Section("planning", title, COLUMNS, lines)


def command(arguments: Sequence[str]) -> None:
    """What the process of its own does."""
    users, groups, what = arguments
    print(json.dumps(main(int(users), int(groups), what)))


if __name__ == "__main__":
    command(sys.argv[1:])
