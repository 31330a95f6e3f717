# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes for whoever runs the simulator: read the log, read or replace the state, script faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import scim_users
from .gate import CONTROL, Desk
from .wire import answer, no_content

Take = Callable[[Any], None]


def routes(desk: Desk) -> list[BaseRoute]:
    """The control routes of one simulator."""

    async def read_log(request: Request) -> Response:
        return answer(desk.log.entries()[int(request.query_params.get("from", 0)) :])

    async def clear_log(request: Request) -> Response:
        desk.log.clear()
        return no_content()

    async def read_state(request: Request) -> Response:
        return answer(desk.account.state())

    async def read_digest(request: Request) -> Response:
        state = json.dumps(desk.account.state(), sort_keys=True).encode()
        return answer({"state": hashlib.sha256(state).hexdigest(), "requests": len(desk.log.entries())})

    async def sync(request: Request) -> Response:
        with desk.account.lock:
            return answer({"created": scim_users.sync(desk.account)})

    return [
        Route(CONTROL + "scim/sync", sync, methods=["POST"]),
        Route(CONTROL + "requests", read_log, methods=["GET"]),
        Route(CONTROL + "requests", clear_log, methods=["DELETE"]),
        Route(CONTROL + "digest", read_digest, methods=["GET"]),
        Route(CONTROL + "state", read_state, methods=["GET"]),
        Route(CONTROL + "state", taking(desk.account.load), methods=["PUT"]),
        Route(CONTROL + "faults", taking(desk.script.load), methods=["PUT"]),
    ]


def taking(take: Take) -> Callable[[Request], Awaitable[Response]]:
    """A route that hands its JSON body on; what can't be taken is 400 with the reason."""

    async def route(request: Request) -> Response:
        try:
            take(json.loads(await request.body()))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            return answer({"message": f"{type(problem).__name__}: {problem}"}, 400)
        return no_content()

    return route
