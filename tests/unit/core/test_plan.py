# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: their order and their id."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Group, Permission, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action, Change
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import Plan, make_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.facts import (
    GroupFact,
    MembershipFact,
    PermissionFact,
    UserFact,
)

from ..builders import told

ANNA, TOM = User("anna@example.com", "u1"), User("tom@example.com", "u2")
SHOP, OPS = Group("g1", "Shop"), Group("g2", "Ops")
VIEWER = Permission("tenant-viewer", "tenant", "prod")
JOIN = Change(Action.ADD, MembershipFact(ANNA, SHOP))
CHANGES = [
    Change(Action.DELETE, UserFact(TOM, gone=True)),
    Change(Action.REMOVE, MembershipFact(TOM, OPS)),
    Change(Action.UPDATE, GroupFact(SHOP, was=Group("g1", "Store"))),
    Change(Action.ADD, PermissionFact(OPS, VIEWER, "environment Prod")),
    JOIN,
    Change(Action.ADD, MembershipFact(ANNA, OPS)),
    Change(Action.CREATE, UserFact(ANNA)),
    Change(Action.CREATE, GroupFact(OPS)),
]


def plan(*changes: Change, subject: str = "account a") -> Plan:
    return make_plan(subject, changes)


class TestOrder:
    def test_adds_come_before_removes(self) -> None:
        assert told(plan(*CHANGES).changes) == [
            "create group Ops",
            "create user anna@example.com",
            "add membership anna@example.com in Ops",
            "add membership anna@example.com in Shop",
            "add permission Ops: tenant-viewer on environment Prod",
            "update group Store",
            "remove membership tom@example.com in Ops",
            "delete user tom@example.com",
        ]

    def test_stages_hold_what_has_something_to_do(self) -> None:
        stages = [(action, len(changes)) for action, changes in plan(*CHANGES[:2], JOIN).stages()]
        assert stages == [(Action.ADD, 1), (Action.REMOVE, 1), (Action.DELETE, 1)]

    def test_warnings_are_kept_once_and_in_order(self) -> None:
        assert make_plan("account a", (), ["b", "a", "b"]).warnings == ("b", "a")


class TestId:
    def test_is_a_sha_256(self) -> None:
        assert len(plan().id) == 64
        assert int(plan().id, 16)

    def test_does_not_depend_on_the_order_of_the_input(self) -> None:
        assert len({plan(*some).id for some in permutations(CHANGES[:4])}) == 1
        shuffled = list(CHANGES)
        random.Random(1).shuffle(shuffled)
        assert plan(*shuffled).changes == plan(*CHANGES).changes

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(plan(JOIN, subject="account b"), id="another account"),
            pytest.param(plan(), id="no change"),
            pytest.param(plan(JOIN, CHANGES[0]), id="one change more"),
            pytest.param(plan(Change(Action.REMOVE, MembershipFact(ANNA, SHOP))), id="another action"),
            pytest.param(plan(Change(Action.ADD, MembershipFact(TOM, SHOP))), id="another user"),
            pytest.param(plan(Change(Action.ADD, MembershipFact(ANNA, Group("g3", "Shop")))), id="a namesake"),
            pytest.param(
                plan(Change(Action.ADD, MembershipFact(User("anna@example.com", "u3"), SHOP))),
                id="somebody invited anew",
            ),
        ],
    )
    def test_tells_plans_apart(self, other: Plan) -> None:
        assert other.id != plan(JOIN).id

    def test_tells_scopes_of_one_name_apart(self) -> None:
        there = PermissionFact(SHOP, VIEWER, "environment Prod")
        elsewhere = PermissionFact(SHOP, Permission("tenant-viewer", "tenant", "prod2"), "environment Prod")
        assert plan(Change(Action.ADD, there)).id != plan(Change(Action.ADD, elsewhere)).id

    def test_warnings_do_not_count(self) -> None:
        assert make_plan("account a", [JOIN], ["a warning"]).id == plan(JOIN).id

    def test_names_can_not_imitate_further_changes(self) -> None:
        names = plan(Change(Action.CREATE, GroupFact(Group("g", 'a","b'))))
        more = plan(
            Change(Action.CREATE, GroupFact(Group("g", "a"))), Change(Action.CREATE, GroupFact(Group("g", "b")))
        )
        assert names.id != more.id


def test_the_list_that_modules_return() -> None:
    assert plan(JOIN).as_list() == [
        {
            "action": "add",
            "kind": "membership",
            "name": "anna@example.com in Shop",
            "detail": {"user": "anna@example.com", "group": "Shop"},
        }
    ]
