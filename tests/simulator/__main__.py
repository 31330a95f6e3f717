# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: python -m tests.simulator."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .app import CONTRACTS
from .default import default_state
from .model import BadState
from .server import Simulator, run

DESCRIPTION = """\
A Dynatrace account in memory that answers like the account management API, for rehearsals and tests.
It listens on the loopback address only and forgets everything when it ends."""

EPILOG = """\
Point the collection at it with
  DYNATRACE_API_URL=http://127.0.0.1:PORT
  DYNATRACE_TOKEN_URL=http://127.0.0.1:PORT/sso/oauth2/token
  DYNATRACE_ACCOUNT_UUID=the account_uuid in GET /_simulator/state
and any client id and secret, unless the seed names some.

Control routes:
  GET, DELETE /_simulator/requests   the log of requests
  GET, PUT    /_simulator/state      the whole account as JSON
  PUT         /_simulator/faults     faults to come
tests/simulator/README.md explains states, options and faults."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.simulator",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--port", type=port, default=8080, help="port on 127.0.0.1; 0 takes a free one (default: 8080)")
    made.add_argument(
        "--contract",
        choices=sorted(CONTRACTS),
        default="published",
        help="published: users by e-mail, as a real account; guide: users by uid (default: published)",
    )
    made.add_argument("--seed", metavar="FILE.json", type=Path, help="the account to start with (default: a small one)")
    made.add_argument("--rate-limit", metavar="N", type=positive, help="answer 429 beyond N requests a minute")
    made.add_argument("--today", metavar="YYYY-MM-DD", help="live on this day: from 2027-01-11 on role permissions end")
    made.add_argument("--latency-ms", metavar="N", type=delay, default=0, help="wait N ms before each answer")
    return made


def port(text: str) -> int:
    """A port number."""
    value = int(text)
    if not 0 <= value <= 65535:
        raise ValueError(text)
    return value


def positive(text: str) -> int:
    """A whole number above 0."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def delay(text: str) -> float:
    """Milliseconds, not negative."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def read_seed(path: Path | None) -> dict[str, Any] | None:
    """The state in a file."""
    if path is None:
        return None
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def on_day(seed: dict[str, Any] | None, today: str | None) -> dict[str, Any] | None:
    """The state on this day; its own day stays where none is given."""
    if today is None:
        return seed
    state = default_state() if seed is None else seed
    return {**state, "options": {**state.get("options", {}), "today": today}}


def announce(simulator: Simulator) -> None:
    """Say where it listens."""
    print(f"Simulator ({simulator.contract}) on {simulator.url}", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run until interrupted."""
    options = parser().parse_args(argv)
    try:
        seed = on_day(read_seed(options.seed), options.today)
        run(options.contract, seed, options.rate_limit, options.latency_ms, options.port, announce)
    except KeyboardInterrupt:
        return 0
    except (OSError, json.JSONDecodeError, BadState, KeyError, TypeError, AttributeError) as problem:
        print(f"simulator: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
