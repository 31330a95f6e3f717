# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall time of one task that changes nothing, as a ratio to ansible.builtin.ping in the same run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam import engine
from tests.benchmarks.accounts import email, group_name, make_account
from tests.benchmarks.cases import three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.simulator.server import serve
from tests.tools.playbook import environment, play

PING, USER = "ping", "dynatrace_user"
WARM_UP, PAIRS = 2, 11
LIMIT = 2.0
COLUMNS = ("", "ping, s", "task, s", "ratio", "below")
CALLBACKS = Path(__file__).parent / "callback"
COLLECTIONS = str(Path(engine.__file__).parents[6])
"""Where the collection that is imported here lies, for Ansible to take the same."""
Task = dict[str, Any]
Times = list[tuple[str, float]]


def tasks() -> Iterator[Task]:
    """Both tasks by turns, in changing order; the first pairs only warm up."""
    groups = {"add": [group_name(number) for number in three_of(12)(0)]}
    both: list[Task] = [
        {"name": PING, "ansible.builtin.ping": {}},
        {"name": USER, "identityops.dynatrace.dynatrace_user": {"email": email(0), "groups": groups}},
    ]
    for turn in range(WARM_UP + PAIRS):
        yield from both if turn % 2 else reversed(both)


def seconds(times: Iterable[tuple[str, float]], name: str) -> float:
    """The usual time of the tasks of that name."""
    return median([duration for task, duration in times if task == name][WARM_UP:])


def measure(contract: str) -> Times:
    """Run the playbook against an account that is as it wants it to be."""
    with tempfile.TemporaryDirectory() as place, serve(contract, make_account(40, 12, three_of(12))) as simulator:
        home = Path(place)
        playbook, noted = home / "playbook.json", home / "times.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks())}]))
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "task_times",
            "TASK_TIMES_FILE": str(noted),
        }
        arguments = ["-i", "inventories/local.yml", str(playbook)]
        outcome = play(arguments, environment(simulator, home, settings), lambda line: None)
        if outcome.exit_code or outcome.changed:
            raise Unsound(f"the playbook to be timed failed or changed something\n{outcome.output}")
        times: Times = json.loads(noted.read_text())
        return times


def judged(contract: str, times: Times) -> Line:
    """The ratio beside its limit."""
    ping, user = seconds(times, PING), seconds(times, USER)
    ratio = user / ping
    figures = {"ping_seconds": round(ping, 4), "task_seconds": round(user, 4), "ratio": round(ratio, 3)}
    return Line(
        cells=(f"{USER}, {contract}", f"{ping:.3f}", f"{user:.3f}", f"{ratio:.2f}", f"{LIMIT:.2f}"),
        ok=ratio < LIMIT,
        data={"contract": contract, **figures, "limit": LIMIT},
    )


def wall_times() -> Section:
    """The table of both contracts."""
    lines = [judged(contract, measure(contract)) for contract in ("published", "guide")]
    title = f"Wall time of one unchanged task, median of {PAIRS}, against ansible.builtin.ping in the same run"
    return Section("wall_time", title, COLUMNS, lines)
