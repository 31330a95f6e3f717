# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people made, as JSON: classic dashboards and documents, read strictly and written back the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .credentials import fields_of, written
from .keys import need
from .model import BadState, Dashboard, Document

DASHBOARD = {"id": "id", "name": "name", "owner": "owner"}
DOCUMENT = {
    "id": "id",
    "name": "name",
    "type": "type",
    "owner": "owner",
    "isPrivate": "private",
    "version": "version",
    "createdBy": "created_by",
    "createdTime": "created_at",
    "lastModifiedBy": "modified_by",
    "lastModifiedTime": "modified_at",
}
KINDS = ("dashboard", "notebook", "launchpad")


def read_dashboard(data: Mapping[str, Any]) -> Dashboard:
    """A classic dashboard from JSON."""
    return Dashboard(**fields_of("dashboard", data, DASHBOARD))


def write_dashboard(dashboard: Dashboard) -> dict[str, Any]:
    """A classic dashboard as JSON, the way `read_dashboard` takes it."""
    return written(dashboard, DASHBOARD)


def read_document(data: Mapping[str, Any]) -> Document:
    """A document of the platform from JSON."""
    need("document", data, "owner")
    document = Document(**fields_of("document", data, DOCUMENT))
    if document.type not in KINDS:
        raise BadState(f"document {document.id}: type {document.type!r} is none of {', '.join(KINDS)}")
    return document


def write_document(document: Document) -> dict[str, Any]:
    """A document of the platform as JSON, the way `read_document` takes it."""
    return written(document, DOCUMENT)
