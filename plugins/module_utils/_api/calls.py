# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request to the service as a value: contracts make them, the transport sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._core.retry import Safety


@dataclass(frozen=True)
class Call:
    """One request. ``path`` is encoded already; ``scopes``: any one of them allows it."""

    method: str
    path: str
    scopes: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    safety: Safety = Safety.REPEATABLE
    absent_is_fine: bool = False
    """404 is an answer (None), not an error."""
    fresh: bool = False
    """It is about something just created, which the service may not show everywhere yet: 404 is tried again."""
