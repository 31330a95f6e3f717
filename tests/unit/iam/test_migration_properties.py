# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nobody loses anything on the way off role permissions, not for a moment, and not when these end.

What people may do is worked out by the simulator, which knows nothing of the engine. ``HYPOTHESIS_PROFILE=long`` looks
at 1,000 random accounts, half of them with each contract; else at a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.migration import Migration
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project
from tests.simulator.access import Ability, abilities
from tests.simulator.server import Exchange

from ..builders import (
    CONTRACTS,
    Bench,
    State,
    account,
    bench,
    bot,
    bound,
    boundary,
    desired,
    gid,
    held,
    person,
    place,
    policy_shape,
    ready_made,
    shape,
    team,
    told,
)
from ..cases import some
from .test_rehearsals import faults

SHORT, LONG = 12, 500
EXAMPLES = LONG if settings.default.max_examples >= LONG else SHORT
SUNSET = "2027-01-11"
PEOPLE = ("ada@example.com", "bob@example.com", "cem@example.com")
TEAMS = ("Art", "Ops", "Größe & Co")
ROLES = (
    "tenant-viewer",
    "tenant-logviewer",
    "tenant-manage-settings",
    "tenant-agent-install",
    "tenant-manage-support-tickets",
)
PLACES = {"prod": ("Web", "Shop", "It's"), "test": ("Web", "[K8s] *"), "old": ("Web",)}
SCOPES = [scope for each, zones in PLACES.items() for scope in (each, *(f"{each}:{n + 1}" for n in range(len(zones))))]
HELD = [held(role, scope) for role in ROLES for scope in (*SCOPES, "prod:9", "gone")]
ZONE = "environment:management-zone"
QUERIES = {
    "a": f'{ZONE} = "Web";',
    "b": f'{ZONE} IN ("Web", "Shop");',
    "c": f'{ZONE} = "Shop"; storage:dt.security_context = "Shop";',
    "d": f'{ZONE} startsWith "W";',
    "e": f'{ZONE} = "Web"; {ZONE} = "Shop";',
    "f": f'{ZONE} = "Web"; global:date < "2026-01-01";',
    "Management zone Web": f'{ZONE} = "Elsewhere";',
    "g": f'{ZONE} = "${{bindParam:zone}}";',
    "h": f'{ZONE} != "Web";',
}
Losses = list[frozenset[Ability]]
Held = tuple[str, str, str]


@st.composite
def bindings(draw: st.DrawFn) -> State:
    """A ready-made policy, or another one, bound to some group."""
    names = ("tenant-viewer", "tenant-viewer", "tenant-logviewer", "tenant-agent-install", "Standard User")
    name = draw(st.sampled_from(names))
    within = draw(some(*sorted(QUERIES), most=2)) if draw(st.booleans()) else []
    parameters = {"zone": "Shop"} if "g" in within else draw(st.sampled_from([{}, {}, {"x": "y"}]))
    metadata = draw(st.sampled_from([{}, {}, {}, {"by": "hand"}]))
    on = draw(st.sampled_from([None, "prod", "prod", "test", "old"]))
    who = draw(st.sampled_from(TEAMS))
    return bound(ready_made(name), who, on=on, within=within, parameters=parameters, metadata=metadata)


@st.composite
def accounts(draw: st.DrawFn) -> State:
    """Up to three people in groups with all sorts of role permissions, of which policies give some already."""
    groups = [
        team(name, *draw(some(*HELD, most=6)), owner=draw(st.sampled_from(["LOCAL", "LOCAL", "SCIM", "SAML"])))
        for name in TEAMS
    ]
    groups.append(team("robot's own", held("tenant-viewer", "prod"), hidden=True))
    users = [person(email, *draw(some(*TEAMS))) for email in PEOPLE]
    found = {_key(each): each for each in draw(st.lists(bindings(), max_size=4))}
    environments = [place(name, *zones) for name, zones in PLACES.items()]
    environments[-1]["active"] = False
    bounds = [boundary(name, query) for name, query in QUERIES.items()]
    robots = [bot("robot", *draw(some(*TEAMS)), "robot's own")]
    return account([*users, *robots], groups, environments, found.values(), boundaries=bounds)


def _key(binding: State) -> str:
    return str({key: value for key, value in binding.items() if key != "boundaries"})


@pytest.mark.parametrize("contract", CONTRACTS)
def test_migration(contract: str) -> None:
    """One simulator for all: each case loads an account of its own."""
    with bench(contract, account()) as made:

        @settings(max_examples=EXAMPLES)
        @given(accounts(), some("*", *TEAMS, "?rt"), st.booleans(), faults())
        def look(state: State, groups: list[str], remove: bool, trouble: list[State]) -> None:
            made.sim.faults([])
            made.sim.load(state)
            rehearse(made, Migration(tuple(groups) or ("*",), remove), trouble)

        look()


def rehearse(made: Bench, migration: Migration, trouble: list[State]) -> None:
    """Preview, run while somebody watches, run again, and wait for the day on which role permissions end."""
    wish, before, could = desired(migration=migration), made.state(), able(made)
    preview = made.run(wish, preview=True)
    assert made.writes == []
    note("\n".join([*told(preview.applied), *preview.warnings]))
    event(f"{min(len(preview.applied), 8)} changes")
    predicted = project(before, preview.plan.changes)
    result, losses = watched(made, wish, preview, trouble, could)
    assert losses == []
    assert result.error is None, result.error
    assert result.pending == []
    assert sorted(told(result.applied)) == sorted(told(preview.applied))
    assert {**shape(made.state()), **policy_shape(made.state())} == {**shape(predicted), **policy_shape(predicted)}
    again = made.run(wish)
    assert told(again.applied) == []
    assert made.writes == []
    start = role_permissions(before)
    ours = {each for each in start if each[0] in meant(migration, before)}
    stay = kept(ours, preview.warnings)
    assert role_permissions(made.state()) == (start - ours | stay if migration.remove else start)
    assert on_the_day(made, could) <= excused(before, start - ours | stay)


def watched(
    made: Bench, wish: Any, preview: Result, trouble: list[State], could: frozenset[Ability]
) -> tuple[Result, Losses]:
    """A run, and what somebody couldn't do any more after one of its requests."""
    losses: Losses = []

    def watch(_exchange: Exchange) -> None:
        lost = could - able(made)
        if lost:
            losses.append(lost)

    made.watchers.append(watch)
    made.sim.faults(trouble)
    try:
        return made.run(wish, expected_plan=preview.plan.id), losses
    finally:
        made.sim.faults([])
        made.watchers.remove(watch)


def able(made: Bench) -> frozenset[Ability]:
    with made.sim.account.lock:
        return abilities(made.sim.account)


def role_permissions(seen: Snapshot) -> set[Held]:
    """Group, name and scope of all role permissions that end."""
    found = {(group, each) for group, have in seen.permissions.items() for each in have}
    return {(seen.groups[group].name, each.name, each.scope) for group, each in found if each.scope_type != "account"}


def meant(migration: Migration, seen: Snapshot) -> set[str]:
    """Names of the groups that are to be migrated; a hidden one can't be known."""
    listed = [group for group in seen.groups.values() if not group.hidden]
    return {seen.groups[group].name for group in migration.group_ids(listed)}


def kept(before: set[Held], warnings: Iterable[str]) -> set[Held]:
    """Those that a warning names."""
    told_of = list(warnings)
    inactive = any("environment old stay as they are" in text for text in told_of)
    return {
        (group, name, scope)
        for group, name, scope in before
        if any(
            text.startswith(f"Group {group!r} keeps its role permission {name} on {words(scope)}: ") for text in told_of
        )
        or (inactive and scope.partition(":")[0] == "old")
    }


def words(scope: str) -> str:
    """A scope as people know it."""
    environment, _colon, zone = scope.partition(":")
    if not zone:
        return f"environment {environment}"
    zones = PLACES[environment]
    return f"management zone {zones[int(zone) - 1] if int(zone) <= len(zones) else zone} of {environment}"


def on_the_day(made: Bench, could: frozenset[Ability]) -> frozenset[Ability]:
    """What nobody can do any more once role permissions have ended."""
    state = made.sim.state()
    made.sim.load({**state, "options": {**state["options"], "today": SUNSET}})
    return could - able(made)


def excused(seen: Snapshot, permissions: set[Held]) -> set[Ability]:
    """What people could do through these role permissions."""
    found = set()
    for group, name, scope in permissions:
        environment, _colon, only = scope.partition(":")
        zones = [str(number + 1) for number in range(len(PLACES.get(environment, ())))]
        for key in seen.members_of(gid(group)):
            for zone in [only] if only else ["*", *zones]:
                found.add((seen.users[key].email, environment, zone, name.removeprefix("tenant-")))
    return found
