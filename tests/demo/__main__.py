# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: python -m tests.demo."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.demo.page import BOLD, SETTINGS, Page, wants_colour
from tests.demo.proof import Evidence, findings
from tests.demo.story import STEPS, Step
from tests.simulator.server import Simulator, serve
from tests.tools.playbook import entrances, environment, play
from tests.tools.tree import ROOT

KEPT = ROOT / ".cache/demo"
SEED = ROOT / "tests/simulator/seeds/demo.json"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.demo",
        description="Bring people into a simulated Dynatrace account and take one out again, explained.",
    )
    made.add_argument(
        "--contract",
        choices=("guide", "published"),
        default="published",
        help="published: as a real account answers; guide: as the widespread guides say (default: published)",
    )
    return made


def run_step(simulator: Simulator, variables: dict[str, str], page: Page, step: Step) -> Evidence:
    """Run one step and note what came of it."""
    before = simulator.state()
    simulator.clear()
    outcome = play(step.arguments, variables, page.echo)
    return Evidence(outcome, simulator.requests, before, simulator.state())


def tell(simulator: Simulator, home: Path, page: Page, colour: bool) -> bool:
    """Tell the whole story, or up to the first step that doesn't do what it says."""
    settings = {**SETTINGS, "ANSIBLE_FORCE_COLOR": "true"} if colour else {**SETTINGS, "ANSIBLE_NOCOLOR": "true"}
    variables = {**environment(simulator, home, settings), **entrances(simulator)}
    shutil.rmtree(KEPT, ignore_errors=True)
    page.introduce(simulator.state(), simulator.contract, simulator.url)
    told = []
    for number, step in enumerate(STEPS, start=1):
        page.open(number, step)
        evidence = run_step(simulator, variables, page, step)
        problems = findings(step, simulator.contract, evidence)
        page.close(step, evidence, problems)
        if problems:
            page.failed(number, step)
            return False
        told.append((step, evidence))
    page.summary(told)
    page.next_steps()
    page.line()
    page.line(f"The review page of the demo account: {KEPT / 'review/review.html'}", BOLD)
    return True


def main(argv: list[str] | None = None) -> int:
    """Run the demo; 1 when something is not as it says."""
    options = parser().parse_args(argv)
    colour = wants_colour(sys.stdout)
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    try:
        with tempfile.TemporaryDirectory() as home, serve(options.contract, seed) as simulator:
            return 0 if tell(simulator, Path(home), Page(sys.stdout, colour), colour) else 1
    except OSError as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
