# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who made a difference, as far as the audit log says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..._api.records import AuditEntry
from ..model import Snapshot
from .drift import Difference


def ids_by_name(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    """The ids of whatever has a name, or an e-mail in lower case: logs may tell either."""
    found: dict[str, set[str]] = {}
    named = [(each.name, each.id) for each in snapshot.groups.values()]
    named += [(each.name, each.id) for each in snapshot.policies.values()]
    named += [(each.name, each.id) for each in (snapshot.boundaries or {}).values()]
    for name, thing_id in named:
        found.setdefault(name, set()).add(thing_id)
    for user in snapshot.users.values():
        found.setdefault(user.key, set()).update(filter(None, (user.email, user.uid)))
    for robot in (snapshot.service_users or {}).values():
        found.setdefault(robot.name, set()).update({robot.uid, robot.email})
    return {name: frozenset(ids) for name, ids in found.items()}


def last_change(
    difference: Difference, entries: Iterable[AuditEntry], ids: Mapping[str, frozenset[str]]
) -> AuditEntry | None:
    """The newest entry about one of the things that a difference is about, and that mentions all of them."""
    things = [{each, *ids.get(each, ids.get(each.lower(), ()))} for each in difference.about]
    found = [entry for entry in entries if _is_about(entry, things)]
    return max(found, key=lambda entry: entry.moment, default=None)


def _is_about(entry: AuditEntry, things: list[set[str]]) -> bool:
    named = {entry.name, entry.id, entry.name.lower()}
    mentioned = [bool(named & texts) or any(_mentions(entry.details, text) for text in texts) for texts in things]
    return all(mentioned) and any(named & texts for texts in things)


def _mentions(details: str, text: str) -> bool:
    """Whether it is there as a whole: ``Ops`` isn't mentioned by ``DevOps``, and no e-mail by a longer one."""
    return text in details and re.search(rf"(?<![\w.@+-]){re.escape(text)}(?![\w@-]|\.\w)", details) is not None
