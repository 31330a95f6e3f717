# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes how long each task takes, as the controller sees it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: task_times
type: aggregate
short_description: Durations of tasks as JSON
description: For the benchmarks of this collection. The file is named by E(TASK_TIMES_FILE).
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """A list of [name of the task, seconds] for the tasks that ended well."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._times: list[tuple[str, float]] = []
        self._name = ""
        self._started = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Begin."""
        self._name = task.get_name()
        self._started = time.perf_counter()

    def v2_runner_on_ok(self, result: Any) -> None:
        """End."""
        self._times.append((self._name, time.perf_counter() - self._started))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """The whole run has ended."""
        Path(os.environ["TASK_TIMES_FILE"]).write_text(json.dumps(self._times), encoding="utf-8")
