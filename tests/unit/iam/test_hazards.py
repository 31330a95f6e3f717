# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has hurt people with policies and groups elsewhere, one test for each, as whole runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.migration import Migration
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.purge import Purge

from ..builders import (
    ACCOUNT,
    Bench,
    State,
    account,
    bid,
    binds,
    bound,
    boundary,
    desired,
    gid,
    grant,
    held,
    person,
    pid,
    place,
    policy,
    ready_made,
    settle,
    team,
    told,
    wanted_bindings,
    wanted_boundary,
    wanted_group,
    wanted_members,
    wanted_permissions,
    wanted_policy,
    wanted_robot,
    wanted_user,
)
from ..conftest import Start

ADA, BOB = "ada@example.com", "bob@example.com"
LOGS, SPANS, VIEWER = ready_made("Read Logs"), ready_made("Read Spans"), ready_made("tenant-viewer")
MANAGE = held("account-user-management")
A, B = boundary("A", 'storage:bucket-name = "a";'), boundary("B", 'storage:bucket-name = "b";')
OPEN = boundary("Open", 'settings:schemaId = "x";')
READ = "ALLOW storage:buckets:read;"


def house(*bindings: State, **more: Any) -> State:
    """Ada may manage users; a few groups, policies, boundaries, and an environment that is switched off."""
    groups = [
        team("Art"),
        team("Ops"),
        team("Admins", MANAGE),
        team("Mapped", owner="SAML", federatedAttributeValues=["x"]),
    ]
    users = [person(ADA, "Admins", "Art", "Mapped"), person(BOB, "Art")]
    places = [place("Prod", "Web"), {**place("Old", "Web"), "active": False}]
    policies = [policy("Own", READ, id=pid("Own"))]
    options: State = {"policies": policies, "boundaries": [A, B, OPEN], **more}
    return account(users, [*groups, *options.pop("groups", ())], places, bindings, **options)


def refused(made: Bench, words: str, wish: Desired, kind: type[Exception] = Refused) -> None:
    """A task that is refused, before anything is written."""
    with pytest.raises(kind, match=words):
        made.run(wish)
    assert made.writes == []


def once_asked(made: Bench, path: str, change: Callable[[State], State]) -> None:
    """Somebody else changes the account right after the first time that the task reads there."""
    waiting = [True]

    def watch(exchange: Any) -> None:
        if waiting and exchange.method == "GET" and re.search(path, exchange.path):
            waiting.clear()
            made.sim.load(change(made.sim.state()))

    made.watchers.append(watch)


class TestThree:
    """The group that comes with a service user is hidden, looks like any other, and is not to be tidied away."""

    def test_a_purge_spares_it(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted_robot("robot", add=["Art"]))
        hidden = [each["uuid"] for each in made.sim.state()["groups"] if each.get("hidden")]
        kinds = {"groups": True, "memberships": True, "permissions": True}
        wish = Desired(
            users=(wanted_user(ADA, add=["Admins"]),),
            groups=(wanted_group("Admins"),),
            purge=Purge(**kinds, group_scope=("*",), domains=()),
            on_managed="skip",
        )
        assert made.run(wish).error is None
        after = made.sim.state()
        robot = next(each for each in after["users"] if each.get("service"))
        assert hidden[0] in {each["uuid"] for each in after["groups"]}
        assert hidden[0] in robot["groups"]
        assert len(hidden) == 1


class TestFour:
    """Some calls replace all that a group has at a level, or drop all of a level or of a policy."""

    def test_bindings_are_written_one_by_one(self, start: Start) -> None:
        made = start(
            house(bound(LOGS, "Art", "Ops", within="A"), bound(SPANS, "Art", on="prod"), bound(pid("Own"), "Art"))
        )
        entry = {"policy": "Read Logs", "boundaries": ["B"]}
        for wish in (
            desired(wanted_bindings("Art", binds(entry, "Own", state="exact"), binds(on=["Prod"], state="exact"))),
            desired(wanted_policy("Own", state="absent", unbind=True)),
            desired(wanted_group("Ops", "absent")),
            desired(wanted_permissions("Art", "viewer", on=["Prod"], mechanism="policy")),
            desired(wanted_permissions("Art", "viewer", on=["Prod"], state="absent")),
            desired(wanted_bindings("Art", binds(state="exact"))),
        ):
            assert made.run(wish).error is None
        calls = [f"{entry['method']} {entry['path']}" for entry in made.sim.requests]
        paths = [line for line in calls if "/bindings" in line and not line.startswith("GET")]
        assert len(paths) >= 5
        for line in paths:
            assert "/bindings/groups/" not in line
            assert re.search(r"^(POST .*/bindings/[^/]+(/[^/]+)?|(PUT|DELETE) .*/bindings/[^/]+/[^/]+)$", line), line


class TestFive:
    """Policy, group, parameters and metadata together tell a binding from others."""

    def test_others_stay(self, start: Start) -> None:
        more = [{"by": "hand"}, {"by": "us"}]
        made = start(house(*(bound(LOGS, "Art", metadata=each) for each in more), bound(LOGS, "Ops", metadata=more[1])))
        wish = wanted_bindings("Art", binds({"policy": "Read Logs", "metadata": {"by": "us"}}, state="absent"))
        assert settle(made, wish).changes == ["remove binding Art: Read Logs on the account (by=us)"]
        left = made.state().bindings["account", ACCOUNT] or ()
        assert sorted((each.group, each.metadata) for each in left) == sorted(
            [(gid("Art"), (("by", "hand"),)), (gid("Ops"), (("by", "us"),))]
        )

    def test_it_is_added_beside_them(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art", metadata={"by": "hand"})))
        found = settle(made, wanted_bindings("Art", binds({"policy": "Read Logs", "metadata": {"by": "us"}})))
        assert found.changes == ["add binding Art: Read Logs on the account (by=us)"]


class TestSix:
    """PUT with an id that nobody knows makes a new thing: what somebody deleted would come back."""

    @pytest.mark.parametrize(
        ("kind", "wish", "path"),
        [
            ("policies", wanted_policy("Own", description="x"), f"/policies/{pid('Own')}$"),
            ("boundaries", wanted_boundary("A", query='storage:bucket-name = "z";'), "/boundaries$"),
        ],
    )
    def test_what_goes_meanwhile_stays_away(self, start: Start, kind: str, wish: Any, path: str) -> None:
        made = start(house())
        once_asked(made, path, lambda state: {**state, kind: []})
        result = made.run(desired(wish))
        assert "has gone meanwhile" in str(result.error)
        assert made.writes == []
        assert made.sim.state()[kind] == []
        assert len(result.pending) == 1


class TestSeven:
    """Inactive environments refuse all changes of bindings."""

    def test_they_are_skipped(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art", on="old"), groups=[team("Held", held("tenant-viewer", "old"))]))
        wishes = [
            wanted_bindings("Art", binds("Read Spans", on=["Old"], state="exact")),
            wanted_permissions("Ops", "viewer", on=["Old"], mechanism="policy"),
        ]
        for more in ({}, {"migration": Migration()}):
            found = settle(made, *wishes, **more)
            assert found.changes == []
            assert [text for text in found.warnings if "environment Old stay as they are" in text]

    def test_a_policy_bound_there_cannot_go(self, start: Start) -> None:
        """Nobody can unbind it, and so it isn't begun."""
        made = start(house(bound(pid("Own"), "Art", on="old"), bound(pid("Own"), "Ops")))
        refused(made, "environment Old.*not active", desired(wanted_policy("Own", state="absent", unbind=True)))


class TestEight:
    """Boundaries are united: a second one can only add access, and a foreign one opens all."""

    def test_one_that_opens_what_the_other_restricts(self, start: Start) -> None:
        wish = wanted_bindings("Art", binds({"policy": "Own", "boundaries": ["A", "Open"]}))
        refused(start(house()), "widening-boundary", desired(wish), InvalidInput)

    def test_one_that_adds_to_the_other(self, start: Start) -> None:
        wish = wanted_bindings("Art", binds({"policy": "Own", "boundaries": ["A", "B"]}))
        found = settle(start(house()), wish)
        assert "adds access to that of boundary 'A'" in " ".join(found.warnings)


class TestNine:
    """Role permissions and policies add up: what is taken in one way may still be there in another."""

    ROLE = held("tenant-viewer", "prod")

    def told_of(self, start: Start, mechanism: str, *bindings: State, **more: Any) -> list[str]:
        made = start(house(*bindings, groups=[team("Two", self.ROLE)]))
        return settle(
            made, wanted_permissions("Two", "viewer", on=["Prod"], state="absent", mechanism=mechanism, **more)
        ).warnings

    def test_the_role_permission_stays(self, start: Start) -> None:
        (text,) = self.told_of(start, "policy", bound(VIEWER, "Two", on="prod"))
        assert text.startswith("Group 'Two' still has tenant-viewer on environment Prod")

    def test_the_role_permission_on_all_of_it_stays(self, start: Start) -> None:
        (text,) = self.told_of(start, "policy", zones=["Web"])
        assert text.startswith("Group 'Two' still has tenant-viewer on management zone Web of Prod")

    def test_another_policy_stays(self, start: Start) -> None:
        (text,) = self.told_of(start, "auto", bound(VIEWER, "Two", on="prod"), bound(VIEWER, "Two"))
        assert text.startswith("Group 'Two' still has tenant-viewer on environment Prod")

    def test_nothing_stays(self, start: Start) -> None:
        assert self.told_of(start, "auto", bound(VIEWER, "Two", on="prod")) == []

    def test_both_are_taken_by_two_parts(self, start: Start) -> None:
        made = start(house(bound(VIEWER, "Two", on="prod"), groups=[team("Two", self.ROLE)]))
        parts = [grant("viewer", on=["Prod"], state="absent", mechanism=each) for each in ("role", "policy")]
        found = settle(made, wanted_group("Two", permissions=parts))
        assert (len(found.changes), found.warnings) == (2, [])

    def test_only_the_role_permission_goes(self, start: Start) -> None:
        made = start(house(bound(VIEWER, "Two", on="prod"), groups=[team("Two", self.ROLE)]))
        parts = [
            grant("viewer", on=["Prod"], state="absent", mechanism="role"),
            grant("logviewer", on=["Prod"], state="absent", mechanism="policy"),
        ]
        (text,) = settle(made, wanted_group("Two", permissions=parts)).warnings
        assert text.startswith("Group 'Two' still has tenant-viewer on environment Prod")


class TestTen:
    """Who is in a group that SAML maps is decided at each login: what the API takes away comes back."""

    @pytest.mark.parametrize(
        "wish",
        [wanted_user(ADA, remove=["Mapped"]), wanted_members("Mapped", BOB), wanted_robot("robot", add=["Mapped"])],
    )
    def test_it_is_refused_or_told(self, start: Start, wish: Any) -> None:
        made = start(house())
        refused(made, "'Mapped' is managed by SAML", desired(wish))
        found = settle(made, wish, on_managed="warn")
        assert [line for line in found.changes if "Mapped" in line] == []
        assert "'Mapped' is managed by SAML" in " ".join(found.warnings)


class TestEleven:
    """Without anybody who holds account-user-management, nobody can change any access any more."""

    @pytest.mark.parametrize(
        "wish",
        [
            wanted_user(ADA, "absent"),
            wanted_user(ADA, remove=["Admins"]),
            wanted_user(ADA, set=["Art"]),
            wanted_group("Admins", "absent"),
            wanted_members("Admins", state="exact"),
            wanted_permissions("Admins", "account-user-management", state="absent"),
            wanted_permissions("Admins", "account-viewer", state="exact"),
        ],
    )
    def test_the_last_one_stays(self, start: Start, wish: Any) -> None:
        made = start(house())
        refused(made, "leave nobody active who may manage users", desired(wish, on_managed="skip"))

    def test_a_robot_does_not_count(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted_robot("robot", add=["Admins"]))
        refused(made, "leave nobody active", desired(wanted_user(ADA, "absent"), wanted_robot("robot")))


class TestTwelve:
    """What is not bound any more is answered by 400, sometimes by 404: it is gone, as was wanted."""

    @pytest.mark.parametrize("status", [400, 404])
    def test_somebody_unbinds_it_meanwhile(self, start: Start, status: int) -> None:
        made = start(house(bound(LOGS, "Art"), bound(SPANS, "Art"), unbind_missing_status=status))
        others = [bound(SPANS, "Art")]
        once_asked(made, "/bindings$", lambda state: {**state, "bindings": others})
        result = made.run(desired(wanted_bindings("Art", binds(state="exact"))))
        assert result.error is None
        assert result.pending == []
        assert sorted(told(result.applied)) == [
            "remove binding Art: Read Logs on the account",
            "remove binding Art: Read Spans on the account",
        ]
        assert made.sim.state()["bindings"] == []

    @pytest.mark.parametrize("what", ["policies", "boundaries", "users"])
    def test_somebody_deletes_it_meanwhile(self, start: Start, what: str) -> None:
        made = start(house())
        settle(made, wanted_robot("robot"))
        wish, path = {
            "policies": (wanted_policy("Own", state="absent"), "/bindings$"),
            "boundaries": (wanted_boundary("A", state="absent"), "/boundaries$"),
            "users": (wanted_robot("robot", state="absent"), "/service-users$"),
        }[what]
        once_asked(made, path, lambda state: {**state, what: [each for each in state[what] if "status" in each][:2]})
        result = made.run(desired(wish))
        assert (result.error, result.pending) == (None, [])
        assert bid("A") not in {each["uuid"] for each in made.sim.state()["boundaries"]} or what != "boundaries"
