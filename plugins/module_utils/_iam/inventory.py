# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments as hosts of an inventory: which, and by what names. Each is as ``environment_shape`` gives it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from .model import is_named

Shape = dict[str, Any]


def chosen(environments: Iterable[Shape], include: Collection[str], exclude: Collection[str]) -> list[Shape]:
    """Those whose id or name is among the patterns ``include`` (all when there are none) and not among ``exclude``."""
    return [
        each
        for each in environments
        if (not include or is_named(each["id"], each["name"], include))
        and not is_named(each["id"], each["name"], exclude)
    ]


def unmatched(environments: Collection[Shape], patterns: Iterable[str]) -> list[str]:
    """The patterns that no environment's id or name is among: mostly slips of the pen."""
    return [
        pattern
        for pattern in patterns
        if not any(is_named(each["id"], each["name"], [pattern]) for each in environments)
    ]


def host_names(environments: Collection[Shape], by_name: bool, taken: Collection[str] = ()) -> dict[str, Shape]:
    """The environments by host name: by id, or by name, in which only letters, digits, ``.``, ``-`` and ``_`` stay.

    The id stands in for a name of which nothing stays, that two environments share, that is an id or that is ``taken``.
    """
    if not by_name:
        return {each["id"]: each for each in environments}
    names = [_plain(each["name"]) for each in environments]
    often = Counter([*names, *(each["id"] for each in environments), *taken])
    return {
        name if name and often[name] == 1 else each["id"]: each for name, each in zip(names, environments, strict=True)
    }


def _plain(name: str) -> str:
    """Nothing that means something in a pattern of hosts or in a template, and no option at its beginning."""
    return re.sub(r"[^\w.-]+", "_", name).strip("_.-")
