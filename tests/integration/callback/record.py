# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the result of each task as one line of JSON, as callbacks that ship results elsewhere do."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: record
type: notification
short_description: Results as lines of JSON
description: For the tests of this collection. The file is named by E(RECORD_FILE).
"""


class CallbackModule(CallbackBase):
    """Notes what each task gave."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _note(self, status: str, result: Any) -> None:
        # ansible-core 2.19 has both, and only the first one in 2.20
        found = getattr(result, "result", None) or result._result
        task = getattr(result, "task", None) or result._task
        # what Ansible itself would print, and the diff, which it prints in another way
        shown = json.loads(self._dump_results(found))
        if found.get("diff"):
            shown["diff"] = found["diff"]
        line = {"status": status, "name": task.get_name(), "action": task.action, "result": shown}
        with Path(os.environ["RECORD_FILE"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task that went well."""
        self._note("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task that failed."""
        self._note("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """A task that was passed over."""
        self._note("skipped", result)
