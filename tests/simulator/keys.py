# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strictness about the keys of a state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .model import BadState


def check_keys(what: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Refuse keys that nobody would read: a typing error in a seed must not pass in silence."""
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise BadState(f"{what}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")


def need(what: str, data: Mapping[str, Any], key: str) -> Any:
    """The value of a key that must be there."""
    if key not in data:
        raise BadState(f"{what}: {key} is missing in {dict(data)!r}")
    return data[key]
