# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens of an environment: the environment API's calls, below `/e/{environment}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from .credentials import API_TOKEN, written
from .environment_api import QUERY, Violated, caller, constrained, endpoint, environment_of
from .model import ApiToken, Refused
from .moments import parse_moment
from .paging import sealed, unsealed
from .platform_tokens import expiration, made_secret, texts
from .token_selector import in_order, parse_fields, parse_selector
from .wire import Call, answer, no_content

TOKENS = "/e/{environment}/api/v2/apiTokens"
TOKEN = TOKENS + "/{id}"
READ, WRITE = "apiTokens.read", "apiTokens.write"
SIZES = range(100, 10_001)
DEFAULT_SIZE = 200
SHOWN = {key: name for key, name in API_TOKEN.items() if key != "secret"}


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
    with constrained("nextPageKey", QUERY):
        if len(given) > 1:
            raise Refused(400, "must be the only query parameter")
        return dict(unsealed(key))


def selected(call: Call, query: Mapping[str, str]) -> list[ApiToken]:
    """The tokens that a list has, in its order. `from` and `to` ask for the last use."""
    now = call.account.now()
    with constrained("apiTokenSelector", QUERY):
        tests = parse_selector(query.get("apiTokenSelector", ""))
    with constrained("from", QUERY):
        earliest = parse_moment(query["from"], now) if "from" in query else None
    with constrained("to", QUERY):
        latest = parse_moment(query["to"], now) if "to" in query else None

    def fits(token: ApiToken) -> bool:
        if not all(test(token) for test in tests):
            return False
        used = parse_moment(token.last_used, now) if token.last_used else None
        if used is None:
            return earliest is None and latest is None
        return (earliest is None or earliest <= used) and (latest is None or used <= latest)

    found = [token for token in environment_of(call).tokens if fits(token)]
    with constrained("sort", QUERY):
        return in_order(found, query.get("sort", "-creationDate"))


def list_tokens(call: Call) -> Response:
    """A page of tokens."""
    query = query_of(call)
    asked = query.get("pageSize", str(DEFAULT_SIZE))
    if not asked.isdecimal() or int(asked) not in SIZES:
        raise Violated("pageSize", f"must be between {SIZES[0]} and {SIZES[-1]}", QUERY)
    size, offset = int(asked), int(query.get("offset", "0"))
    with constrained("fields", QUERY):
        fields = parse_fields(query.get("fields", ""))
    found = selected(call, query)
    shown = [written(token, {key: SHOWN[key] for key in fields if key in SHOWN}) for token in found]
    more = sealed({**query, "offset": str(offset + size)}) if len(found) > offset + size else None
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
        raise Violated("name", "must not be empty")
    return name


def check_scopes(body: Mapping[str, Any]) -> list[str]:
    """The scopes of a token, else 400."""
    with constrained("scopes"):
        scopes = texts(body, "scopes")
        if not scopes:
            raise Refused(400, "must not be empty")
    return scopes


def check_flag(body: Mapping[str, Any], key: str, default: bool) -> bool:
    """A boolean of a request, else 400."""
    value = body.get(key, default)
    if not isinstance(value, bool):
        raise Violated(key, "must be a boolean")
    return value


def create_token(call: Call) -> Response:
    """A new token that belongs to whom the calling one belongs to; the only answer that has its secret."""
    body, account = call.object(), call.account
    name, scopes, personal = check_name(body), check_scopes(body), check_flag(body, "personalAccessToken", False)
    with constrained("expirationDate"):
        ends = expiration(call, body)
    public, secret = made_secret("dt0c01", account.new_id())
    stamp = account.stamp()
    token = ApiToken(public, name, caller(call).owner, True, scopes, stamp, stamp, None, ends, personal, secret)
    environment_of(call).tokens.append(token)
    return answer({"id": public, "token": secret, **({"expirationDate": ends} if ends else {})}, 201)


def change_token(call: Call) -> Response:
    """Change what the body names. The calling token can't disable itself."""
    token, body = token_of(call), call.object()
    enabled = check_flag(body, "enabled", token.enabled)
    if token is caller(call) and not enabled:
        raise Refused(400, "The token in use can't be disabled")
    name = check_name(body) if "name" in body else token.name
    scopes = check_scopes(body) if "scopes" in body else token.scopes
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


ROUTES = [
    endpoint("GET", TOKENS, list_tokens, READ),
    endpoint("POST", TOKENS, create_token, WRITE),
    endpoint("POST", TOKENS + "/lookup", look_up),
    endpoint("GET", TOKEN, get_token, READ),
    endpoint("PUT", TOKEN, change_token, WRITE),
    endpoint("DELETE", TOKEN, delete_token, WRITE),
]
