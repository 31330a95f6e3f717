# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way off role permissions on environments and management zones, through whole runs."""

from __future__ import annotations

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.migration import Migration
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds

from ..builders import (
    ACCOUNT,
    State,
    account,
    bound,
    boundary,
    desired,
    gid,
    held,
    place,
    ready_made,
    settle,
    team,
    told,
)
from ..conftest import Start

VIEWER = ready_made("tenant-viewer")
TITLE = "Environment role - Access environment"
ZONE = "environment:management-zone"
TEAMS = [f"T{number:03}" for number in range(40)]
SUNSET = "2027-01-11"
REPO = "/iam/v1/repo"
PLACES = [place("Prod", "Web", "Shop"), place("Test", "Web"), {**place("Old"), "active": False}]


def house(*groups: State, **more: object) -> State:
    """These groups in an account of three environments."""
    return account((), groups, PLACES, **more)


def test_what_is_planned(start: Start) -> None:
    made = start(
        house(
            team("Art", held("tenant-viewer", "prod"), held("tenant-viewer", "test:1"), held("account-viewer")),
            team("Ops", held("tenant-viewer", "prod:1"), held("tenant-viewer", "prod:2"), owner="SCIM"),
            team("None"),
        )
    )
    found = settle(made, migration=Migration())
    assert found.changes == [
        "create boundary Management zone Shop",
        "create boundary Management zone Web",
        f"add binding Art: {TITLE} on environment Prod",
        f"add binding Art: {TITLE} on environment Test",
        f"add binding Ops: {TITLE} on environment Prod",
    ]
    assert found.warnings == []
    removal = settle(made, migration=Migration(remove=True))
    assert removal.changes == [
        "remove permission Art: tenant-viewer on environment Prod",
        "remove permission Art: tenant-viewer on management zone Web of Test",
        "remove permission Ops: tenant-viewer on management zone Shop of Prod",
        "remove permission Ops: tenant-viewer on management zone Web of Prod",
    ]
    assert [each["permissionName"] for each in made.sim.state()["groups"][1]["permissions"]] == ["account-viewer"]


def test_what_is_there_counts(start: Start) -> None:
    groups = [team(name, held("tenant-viewer", "prod"), held("tenant-viewer", "test:1")) for name in ("Art", "Ops")]
    web = boundary("Ours", f'{ZONE} IN ("Web", "Shop");')
    bindings = [bound(VIEWER, "Art"), bound(VIEWER, "Ops", on="prod"), bound(VIEWER, "Ops", on="test", within=["Ours"])]
    found = settle(start(house(*groups, bindings=bindings, boundaries=[web])), migration=Migration())
    assert found.changes == []


@pytest.mark.parametrize("groups", [("Art",), (gid("Art"),), ("A*",)])
def test_of_some_groups(start: Start, groups: tuple[str, ...]) -> None:
    made = start(house(*(team(name, held("tenant-viewer", "prod")) for name in ("Art", "Ops"))))
    found = settle(made, migration=Migration(groups, remove=True))
    assert found.changes == [
        f"add binding Art: {TITLE} on environment Prod",
        "remove permission Art: tenant-viewer on environment Prod",
    ]


class TestRequests:
    def test_many_groups(self, start: Start) -> None:
        """1 groups, G permissions, 2 environments, 1 policies, account and two environments, 1 page of boundaries."""
        made = start(
            house(*(team(name, held("tenant-viewer", "prod"), held("tenant-viewer", "test:1")) for name in TEAMS))
        )
        found = settle(made, migration=Migration())
        assert len(found.changes) == 2 * len(TEAMS) + 1
        assert len(found.reads) <= 1 + (len(TEAMS) + 1) + 2 + 1 + 3 + 1
        assert sorted(found.writes) == [
            f"POST {REPO}/account/{ACCOUNT}/boundaries",
            f"POST {REPO}/environment/prod/bindings/{VIEWER}",
            f"POST {REPO}/environment/test/bindings/{VIEWER}",
        ]

    def test_nothing_to_do(self, start: Start) -> None:
        made = start(house(*(team(name, held("account-viewer")) for name in TEAMS)))
        found = settle(made, migration=Migration())
        assert not [line for line in found.reads if "/repo/" in line]


class TestOrder:
    def test_nothing_goes_before_its_binding_is_there(self, start: Start) -> None:
        groups = [team(name, held("tenant-viewer", "prod"), held("tenant-logviewer", "test")) for name in TEAMS[:3]]
        found = settle(start(house(*groups)), migration=Migration(remove=True))
        verbs = [line.split(" ")[0] for line in found.writes]
        assert verbs == sorted(verbs, reverse=True)
        assert set(verbs) == {"POST", "DELETE"}

    def test_a_group_whose_binding_fails_keeps_its_role_permissions(self, start: Start) -> None:
        groups = [
            team("Art", held("tenant-viewer", "prod")),
            team("Ops", held("tenant-viewer", "prod"), held("tenant-viewer", "test")),
        ]
        made = start(house(*groups))
        made.sim.faults([{"match": {"method": "POST", "path": "environment/test/bindings"}, "fault": {"status": 400}}])
        wish = desired(migration=Migration(remove=True))
        result = made.run(wish, keep_going=True)
        assert told(result.pending) == [
            f"add binding Ops: {TITLE} on environment Test",
            "remove permission Ops: tenant-viewer on environment Prod",
            "remove permission Ops: tenant-viewer on environment Test",
        ]
        again = made.run(wish)
        assert told(again.applied) == told(result.pending)

    def test_a_boundary_that_fails(self, start: Start) -> None:
        made = start(house(team("Art", held("tenant-viewer", "prod:1")), team("Ops", held("tenant-viewer", "prod"))))
        made.sim.faults([{"match": {"method": "POST", "path": "boundaries"}, "fault": {"status": 400}}])
        result = made.run(desired(migration=Migration(remove=True)), keep_going=True)
        assert told(result.applied) == [
            f"add binding Ops: {TITLE} on environment Prod",
            "remove permission Ops: tenant-viewer on environment Prod",
        ]
        assert len(result.pending) == 3

    @pytest.mark.parametrize("skip", range(4))
    def test_resumed_after_the_service_went_down(self, start: Start, skip: int) -> None:
        groups = [team(name, held("tenant-viewer", "prod"), held("tenant-viewer", "test:1")) for name in ("Art", "Ops")]
        made = start(house(*groups))
        wish = desired(migration=Migration(remove=True))
        made.sim.faults(
            [
                {"match": {"method": verb, "path": "/iam/"}, "skip": skip, "fault": {"down": True}}
                for verb in ("POST", "DELETE")
            ]
        )
        first = made.run(wish)
        made.sim.faults([])
        second = made.run(wish)
        assert second.error is None
        assert sorted(told([*first.applied, *second.applied])) == sorted(told(first.plan.changes))
        assert made.run(wish).applied == []


class TestKept:
    @pytest.mark.parametrize("remove", [False, True])
    def test_what_no_policy_gives(self, start: Start, remove: bool) -> None:
        found = settle(
            start(
                house(
                    team(
                        "Art",
                        held("tenant-manage-support-tickets", "prod"),
                        held("tenant-agent-install", "prod:1"),
                        held("tenant-viewer", "gone"),
                        held("tenant-viewer", "prod:9"),
                        held("tenant-viewer", "old"),
                    )
                )
            ),
            migration=Migration(remove=remove),
        )
        assert found.changes == []
        kept = "Group 'Art' keeps its role permission"
        assert sorted(found.warnings) == [
            f"{kept} tenant-agent-install on management zone Web of Prod: its policy can't be held to a management"
            " zone.",
            f"{kept} tenant-manage-support-tickets on environment Prod: no policy of Dynatrace's gives it.",
            f"{kept} tenant-viewer on environment gone: its environment or management zone has gone.",
            f"{kept} tenant-viewer on management zone 9 of Prod: its environment or management zone has gone.",
            "The policies of environment Old stay as they are: it is not active, so the service lets nobody change"
            " them.",
        ]

    def test_what_the_service_cannot_tell_apart(self, start: Start) -> None:
        shop = boundary("Shops", f'{ZONE} = "Shop";')
        twins = [
            bound(VIEWER, "Art", on="prod", within=["Shops"]),
            bound(VIEWER, "Art", on="prod", within=["Shops"], metadata={"by": "hand"}),
        ]
        made = start(house(team("Art", held("tenant-viewer", "prod")), bindings=twins, boundaries=[shop]))
        found = settle(made, migration=Migration(remove=True))
        assert found.changes == []
        assert "with and without parameters" in found.warnings[0]


class TestRefused:
    def test_policies_that_may_not_be_read(self, start: Start) -> None:
        scopes = ["account-idm-read", "account-idm-write", "account-env-read", "account-env-write"]
        client = {"client_id": "client", "client_secret": "geheim", "scopes": scopes}
        made = start(house(team("Art", held("tenant-viewer", "prod")), clients=[client]))
        with pytest.raises(Refused, match=r"can't be read.*iam:policies:read"):
            made.run(desired(migration=Migration()))
        assert made.writes == []

    def test_guards(self, start: Start) -> None:
        groups = [team(name, held("tenant-viewer", "prod")) for name in ("Art", "Ops")]
        made = start(house(*groups))
        wish = desired(migration=Migration(remove=True))
        for guards in (Guards(protected_groups=("A*",)), Guards(thresholds=Thresholds(max_removals=1))):
            with pytest.raises(Refused):
                made.run(wish, guards)
            assert made.writes == []


class TestAfterTheSunset:
    def test_bindings_still_come(self, start: Start) -> None:
        """Whoever is late has no access any more, and gets it back."""
        made = start(house(team("Art", held("tenant-viewer", "prod")), today=SUNSET))
        found = settle(made, migration=Migration())
        assert found.changes == [f"add binding Art: {TITLE} on environment Prod"]

    def test_role_permissions_can_no_longer_be_removed(self, start: Start) -> None:
        made = start(house(team("Art", held("tenant-viewer", "prod")), today=SUNSET))
        result = made.run(desired(migration=Migration(remove=True)))
        assert "ended on 11 January 2027" in str(result.error)
        assert told(result.applied) == [f"add binding Art: {TITLE} on environment Prod"]
        assert told(result.pending) == ["remove permission Art: tenant-viewer on environment Prod"]
