# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of what an account may have is in use; the same in both contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .answers import as_object, items_of
from .calls import Call, Send
from .http import path_of


@dataclass(frozen=True)
class Limit:
    """``name`` as the service has it, such as ``MAX_GROUPS_PER_ACCOUNT``."""

    name: str
    used: int
    most: int


class Limits:
    """The calls that tell limits. Both raise CallFailed."""

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account = account_uuid

    def of_account(self) -> list[Limit]:
        """Users, groups, tokens. Limits for each user or group are told without what is in use."""
        call = Call("GET", path_of("iam", "v1", "accounts", self._account, "limits"), ("account-idm-read",))
        found = [
            _limit(str(item.get("limitType") or ""), item.get("currentValue"), item.get("limitValue"))
            for item in items_of(self._send(call), "results")
        ]
        return [each for each in found if each]

    def of_policies(self) -> list[Limit]:
        """Policies, bindings and boundaries at the account."""
        path = path_of("iam", "v1", "repo", "account", self._account, "limits")
        body = as_object(self._send(Call("GET", path, ("iam:limits:read", "iam-policies-management"))))
        found = [_limit(name, _part(body, name).get("count"), _part(body, name).get("limit")) for name in sorted(body)]
        return [each for each in found if each]


def _part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return as_object(body.get(name))


def _limit(name: str, used: Any, most: Any) -> Limit | None:
    """Numbers come as numbers or as texts; what has none isn't a limit."""
    try:
        return Limit(name, int(used), int(most))
    except (TypeError, ValueError):
        return None
