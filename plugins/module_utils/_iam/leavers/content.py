# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people leave behind in environments: it stays, so it is only listed. Where nobody could look, the answer is why,
in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..._api.account import Account
from ..._api.records import Content
from ..._core.errors import CallFailed


@dataclass(frozen=True)
class Dashboards:
    """All classic dashboards of an environment; owners are e-mails."""

    environment: str

    def ask(self, account: Account, /) -> tuple[Content, ...] | str:
        """One request."""
        return _answer(account.environments[self.environment].dashboards)


@dataclass(frozen=True)
class DocumentsOf:
    """The documents of some users in an environment; owners are uids."""

    environment: str
    owners: tuple[str, ...]

    def ask(self, account: Account, /) -> tuple[Content, ...] | str:
        """One request up to 1,000 documents: of these users when they are few, else of everybody."""
        found = _answer(lambda: account.documents[self.environment].owned_by(self.owners))
        return f"Environment {self.environment}: {found}" if isinstance(found, str) else found


def _answer(read: Callable[[], list[Content]]) -> tuple[Content, ...] | str:
    try:
        return tuple(read())
    except CallFailed as failure:
        return str(failure)
