# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the unit tests under the real ansible-test units, over a copy of the checkout.

python -m tests.tools.units --python 3.11 --ansible-test PATH [arguments for ansible-test units]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from tests.tools.sanity import alarming, command_line, fresh_copy, run


def units(ansible_test: str, python: str, extra: Sequence[str]) -> list[str]:
    """One run on a fresh copy, in the environment of ansible-test itself. Returns the problems.

    That skipped tests make a run fail is the business of tests/conftest.py.
    """
    with fresh_copy() as place:
        command = [ansible_test, "units", "--python", python, "--num-workers", "2", "--color", "no", *extra]
        status, output = run(command, place)
    problems = alarming(output)
    if not re.search(r"[1-9]\d* passed", output):
        problems.append("no test ran")
    return problems + ([f"ansible-test ended with status {status}"] if status else [])


if __name__ == "__main__":
    sys.exit(command_line("ansible-test units over a copy of the checkout", units))
