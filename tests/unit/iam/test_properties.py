# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every account and every wish."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import Plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import render_diff
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.facts import (
    GroupFact,
    MembershipFact,
    UserFact,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.lists import ListWish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Snapshot, is_managed
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project

from ..builders import CONTRACTS, snapshot, told
from ..cases import Case, cases

contracts = st.sampled_from(CONTRACTS)


def planned(case: Case, before: Snapshot) -> Plan:
    """The plan; wishes that contradict themselves are none of our business here."""
    try:
        plan = make_access_plan(case.wish, before)
    except InvalidInput as refusal:
        note(str(refusal))
        assume(condition=False)
        raise
    note(f"{told(plan.changes)} {plan.warnings}")
    return plan


@given(cases(), contracts)
def test_planning_again_finds_nothing_to_do(case: Case, contract: str) -> None:
    before = snapshot(case.state, contract)
    after = project(before, planned(case, before).changes)
    assert told(make_access_plan(case.wish, after).changes) == []


@given(cases(additive=True), contracts)
def test_an_additive_wish_takes_nothing_away(case: Case, contract: str) -> None:
    before = snapshot(case.state, contract)
    plan = planned(case, before)
    assert {change.action for change in plan.changes} <= {Action.CREATE, Action.ADD, Action.UPDATE}
    after = project(before, plan.changes)
    assert before.users.keys() <= after.users.keys()
    assert before.groups.keys() <= after.groups.keys()
    assert all(before.groups_of(key) <= after.groups_of(key) for key in before.users)
    assert all(have <= after.permissions[group] for group, have in before.permissions.items())


@given(cases(), contracts)
def test_what_others_manage_stays(case: Case, contract: str) -> None:
    before = snapshot(case.state, contract)
    for change in planned(case, before).changes:
        fact = change.fact
        if isinstance(fact, (GroupFact, MembershipFact)):
            found = before.groups.get(fact.group.id)
            assert found is None or not is_managed(found)
        if isinstance(fact, UserFact) or (isinstance(fact, MembershipFact) and change.action is Action.REMOVE):
            named = fact.user.key in case.wish.emails()
            assert named or not isinstance(fact, UserFact)
            assert named or not fact.user.is_service_user


@given(cases(), contracts)
def test_who_is_not_named_keeps_everything(case: Case, contract: str) -> None:
    """Only a group's whole list of members may touch somebody who isn't named."""
    before = snapshot(case.state, contract)
    assume(not any(wish.members and wish.members.set is not None for wish in case.wish.groups))
    assume(not any(wish.state == "absent" for wish in case.wish.groups))
    after = project(before, planned(case, before).changes)
    for key in before.users.keys() - case.wish.emails().keys():
        assert after.users[key] == before.users[key]
        assert after.groups_of(key) == before.groups_of(key)


@given(cases(), contracts, st.randoms(use_true_random=False))
def test_order_does_not_matter(case: Case, contract: str, chance: random.Random) -> None:
    before = snapshot(case.state, contract)
    plan = planned(case, before)
    other = make_access_plan(shuffled_wish(case.wish, chance), shuffled_snapshot(before, chance))
    assert told(other.changes) == told(plan.changes)
    assert other.id == plan.id
    assert sorted(other.warnings) == sorted(plan.warnings)
    for view in ("user", "group"):
        assert render_diff(other.changes, view) == render_diff(plan.changes, view)


@given(cases(), contracts)
def test_a_change_is_planned_once(case: Case, contract: str) -> None:
    plan = planned(case, snapshot(case.state, contract))
    canonical = [change.canonical for change in plan.changes]
    assert len(set(canonical)) == len(canonical)


@given(cases(), contracts)
def test_adds_come_before_removes(case: Case, contract: str) -> None:
    plan = planned(case, snapshot(case.state, contract))
    stages = [list(Action).index(change.action) for change in plan.changes]
    assert stages == sorted(stages)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_projection_leaves_the_snapshot_alone(contract: str) -> None:
    @given(cases())
    def look(case: Case) -> None:
        before, same = snapshot(case.state, contract), snapshot(case.state, contract)
        project(before, planned(case, before).changes)
        assert before == same

    look()


def mixed(items: tuple[str, ...] | None, chance: random.Random) -> tuple[str, ...] | None:
    return None if items is None else tuple(chance.sample(items, len(items)))


def shuffled_list(wish: ListWish | None, chance: random.Random) -> ListWish | None:
    if wish is None:
        return None
    add, remove = mixed(wish.add, chance) or (), mixed(wish.remove, chance) or ()
    return ListWish(add, remove, mixed(wish.set, chance), mixed(wish.within, chance))


def shuffled_wish(wish: Desired, chance: random.Random) -> Desired:
    users = [replace(each, groups=shuffled_list(each.groups, chance)) for each in wish.users]
    groups = [
        replace(
            each,
            members=shuffled_list(each.members, chance),
            permissions=each.permissions and tuple(chance.sample(each.permissions, len(each.permissions))),
        )
        for each in wish.groups
    ]
    chance.shuffle(users)
    chance.shuffle(groups)
    return replace(wish, users=tuple(users), groups=tuple(groups))


def shuffled_snapshot(seen: Snapshot, chance: random.Random) -> Snapshot:
    def other(mapping: dict[str, object]) -> dict[str, object]:
        return dict(chance.sample(list(mapping.items()), len(mapping)))

    parts = {name: other(dict(getattr(seen, name))) for name in ("users", "groups", "memberships", "permissions")}
    return replace(seen, **parts)
