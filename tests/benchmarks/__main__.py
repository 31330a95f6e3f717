# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: python -m tests.benchmarks."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CollectionError
from tests.benchmarks.access import access_costs
from tests.benchmarks.comparison import comparison
from tests.benchmarks.latency import latencies
from tests.benchmarks.limits import limited
from tests.benchmarks.mapping import map_costs, map_times
from tests.benchmarks.offboarding import offboarding_costs
from tests.benchmarks.planning import planning
from tests.benchmarks.policies import policy_costs
from tests.benchmarks.report import OVER, Section, Unsound
from tests.benchmarks.requests import costs
from tests.benchmarks.scale_out import scale_out
from tests.benchmarks.wall_time import wall_times
from tests.benchmarks.watching import watching
from tests.tools.playbook import without_proxy

# What is measured, by the names that --only takes.
SECTIONS: Mapping[str, Callable[[], Section]] = {
    "published": partial(costs, "published"),
    "guide": partial(costs, "guide"),
    "policies-published": partial(policy_costs, "published"),
    "policies-guide": partial(policy_costs, "guide"),
    "offboarding-published": partial(offboarding_costs, "published"),
    "offboarding-guide": partial(offboarding_costs, "guide"),
    "map-requests": map_costs,
    "map": map_times,
    "watching": watching,
    "access-published": partial(access_costs, "published"),
    "access-guide": partial(access_costs, "guide"),
    "time": wall_times,
    "latency": latencies,
    "limit": limited,
    "planning": planning,
    "comparison": comparison,
    "scale-out": scale_out,
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Requests, writes and wall time on a simulated account, each beside its limit; 1 when one is over.",
    )
    made.add_argument("--json", metavar="FILE", type=Path, help="write the figures to a file, too")
    made.add_argument("--only", choices=list(SECTIONS), action="append", help="measure only this; may be repeated")
    return made


def machine() -> dict[str, str]:
    """What the times depend on."""
    return {"ansible-core": version("ansible-core"), "Python": python_version(), "CPUs": str(os.cpu_count())}


def measure(names: Iterable[str]) -> list[Section]:
    """Measure, and print each table as soon as it is there."""
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    sections = []
    for name in names:
        section = SECTIONS[name]()
        print(section.text(), end="\n\n", flush=True)
        sections.append(section)
    return sections


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 1 when a limit isn't kept or something can't be measured."""
    options = parser().parse_args(argv)
    os.environ.update(without_proxy())
    try:
        sections = measure(options.only or SECTIONS)
        ok = all(section.ok for section in sections)
        if options.json:
            figures = {"ok": ok, "machine": machine(), "sections": [section.as_dict() for section in sections]}
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (CollectionError, OSError, Unsound) as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print("All limits are kept." if ok else f"Some limits are not kept: see {OVER}.")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
