# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's audit log: an entry for each write that was served, the same in both contracts.

What the real log calls an event of a certain kind is known for some kinds only. Here ``eventType`` is CREATE, UPDATE or
DELETE, ``resource`` what the path is about, and ``details`` hold the body that was sent.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from starlette.responses import Response

from .log import VALIDATION, WRITES
from .model import Refused
from .moments import parse_moment, write_moment
from .wire import Call, Endpoint, answer

RESOURCES = {
    "users": "USER",
    "service-users": "SERVICE_USER",
    "groups": "GROUP",
    "policies": "POLICY",
    "boundaries": "BOUNDARY",
    "bindings": "POLICY",
    "platform-tokens": "PLATFORM_TOKEN",
}
GROUPS = ("group", "groupUuid")
TYPES = {"POST": "CREATE", "PUT": "UPDATE", "PATCH": "UPDATE", "DELETE": "DELETE"}
UNUSED = (
    *("authenticationClientId", "authenticationToken", "eventReason", "originAddress"),
    *("originSession", "originXForwardedFor", "environmentUuid"),
)


def entry_of(method: str, call: Call) -> dict[str, Any] | None:
    """The entry for a request that is about to be served; None for one that changes nothing here."""
    kind, _slash, rest = call.path.partition("/accounts/")[2].partition("/")[2].partition("/")
    if "/repo/" in call.path:
        kind, _slash, rest = "/".join(call.path.split("/")[6:]).partition("/")
    if method not in WRITES or VALIDATION in call.path or kind not in RESOURCES:
        return None
    body = call.body.decode("utf-8", "replace")
    name, known = _named(call, kind)
    groups = " ".join([*call.values("group-uuid"), *(call.params[key] for key in GROUPS if key in call.params)])
    deep = "/" in rest or (kind == "bindings" and method == "POST")
    return {
        "eventId": str(uuid.uuid4()),
        "timestamp": write_moment(datetime.fromtimestamp(call.account.now(), tz=timezone.utc)),
        "user": call.account.options.client_owner,
        "userOrganization": "CUSTOMER",
        "accountUuid": call.account.uuid,
        "eventProvider": "Identity & access management",
        "eventType": "UPDATE" if deep else TYPES[method],
        "eventOutcome": "SUCCESS",
        "eventVersion": "1.0.0",
        "resource": RESOURCES[kind],
        "resourceId": known,
        "resourceName": name,
        "authenticationType": "OAUTH2",
        "authenticationGrantType": "CLIENT_CREDENTIALS",
        "originType": "REST",
        "details": {key: text for key, text in (("json_before", groups), ("json_after", body)) if text},
        **dict.fromkeys(UNUSED, ""),
    }


def _named(call: Call, kind: str) -> tuple[str, str]:
    """Name and id of what a path is about; of what is new only the name that the body gives."""
    account, params = call.account, call.params
    uid = account.emails.get(params.get("email", "").lower()) or params.get("userUuid") or params.get("uid", "")
    if user := account.users.get(uid):
        return user.email, user.uid
    if group := account.groups.get(params.get("group", "")):
        return group.name, group.uuid
    things = account.boundaries if kind == "boundaries" else account.policies
    ref = params.get("policyBoundaryUuid" if kind == "boundaries" else "policyUuid", "")
    if ref:
        thing = things.get(ref)
        return (thing.name if thing else ref), ref
    body = call.json() if call.body else {}
    item = body[0] if isinstance(body, list) and body else body
    found = (item.get("name") or item.get("email") or "") if isinstance(item, dict) else ""
    return str(found), ""


def list_audits(call: Call) -> Response:
    """The entries of a time, the newest first; filters aren't known here."""
    if call.value("filter"):
        raise Refused(400, "Error occurred during filter evaluation: unsupported filter value")
    limit = call.value("limit", "50")
    if not limit.isdecimal():
        raise Refused(400, "limit must be a number")
    now = call.account.now()
    since, until = (
        parse_moment(call.value(key, default).replace("now()", "now"), now)
        for key, default in (("startTime", "now-1d"), ("endTime", "now"))
    )
    entries = [each for each in call.account.audits if since <= parse_moment(each["timestamp"], now) <= until]
    warnings = [{"message": f"Your result has been limited to {limit}."}] if len(entries) > int(limit) else []
    return answer({"audits": entries[::-1][: int(limit)], "warnings": warnings})


ROUTES = [Endpoint("GET", "/audit/v1/accounts/{account}", list_audits, ("account-audit-logs-read",))]
