# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tasks write files."""

from __future__ import annotations

from pathlib import Path

from .._core.errors import InvalidInput


def check_whole(option: str, path: str) -> None:
    """Raise InvalidInput for a relative path.

    A task runs in its playbook's folder, which is the installed collection's for a playbook of ours, or in somebody's
    home.
    """
    if not Path(path).is_absolute():
        raise InvalidInput(
            f"{option} {path}: give the whole path, beginning with /. Else it depends on where the task runs."
        )
