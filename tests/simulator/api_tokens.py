# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens of an environment: the environment API's calls, below `/e/{environment}`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from .credentials import API_TOKEN, written
from .model import ApiToken, Environment, Refused
from .moments import parse_moment
from .paging import check_sum
from .platform_tokens import expiration, made_secret, texts
from .token_selector import in_order, parse_fields, parse_selector
from .wire import Call, Endpoint, Guard, Handler, answer, no_content

TOKENS = "/e/{environment}/api/v2/apiTokens"
TOKEN = TOKENS + "/{id}"
READ, WRITE = "apiTokens.read", "apiTokens.write"
SIZES = range(100, 10_001)
DEFAULT_SIZE = 200
SHOWN = {key: name for key, name in API_TOKEN.items() if key != "secret"}


def refusal(reason: Refused) -> Response:
    """The environment API's error body."""
    return answer({"error": {"code": reason.status, "message": reason.message}}, reason.status)


def environment_of(call: Call) -> Environment:
    """The environment in the path."""
    found = call.account.environments.get(call.params["environment"])
    if found is None:
        raise Refused(404, f"Environment {call.params['environment']} not found")
    return found


def caller(call: Call) -> ApiToken:
    """The token that a request comes with, else 401: unknown, disabled and expired ones are the same to it."""
    kind, _space, secret = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "api-token":
        raise Refused(401, "Missing authorization parameter.")
    for token in environment_of(call).tokens:
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


def token_of(call: Call) -> ApiToken:
    """The token whose id, or whose secret, is in the path."""
    for token in environment_of(call).tokens:
        if call.params["id"] in (token.id, token.secret):
            return token
    raise Refused(404, f"Token {call.params['id'][:31]} does not exist")


def query_of(call: Call) -> dict[str, str]:
    """What a list was asked for; the key of a page brings it along and must be alone."""
    given = dict(call.query)
    key = given.get("nextPageKey")
    if key is None:
        return given
    if len(given) > 1:
        raise Refused(400, "nextPageKey must be the only query parameter")
    try:
        plain = base64.urlsafe_b64decode(key.encode()).decode()
    except ValueError:
        plain = ""
    if plain[:8] != check_sum(plain[8:]):
        raise Refused(400, "nextPageKey is not valid")
    return dict(json.loads(plain[8:]))


def page_key(query: Mapping[str, str], offset: int) -> str:
    """The key of the page that starts there."""
    text = json.dumps({**query, "offset": str(offset)})
    return base64.urlsafe_b64encode(f"{check_sum(text)}{text}".encode()).decode()


def selected(call: Call, query: Mapping[str, str]) -> list[ApiToken]:
    """The tokens that a list has, in its order. `from` and `to` ask for the last use."""
    now = call.account.now()
    tests = parse_selector(query.get("apiTokenSelector", ""))
    earliest = parse_moment(query["from"], now) if "from" in query else None
    latest = parse_moment(query["to"], now) if "to" in query else None

    def fits(token: ApiToken) -> bool:
        if not all(test(token) for test in tests):
            return False
        used = parse_moment(token.last_used, now) if token.last_used else None
        if used is None:
            return earliest is None and latest is None
        return (earliest is None or earliest <= used) and (latest is None or used <= latest)

    found = [token for token in environment_of(call).tokens if fits(token)]
    return in_order(found, query.get("sort", "-creationDate"))


def list_tokens(call: Call) -> Response:
    """A page of tokens."""
    query = query_of(call)
    asked = query.get("pageSize", str(DEFAULT_SIZE))
    if not asked.isdecimal() or int(asked) not in SIZES:
        raise Refused(400, f"pageSize must be between {SIZES[0]} and {SIZES[-1]}")
    size, offset, fields = int(asked), int(query.get("offset", "0")), parse_fields(query.get("fields", ""))
    found = selected(call, query)
    shown = [written(token, {key: SHOWN[key] for key in fields if key in SHOWN}) for token in found]
    more = page_key(query, offset + size) if len(found) > offset + size else None
    page = shown[offset : offset + size]
    return answer({"apiTokens": page, "nextPageKey": more, "pageSize": size, "totalCount": len(found)})


def get_token(call: Call) -> Response:
    """One token."""
    return answer(written(token_of(call), SHOWN))


def look_up(call: Call) -> Response:
    """The token behind a secret."""
    secret = call.object().get("token")
    for token in environment_of(call).tokens:
        if secret is not None and token.secret == secret:
            return answer(written(token, SHOWN))
    raise Refused(404, "Token does not exist")


def check_name(body: Mapping[str, Any]) -> str:
    """The name of a token, else 400."""
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "name must not be empty")
    return name


def create_token(call: Call) -> Response:
    """A new token that belongs to whom the calling one belongs to; the only answer that has its secret."""
    body, account = call.object(), call.account
    name, scopes, personal = check_name(body), texts(body, "scopes"), body.get("personalAccessToken", False)
    if not scopes or not isinstance(personal, bool):
        raise Refused(400, "scopes must not be empty, personalAccessToken must be a boolean")
    ends = expiration(call, body)
    public, secret = made_secret("dt0c01", account.new_id())
    stamp = account.stamp()
    token = ApiToken(public, name, caller(call).owner, True, scopes, stamp, stamp, None, ends, personal, secret)
    environment_of(call).tokens.append(token)
    return answer({"id": public, "token": secret, **({"expirationDate": ends} if ends else {})}, 201)


def change_token(call: Call) -> Response:
    """Change what the body names. The calling token can't disable itself."""
    token, body = token_of(call), call.object()
    enabled = body.get("enabled", token.enabled)
    if not isinstance(enabled, bool):
        raise Refused(400, "enabled must be a boolean")
    if token is caller(call) and not enabled:
        raise Refused(400, "The token in use can't be disabled")
    name = check_name(body) if "name" in body else token.name
    scopes = texts(body, "scopes") if "scopes" in body else token.scopes
    if not scopes:
        raise Refused(400, "scopes must not be empty")
    if (name, scopes) != (token.name, token.scopes):
        token.modified_at = call.account.stamp()
    token.name, token.scopes, token.enabled = name, scopes, enabled
    return no_content()


def delete_token(call: Call) -> Response:
    """Delete a token for good. The calling one can't delete itself; a personal one only those of its owner."""
    token, own = token_of(call), caller(call)
    if token is own:
        raise Refused(400, "The token in use can't be deleted")
    if own.personal and token.owner != own.owner:
        raise Refused(403, "A personal access token can only delete tokens of its owner")
    environment_of(call).tokens.remove(token)
    return no_content()


def endpoint(method: str, path: str, handler: Handler, *scopes: str) -> Endpoint:
    """A call of the environment API."""
    return Endpoint(method, path, handler, (), guard=needs(*scopes), refusal=refusal)


ROUTES = [
    endpoint("GET", TOKENS, list_tokens, READ),
    endpoint("POST", TOKENS, create_token, WRITE),
    endpoint("POST", TOKENS + "/lookup", look_up),
    endpoint("GET", TOKEN, get_token, READ),
    endpoint("PUT", TOKEN, change_token, WRITE),
    endpoint("DELETE", TOKEN, delete_token, WRITE),
]
