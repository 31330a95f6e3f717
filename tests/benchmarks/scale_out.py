# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one machine takes to look after many accounts that are hosts of an inventory: time, processor and memory.

All hosts have the same account, which nothing is written to: for this side that costs what so many accounts would.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from tests.benchmarks.accounts import email, group_name, make_account
from tests.benchmarks.apart import Apart, apart
from tests.benchmarks.cases import three_of
from tests.benchmarks.report import Line, Section, Unsound
from tests.benchmarks.requests import cost_of
from tests.benchmarks.wall_time import COLLECTIONS
from tests.tools.playbook import environment, play

LATENCY_MS = 100
PEOPLE, GROUPS = 50, 12
# accounts, forks; the first of those with as many forks is what the others are measured by, but for a single account
CASES = ((1, 5), (5, 5), (20, 5), (50, 5), (20, 20), (50, 20))
FACTOR = 1.5
INTERVAL = 0.2
COLUMNS = (
    "accounts",
    "forks",
    "s",
    "s an account",
    "at most",
    "CPU s an account",
    "MB",
    "requests each",
    "tokens each",
)


@dataclass
class Memory:
    """The most memory, in MB, that this process's children had at a time; what they share is counted once."""

    peak: float = 0
    _before: set[int] = field(default_factory=lambda: descendants(os.getpid()))

    def look(self) -> None:
        """Once more."""
        found = descendants(os.getpid()) - self._before
        self.peak = max(self.peak, sum(map(proportional, found)) / 1024)


def descendants(process: int) -> set[int]:
    """The ids of the children of a process, and of theirs."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found: set[int] = set()
    queue = [process]
    while queue:
        new = children.get(queue.pop(), [])
        found.update(new)
        queue += new
    return found


def proportional(process: int) -> int:
    """A process's share of the memory, in kB; 0 when it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


@contextmanager
def watched() -> Iterator[Memory]:
    """Looks a few times a second."""
    memory, ended = Memory(), Event()

    def watch() -> None:
        while not ended.wait(INTERVAL):
            memory.look()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        ended.set()
        thread.join()


@dataclass(frozen=True)
class Figures:
    """What a run over some accounts took."""

    accounts: int
    forks: int
    seconds: float
    processor: float
    megabytes: float
    requests: int
    tokens: int

    @property
    def each(self) -> float:
        """Seconds an account."""
        return self.seconds / self.accounts


def measure(simulator: Apart, accounts: int, forks: int) -> Figures:
    """Run a playbook of one task that changes nothing."""
    simulator.clear()
    member = three_of(GROUPS)
    users = [
        {"email": email(number), "groups": {"add": [group_name(each) for each in member(number)]}}
        for number in range(PEOPLE)
    ]
    task = {"name": "access", "identityops.dynatrace.dynatrace_access": {"users": users, "rate_limit": 100_000}}
    variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {f"account{number:02}": variables for number in range(accounts)}
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        playbook, inventory = home / "playbook.json", home / "accounts.json"
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        surroundings = environment(simulator, home, {"ANSIBLE_COLLECTIONS_PATH": COLLECTIONS})
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with watched() as memory:
            outcome = play(
                ["-i", str(inventory), "--forks", str(forks), str(playbook)], surroundings, lambda line: None
            )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if outcome.exit_code or outcome.changed:
        raise Unsound(f"the playbook to be measured failed or changed something\n{outcome.output}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    log = simulator.requests
    requests = cost_of(log).requests
    return Figures(accounts, forks, outcome.seconds, processor, memory.peak, requests, len(log) - requests)


def judged(figures: Figures, limit: float, requests: int) -> Line:
    """The time for an account beside its limit; no account takes more requests than a single one."""
    each = f"{figures.each:.2f}"
    processor = figures.processor / figures.accounts
    cells = (f"{figures.seconds:.1f}", each, f"{limit:.2f}", f"{processor:.2f}", f"{figures.megabytes:.0f}")
    return Line(
        cells=(
            figures.accounts,
            figures.forks,
            *cells,
            f"{figures.requests / figures.accounts:g}",
            f"{figures.tokens / figures.accounts:g}",
        ),
        ok=figures.each <= limit and figures.requests == requests * figures.accounts,
        data={**vars(figures), "limit_seconds_each": round(limit, 3)},
    )


def scale_out() -> Section:
    """The table."""
    with apart("published", LATENCY_MS) as simulator:
        simulator.load(make_account(PEOPLE, GROUPS, three_of(GROUPS)))
        found = [measure(simulator, accounts, forks) for accounts, forks in CASES]
    single, *several = found
    limits = {each.forks: FACTOR * each.each for each in reversed(several)}
    lines = [judged(single, single.each, single.requests)]
    lines += [judged(each, limits[each.forks], single.requests) for each in several]
    title = f"Many accounts as hosts, {PEOPLE} users in {GROUPS} groups each, unchanged, {LATENCY_MS} ms a request"
    return Section("scale_out", title, COLUMNS, lines)
