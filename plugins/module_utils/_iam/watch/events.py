# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes as events: dictionaries of plain values, each with an id that is the same whenever it is told. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ..._api.records import Binding, Group, Permission, User
from ..model import USER_MANAGEMENT, Snapshot, matches
from .changes import Change
from .rounds import Watched

Event = dict[str, Any]


def harmless(text: str) -> str:
    """``text``, in which nothing opens a template or a vault: variables that playbooks are given may hold both.

    A template may also begin with a line that gives it brackets of its own. Halves of characters, which JSON can hold
    and a file can't, become question marks.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"([{$])(?=[{%#]|ANSIBLE_VAULT)|(?<=#)(?=jinja2:)", r"\1 ", whole, flags=re.IGNORECASE)


def events_of(
    changes: Iterable[Change], known: Snapshot, names: Mapping[str, str], watched: Watched, page: tuple[int, str]
) -> list[Event]:
    """The changes that are ``watched``. ``names`` are those of policies and environments by id; ``page`` is the number
    of the page on which they will be written down, and the moment when they were seen."""
    wanted = [each for each in changes if _is_wanted(each, watched)]
    return [_event(each, known, names, page, number) for number, each in enumerate(wanted)]


def _is_wanted(change: Change, watched: Watched) -> bool:
    user, group = change.user, change.group
    return (
        change.kind in watched.kinds
        and (user is None or matches(Group(user.key, user.key), [each.lower() for each in watched.users]))
        and (group is None or any(matches(each, watched.groups) for each in (group, _before(change, group))))
    )


def _before(change: Change, group: Group) -> Group:
    """A group by its former name: who gives a watched one another name is told of once more."""
    return replace(group, name=change.previous) if change.kind == "group_renamed" and change.previous else group


def _event(change: Change, known: Snapshot, names: Mapping[str, str], page: tuple[int, str], number: int) -> Event:
    generation, moment = page
    content = {
        "kind": change.kind,
        "account": known.account,
        "seen_at": moment,
        **({"user": _user(change.user)} if change.user else {}),
        **({"group": _group(change.group, known)} if change.group else {}),
        **(_permission(change.permission) if change.permission else {}),
        **(_binding(change.binding, names) if change.binding else {}),
        **(_environment(change.place, names) if change.place else {}),
        **({"previous": harmless(change.previous)} if change.previous else {}),
    }
    text = json.dumps([generation, number, content], sort_keys=True)
    return {"account_changes": content, "meta": {"uuid": str(uuid5(NAMESPACE_URL, f"urn:dtaccount:{text}"))}}


def _user(user: User) -> Event:
    return {
        "email": harmless(user.email),
        "uid": harmless(user.uid or ""),
        "status": harmless(user.status or ""),
        "service_user": user.is_service_user,
    }


def _group(group: Group, known: Snapshot) -> Event:
    held = known.permissions.get(group.id, frozenset())
    return {
        "id": harmless(group.id),
        "name": harmless(group.name),
        "owner": harmless(group.owner),
        "administers": any(each.name == USER_MANAGEMENT for each in held),
    }


def _permission(permission: Permission) -> Event:
    return {
        "permission": {
            "name": harmless(permission.name),
            "scope_type": harmless(permission.scope_type),
            "scope": harmless(permission.scope),
        }
    }


def _binding(binding: Binding, names: Mapping[str, str]) -> Event:
    return {
        "policy": {
            "id": harmless(binding.policy),
            "name": harmless(names.get(binding.policy, "")),
            "level": harmless(binding.level[0]),
            "parameters": {harmless(key): harmless(value) for key, value in binding.parameters},
            "boundaries": [harmless(each) for each in binding.boundaries],
        }
    }


def _environment(place: str, names: Mapping[str, str]) -> Event:
    return {"environment": {"id": harmless(place), "name": harmless(names.get(place, ""))}}
