# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export of an account can't tell, so that nobody takes it for gone. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..._api.records import GLOBAL, Level
from ..model import Snapshot, is_implicit, is_managed
from .names import Names

Part = tuple[str, str]
"""``members`` of a group, the ``groups`` of somebody, a ``person``, the ``policies`` of a place, and its ``bindings``;
then which, as an export calls it, people by their e-mails in lower case. Or a kind of things, and a name."""

ACCOUNT = "the account"


def untold(snapshot: Snapshot) -> dict[Part, str]:
    """Part of what ``read_for_export`` read → why it isn't told."""
    names = Names(snapshot)
    return dict([*_of_people(snapshot, names), *_of_places(snapshot, names), *_of_names(snapshot, names)])


def _of_people(snapshot: Snapshot, names: Names) -> Iterator[tuple[Part, str]]:
    for group in snapshot.groups.values():
        if is_managed(group) and not is_implicit(group):
            yield ("members", names.groups[group.id]), f"{group.owner} decides about the members now"
    for key in snapshot.users.keys() - snapshot.whole_users:
        yield ("groups", key), "the groups can't be read"
    for key in snapshot.namesakes:
        yield ("person", key), "several spellings are in the account"


def _of_places(snapshot: Snapshot, names: Names) -> Iterator[tuple[Part, str]]:
    def place(level: Level) -> str:
        return names.environments.get(level[1], level[1]) if level[0] == "environment" else ACCOUNT

    for level, bindings in snapshot.bindings.items():
        if bindings is None:
            yield ("bindings", place(level)), f"what is bound at {place(level)} can't be read"
    for level, readable in snapshot.policies_at.items():
        if not readable and level != GLOBAL:
            yield ("policies", place(level)), f"policies of {place(level)} can't be read"
    for each in snapshot.environments or ():
        if each.active is False:
            yield ("bindings", names.environments[each.id]), f"{each.name or each.id} isn't active"


def _of_names(snapshot: Snapshot, names: Names) -> Iterator[tuple[Part, str]]:
    """Names that were clear when the files were written, and aren't any more: an export gives ids instead."""
    named = [("group", each.name, names.groups[each.id]) for each in snapshot.groups.values()]
    named += [("boundary", each.name, names.boundaries[each.id]) for each in (snapshot.boundaries or {}).values()]
    robots = (snapshot.service_users or {}).values()
    named += [("service user", each.name, names.service_users[each.uid]) for each in robots]
    for level in snapshot.policies_at.keys() - {GLOBAL}:
        named += [("policy", snapshot.policies[key].name, ref) for key, ref in names.policies_of(level).items()]
    for kind, name, ref in named:
        if ref != name:
            yield (kind, name), f"more than one {kind} may be meant"
