# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service users: robots that are members of groups; the same in both contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.errors import CallFailed, Effect
from .._core.retry import Safety
from .answers import as_object, items_of
from .calls import Call, Send, check_list
from .contracts.base import Method
from .http import path_of
from .records import SERVICE_USER_DOMAIN, ServiceUser

PAGE = 1000


class ServiceUsers:
    """The calls under ``/service-users``. All methods raise CallFailed. No call tells a secret: a service user's
    credentials come from an OAuth client or a platform token."""

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account = account_uuid

    def service_users(self) -> list[ServiceUser]:
        """All of them. Lists don't tell their own groups."""
        found: list[ServiceUser] = []
        query: tuple[tuple[str, str], ...] = (("page", "1"), ("page-size", str(PAGE)))
        keys: set[str] = set()
        while True:
            call = self._make("GET", query=query)
            body = self._send(call)
            check_list(call, body, "results")
            found += [_service_user(item) for item in items_of(body, "results") if item.get("uid")]
            key = str(as_object(body).get("nextPageKey") or "")
            if not key or key in keys:
                return found
            keys.add(key)
            query = (("page-key", key), ("page-size", str(PAGE)))

    def create(self, wanted: ServiceUser) -> ServiceUser:
        """The answer has uid, e-mail and the id of the service user's own group."""
        call = self._make("POST", body=_body(wanted), safety=Safety.CREATE)
        body = as_object(self._send(call))
        if not body.get("uid"):
            problem = f"The service gave no id for service user {wanted.name!r}."
            raise CallFailed(problem, call.method, call.path, effect=Effect.UNKNOWN)
        return _service_user({**_body(wanted), **body})

    def update(self, wanted: ServiceUser) -> None:
        """Replace name and description."""
        self._send(self._make("PUT", wanted.uid, body=_body(wanted)))

    def delete(self, gone: ServiceUser) -> None:
        """Delete for good, with the group that is its own; one that has gone already is fine."""
        self._send(self._make("DELETE", gone.uid, absent_is_fine=True))

    def _make(self, method: Method, *segments: str, **particulars: Any) -> Call:
        path = path_of("iam", "v1", "accounts", self._account, "service-users", *segments)
        return Call(method, path, ("account-idm-read" if method == "GET" else "account-idm-write",), **particulars)


def _service_user(item: Mapping[str, Any]) -> ServiceUser:
    uid = str(item["uid"])
    return ServiceUser(
        uid=uid,
        email=str(item.get("email") or f"{uid}{SERVICE_USER_DOMAIN}"),
        name=str(item.get("name") or ""),
        description=str(item.get("description") or ""),
        group=str(item["groupUuid"]) if item.get("groupUuid") else None,
    )


def _body(wanted: ServiceUser) -> dict[str, Any]:
    return {"name": wanted.name, "description": wanted.description}
