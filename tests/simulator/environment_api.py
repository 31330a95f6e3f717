# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all calls to an environment's own API have in common, below `/e/{environment}`: its errors and its tokens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from .model import ApiToken, Environment, Refused
from .moments import parse_moment
from .wire import Call, Endpoint, Guard, Handler, answer

BODY, QUERY = "PAYLOAD_BODY", "QUERY"


class Violated(Refused):
    """A 400 that names what is wrong: a parameter or a field of the body."""

    def __init__(self, path: str, message: str, place: str = BODY) -> None:
        super().__init__(400, "Constraints violated.", "environment")
        self.violation = {"path": path, "message": message, "parameterLocation": place, "location": None}


@contextlib.contextmanager
def constrained(path: str, place: str = BODY) -> Iterator[None]:
    """What is wrong in here is a violation of this parameter or field."""
    try:
        yield
    except Refused as reason:
        raise Violated(path, reason.message, place) from None


def refusal(reason: Refused) -> Response:
    """The environment API's error body."""
    error: dict[str, Any] = {"code": reason.status, "message": reason.message}
    if isinstance(reason, Violated):
        error["constraintViolations"] = [reason.violation]
    return answer({"error": error}, reason.status)


def environment_of(call: Call) -> Environment:
    """The environment in the path; one that isn't active answers nobody."""
    found = call.account.environments.get(call.params["environment"])
    if found is None:
        raise Refused(404, f"Environment {call.params['environment']} not found")
    if not found.active:
        raise Refused(403, f"Environment {found.id} is not active")
    return found


def caller(call: Call) -> ApiToken:
    """The token that a request comes with, else 401: unknown, disabled and expired ones are the same to it."""
    environment = environment_of(call)
    kind, _space, secret = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "api-token":
        raise Refused(401, "Missing authorization parameter.")
    for token in environment.tokens:
        ended = token.expires and parse_moment(token.expires, 0).timestamp() <= call.account.now()
        if token.secret == secret.strip() and token.enabled and not ended:
            return token
    raise Refused(401, "Token Authentication failed")


def needs(*scopes: str) -> Guard:
    """A guard that lets tokens with one of these scopes pass; any token when there are none."""

    def guard(call: Call) -> None:
        held = caller(call).scopes
        if scopes and not set(scopes).intersection(held):
            raise Refused(403, "Token is missing required scope. Use one of: " + ", ".join(scopes))

    return guard


def endpoint(method: str, path: str, handler: Handler, *scopes: str) -> Endpoint:
    """A call of the environment API."""
    return Endpoint(method, path, handler, (), guard=needs(*scopes), refusal=refusal)
