# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document service of an environment: dashboards, notebooks and whatever else apps keep there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._core.retry import Answer
from .answers import as_object, items_of
from .calls import Call, check_list
from .dialects import Dialect
from .http import path_of
from .records import Content
from .refusals import common_advice
from .transport import Transport

SCOPES = ("document:documents:admin",)
PATH = path_of("platform", "document", "v1", "documents")
LARGEST_PAGE = 1000
MOST_OWNERS = 4
"""So many fit into a filter of 256 characters."""


def _advice(_call: Call, answer: Answer, _granted: frozenset[str] | None) -> str:
    if answer.status in (401, 403):
        return "the OAuth client needs the scopes document:documents:read and document:documents:admin; "
    return common_advice(answer, DIALECT.option)


DIALECT = Dialect("Bearer", "application/json", _advice, "environment_urls")


class Documents:
    """One environment's."""

    def __init__(self, transport: Transport, environment: str) -> None:
        self._transport = transport
        self._environment = environment

    def owned_by(self, uids: Sequence[str]) -> list[Content]:
        """The documents of these users, private ones included. Raises CallFailed.

        A page's key says only where it begins, so all else is asked for again.
        """
        chosen = " or ".join(f"owner == '{uid}'" for uid in uids) if len(uids) <= MOST_OWNERS else ""
        query = [("admin-access", "true"), ("page-size", str(LARGEST_PAGE)), *([("filter", chosen)] if chosen else [])]
        found: list[Content] = []
        keys = [""]
        while True:
            page = [("page-key", keys[-1])] if keys[-1] else []
            call = Call("GET", PATH, SCOPES, (*query, *page))
            body = self._transport.send(call)
            check_list(call, body, "documents")
            found += [self._content(item) for item in items_of(body, "documents") if item.get("owner") in uids]
            key = str(as_object(body).get("nextPageKey") or "")
            if not key or key in keys:
                return found
            keys.append(key)

    def _content(self, item: Mapping[str, Any]) -> Content:
        kind, name, document = (str(item.get(key) or "") for key in ("type", "name", "id"))
        return Content(self._environment, kind or "document", name, document, str(item["owner"]))
