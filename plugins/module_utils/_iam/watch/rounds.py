# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one poll reads: all lists, and of the rest as much as its share of the limit allows, in turns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, islice

from ..._api.account import Account
from ..._api.records import GLOBAL, Level
from ..._core.errors import CallFailed, InvalidInput
from ..model import Needs, Snapshot, matches
from ..reader import Reader
from .changes import Change, gone_places, moved, place_of

Unit = tuple[str, str, str]
"""One request: ``members`` or ``permissions`` of a group, ``groups`` of a person, ``bindings`` at a level."""
MEMBERSHIP_KINDS = frozenset({"joined", "left"})
PERMISSION_KINDS = frozenset({"permission_gained", "permission_lost"})


@dataclass(frozen=True)
class Watched:
    """What is of interest: kinds of changes, and patterns of e-mails and of groups' names or ids."""

    kinds: frozenset[str]
    users: tuple[str, ...] = ("*",)
    groups: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Look:
    """What a poll saw. ``last`` is the unit that it asked for last, ``units`` are all that there are, ``missed`` those
    of ``asked`` that the service couldn't answer, and ``failures`` what it said instead."""

    listed: Snapshot
    read: Snapshot
    last: Unit | None
    units: frozenset[Unit]
    asked: frozenset[Unit]
    missed: frozenset[Unit] = frozenset()
    failures: tuple[CallFailed, ...] = ()

    def unread(self, before: Iterable[Unit]) -> frozenset[Unit]:
        """What can't be read, given what couldn't before: that holds until it is asked for again."""
        return ((frozenset(before) - self.asked) | self.missed) & self.units


def look(account: Account, old: Snapshot | None, last: Unit | None, watched: Watched, requests: int) -> Look:
    """Read the lists, and then what is new and what was read longest ago, with at most so many ``requests``.

    One thing that can't be read doesn't keep others from being read. Raises CallFailed for lists and what is wrong with
    everything, and InvalidInput when ``requests`` are too few to get anywhere.
    """
    reader = Reader(account)
    listed = reader.fetch(reader.nothing(), Needs(users=True, groups=True, environment_states=True))
    units = _units(listed, watched)
    spent = account.stats.requests - account.stats.retries
    if units and spent >= requests:
        raise InvalidInput(
            f"The lists of this account take {spent} requests, and a poll may send {requests}:"
            f" give a longer interval or a higher rate_limit."
        )
    chosen, last = _turn(units, _urgent(old, listed, units), last, requests - spent)
    failures: list[CallFailed] = []
    read = reader.fetch(listed, _needs(chosen, listed), failures) if chosen else listed
    missed = frozenset(each for each in chosen if not _is_in(read, each))
    return Look(listed, read, last, frozenset(units), frozenset(chosen), missed, tuple(failures))


def _is_in(read: Snapshot, unit: Unit) -> bool:
    kind, about, more = unit
    if kind == "bindings":
        return (about, more) in read.bindings
    return about in {"members": read.whole_groups, "groups": read.whole_users, "permissions": read.permissions}[kind]


def _units(listed: Snapshot, watched: Watched) -> list[Unit]:
    """Everything there is to look at, sorted. Members are asked for by group or by person, whichever is less."""
    groups = [key for key, group in listed.groups.items() if matches(group, watched.groups)]
    explicit = listed.explicit_groups().intersection(groups)
    found: list[Unit] = []
    if watched.kinds & MEMBERSHIP_KINDS:
        by_group = listed.abilities.lists_members and len(explicit) <= len(listed.users)
        found += (
            [("members", key, "") for key in explicit] if by_group else [("groups", key, "") for key in listed.users]
        )
    if watched.kinds & PERMISSION_KINDS:
        found += [("permissions", key, "") for key in groups]
        found += [("bindings", *level) for level in levels(listed)]
    return sorted(found, key=_place)


def _place(unit: Unit) -> tuple[str, ...]:
    """Units of all kinds take turns: a poll that saw a single group's members couldn't tell a small loss from a great
    one."""
    kind, about, more = unit
    return about, more, kind


def levels(listed: Snapshot) -> list[Level]:
    """Where policies may be bound."""
    return [("account", listed.account), *(("environment", each.id) for each in listed.environments or ())]


def _urgent(old: Snapshot | None, listed: Snapshot, units: list[Unit]) -> list[Unit]:
    """What is new, has another status, or held something in an environment that has gone: that is told at once, rather
    than in its turn."""
    if old is None:
        return []
    people = (listed.users.keys() - old.users.keys()) | moved(old, listed)
    memberships = any(kind in ("members", "groups") for kind, _id, _more in units)
    asked = [("groups", key, "") for key in people] if memberships else []
    groups, places = listed.groups.keys() - old.groups.keys(), gone_places(old, listed)
    asked += [each for each in units if each[1] in groups]
    losing = (key for key, held in old.permissions.items() if any(place_of(each) in places for each in held))
    return sorted({*asked, *({("permissions", key, "") for key in losing} & set(units))})


def _turn(units: list[Unit], urgent: list[Unit], last: Unit | None, room: int) -> tuple[list[Unit], Unit | None]:
    """What comes next after ``last``, beside what can't wait; and the new ``last``.

    Half of the room is for turns, so that many newcomers never stop them.
    """
    first = urgent[: max(1, room // 2)]
    begin = next((number for number, each in enumerate(units) if last and _place(each) > _place(last)), 0)
    taken = set(first)
    others = (each for each in chain(units[begin:], units[:begin]) if each not in taken)
    rest = list(islice(others, max(0, room - len(first))))
    return [*first, *rest], rest[-1] if rest else last


def _needs(units: Collection[Unit], listed: Snapshot) -> Needs:
    def of(kind: str) -> frozenset[str]:
        return frozenset(each[1] for each in units if each[0] == kind)

    return Needs(
        groups_of=of("groups") & listed.users.keys(),
        members_of=of("members"),
        permissions_of=of("permissions"),
        bindings_at=frozenset((each[1], each[2]) for each in units if each[0] == "bindings"),
    )


def names_of(account: Account, old: Snapshot, listed: Snapshot, changes: Iterable[Change]) -> dict[str, str]:
    """The names, by id, of all environments and of the policies that changes are about; these without a request where
    there are none, and left out where they can't be read. Raises CallFailed.
    """
    places = {each.id: each.name for each in (*(old.environments or ()), *(listed.environments or ()))}
    wanted = {each.binding.policy: each.binding.level for each in changes if each.binding}
    if not wanted:
        return places
    there = {GLOBAL, ("account", listed.account), *(set(wanted.values()) & set(levels(listed)))}
    found = Reader(account).fetch(listed, Needs(policies_at=frozenset(there)), spared=[])
    return {**places, **{key: found.policies[key].name for key in wanted if key in found.policies}}
