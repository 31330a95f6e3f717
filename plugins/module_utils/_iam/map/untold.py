# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export of an account can't tell, so that nobody takes it for gone. Pure."""

from __future__ import annotations

from ..._api.records import GLOBAL, Level
from ..model import Snapshot, is_implicit, is_managed
from .names import Names

Part = tuple[str, str]
"""``members`` of a group, the ``groups`` of somebody, a ``person``, the ``policies`` of a place, and its ``bindings``;
then which, as an export calls it, people by their e-mails in lower case."""

ACCOUNT = "the account"


def untold(snapshot: Snapshot) -> dict[Part, str]:
    """Part of what ``read_for_export`` read → why it isn't told: managed groups, inactive places, what can't be read."""
    names = Names(snapshot)

    def place(level: Level) -> str:
        return names.environments.get(level[1], level[1]) if level[0] == "environment" else ACCOUNT

    found: dict[Part, str] = {}
    for group in snapshot.groups.values():
        if is_managed(group) and not is_implicit(group):
            found["members", names.groups[group.id]] = f"{group.owner} decides about the members now"
    found |= {("groups", key): "the groups can't be read" for key in snapshot.users.keys() - snapshot.whole_users}
    found |= {("person", key): "several spellings are in the account" for key in snapshot.namesakes}
    for level, bindings in snapshot.bindings.items():
        if bindings is None:
            found["bindings", place(level)] = f"what is bound at {place(level)} can't be read"
    for each in snapshot.environments or ():
        if each.active is False:
            found["bindings", names.environments[each.id]] = f"{each.name or each.id} isn't active"
    for level, readable in snapshot.policies_at.items():
        if not readable and level != GLOBAL:
            found["policies", place(level)] = f"policies of {place(level)} can't be read"
    return found
