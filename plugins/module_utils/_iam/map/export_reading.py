# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an account for its export: all of the map, and the policies that nobody is bound to."""

from __future__ import annotations

from ..._api.account import Account
from ..._api.records import GLOBAL, Level
from ..model import Needs, Snapshot
from ..reader import Reader
from .reading import read_account


def read_for_export(account: Account, known: Snapshot | None = None) -> Snapshot:
    """As ``read_account``, and the policies of all environments, with the statements of all that aren't Dynatrace's.

    ``known`` is what was read already. Dynatrace's own are listed, too: what shares a name with one of them has to be
    named by its id. Raises CallFailed.
    """
    reader = Reader(account)
    snapshot = known or read_account(account)
    levels: set[Level] = {GLOBAL, *(("environment", each.id) for each in snapshot.environments or ())}
    snapshot = reader.fetch(snapshot, Needs(policies_at=frozenset(levels - snapshot.policies_at.keys())))
    unread = [each for each in snapshot.policies.values() if each.statement is None]
    own = frozenset(each.id for each in unread if each.level != GLOBAL)
    return reader.fetch(snapshot, Needs(statements_of=own))
