# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points in time as the environment API takes them: a date, milliseconds, or relative to now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .model import Refused

RELATIVE = re.compile(r"now(?:([+-])(\d+)([mhdwMy]))?")
UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=30),
    "y": timedelta(days=365),
}


def parse_moment(text: str, now: float) -> datetime:
    """The point in time that a text means, else 400."""
    relative = RELATIVE.fullmatch(text)
    if relative:
        sign, count, unit = relative.groups()
        step = UNITS[unit] * int(count) if unit else timedelta()
        base = datetime.fromtimestamp(now, tz=timezone.utc)
        return base - step if sign == "-" else base + step
    if text.isdecimal():
        return datetime.fromtimestamp(int(text) / 1000, tz=timezone.utc)
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Refused(400, f"{text} is no point in time") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def write_moment(moment: datetime) -> str:
    """A point in time as the API writes it: UTC with milliseconds."""
    utc = moment.astimezone(timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
