# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same job, done by one task, by a loop over single modules, and the way other tools do it; all in one run."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.modules.dynatrace_access import wish
from tests.benchmarks.access import GUARD, OPTIONS
from tests.benchmarks.accounts import State, email, group_id, group_name, make_account
from tests.benchmarks.cases import three_of
from tests.benchmarks.naive import Job, keep_state, write_all
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import cost_of, run
from tests.benchmarks.wall_time import CALLBACKS, COLLECTIONS, Times
from tests.simulator.server import Simulator, serve
from tests.tools.playbook import environment, play

PEOPLE, GROUPS = 250, 150
SHARE = 10
"""The loop does a tenth of the job, and its figures are multiplied: each round of it costs the same."""
ONE_TASK, WITHOUT_ANSIBLE = "dynatrace_access, one task", "the same without Ansible"
LOOP = f"loop over single modules, {SHARE} times a {SHARE}th"
LATENCY_MS = 20
TENANT = "abc12345"
PERMISSION = {"permissionName": "tenant-viewer", "scope": TENANT, "scopeType": "tenant"}
COLUMNS = ("", "new: requests", "writes", "s", "unchanged: requests", "writes", "s")
Task = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """What a way of doing the job costs."""

    requests: int
    writes: int
    seconds: float


def account(users: int) -> State:
    """The account: all groups may look at the environment, and so many of the users are there, in three groups each."""
    state = make_account(users, GROUPS, three_of(GROUPS))
    for group in state["groups"]:
        if group["name"].startswith("Team"):
            group["permissions"] = [PERMISSION]
    return state


def groups_of(number: int) -> dict[str, list[str]]:
    """What a task says about somebody's groups."""
    return {"add": [group_name(group) for group in three_of(GROUPS)(number)]}


def one_task() -> Iterator[Task]:
    """All in one."""
    users = [{"email": email(number), "groups": groups_of(number)} for number in range(PEOPLE)]
    permissions = [{"permissions": ["viewer"], "environments": [TENANT], "mechanism": "role"}]
    groups = [{"name": group_name(number), "permissions": permissions} for number in range(GROUPS)]
    options = {"users": users, "groups": groups, "rate_limit": 100_000}
    yield {"name": "access", "identityops.dynatrace.dynatrace_access": options}


def loops() -> Iterator[Task]:
    """A tenth of it, one by one."""
    users = [{"email": email(number), "groups": groups_of(number)} for number in range(PEOPLE // SHARE)]
    user = {"email": "{{ item.email }}", "groups": "{{ item.groups }}", "rate_limit": 100_000}
    yield {"name": "users", "identityops.dynatrace.dynatrace_user": user, "loop": users}
    right = {"permissions": ["viewer"], "environments": [TENANT], "mechanism": "role"}
    permission = {"group": "{{ item }}", **right, "rate_limit": 100_000}
    names = [group_name(number) for number in range(GROUPS // SHARE)]
    yield {"name": "permissions", "identityops.dynatrace.dynatrace_env_permission": permission, "loop": names}


def played(simulator: Simulator, tasks: list[Task]) -> float:
    """Run tasks with ansible-playbook; the seconds that the tasks take."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        playbook, noted = home / "playbook.json", home / "times.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "task_times",
            "TASK_TIMES_FILE": str(noted),
        }
        arguments = ["-i", "inventories/local.yml", str(playbook)]
        outcome = play(arguments, environment(simulator, home, settings), lambda line: None)
        if outcome.exit_code:
            raise Unsound(f"a playbook to be compared failed\n{outcome.output}")
        times: Times = json.loads(noted.read_text())
        return sum(seconds for _task, seconds in times)


def timed(work: Callable[[], object]) -> float:
    """The seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def whole_job() -> Job:
    """For the other ways."""
    users = {email(number): [group_id(group) for group in three_of(GROUPS)(number)] for number in range(PEOPLE)}
    return Job(users, {group_id(number): (group_name(number), [PERMISSION]) for number in range(GROUPS)})


def measure(way: Callable[[Simulator, int], float], users: int, times: int = 1) -> Figures:
    """Do the job in an account that has so many of the users already."""
    with serve("published", account(users), latency_ms=LATENCY_MS) as simulator:
        seconds = way(simulator, users)
        cost = cost_of(simulator.requests)
    return Figures(cost.requests * times, cost.writes * times, seconds * times)


def by_state(simulator: Simulator, users: int) -> float:
    """With a state that knows those who are there."""
    return timed(lambda: keep_state(simulator, whole_job(), map(email, range(users))))


def without_ansible(simulator: Simulator, users: int) -> float:
    """What the module does, as it is compared with clients that aren't Ansible, either."""
    (task,) = one_task()
    options = task["identityops.dynatrace.dynatrace_access"]
    return timed(lambda: run(simulator, wish({**OPTIONS, "guard": GUARD, **options})))


WAYS: dict[str, tuple[Callable[[Simulator, int], float], int]] = {
    ONE_TASK: (lambda simulator, users: played(simulator, list(one_task())), 1),
    LOOP: (lambda simulator, users: played(simulator, list(loops())), SHARE),
    WITHOUT_ANSIBLE: (without_ansible, 1),
    "client that writes all anew": (lambda simulator, users: timed(lambda: write_all(simulator, whole_job())), 1),
    "client that reads one by one": (by_state, 1),
}


def judged(label: str, new: Figures, same: Figures, ours: tuple[Figures, Figures]) -> Line:
    """A way beside ours, which must not cost more."""
    ok = all(
        mine.requests <= other.requests and mine.writes <= other.writes and mine.seconds <= other.seconds
        for mine, other in zip(ours, (new, same), strict=True)
    )
    cells: list[object] = [label]
    for each in (new, same):
        cells += [each.requests, each.writes, f"{each.seconds:.1f}"]
    return Line(tuple(cells), ok and not ours[1].writes, {"way": label, "new": vars(new), "unchanged": vars(same)})


def comparison() -> Section:
    """The table."""
    figures = {label: (measure(way, 0, times), measure(way, PEOPLE, times)) for label, (way, times) in WAYS.items()}
    lines = [
        judged(label, *both, figures[ONE_TASK if label in (ONE_TASK, LOOP) else WITHOUT_ANSIBLE])
        for label, both in figures.items()
    ]
    title = f"{PEOPLE} users in {GROUPS} groups with a permission each, {LATENCY_MS} ms a request; ours costs the least"
    return Section("comparison", title, COLUMNS, lines)
