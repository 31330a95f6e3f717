# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's audit log; the same in both contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .answers import as_object, items_of
from .calls import Call, Send, check_list
from .http import path_of
from .records import AuditEntry

MOST = 1000
"""Entries in one answer; there are no further pages."""


class AuditLog:
    """Who changed what, for those who may read it."""

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._path = path_of("audit", "v1", "accounts", account_uuid)

    def entries(self, days: int) -> tuple[list[AuditEntry], list[str]]:
        """What succeeded in the last ``days``, and what the service warns of: there may be more. Raises CallFailed."""
        query = (("startTime", f"now()-{days}d"), ("endTime", "now()"), ("limit", str(MOST)))
        call = Call("GET", self._path, ("account-audit-logs-read",), query=query)
        body = self._send(call)
        check_list(call, body, "audits")
        found = [_entry(item) for item in items_of(body, "audits") if _succeeded(item)]
        return found, [str(each.get("message") or "") for each in items_of(as_object(body), "warnings")]


def _succeeded(item: Mapping[str, Any]) -> bool:
    return str(item.get("eventOutcome") or "success").lower() == "success"


def _entry(item: Mapping[str, Any]) -> AuditEntry:
    texts = {key: str(item.get(key) or "") for key in ("timestamp", "user", "resourceName", "resourceId")}
    return AuditEntry(
        moment=texts["timestamp"],
        user=texts["user"],
        name=texts["resourceName"],
        id=texts["resourceId"],
        details=json.dumps(item.get("details") or {}, ensure_ascii=False),
    )
