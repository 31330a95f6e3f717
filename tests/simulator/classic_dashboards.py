# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classic dashboards of an environment: the list, which shows those of everybody."""

from __future__ import annotations

from dataclasses import asdict

from starlette.responses import Response

from .environment_api import endpoint, environment_of
from .wire import Call, answer


def list_dashboards(call: Call) -> Response:
    """All dashboards, or those of one owner, spelt as the environment spells it."""
    wanted = call.values("owner")
    found = [item for item in environment_of(call).dashboards if not wanted or item.owner == wanted[-1]]
    return answer({"dashboards": [asdict(item) for item in found]})


ROUTES = [endpoint("GET", "/e/{environment}/api/config/v1/dashboards", list_dashboards, "ReadConfig")]
