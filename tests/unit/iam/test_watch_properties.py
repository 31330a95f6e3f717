# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens to an account, and whenever the source is killed: events make the old account the new one."""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import (
    Binding,
    Environment,
    Group,
    Permission,
    User,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Abilities, Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch import cursor as cursors
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch import watching
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.arguments import Orders, orders
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.changes import compare
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.cursor import Page
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.events import events_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.memory import from_json, to_json

from ..builders import ACCOUNT
from ..loops import finish

PLACES = ("env1", "env2")
LEVELS = [("account", ACCOUNT), *(("environment", each) for each in PLACES)]
Fact = tuple[str, ...]


@st.composite
def accounts(draw: st.DrawFn) -> Snapshot:
    """A few people, groups, memberships, permissions and policies."""
    users = {f"u{each}@x": draw(st.sampled_from(["PENDING", "ACTIVE", "INACTIVE"])) for each in draw(numbers(4))}
    groups = {f"g{each}": draw(st.sampled_from(["A", "B"])) for each in draw(numbers(3))}
    generations = {key: draw(st.sampled_from(["1", "1", "2"])) for key in users}
    chosen = st.frozensets(st.sampled_from(sorted(groups)), max_size=3) if groups else st.just(frozenset[str]())
    places = draw(st.sets(st.sampled_from(PLACES), min_size=1))
    bound = {level: draw(chosen) for level in LEVELS if level[1] in {ACCOUNT, *places}}
    return Snapshot(
        account=ACCOUNT,
        abilities=Abilities(names_writable=False, finds_by_email=True, lists_members=True),
        users={key: User(key, key + generations[key], status=status) for key, status in users.items()},
        users_listed=True,
        groups={key: Group(key, f"{name} {key}") for key, name in groups.items()},
        groups_listed=True,
        memberships={key: draw(chosen) for key in users},
        whole_users=frozenset(users),
        whole_groups=frozenset(groups),
        permissions={
            key: frozenset(Permission(f"p{each}", "tenant", "env1") for each in draw(numbers(2))) for key in groups
        },
        environments=tuple(Environment(each, each) for each in sorted(places)),
        bindings={level: frozenset(Binding(level, "policy", group) for group in held) for level, held in bound.items()},
    )


def numbers(most: int) -> st.SearchStrategy[list[int]]:
    """Some of the first few numbers."""
    return st.lists(st.integers(0, most - 1), unique=True)


def facts(known: Snapshot) -> set[Fact]:
    """All that events tell about."""
    found: set[Fact] = {("user", key, user.status or "", user.uid or "") for key, user in known.users.items()}
    found |= {("group", key, group.name) for key, group in known.groups.items()}
    found |= {("member", key, each) for key, held in known.memberships.items() for each in held}
    found |= {("permission", key, each.name) for key, held in known.permissions.items() for each in held}
    return found | {("policy", each.group, *level) for level, held in known.bindings.items() for each in held or ()}


def applied(before: set[Fact], events: list[dict[str, Any]]) -> set[Fact]:
    """Facts after events, each of which must be about something that is as the event supposes."""
    made = set(before)
    for event in events:
        change = event["account_changes"]
        kind, user, group = change["kind"], change.get("user", {}), change.get("group", {})
        what: Fact = ("group", group.get("id", ""), group.get("name", ""))
        if kind == "group_renamed":
            made.remove(("group", group["id"], change["previous"]))
        elif kind in ("joined", "left"):
            what = ("member", user["email"], group["id"])
        elif kind.startswith("permission"):
            place = change["environment"]["id"] if "environment" in change else change["account"]
            policy = ("policy", group["id"], change.get("policy", {}).get("level", ""), place)
            what = ("permission", group["id"], change["permission"]["name"]) if "permission" in change else policy
        elif not kind.startswith("group"):
            status = "PENDING" if kind == "invited" else user["status"]
            what = ("user", user["email"], status, user["uid"])
            if kind in ("activated", "deactivated") or (kind == "invited" and has_user(made, user)):
                made -= {each for each in made if each[:2] == ("user", user["email"])}
        if kind in ("left", "permission_lost", "deleted", "group_deleted"):
            made.remove(what)
        else:
            assert what not in made
            made.add(what)
    return made


def has_user(made: set[Fact], user: dict[str, Any]) -> bool:
    """Whether somebody has that e-mail."""
    return any(each[:2] == ("user", user["email"]) for each in made)


def told(old: Snapshot, listed: Snapshot, read: Snapshot, number: int) -> tuple[list[dict[str, Any]], Snapshot]:
    """Events, and what is known then."""
    changes, known = compare(old, listed, read)
    return events_of(changes, known, {}, EVERYTHING.watched, (number, "now")), known


EVERYTHING = orders({"account_uuid": ACCOUNT, "access_token": "t", "state_dir": "nowhere", "max_loss_percent": 100}, {})


@given(accounts(), accounts())
def test_events_make_the_old_account_the_new_one(old: Snapshot, new: Snapshot) -> None:
    events, known = told(old, new, new, 1)
    assert applied(facts(old), events) == facts(new) == facts(known)
    assert told(known, new, new, 2)[0] == []
    assert len({event["meta"]["uuid"] for event in events}) == len(events)


def part(world: Snapshot, later: Snapshot, chance: random.Random) -> tuple[Snapshot, Snapshot]:
    """The lists, and these with some of the rest, by group or by person, which is read when it is ``later``."""
    nothing = replace(world, memberships={}, whole_users=frozenset(), whole_groups=frozenset())
    listed = replace(nothing, permissions={}, bindings={})
    people = frozenset(key for key in world.users if chance.random() < 0.3)
    groups = frozenset(key for key in world.groups if key in later.groups and chance.random() < 0.5)
    seen = {key: later.groups_of(key) & groups for key in later.users}
    seen |= {key: later.groups_of(key) for key in people}
    unlisted = {key: replace(group, hidden=True) for key, group in later.groups.items() if key not in world.groups}
    return listed, replace(
        listed,
        users={**later.users, **world.users},
        groups={**world.groups, **unlisted},
        memberships=seen,
        whole_users=people,
        whole_groups=groups,
        permissions={key: later.permissions[key] for key in groups if chance.random() < 0.5},
        bindings={level: later.bindings.get(level) for level in world.bindings if chance.random() < 0.5},
    )


@given(st.lists(accounts(), min_size=2, max_size=5), st.integers(0, 2**32))
def test_partial_looks_end_at_the_same(worlds: list[Snapshot], seed: int) -> None:
    """However little each poll saw, and whatever changed while it looked: no event contradicts the one before, and a
    last whole look sets all right."""
    chance = random.Random(seed)
    known, seen = worlds[0], facts(worlds[0])
    for number, (world, later) in enumerate(pairwise(worlds)):
        for then in (world, later):
            events, known = told(known, *part(world, then, chance), 2 * number + (then is later))
            seen = applied(seen, events)
            assert seen == facts(known)
    events, known = told(known, worlds[-1], worlds[-1], 2 * len(worlds))
    assert applied(seen, events) == facts(worlds[-1])


# --- killed at any point


class Killed(BaseException):
    """The end of a process."""


class Fuse:
    """Ends a run at one of its steps."""

    def __init__(self, last: int | None) -> None:
        self.left = last

    def step(self) -> None:
        """One more step that a kill may come before or after."""
        if self.left == 0:
            raise Killed
        if self.left is not None:
            self.left -= 1


class Outlet:
    """A queue, and the engine that takes from it at once."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse = fuse
        self.taken: list[dict[str, Any]] = []

    async def put(self, item: dict[str, Any]) -> None:
        """Take it, unless killed before."""
        self.fuse.step()
        self.taken.append(json.loads(json.dumps(item)))
        self.fuse.step()

    def empty(self) -> bool:
        """There is nothing left in it."""
        return True


def prepare(patch: pytest.MonkeyPatch, worlds: list[Snapshot], fuse: Fuse) -> None:
    """Polls that see one world after the other, and a disk whose every write has two steps."""
    left = iter(worlds)

    def poll(_orders: Orders, _runtime: object, page: Page | None, _moment: str) -> Page:
        world = next(left, None)
        if world is None:
            raise InvalidInput("the script is at its end")
        old = from_json(ACCOUNT, page.known) if page else world
        number = page.generation + 1 if page else 1
        events, known = told(old, world, world, number)
        return Page(number, "published", to_json(known), None, events)

    patch.setattr(watching, "poll", poll)
    patch.setattr(cursors.os, "fsync", lambda descriptor: fuse.step())


def live(folder: str, fuse: Fuse) -> list[dict[str, Any]]:
    """One life of a source, to the end of the script or to its kill; what the engine got."""
    outlet = Outlet(fuse)
    with pytest.raises((Killed, InvalidInput)):
        finish(watching.watch(outlet, None, replace(EVERYTHING, state_dir=Path(folder), interval=0)))
    return outlet.taken


@given(st.lists(accounts(), min_size=2, max_size=4), st.integers(0, 60), st.integers(0, 60))
def test_killed_twice_anywhere(worlds: list[Snapshot], first: int, second: int) -> None:
    """Nothing is lost; what comes twice is the event at which the kill came, with the same id."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        prepare(patch, worlds[:1], Fuse(None))
        assert live(folder, Fuse(None)) == []
        lives = []
        for last in (first, second, None):
            fuse = Fuse(last)
            prepare(patch, worlds[1:], fuse)
            lives.append(live(folder, fuse))
    once: dict[str, dict[str, Any]] = {}
    # of the latest life that got as far as to tell anything
    newest: list[dict[str, Any]] = []
    for events in lives:
        ids = [event["meta"]["uuid"] for event in events]
        assert len(set(ids)) == len(ids)
        again = [event for event in events if event["meta"]["uuid"] in once]
        assert again == (newest[-1:] if again else [])
        once |= dict(zip(ids, events, strict=True))
        newest = events or newest
    assert applied(facts(worlds[0]), list(once.values())) == facts(worlds[-1])
