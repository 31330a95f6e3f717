# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: routes of the chosen contract, the token endpoint and the control routes behind one gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import audit, control, guide, published, scim_wire
from .auth import TOKEN_PATH, TokenRefused
from .gate import Desk, Gate
from .model import Refused
from .wire import Call, Endpoint, answer, error_body, parse_query, refusal

CONTRACTS: dict[str, list[Endpoint]] = {"published": published.ROUTES, "guide": guide.ROUTES}


def build(desk: Desk, contract: str) -> Gate:
    """The whole application for one account."""
    numbers = count(1)
    routes: list[BaseRoute] = [
        Route(TOKEN_PATH, token_route(desk), methods=["POST"]),
        *(Route(item.path, api_route(desk, item, numbers), methods=[item.method]) for item in CONTRACTS[contract]),
        *control.routes(desk),
    ]
    app = Starlette(routes=routes, exception_handlers={404: no_such_call, 405: no_such_call})
    app.router.redirect_slashes = False
    return Gate(app, desk)


async def no_such_call(request: Request, problem: Exception) -> Response:
    """The answer to a path or method that nobody knows: SCIM's or the gateway's, which has 404 for both."""
    assert isinstance(problem, HTTPException)
    refused = scim_wire.no_such_call(request.method, request.url.path, problem.status_code)
    return refused or answer(error_body(404, f"Cannot {request.method} {request.url.path}", "gateway"), 404)


def token_route(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The SSO's token endpoint: a form in, JSON out."""

    async def route(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            with desk.account.lock:
                return answer(desk.authority.issue(form))
        except TokenRefused as reason:
            return answer({"error": reason.code, "error_description": reason.description}, 400)

    return route


def check_account(call: Call) -> None:
    """Refuse another account than this one."""
    asked = call.params.get("account", call.account.uuid)
    if asked != call.account.uuid:
        raise Refused(404, f"Account {asked} not found")


def api_route(desk: Desk, endpoint: Endpoint, numbers: Iterator[int]) -> Callable[[Request], Awaitable[Response]]:
    """One call of the API: token first, then the account in the path, then the rules. Answers are numbered."""

    async def route(request: Request) -> Response:
        params = {key: unquote(value) for key, value in request.path_params.items()}
        call = Call(desk.account, params, parse_query(request.url.query), await request.body())
        call = replace(call, headers=dict(request.headers), path=request.url.path)
        try:
            with desk.account.lock:
                if endpoint.guard is None:
                    held = desk.authority.check(request.headers.get("authorization"), endpoint.scopes)
                    call = replace(call, scopes=held)
                    check_account(call)
                else:
                    endpoint.guard(call)
                entry = None if endpoint.guard else audit.entry_of(endpoint.method, call)
                response = endpoint.handler(call)
                call.account.audits += [entry] if entry else []
        except Refused as reason:
            response = (endpoint.refusal or refusal)(reason)
        response.headers.update({**endpoint.headers, "X-Request-Id": f"request-{next(numbers)}"})
        return response

    return route
