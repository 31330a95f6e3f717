# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks once more, to see what came of it."""

from __future__ import annotations

from dataclasses import replace

from ..._api.account import Account
from ..desired import Desired
from ..model import Snapshot
from ..needs import to_read
from ..reader import Reader
from .leaving import Leaving


def read_back(account: Account, desired: Desired) -> Snapshot:
    """All that ``desired`` is about as it is now, but for content, which stays; raises CallFailed."""
    parts = [replace(part, content=False) if isinstance(part, Leaving) else part for part in desired.parts]
    desired = replace(desired, parts=tuple(parts))
    reader = Reader(account)
    snapshot = reader.nothing()
    while needs := to_read(desired, snapshot, thorough=True):
        snapshot = reader.fetch(snapshot, needs)
    return snapshot
