# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell from one list answer which contract the service speaks."""

from __future__ import annotations

from typing import Any

from ..._core.errors import InvalidInput
from ..answers import as_object, items_of
from .base import TOTALS

GROUP_IDS = {"published": "uuid", "guide": "groupId"}
"""For each contract: the key of a group's id."""


def recognise(body: Any) -> str:
    """The contract of the answer to "list groups"; raises InvalidInput for one that is neither. Never a guess."""
    outer = as_object(body)
    inner = {key for item in items_of(body, "items") for key in item}
    fitting = [
        name
        for name, group_id in GROUP_IDS.items()
        if TOTALS[name] in outer and isinstance(outer.get("items"), list) and (not inner or group_id in inner)
    ]
    if len(fitting) != 1:
        keys = ", ".join(sorted({*outer, *inner})) or "none"
        raise InvalidInput(
            f"Can't tell which contract the service speaks: its list of groups has the keys {keys}."
            " Set api_contract to published or guide if you know, and check api_url."
        )
    return fitting[0]
