# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tokens may be that nobody looks at: in environments of the account that the task has no token for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..._api.account import Account
from ..._api.records import Environment
from ..reader import optional


@dataclass(frozen=True)
class AllEnvironments:
    """All environments of the account, so that none is forgotten; None where they may not be read."""

    def ask(self, account: Account) -> tuple[Environment, ...] | None:
        """One request, or two where only names may be read."""
        found = optional(account.contract.environments) or optional(account.contract.environments_with_zones)
        return None if found is None else tuple(sorted(found, key=lambda each: each.id))


def unseen(listed: Iterable[Environment] | None, seen: Collection[str]) -> list[Environment]:
    """Those not among ``seen`` (ids) in which tokens can be used: inactive ones take none."""
    return [each for each in listed or () if each.active is not False and each.id not in seen]
