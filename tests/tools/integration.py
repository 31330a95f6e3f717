# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the targets under the real ansible-test integration, over a copy of the checkout, for both contracts.

python -m tests.tools.integration [--python 3.11] [names of targets, arguments for ansible-test integration]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.tools.sanity import alarming, command_line, fresh_copy, run

CONTRACTS = ("published", "guide")


def integration(ansible_test: str, python: str, extra: Sequence[str]) -> list[str]:
    """All targets, each contract in turn. Returns the problems."""
    problems = []
    with fresh_copy() as place:
        for contract in CONTRACTS:
            print(f"== ansible-test integration: {contract}", flush=True)
            config = place / "tests/integration/integration_config.yml"
            config.write_text(f"---\nsimulator_contract: {contract}\n", encoding="utf-8")
            command = [ansible_test, "integration", "--venv", "--python", python, "--color", "no", *extra]
            status, output = run(command, place)
            problems += [f"{contract}: {problem}" for problem in alarming(output)]
            problems += [f"{contract}: ansible-test ended with status {status}"] if status else []
    return problems


if __name__ == "__main__":
    sys.exit(command_line("ansible-test integration over a copy of the checkout", integration))
