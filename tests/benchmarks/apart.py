# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator in a process of its own, so that it doesn't take time from what is measured."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import requests

from tests.benchmarks.accounts import State
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.default import ACCOUNT_UUID
from tests.simulator.log import Entry
from tests.tools.tree import ROOT


class Apart:
    """The running simulator, as :class:`tests.simulator.server.Simulator` shows itself."""

    account_uuid = ACCOUNT_UUID

    def __init__(self, url: str) -> None:
        self.url = url
        self.token_url = url + TOKEN_PATH
        self._session = requests.Session()

    @property
    def requests(self) -> list[Entry]:
        """The log."""
        log: list[Entry] = self._control("GET", "requests")
        return log

    def load(self, state: State) -> None:
        """Replace the account and forget the log."""
        self._control("PUT", "state", state)
        self.clear()

    def clear(self) -> None:
        """Forget the log."""
        self._control("DELETE", "requests")

    def _control(self, method: str, what: str, body: Any = None) -> Any:
        answer = self._session.request(method, f"{self.url}/_simulator/{what}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json() if method == "GET" else None


@contextlib.contextmanager
def apart(contract: str, latency_ms: float = 0) -> Iterator[Apart]:
    """Start it, and stop it in the end."""
    command = [sys.executable, "-m", "tests.simulator", "--port", "0", "--contract", contract]
    command += ["--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            started = process.stdout.readline() if process.stdout else ""
            yield Apart(started.split()[-1])
        finally:
            process.terminate()
