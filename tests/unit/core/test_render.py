# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff that people see."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Group, Permission, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action, Change
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import make_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import render_diff
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.facts import (
    GroupFact,
    MembershipFact,
    PermissionFact,
    UserFact,
)

ANNA = User("anna@example.com", "u1", status="PENDING")
SHOP = Group("g1", "Shop", "Sells")
HOSTILE = [
    pytest.param("Shop\n-groups:\n", id="newline"),
    pytest.param("Shop\r", id="carriage return"),
    pytest.param("\x1b[31mred", id="terminal escape"),
    pytest.param("\x9b31mred", id="terminal escape in one character"),
    pytest.param("a\x7f", id="delete"),
    pytest.param("a\u2028b", id="line separator"),
    pytest.param("a\u202eb", id="text from right to left"),
    pytest.param("a: b", id="colon"),
    pytest.param("- a", id="dash"),
    pytest.param('"', id="quote"),
    pytest.param("", id="empty"),
    pytest.param(" Shop", id="blank in front"),
    pytest.param("#no", id="comment"),
]


def diff(*changes: Change, view: str = "user") -> list[dict[str, str]]:
    return render_diff(make_plan("account a", changes).changes, view)


def block(header: str, before: str, after: str) -> dict[str, str]:
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def test_no_change_no_diff() -> None:
    assert diff() == []


def test_who_is_invited_has_nothing_before() -> None:
    changes = [Change(Action.CREATE, UserFact(ANNA)), Change(Action.ADD, MembershipFact(ANNA, SHOP))]
    shown = "email: anna@example.com\nstatus: PENDING\ngroups:\n  - Shop\n"
    assert diff(*changes) == [block("user anna@example.com", "", shown)]


def test_who_is_deleted_is_told_to_be_gone_for_good() -> None:
    (shown,) = diff(Change(Action.DELETE, UserFact(ANNA, gone=True)))
    assert shown["before"] == "email: anna@example.com\nstatus: PENDING\n"
    assert "can't be undone" in shown["after"]
    (shown,) = diff(Change(Action.DELETE, GroupFact(SHOP, gone=True)))
    assert shown["before"].startswith("name: Shop\n")
    assert "can't be undone" in shown["after"]


def test_an_update_shows_only_what_changes() -> None:
    was = Group("g1", "Shop", "Sells things", federated=("a",))
    now = Group("g1", "Shop", "Sells", federated=("a",))
    (shown,) = diff(Change(Action.UPDATE, GroupFact(now, was=was)))
    assert shown == block("group Shop", "description: Sells things\n", "description: Sells\n")


def test_names_of_users() -> None:
    now = User("anna@example.com", "u1", "Anna", "Berg")
    (shown,) = diff(Change(Action.UPDATE, UserFact(now, was=User("anna@example.com", "u1", "Ana", "Berg"))))
    assert shown == block("user anna@example.com", "first_name: Ana\n", "first_name: Anna\n")


def test_joining_and_leaving_in_one_block() -> None:
    changes = [
        Change(Action.REMOVE, MembershipFact(ANNA, Group("g2", "Ops"))),
        Change(Action.ADD, MembershipFact(ANNA, SHOP)),
        Change(Action.ADD, MembershipFact(ANNA, Group("g3", "Art"))),
    ]
    shown = block("user anna@example.com", "groups:\n  - Ops\n", "groups:\n  - Art\n  - Shop\n")
    assert diff(*changes) == [shown]


def test_only_what_changes_is_shown() -> None:
    (shown,) = diff(Change(Action.ADD, MembershipFact(ANNA, SHOP)))
    assert shown == block("user anna@example.com", "", "groups:\n  - Shop\n")


def test_the_view_decides_whose_block_it_is() -> None:
    (shown,) = diff(Change(Action.ADD, MembershipFact(ANNA, SHOP)), view="group")
    assert shown == block("group Shop", "", "members:\n  - anna@example.com\n")


def test_permissions_are_told_in_names() -> None:
    fact = PermissionFact(SHOP, Permission("tenant-viewer", "tenant", "abc12345"), "environment Production")
    (shown,) = diff(Change(Action.ADD, fact))
    assert shown["after"] == "permissions:\n  - tenant-viewer on environment Production\n"
    assert "abc12345" not in str(shown)


def test_blocks_are_sorted_whatever_the_order() -> None:
    changes = [Change(Action.ADD, MembershipFact(User(f"u{number}@example.com"), SHOP)) for number in range(9)]
    headers = [shown["before_header"] for shown in diff(*changes)]
    assert headers == sorted(headers)
    shuffled = list(changes)
    random.Random(3).shuffle(shuffled)
    assert render_diff(shuffled, "user") == render_diff(changes, "user")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_one_line_and_what_they_are(name: str) -> None:
    (shown,) = diff(Change(Action.ADD, MembershipFact(ANNA, Group("g1", name))))
    lines = shown["after"].splitlines()
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
    read: dict[str, Any] = yaml.safe_load(shown["after"])
    assert read == {"groups": [name]}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_headers(name: str) -> None:
    (shown,) = diff(Change(Action.ADD, MembershipFact(ANNA, Group("g1", name))), view="group")
    assert shown["before_header"].startswith("group ")
    assert shown["before_header"].isprintable()


@pytest.mark.parametrize("description", HOSTILE)
def test_hostile_texts(description: str) -> None:
    (shown,) = diff(Change(Action.UPDATE, GroupFact(Group("g", "G", description), was=Group("g", "G", "x"))))
    assert yaml.safe_load(shown["after"]) == {"description": description}


@pytest.mark.parametrize("name", ["Team Größe", "R&D (Nord)", "a.b+c@example.com", "O'Neill", "日本"])
def test_common_names_are_not_quoted(name: str) -> None:
    (shown,) = diff(Change(Action.ADD, MembershipFact(ANNA, Group("g1", name))))
    assert shown["after"] == f"groups:\n  - {name}\n"
