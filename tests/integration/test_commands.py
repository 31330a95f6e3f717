# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation tells people to type works: the commands of a page, one after the other, on the demo account.

A file that a page tells to save is there, a plan id that a page cuts short is that of the last plan, and what a page
shows of the output is in the output. A block that no test can run has a comment above it: ``.. not run: because``.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.integration.helpers import BIN, PATIENCE, ROOT, Lab, Outcome, outcome, settings
from tests.tools.pages import CONSOLE, PAGES, Block, Step, blocks, steps

# Where a developer's machine, the network or git would be needed. What is typed there is looked at, not run.
ELSEWHERE = ("ansible-galaxy collection install ", "cd ansible-collection-dynatrace", "git ", "make ")
TARGET = re.compile(r"^make ([a-z-]+)")
STARS = re.compile(r" \*{3,}$")
ADDRESS = "http://127.0.0.1:8080"
CUT_PLAN = re.compile(r"\b[0-9a-f]{4,}\.\.\.")
# curl needn't be there, and modules start sooner with a warm interpreter
FUNCTIONS = r"""
set -a
curl() { python -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())' "${@: -1}"; }
ansible-playbook() { command ansible-playbook "$@" -e "ansible_python_interpreter=$WARM_PYTHON"; }
"""


def console(page: Path) -> list[Block]:
    """What somebody who follows a page saves and types."""
    found = blocks(page.read_text(encoding="utf-8"))
    return [block for block in found if (block.language == CONSOLE or block.file) and not block.not_run]


TYPED = [
    pytest.param(page, id=str(page.relative_to(ROOT)))
    for page in PAGES
    if any(block.language == CONSOLE for block in console(page))
]


class Shell:
    """A shell in a folder of its own, with the demo account's connection; what it exports lasts."""

    def __init__(self, lab: Lab, place: Path) -> None:
        self.lab = lab
        self.place = place
        self.plan = ""
        own = {**settings(place, lab.means), **lab.environment, "WARM_PYTHON": str(lab.means.interpreter)}
        self.environment = {**own, "PATH": os.pathsep.join([str(BIN), own["PATH"]])}

    def run(self, command: str) -> Outcome:
        """One command."""
        command = CUT_PLAN.sub(self.plan, command.replace(ADDRESS, self.lab.sim.url))
        record, after = self.place / "record.jsonl", self.place / "environment"
        record.unlink(missing_ok=True)
        done = subprocess.run(
            ["bash", "-ec", f"{FUNCTIONS}\n{command}\nenv -0 > {after}"],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        found = outcome(self.place, done).fine()
        self.environment = dict(line.split("=", 1) for line in after.read_text(encoding="utf-8").split("\0") if line)
        assert self.environment["DYNATRACE_API_URL"] == self.lab.sim.url, f"{command} leads elsewhere"
        plans = [task.result["plan_id"] for task in found.tasks if task.result.get("plan_id")]
        self.plan = plans[-1] if plans else self.plan
        return found


def follow(shell: Shell, step: Step) -> None:
    """Type one command, and see what the page shows of its output."""
    if step.command.startswith(ELSEWHERE):
        target = TARGET.match(step.command)
        assert not target or f"\n{target[1]}: " in (ROOT / "Makefile").read_text(encoding="utf-8")
        return
    printed = shell.run(step.command).stdout
    lines = [normal(line) for line in printed.splitlines()]
    assert [line for line in step.shown if not any(pattern(line).fullmatch(real) for real in lines)] == [], printed


def normal(line: str) -> str:
    """A line without what depends on the width of a terminal."""
    return " ".join(STARS.sub("", line).split())


def pattern(line: str) -> re.Pattern[str]:
    """A line of output as a page shows it, where dots stand for what was left out."""
    return re.compile(".*".join(map(re.escape, normal(CUT_PLAN.sub("...", line)).split("..."))))


@pytest.mark.parametrize("page", TYPED)
def test_commands_of_a_page(published: Lab, installed: Path, tmp_path: Path, page: Path) -> None:
    """All of them, in order, by somebody who has the collection installed."""
    (tmp_path / ".ansible").mkdir()
    (tmp_path / ".ansible/collections").symlink_to(installed.parents[2])
    shell = Shell(published, tmp_path)
    for block in console(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        else:
            for step in steps(block.text):
                follow(shell, step)
