# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of the platform, dashboards and notebooks: the document service of an environment.

The bearer's own documents are unknown here: without admin access there are only those that everybody may read.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from .document_filter import parse_filter
from .environment_api import environment_of, refusal
from .model import Document, Refused
from .paging import sealed, unsealed
from .wire import Call, Endpoint, answer

READ, ADMIN = "document:documents:read", "document:documents:admin"
DEFAULT_SIZE, MAX_SIZE = 20, 1000


def view(item: Document) -> dict[str, Any]:
    """A document in the list, without its content."""
    times = {"createdTime": item.created_at, "lastModifiedTime": item.modified_at}
    people = {"createdBy": item.created_by, "lastModifiedBy": item.modified_by}
    info = {key: value for key, value in {**people, **times}.items() if value is not None}
    shown = {"id": item.id, "name": item.name, "type": item.type, "version": item.version, "owner": item.owner}
    return {**shown, "isPrivate": item.private, "modificationInfo": info}


def all_documents(call: Call) -> bool:
    """Whether a request asks, and may ask, for the documents of everybody."""
    asked = call.value("admin-access", "false")
    if asked not in ("true", "false"):
        raise Refused(400, "admin-access must be true or false")
    if asked == "true" and ADMIN not in call.scopes:
        raise Refused(403, f"Missing scope {ADMIN}")
    return asked == "true"


def page_size(call: Call) -> int:
    """How many documents a page has at most, else 400."""
    given = call.value("page-size", str(DEFAULT_SIZE))
    if not given.isdecimal() or not 1 <= int(given) <= MAX_SIZE:
        raise Refused(400, f"page-size must be between 1 and {MAX_SIZE}")
    return int(given)


def list_documents(call: Call) -> Response:
    """A page. Its key only knows where it starts: whatever else was asked for must be asked for again."""
    environment, whole, size = environment_of(call), all_documents(call), page_size(call)
    fits = parse_filter(call.value("filter"))
    found = [item for item in environment.documents if (whole or not item.private) and fits(item)]
    key = call.value("page-key")
    start = int(unsealed(key)) if key else 0
    body = {"documents": [view(item) for item in found[start : start + size]], "totalCount": len(found)}
    more = {"nextPageKey": sealed(start + size)} if start + size < len(found) else {}
    return answer({**body, **more})


ROUTES = [Endpoint("GET", "/e/{environment}/platform/document/v1/documents", list_documents, (READ,), refusal=refusal)]
