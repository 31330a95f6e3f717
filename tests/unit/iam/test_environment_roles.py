# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Permissions on environments and zones, as role permissions or through Dynatrace's ready-made policies."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused

from ..builders import (
    Bench,
    State,
    account,
    bid,
    bound,
    boundary,
    desired,
    gid,
    grant,
    held,
    place,
    ready_made,
    settle,
    team,
    wanted_parts,
    wanted_permissions,
)
from ..conftest import Start

VIEWER, LOGS = ready_made("tenant-viewer"), ready_made("tenant-logviewer")
TITLE = "Environment role - Access environment"
ZONE = "environment:management-zone"
WEB, SHOP = boundary("Any name", f'{ZONE} = "Web";'), boundary("Shops", f"{ZONE} IN ('Shop');")
BOTH = boundary("Both", f'{ZONE} IN ("Web", "Shop");')
STATES, WAYS = ("present", "absent", "exact"), ("auto", "policy", "role")
IDM = ["account-idm-read", "account-idm-write", "account-env-read", "account-env-write"]


def house(*permissions: State, bindings: Any = (), boundaries: Any = (WEB, SHOP, BOTH), **more: Any) -> State:
    """A group with these role permissions and bindings."""
    places = [place("Prod", "Web", "Shop"), place("Test", "Web"), {**place("Old"), "active": False}]
    return account((), [team("Art", *permissions)], places, bindings, boundaries=boundaries, **more)


def wanted(*names: str, **more: Any) -> Any:
    """A permission of the group, by policy unless it says otherwise."""
    return wanted_permissions("Art", *(names or ("viewer",)), **{"on": ["Prod"], "mechanism": "policy", **more})


def viewing(*zones: str, on: str = "prod") -> State:
    """The ready-made policy bound within boundaries."""
    return bound(VIEWER, "Art", on=on, within=zones)


def bindings_of(made: Bench, environment: str = "prod") -> list[tuple[str, ...]]:
    """The names of boundaries of each binding there."""
    seen = made.state()
    names = {each.id: each.name for each in (seen.boundaries or {}).values()}
    found = seen.bindings["environment", environment] or ()
    return sorted(tuple(sorted(names[each] for each in one.boundaries)) for one in found)


class TestMechanism:
    @pytest.mark.parametrize("mechanism", WAYS)
    @pytest.mark.parametrize("have", ["nothing", "role", "policy", "both"])
    @pytest.mark.parametrize("state", STATES)
    def test_all_of_them(self, start: Start, mechanism: str, have: str, state: str) -> None:
        """What there is, what is wanted, and by what means: the changes that are due."""
        role, policy = have in ("role", "both"), have in ("policy", "both")
        made = start(house(*([held("tenant-viewer", "prod")] if role else []), bindings=[viewing()] if policy else []))
        found = settle(made, wanted(state=state, mechanism=mechanism))
        assert found.changes == due(mechanism, state, role=role, policy=policy)

    def test_auto_reads_nothing_more_where_role_permissions_are_enough(self, start: Start) -> None:
        made = start(house(held("tenant-viewer", "prod")))
        made.run(desired(wanted(mechanism="auto")))
        assert not [line for line in made.reads if "/repo/" in line]

    @pytest.mark.parametrize("mechanism", ["auto", "policy"])
    def test_exact_takes_other_roles(self, start: Start, mechanism: str) -> None:
        bindings = [viewing(), bound(LOGS, "Art", on="prod"), bound(LOGS, "Art", on="test")]
        found = settle(start(house(bindings=bindings)), wanted(state="exact", mechanism=mechanism))
        assert found.changes == ["remove binding Art: Environment role - View logs on environment Prod"]

    def test_contradictions(self, start: Start) -> None:
        parts = [grant("viewer", on=["Prod"], state=state, mechanism="policy") for state in ("present", "absent")]
        with pytest.raises(InvalidInput, match="both to have and not to have"):
            start(house()).run(desired(wanted_parts("Art", *parts)))

    def test_bound_at_the_account(self, start: Start) -> None:
        """What holds in all environments holds in this one, too."""
        made = start(house(bindings=[bound(VIEWER, "Art")]))
        for mechanism in ("auto", "policy"):
            assert settle(made, wanted(mechanism=mechanism)).changes == []
        found = settle(made, wanted(state="absent"))
        assert found.changes == []
        assert "still has tenant-viewer on environment Prod" in found.warnings[0]

    @pytest.mark.parametrize("state", STATES)
    def test_an_inactive_environment(self, start: Start, state: str) -> None:
        made = start(house(bindings=[viewing(on="old")]))
        found = settle(made, wanted("logviewer", "viewer", on=["Old"], state=state))
        assert found.changes == []
        assert [text for text in found.warnings if "environment Old stay as they are" in text]


def due(mechanism: str, state: str, *, role: bool, policy: bool) -> list[str]:
    """Said once more, in other words than the planner's."""
    of_role, of_policy = (
        "permission Art: tenant-viewer on environment Prod",
        f"binding Art: {TITLE} on environment Prod",
    )
    if state != "absent":
        there = {"auto": role or policy, "policy": policy, "role": role}[mechanism]
        return [] if there else [f"add {of_role if mechanism == 'role' else of_policy}"]
    taken = [of_policy] if policy and mechanism != "role" else []
    return [f"remove {each}" for each in [*taken, *([of_role] if role and mechanism != "policy" else [])]]


class TestWithoutPolicies:
    @pytest.mark.parametrize(
        ("scopes", "why"),
        [
            ([], "may not read policies"),
            (["iam:policies:read"], "may not read policies"),
            (["iam:policies:read", "iam:bindings:read"], "may not bind policies"),
        ],
    )
    def test_auto_falls_back(self, start: Start, scopes: list[str], why: str) -> None:
        client = {"client_id": "client", "client_secret": "geheim", "scopes": [*IDM, *scopes]}
        found = settle(start(house(clients=[client])), wanted(mechanism="auto"))
        assert found.changes == ["add permission Art: tenant-viewer on environment Prod"]
        assert "on 11 January 2027" in found.warnings[0]
        assert why in found.warnings[0]

    def test_policy_fails(self, start: Start) -> None:
        made = start(house(clients=[{"client_id": "client", "client_secret": "geheim", "scopes": IDM}]))
        with pytest.raises(Refused, match=r"can't be read.*iam:policies:read"):
            made.run(desired(wanted()))
        assert made.writes == []

    @pytest.mark.parametrize(
        ("name", "zones", "why"),
        [
            ("manage-support-tickets", [], "no policy of Dynatrace's gives it"),
            ("agent-install", ["Web"], "can't be held to a management zone"),
        ],
    )
    def test_what_no_policy_gives(self, start: Start, name: str, zones: list[str], why: str) -> None:
        made = start(house())
        with pytest.raises(InvalidInput, match=f"No ready-made policy gives tenant-{name}.*mechanism=role"):
            made.run(desired(wanted(name, zones=zones)))
        found = settle(made, wanted(name, zones=zones, mechanism="auto"))
        assert [line.split(":")[0] for line in found.changes] == ["add permission Art"]
        assert why in found.warnings[0]
        assert len(settle(made, wanted(name, zones=zones, mechanism="auto", state="absent")).changes) == 1


class TestZones:
    def test_a_boundary_that_is_there_whatever_its_name(self, start: Start) -> None:
        made = start(house())
        found = settle(made, wanted(zones=["Web"]))
        assert found.changes == [f"add binding Art: {TITLE} on environment Prod"]
        assert bindings_of(made) == [("Any name",)]

    def test_a_boundary_of_its_own(self, start: Start) -> None:
        made = start(house(boundaries=[]))
        found = settle(made, wanted("viewer", "logviewer", zones=["Web"]))
        assert found.changes[0] == "create boundary Management zone Web"
        assert bindings_of(made) == [("Management zone Web",)] * 2
        assert found.warnings == []

    def test_its_name_is_taken(self, start: Start) -> None:
        others = [boundary("Management zone Web", f'{ZONE} = "x";', id=bid(each)) for each in "12"]
        found = settle(start(house(boundaries=others)), wanted(zones=["Web"]))
        assert found.changes[0] == "create boundary Management zone Web (environment roles)"

    def test_two_of_them(self, start: Start) -> None:
        made = start(house())
        settle(made, wanted(zones=["Web", "Shop"]))
        assert bindings_of(made) == [("Any name", "Shops")]

    def test_one_more(self, start: Start) -> None:
        made = start(house(bindings=[viewing("Any name")]))
        found = settle(made, wanted(zones=["Shop"]))
        assert found.writes == [f"PUT /iam/v1/repo/environment/prod/bindings/{VIEWER}/{gid('Art')}"]
        assert bindings_of(made) == [("Any name", "Shops")]

    @pytest.mark.parametrize("within", [("Any name", "Shops"), ("Both",)])
    def test_one_less(self, start: Start, within: tuple[str, ...]) -> None:
        made = start(house(bindings=[viewing(*within)]))
        settle(made, wanted(zones=["Web"], state="absent"))
        assert bindings_of(made) == [("Shops",)]

    def test_the_last_one(self, start: Start) -> None:
        found = settle(start(house(bindings=[viewing("Any name")])), wanted(zones=["Web"], state="absent"))
        assert found.changes == [f"remove binding Art: {TITLE} on environment Prod"]

    def test_exact(self, start: Start) -> None:
        bindings = [viewing("Any name", "Shops"), bound(LOGS, "Art", on="prod", within=["Any name"])]
        made = start(house(bindings=bindings))
        settle(made, wanted(zones=["Web"], state="exact"))
        assert bindings_of(made) == [("Any name", "Shops")]

    def test_the_whole_environment_widens(self, start: Start) -> None:
        made = start(house(bindings=[viewing("Any name")]))
        assert settle(made, wanted()).changes == [f"update binding Art: {TITLE} on environment Prod"]
        assert bindings_of(made) == [()]

    @pytest.mark.parametrize("mechanism", ["auto", "policy"])
    def test_the_whole_environment_is_enough(self, start: Start, mechanism: str) -> None:
        made = start(house(bindings=[viewing()]))
        assert settle(made, wanted(zones=["Web", "Shop"], mechanism=mechanism)).changes == []

    def test_a_zone_of_the_whole_environment_stays(self, start: Start) -> None:
        """Nothing can be cut out of a whole, and so people are told."""
        found = settle(start(house(bindings=[viewing()])), wanted(zones=["Web"], state="absent"))
        assert found.changes == []
        assert "still has tenant-viewer on management zone Web of Prod" in found.warnings[0]

    def test_boundaries_of_others_stay(self, start: Start) -> None:
        odd = boundary("Odd", f'{ZONE} startsWith "W";')
        made = start(house(boundaries=[WEB, SHOP, odd], bindings=[viewing("Odd", "Shops")]))
        settle(made, wanted(zones=["Web"]))
        assert bindings_of(made) == [("Any name", "Odd", "Shops")]
        settle(made, wanted(zones=["Web", "Shop"], state="absent"))
        assert bindings_of(made) == [("Odd",)]

    def test_a_name_in_quotes(self, start: Start) -> None:
        state = house()
        state["environments"][0]["management_zones"][0]["name"] = 'The "Web"'
        made = start(state)
        settle(made, wanted(zones=['The "Web"']))
        assert made.sim.state()["boundaries"][-1]["boundaryQuery"] == f"{ZONE} = 'The \"Web\"';"

    @pytest.mark.parametrize("name", ['It\'s "Web"', "${Web}"])
    def test_a_name_that_no_boundary_can_have(self, start: Start, name: str) -> None:
        state = house()
        state["environments"][0]["management_zones"][0]["name"] = name
        made = start(state)
        with pytest.raises(InvalidInput, match="rename it"):
            made.run(desired(wanted(zones=[name])))

    def test_the_same_zone_in_two_environments(self, start: Start) -> None:
        made = start(house(boundaries=[]))
        found = settle(made, wanted(on=["Prod", "Test"], zones=["Web"]))
        assert [line.split(" ")[1] for line in found.changes] == ["boundary", "binding", "binding"]


class TestAlone:
    def test_other_bindings_of_the_same_policy_count(self, start: Start) -> None:
        """With metadata it is another binding; it gives the same."""
        made = start(house(bindings=[bound(VIEWER, "Art", on="prod", metadata={"by": "hand"})]))
        assert settle(made, wanted()).changes == []
        found = settle(made, wanted(state="absent"))
        assert found.changes == []
        assert "still has" in found.warnings[0]

    def test_the_account_has_role_permissions_only(self, start: Start) -> None:
        part = {"permissions": ["account-viewer", "viewer"], "environments": ["Prod"], "mechanism": "auto"}
        made = start(house())
        found = settle(made, wanted_parts("Art", part))
        assert found.changes == [
            f"add binding Art: {TITLE} on environment Prod",
            "add permission Art: account-viewer on the account",
        ]
        assert found.warnings == []
        with pytest.raises(InvalidInput, match="No ready-made policy gives account-viewer"):
            made.run(desired(wanted_parts("Art", {**part, "state": "exact", "mechanism": "policy"})))
