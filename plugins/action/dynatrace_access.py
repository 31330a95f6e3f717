# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name and shows its progress while it works."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event, Thread
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()

INTERVAL = 1.0
"""Seconds between two looks at the file that the module writes its progress to."""


class ActionModule(ActionBase):
    """A module can't show anything before it ends. It writes lines to a file; this shows them as they come."""

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        if name := unquoted_dates(arguments):
            quoted = 'until: "2026-12-24T18:00:00Z"'
            return {**result, "failed": True, "msg": f"{name}: this ansible-core wants dates in quotes, as in {quoted}"}
        if arguments.get("progress_file") or self._task.async_val or self._connection.transport != "local":
            background = self._task.async_val and not self._connection.has_native_async
            result.update(self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=background))
            return result
        with tempfile.TemporaryDirectory() as folder:
            lines = Path(folder) / "progress"
            lines.touch()
            arguments["progress_file"] = str(lines)
            ended = Event()
            thread = Thread(target=show, args=(lines, ended, display.display), daemon=True)
            thread.start()
            try:
                result.update(self._execute_module(module_args=arguments, task_vars=task_vars))
            finally:
                ended.set()
                thread.join()
        result.get("invocation", {}).get("module_args", {}).pop("progress_file", None)
        return result


def unquoted_dates(arguments: dict[str, Any]) -> str | None:
    """The option whose value ansible-core before 2.19 has turned into text.

    It does so with a variable that holds what YAML takes for a date, and then fails without saying why.
    """
    return next(
        (name for name, value in arguments.items() if isinstance(value, str) and "datetime.date" in value), None
    )


def show(lines: Path, ended: Event, tell: Any) -> None:
    """Tell each complete line that is added to a file, until ``ended`` is set and nothing is left."""
    begun, over = "", False
    with lines.open(encoding="utf-8") as file:
        while not over:
            over = ended.wait(INTERVAL)
            *complete, begun = (begun + file.read()).split("\n")
            for line in complete:
                tell(f"  ... {line.rstrip()}")
