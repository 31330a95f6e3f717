# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every task of dynatrace_access, as whole runs against the simulator, whatever goes wrong meanwhile.

``HYPOTHESIS_PROFILE=long`` looks at 2,000 random accounts and wishes, half of them with each contract; else at a few.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, event, given, note, settings

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action, Change
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.facts import (
    GroupFact,
    MembershipFact,
    PermissionFact,
    UserFact,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Snapshot, is_managed, matches
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo

from ..builders import CONTRACTS, Bench, State, access, account, bench, shape, told
from ..cases import BulkCase, bulk_cases
from .test_rehearsals import faults

SHORT, LONG = 12, 1000
EXAMPLES = LONG if settings.default.max_examples >= LONG else SHORT
TAKES = (Action.REMOVE, Action.DELETE)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_bulk(contract: str) -> None:
    """One simulator for all: each case loads an account of its own."""
    with bench(contract, account()) as made:

        @settings(max_examples=EXAMPLES)
        @given(bulk_cases(), faults())
        def look(case: BulkCase, trouble: list[Any]) -> None:
            made.sim.faults([])
            made.sim.load(case.state)
            rehearse(made, case, trouble)

        look()


def rehearse(made: Bench, case: BulkCase, trouble: list[State]) -> None:
    """Preview, run, look, run again, and take it all back."""
    start = made.sim.state()
    before = made.state()
    preview = previewed(made, case)
    if preview is None:
        assert made.sim.state() == start
        event("refused")
        return
    event(f"{min(len(preview.applied), 8)} changes")
    predicted = project(before, preview.plan.changes)
    guards_hold(case, preview.applied, before, predicted)
    if case.additive:
        takes_nothing(preview.applied, before, predicted)
    made.sim.faults(trouble)
    result = made.run(case.wish, case.guards, expected_plan=preview.plan.id)
    made.sim.faults([])
    assert result.error is None, result.error
    assert result.pending == []
    assert result.plan.id == preview.plan.id
    assert sorted(told(result.applied)) == sorted(told(preview.applied))
    assert shape(made.state()) == shape(predicted)
    again = made.run(case.wish, case.guards)
    assert told(again.applied) == []
    assert made.writes == []
    take_back(made, result, before)


def previewed(made: Bench, case: BulkCase) -> Result | None:
    """The preview, None for one that guards refuse; wishes that contradict themselves are none of our business here."""
    try:
        result = made.run(case.wish, case.guards, preview=True)
    except InvalidInput as refusal:
        note(str(refusal))
        assume(condition=False)
        raise
    except Refused as refusal:
        note(str(refusal))
        return None
    finally:
        assert made.writes == []
    note(str(told(result.applied)))
    return result


def guards_hold(case: BulkCase, changes: list[Change], before: Snapshot, after: Snapshot) -> None:
    """Said once more, in other words than the guards' own."""
    for key in case.guards.protected_users & before.users.keys():
        assert key in after.users
        assert before.groups_of(key) <= after.groups_of(key)
    for group in before.groups.values():
        if matches(group, case.guards.protected_groups):
            assert after.groups[group.id].name == group.name
            assert before.members_of(group.id) & after.users.keys() <= after.members_of(group.id)
            assert before.permissions[group.id] <= after.permissions[group.id]
    number = len(administrators(after))
    assert number >= case.guards.min_admins or number >= len(administrators(before))
    limit = case.guards.thresholds.max_removals
    counted = Counter(change.fact.kind for change in changes if change.action in TAKES)
    assert limit is None or all(number <= limit for number in counted.values())
    for change in changes:
        if change.action in TAKES:
            not_others(change, case, before)


def administrators(seen: Snapshot) -> set[str]:
    groups = {group for group, have in seen.permissions.items() if any("user-management" in each.name for each in have)}
    people = {key: user for key, user in seen.users.items() if not user.is_service_user}
    return {key for key, user in people.items() if user.status == "ACTIVE" and seen.groups_of(key) & groups}


def not_others(change: Change, case: BulkCase, before: Snapshot) -> None:
    """What others manage stays unless the task takes it over; what nobody names goes only by purge, within bounds."""
    fact, purge = change.fact, case.wish.purge
    named_groups = {wish.name for wish in case.wish.groups} | {wish.new_name for wish in case.wish.groups}
    taken_over = {wish.name for wish in case.wish.groups if wish.federated == ()}
    if isinstance(fact, (GroupFact, MembershipFact)):
        group = before.groups[fact.group.id]
        assert not is_managed(group) or (group.owner == "SAML" and group.name in taken_over)
    if isinstance(fact, (GroupFact, PermissionFact)) and before.groups[fact.group.id].name not in named_groups:
        assert isinstance(fact, GroupFact)
        assert purge.groups
        assert matches(fact.group, purge.group_scope)
    if isinstance(fact, (UserFact, MembershipFact)) and fact.user.key not in case.wish.emails():
        assert purge.users if isinstance(fact, UserFact) else purge.memberships
        assert not fact.user.is_service_user
        assert not purge.domains or fact.user.key.rpartition("@")[2] in purge.domains
        if isinstance(fact, MembershipFact):
            assert matches(fact.group, purge.group_scope)


def takes_nothing(changes: list[Change], before: Snapshot, after: Snapshot) -> None:
    assert not [change for change in changes if change.action in TAKES]
    assert before.users.keys() <= after.users.keys()
    assert before.groups.keys() <= after.groups.keys()
    assert all(before.groups_of(key) <= after.groups_of(key) for key in before.users)
    assert all(have <= after.permissions[group] for group, have in before.permissions.items())


def take_back(made: Bench, result: Result, before: Snapshot) -> None:
    """All is as it was, except what ``lost`` names."""
    way = undo(result.applied, result.before)
    note(str(way))
    wish = access(users=way["users"], groups=way["groups"])
    if not administrators(before) and administrators(made.state()):
        with pytest.raises(Refused, match="leave nobody active who may manage users"):
            made.run(wish)
        return
    back = made.run(wish)
    assert back.error is None
    assert back.pending == []
    assert without(made.state(), way["lost"]) == without(before, way["lost"])
    assert made.run(wish).applied == []


def without(seen: Snapshot, lost: list[str]) -> dict[str, Any]:
    """A shape without that which ``lost`` says can't come back."""
    found = shape(seen)
    hidden = [group.name for group in seen.groups.values() if group.hidden]
    for line in lost:
        subject, _colon, what = line.partition(": ")
        kind, _blank, name = subject.partition(" ")
        if kind == "user":
            lost_of_user(found, name.lower(), what, hidden)
        else:
            lost_of_group(found, name, what)
    return found


def lost_of_user(found: dict[str, Any], key: str, what: str, hidden: list[str]) -> None:
    """Memberships in groups that others decide about, or all that a new user hasn't."""
    if what.startswith("group "):
        drop(found, what.removeprefix("group ").rpartition(", of which ")[0], key)
        return
    assert "comes back as a new one" in what
    found["users"][key] = "comes back as a new one"
    for group in hidden:
        drop(found, group, key)


def lost_of_group(found: dict[str, Any], name: str, what: str) -> None:
    """Members who aren't known, robots, or that it goes."""
    if "comes back as a new one" in what:
        drop(found, name, "robot@service.sso.dynatrace.com")
        return
    drop(found, name, *found["members"])
    if "stays, since" in what:
        found["groups"] = [each for each in found["groups"] if each[0] != name]
        found["permissions"].pop(name, None)
    else:
        assert "members aren't all known" in what


def drop(found: dict[str, Any], group: str, *keys: str) -> None:
    """Without these memberships."""
    for key in keys:
        left = [name for name in found["members"].pop(key, []) if name != group]
        if left:
            found["members"][key] = left
