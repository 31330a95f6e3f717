# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking away what a task doesn't name: what that reaches, and what it never does."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project

from ..builders import (
    CONTRACTS,
    EVERYBODY,
    State,
    access,
    account,
    bot,
    gid,
    grant,
    held,
    person,
    place,
    shape,
    snapshot,
    team,
    told,
)
from ..conftest import Start

ADA, BOB, EVE = "ada@example.com", "Bob@Example.com", "eve@other.org"
KINDS = ("users", "groups", "memberships", "permissions")


def firm() -> State:
    """Two people of ours, one of another domain and a robot, in groups of ours, of others and of nobody's choice."""
    everywhere = ("Team A", "Team B", "Team SCIM", "Team SAML", "Team Hidden", "Shop")
    return account(
        [person(ADA, *everywhere), person(BOB, *everywhere), person(EVE, *everywhere), bot("robot", *everywhere)],
        [
            team("Team A", held("tenant-viewer", "prod"), held("tenant-logviewer", "prod:1"), held("account-viewer")),
            team("Team B", held("tenant-viewer", "prod")),
            team("Team SCIM", held("tenant-viewer", "prod"), owner="SCIM"),
            team("Team SAML", held("tenant-viewer", "prod"), owner="SAML", federatedAttributeValues=["a"]),
            team("Team Hidden", held("tenant-viewer", "prod"), hidden=True),
            team("Shop", held("tenant-viewer", "prod")),
        ],
        [place("Prod", "Web")],
    )


def joins(email: str, *groups: str) -> State:
    return {"email": email, "groups": {"add": list(groups)}}


def options(kind: str, **more: Any) -> State:
    """What it takes to purge a kind among teams and in our domain."""
    scope = {"groups": ["Team *"], "email_domains": ["example.com"]}
    return {"on_managed": "skip", "scope": scope, "purge": {kind: True}, **more}


def planned(contract: str = "published", state: State | None = None, **given: Any) -> list[str]:
    """What is planned; planning again then finds nothing more to do."""
    wish = access(**given)
    before = snapshot(state or firm(), contract)
    changes = make_access_plan(wish, before).changes
    assert told(make_access_plan(wish, project(before, changes)).changes) == []
    return told(changes)


@pytest.mark.parametrize("contract", CONTRACTS)
class TestEachKind:
    """What others manage, hidden groups, the group of everybody, robots, other domains and other names stay."""

    def test_users(self, contract: str) -> None:
        assert planned(contract, **options("users")) == [f"delete user {BOB}", f"delete user {ADA}"]

    def test_groups(self, contract: str) -> None:
        assert planned(contract, **options("groups")) == ["delete group Team A", "delete group Team B"]

    def test_memberships(self, contract: str) -> None:
        gone = [f"remove membership {email} in {name}" for email in (BOB, ADA) for name in ("Team A", "Team B")]
        assert sorted(planned(contract, **options("memberships"))) == sorted(gone)

    def test_permissions(self, contract: str) -> None:
        names = ("Team A", "Team SCIM", "Team SAML", "Shop")
        given = options("permissions", groups=[{"name": name, "permissions": []} for name in names])
        assert planned(contract, **given) == [
            "remove permission Team A: account-viewer on the account",
            "remove permission Team A: tenant-logviewer on management zone Web of environment Prod",
            "remove permission Team A: tenant-viewer on environment Prod",
        ] or planned(contract, **given) == [
            "remove permission Team A: account-viewer on the account",
            "remove permission Team A: tenant-logviewer on management zone Web of Prod",
            "remove permission Team A: tenant-viewer on environment Prod",
        ]


class TestWhatIsNamedStays:
    def test_users(self) -> None:
        assert planned(**options("users", users=[{"email": ADA.upper()}])) == [f"delete user {BOB}"]
        everybody = [{"email": ADA, "state": "existing"}, {"email": BOB, "groups": {"remove": ["Shop"]}}]
        assert planned(**options("users", users=everybody)) == [f"remove membership {BOB} in Shop"]

    @pytest.mark.parametrize(
        "named",
        [
            pytest.param({"groups": [{"name": "Team A"}]}, id="by name"),
            pytest.param({"groups": [{"id": gid("Team A")}]}, id="by id"),
            pytest.param({"users": [joins(ADA, "Team A")]}, id="by somebody who is in it"),
            pytest.param({"users": [joins(ADA, gid("Team A"))]}, id="by its id by somebody who is in it"),
            pytest.param(
                {"users": [{"email": ADA, "groups": {"set": [{"name": "Team A", "until": "2999-01-01T00:00Z"}]}}]},
                id="for a while",
            ),
        ],
    )
    def test_groups(self, named: State) -> None:
        assert "delete group Team A" not in planned(**options("groups", **named))

    def test_a_group_that_somebody_joins(self) -> None:
        changes = planned(**options("groups", users=[joins("new@example.com", "Team A")]))
        assert changes == [
            "create user new@example.com",
            "add membership new@example.com in Team A",
            "delete group Team B",
        ]

    def test_a_group_that_is_renamed(self) -> None:
        changes = planned(**options("groups", groups=[{"name": "Team A", "new_name": "Team Z"}]))
        assert changes == ["update group Team A", "delete group Team B"]

    def test_memberships(self) -> None:
        users = [joins(ADA, "Team A"), {"email": BOB, "groups": {"set": ["Team B", gid("Shop")]}}]
        assert sorted(planned(**options("memberships", users=users))) == [
            f"remove membership {BOB} in Team A",
            f"remove membership {ADA} in Team B",
        ]

    def test_permissions(self) -> None:
        parts = [grant("viewer", on=["Prod"]), grant("logviewer", on=["prod"], zones=["Web"])]
        given = options("permissions", groups=[{"name": "Team A", "permissions": parts}])
        assert planned(**given) == ["remove permission Team A: account-viewer on the account"]


class TestPermissions:
    def test_omitted_is_not_managed(self) -> None:
        assert (
            planned(**options("permissions", groups=[{"name": "Team A"}, {"name": "Team B", "description": ""}])) == []
        )

    def test_an_empty_list_is_none(self) -> None:
        given = options("permissions", groups=[{"name": "Team B", "permissions": []}])
        assert planned(**given) == ["remove permission Team B: tenant-viewer on environment Prod"]

    def test_an_empty_list_without_purge_takes_nothing(self) -> None:
        assert planned(groups=[{"name": "Team B", "permissions": []}]) == []

    def test_a_group_of_another_name_keeps_its_own(self) -> None:
        assert planned(**options("permissions", groups=[{"name": "Shop", "permissions": []}])) == []

    def test_what_goes_anyway_goes_once(self) -> None:
        parts = [grant("viewer", on=["Prod"], state="absent"), grant("account-viewer")]
        given = options("permissions", groups=[{"name": "Team A", "permissions": parts}])
        gone = planned(**given)
        assert len(gone) == len(set(gone)) == 2

    def test_of_a_group_that_goes(self) -> None:
        given = options("permissions", groups=[{"name": "Team A", "state": "absent", "permissions": []}])
        assert planned(**given) == ["delete group Team A"]


class TestGuardsAreSpared:
    """Rather than refused: who purges says "all others", and doesn't mean these."""

    def test_users(self) -> None:
        given = options("users", guard={"protected_users": [" ADA@example.com "]})
        assert planned(**given) == [f"delete user {BOB}"]

    @pytest.mark.parametrize("pattern", ["Team A", "* A", "T??? A", gid("Team A")])
    def test_groups(self, pattern: str) -> None:
        guard = {"protected_groups": ["Nothing", pattern]}
        assert planned(**options("groups", guard=guard)) == ["delete group Team B"]

    def test_memberships(self) -> None:
        guard = {"protected_groups": ["Team A"], "protected_users": ["bob@example.com"]}
        assert planned(**options("memberships", guard=guard)) == [f"remove membership {ADA} in Team B"]

    def test_permissions(self) -> None:
        guard = {"protected_groups": ["Team *"]}
        assert planned(**options("permissions", guard=guard, groups=[{"name": "Team B", "permissions": []}])) == []


class TestScope:
    @pytest.mark.parametrize(
        ("purge", "scope", "words"),
        [
            *(({kind: True}, None, "scope") for kind in KINDS),
            *(({kind: True}, {}, "scope") for kind in KINDS),
            *(({kind: True}, {"groups": [], "email_domains": []}, "scope") for kind in KINDS),
            *(({kind: True}, {"email_domains": ["example.com"]}, r"scope\.groups") for kind in KINDS[1:]),
            ({"users": True}, {"groups": ["*"]}, r"scope\.email_domains"),
            ({"users": True, "groups": True}, {"email_domains": ["example.com"]}, r"scope\.groups"),
        ],
    )
    def test_a_purge_needs_one(self, purge: State, scope: State | None, words: str) -> None:
        """Options are looked at before there is any connection, so no request can have been sent."""
        with pytest.raises(InvalidInput, match=words):
            access(purge=purge, scope=scope)

    def test_a_scope_alone_does_nothing(self) -> None:
        scope = {"groups": ["*"], "email_domains": ["example.com"]}
        for purge in ({}, dict.fromkeys(KINDS, False)):
            assert planned(scope=scope, purge=purge, users=[joins(ADA, "Team A")], groups=[{"name": "Team A"}]) == []

    @pytest.mark.parametrize(
        ("domains", "gone"),
        [
            (["example.com"], [BOB, ADA]),
            ([" @EXAMPLE.com"], [BOB, ADA]),
            (["other.org", "example.com"], [BOB, ADA, EVE]),
            (["com"], []),
            (["sub.example.com"], []),
            (["*"], []),
            ([""], []),
            (["service.sso.dynatrace.com"], []),
        ],
    )
    def test_domains(self, domains: list[str], gone: list[str]) -> None:
        given = {"purge": {"users": True}, "scope": {"email_domains": domains}}
        assert planned(**given) == [f"delete user {email}" for email in gone]

    @pytest.mark.parametrize(
        ("patterns", "gone"),
        [
            (["Team A"], ["Team A"]),
            ([gid("Team B")], ["Team B"]),
            (["*"], ["Shop", "Team A", "Team B"]),
            (["Team ?"], ["Team A", "Team B"]),
            (["team a"], []),
            (["Team [AB]"], []),
            ([""], []),
            ([EVERYBODY, "Team SCIM", "Team SAML", "Team Hidden"], []),
        ],
    )
    def test_patterns(self, patterns: list[str], gone: list[str]) -> None:
        given = {"purge": {"groups": True}, "scope": {"groups": patterns}}
        assert planned(**given) == [f"delete group {name}" for name in gone]

    def test_members_of_all_domains_without_one(self) -> None:
        given = {"purge": {"memberships": True}, "scope": {"groups": ["Team A"]}}
        assert planned(**given) == [f"remove membership {email} in Team A" for email in (BOB, ADA, EVE)]

    def test_a_group_renamed_into_it(self) -> None:
        """What it will be called decides; otherwise the next run would find more to do."""
        groups = [{"name": "Shop", "new_name": "Team Shop", "permissions": []}]
        assert "remove permission Team Shop: tenant-viewer on environment Prod" in planned(
            **options("permissions", groups=groups)
        )

    def test_a_group_renamed_out_of_it(self) -> None:
        groups = [{"name": "Team B", "new_name": "Shop B", "permissions": []}]
        given = options("permissions", groups=groups)
        assert planned(**{**given, "purge": {"permissions": True, "memberships": True}}) == [
            "update group Team B",
            *(f"remove membership {email} in Team A" for email in (BOB, ADA)),
        ]


class TestFederation:
    """Who decides about a group once the task has set its federated values is who decides about its members."""

    def test_a_group_that_becomes_local(self, start: Start) -> None:
        bench = start(firm())
        given = options("memberships", groups=[{"name": "Team SAML", "federated_attribute_values": []}])
        gone = [f"remove membership {email} in Team SAML" for email in (BOB, ADA)]
        assert set(gone) <= set(told(bench.run(access(**given)).applied))
        assert bench.run(access(**given)).applied == []

    def test_a_group_that_becomes_federated(self, start: Start) -> None:
        bench = start(firm())
        given = options("memberships", groups=[{"name": "Team A", "federated_attribute_values": ["a"]}])
        assert not [line for line in told(bench.run(access(**given)).applied) if line.endswith("in Team A")]
        assert bench.run(access(**given)).applied == []


class TestTogether:
    WISH: ClassVar[State] = {
        **options("users"),
        "purge": dict.fromkeys(KINDS, True),
        "groups": [
            {"name": "Team A", "permissions": [grant("viewer", on=["Prod"])]},
            {"name": "Team New", "permissions": [grant("logviewer", on=["Prod"])]},
        ],
        "users": [joins("new@example.com", "Team New"), joins(ADA, "Team New")],
    }

    @pytest.mark.parametrize("contract", CONTRACTS)
    def test_in_one_plan_with_creations(self, contract: str) -> None:
        assert planned(contract, **self.WISH) == [
            "create group Team New",
            "create user new@example.com",
            f"add membership {ADA} in Team New",
            "add membership new@example.com in Team New",
            "add permission Team New: tenant-logviewer on environment Prod",
            f"remove membership {ADA} in Team A",
            "remove permission Team A: account-viewer on the account",
            "remove permission Team A: tenant-logviewer on management zone Web of Prod",
            "delete group Team B",
            f"delete user {BOB}",
        ]

    def test_as_a_whole_run(self, start: Start) -> None:
        """Reading only what is needed leads to the same plan, and a second run writes nothing."""
        bench = start(firm())
        before = bench.state()
        wish = access(**self.WISH)
        plan = make_access_plan(wish, before)
        result = bench.run(wish)
        assert result.error is None
        assert told(result.applied) == told(plan.changes)
        assert shape(bench.state()) == shape(project(before, plan.changes))
        assert bench.run(wish).applied == []
        assert bench.writes == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_as_a_whole_run(self, start: Start, kind: str) -> None:
        bench = start(firm())
        before = bench.state()
        wish = access(**options(kind, groups=[{"name": "Team B", "permissions": []}]))
        plan = make_access_plan(wish, before)
        assert plan.changes
        assert told(bench.run(wish).applied) == told(plan.changes)
        assert shape(bench.state()) == shape(project(before, plan.changes))
