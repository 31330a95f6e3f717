# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the targets under the real ansible-test integration, over a copy of the checkout, for both contracts.

python -m tests.tools.integration [--python 3.11] [names of targets, arguments for ansible-test integration]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.tools.sanity import alarming, provide_pip, run
from tests.tools.tree import ROOT, copy_project

CONTRACTS = ("published", "guide")


def integration(ansible_test: str, python: str, extra: Sequence[str]) -> list[str]:
    """All targets, each contract in turn. Returns the problems."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="integration-") as folder:
        place = Path(folder).resolve() / "ansible_collections/identityops/dynatrace"
        if place.is_relative_to(ROOT):
            return [f"{place} lies in the checkout, whose .gitignore would hide it from ansible-test: set TMPDIR"]
        copy_project(place)
        for contract in CONTRACTS:
            print(f"== ansible-test integration: {contract}", flush=True)
            config = place / "tests/integration/integration_config.yml"
            config.write_text(f"---\nsimulator_contract: {contract}\n", encoding="utf-8")
            command = [ansible_test, "integration", "--venv", "--python", python, "--color", "no", *extra]
            status, output = run(command, place)
            problems += [f"{contract}: {problem}" for problem in alarming(output)]
            problems += [f"{contract}: ansible-test ended with status {status}"] if status else []
    return problems


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="ansible-test integration over a copy of the checkout")
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    parser.add_argument("--ansible-test", default=str(Path(sys.executable).parent / "ansible-test"))
    arguments, extra = parser.parse_known_args()
    provide_pip(Path.home() / ".ansible/test/cache")
    problems = integration(arguments.ansible_test, arguments.python, extra)
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
