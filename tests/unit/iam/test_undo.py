# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back: what ``undo`` holds, and that dynatrace_access takes it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo

from ..builders import Bench, State, access, account, bot, gid, grant, held, person, place, shape, team, told
from ..conftest import Start

ADA, BOB, NEW = "Ada@Example.com", "bob@example.com", "new@example.com"
VIEWER, LOGS = held("tenant-viewer", "prod"), held("tenant-logviewer", "prod:1")
DONE_WITHOUT_A_WORD = {"status": 504, "applied": True}
Undo = dict[str, Any]


def firm() -> State:
    return account(
        [person(ADA, "Shop", "Team SCIM", first="Ada"), person(BOB, "Shop"), bot("robot", "Shop")],
        [
            team("Shop", VIEWER, LOGS, held("account-viewer"), description="sells"),
            team("Ops", id=None),
            team("Team SCIM", owner="SCIM"),
            team("Team SAML", owner="SAML", federatedAttributeValues=["a", "b"]),
        ],
        [place("Prod", "Web")],
    )


def way_back(bench: Bench, options: State) -> Undo:
    """Carry out the options; returns what undoes that."""
    result = bench.run(access(**options))
    assert result.error is None
    return undo(result.applied, result.before)


def take(bench: Bench, way: Undo) -> list[str]:
    """Go the way back through the module's own options."""
    result = bench.run(access(users=way["users"], groups=way["groups"]))
    assert result.error is None
    assert result.pending == []
    return told(result.applied)


def user(email: str, state: str = "present", **more: Any) -> State:
    return {"users": [{"email": email, "state": state, **more}]}


def group(name: str = "Shop", **more: Any) -> State:
    return {"groups": [{"name": name, **more}]}


class TestEverythingComesBack:
    @pytest.mark.parametrize(
        "options",
        [
            pytest.param({}, id="nothing"),
            pytest.param(user(NEW, groups={"add": ["Shop", "Ops"]}), id="invited"),
            pytest.param(user(ADA.lower(), groups={"add": ["Ops"]}), id="joined"),
            pytest.param(user(ADA, groups={"remove": ["Shop"]}), id="left"),
            pytest.param(user(ADA, groups={"set": ["Ops"]}), id="moved"),
            pytest.param(group("Fresh", description="x", permissions=[grant("viewer", on=["Prod"])]), id="created"),
            pytest.param({**group("Fresh"), **user(ADA, groups={"add": ["Fresh"]})}, id="created and joined"),
            pytest.param({**group("Fresh"), **user(NEW, groups={"add": ["Fresh"]})}, id="all of it new"),
            pytest.param(group(description="other"), id="described"),
            pytest.param(group(description=""), id="description cleared"),
            pytest.param(group(new_name="Store"), id="renamed"),
            pytest.param(
                {
                    **group(
                        new_name="Store",
                        description="",
                        permissions=[
                            grant("manage-settings", on=["Prod"]),
                            grant("viewer", on=["Prod"], state="absent"),
                        ],
                    ),
                    **user(ADA, groups={"set": ["Ops"]}),
                },
                id="renamed and much else",
            ),
            pytest.param(group("Team SAML", federated_attribute_values=["c"]), id="other federated values"),
            pytest.param(group("Team SAML", federated_attribute_values=[]), id="no federated values"),
            pytest.param(group("Ops", federated_attribute_values=["c"]), id="federated"),
            pytest.param(group(permissions=[grant("viewer", on=["Prod"], state="absent")]), id="permission lost"),
            pytest.param(group(permissions=[grant("account-viewer", state="absent")]), id="account permission lost"),
            pytest.param(
                group(permissions=[grant("manage-settings", on=["Prod"], zones=["Web"], state="exact")]),
                id="permissions in a zone replaced",
            ),
        ],
    )
    def test_without_loss(self, start: Start, options: State) -> None:
        bench = start(firm())
        before = shape(bench.state())
        way = way_back(bench, options)
        assert way["lost"] == []
        take(bench, way)
        assert shape(bench.state()) == before
        assert take(bench, way) == []

    def test_after_a_lost_answer(self, start: Start) -> None:
        """The run that looked again knows its new group by another id."""
        bench = start(firm())
        before = shape(bench.state())
        bench.sim.faults([{"match": {"method": "POST", "path": "/groups"}, "times": 1, "fault": DONE_WITHOUT_A_WORD}])
        parts = [grant("viewer", on=["Prod"])]
        new = {"groups": [{"name": "New", "permissions": parts}], "users": [{"email": BOB, "groups": {"add": ["New"]}}]}
        way = way_back(bench, new)
        assert way["groups"] == [{"name": "New", "state": "absent"}]
        take(bench, way)
        assert shape(bench.state()) == before

    def test_names(self, start_as: Start) -> None:
        """Where they can be changed at all."""
        bench = start_as("guide", firm())
        before = shape(bench.state())
        way = way_back(bench, user(ADA, first_name="A", last_name="B"))
        assert way["lost"] == []
        take(bench, way)
        assert shape(bench.state()) == before


class TestWhatIsLost:
    def test_a_user(self, start: Start, contract: str) -> None:
        """The groups come back, but for those that others decide about."""
        bench = start(firm())
        way = way_back(bench, user(ADA, "absent"))
        assert way["lost"] == [
            f"user {ADA}: group Team SCIM, of which SCIM decides",
            f"user {ADA}: comes back as a new one, by invitation, with another uid",
        ]
        assert take(bench, way) == [f"create user {ADA}", f"add membership {ADA} in Shop"]
        state = bench.state()
        assert state.users[ADA.lower()].status == "PENDING"
        assert state.users[ADA.lower()].first_name == ("Ada" if contract == "guide" else None)

    def test_a_user_in_hidden_groups(self, start: Start, contract: str) -> None:
        """Which this contract may know by their ids only."""
        state = account([person(BOB, "Hidden", "Shop")], [team("Hidden", hidden=True), team("Shop")])
        bench = start(state)
        way = way_back(bench, user(BOB, "absent"))
        hidden = "Hidden" if contract == "published" else gid("Hidden")
        assert way["lost"][0] == f"user {BOB}: group {hidden}, of which the service itself decides"
        assert take(bench, way) == [f"create user {BOB}", f"add membership {BOB} in Shop"]

    def test_a_service_user(self, start_as: Start) -> None:
        """Found with the published contract only."""
        bench = start_as("published", firm())
        way = way_back(bench, user("robot@service.sso.dynatrace.com", "absent"))
        (line,) = way["lost"]
        assert "service users can't be invited" in line
        assert take(bench, way) == []

    def test_a_group(self, start: Start, contract: str) -> None:
        bench = start(firm())
        before = shape(bench.state())
        way = way_back(bench, group(state="absent"))
        reborn = "group Shop: comes back as a new one with another id, without bindings and service users"
        unlisted = "group Shop: its members aren't all known, since this API doesn't list them"
        assert way["lost"] == ([reborn] if contract == "published" else [unlisted, reborn])
        take(bench, way)
        after = shape(bench.state())
        if contract == "guide":
            assert before.pop("members")
            assert set(after.pop("members")) == {ADA.lower()}
        else:
            before["members"].pop("robot@service.sso.dynatrace.com")
        assert after == before

    def test_a_group_and_its_members(self, start: Start) -> None:
        options = {**group(state="absent"), "users": [{"email": each, "state": "absent"} for each in (ADA, BOB)]}
        bench = start(firm())
        way = way_back(bench, options)
        take(bench, way)
        assert {gid("Shop")} & set(bench.state().groups) == set()
        (shop,) = [each.id for each in bench.state().groups.values() if each.name == "Shop"]
        assert {ADA.lower(), BOB} <= bench.state().members_of(shop)

    def test_a_group_that_is_federated_stays(self, start: Start) -> None:
        """Groups that SAML manages aren't deleted here, not even those that this created."""
        bench = start(firm())
        way = way_back(bench, {**group("Fresh", federated_attribute_values=["x"]), **user(NEW)})
        assert way["lost"] == ["group Fresh: stays, since SAML decides about it now"]
        assert take(bench, way) == [f"delete user {NEW}"]

    def test_members_of_a_group_that_is_federated_again(self, start: Start) -> None:
        bench = start(firm())
        local = group("Team SAML", federated_attribute_values=[])
        way = way_back(bench, {**local, **user(BOB, groups={"add": ["Team SAML"]})})
        assert way["lost"] == [f"user {BOB}: group Team SAML, of which SAML decides"]
        assert take(bench, way) == ["update group Team SAML"]

    def test_nothing_that_can_come_back(self, start: Start) -> None:
        """What was invited and created is deleted, and that loses nothing of what was there."""
        bench = start(firm())
        way = way_back(bench, {**user(NEW), **group("Fresh")})
        assert way == {
            "users": [{"email": NEW, "state": "absent"}],
            "groups": [{"name": "Fresh", "state": "absent"}],
            "lost": [],
        }


class TestNamesakes:
    """Two groups of one name: then only ids tell."""

    @staticmethod
    def state() -> State:
        groups = [team("Twin", VIEWER), team("Twin", id=gid("other")), team("Ops")]
        return account([person(ADA, "Twin"), person(BOB)], groups, [place("Prod")])

    @pytest.mark.parametrize(
        "options",
        [
            pytest.param(user(BOB, groups={"add": [gid("other")]}), id="joined"),
            pytest.param(user(ADA, groups={"set": [gid("other")]}), id="moved"),
            pytest.param({"groups": [{"id": gid("Twin"), "description": "x"}]}, id="described"),
            pytest.param(
                {"groups": [{"id": gid("Twin"), "permissions": [grant("viewer", on=["Prod"], state="absent")]}]},
                id="permission lost",
            ),
        ],
    )
    def test_come_back(self, start: Start, options: State) -> None:
        bench = start(self.state())
        before = shape(bench.state())
        way = way_back(bench, options)
        assert way["lost"] == []
        take(bench, way)
        assert shape(bench.state()) == before

    def test_a_name_that_another_one_has_stays_lost(self, start: Start) -> None:
        bench = start(self.state())
        options = {
            "groups": [{"id": gid("other"), "new_name": "Single", "description": "x"}],
            **user(BOB, groups={"add": ["Single"]}),
        }
        way = way_back(bench, options)
        assert way["lost"] == ["group Single: its name, since there are others that are called that"]
        take(bench, way)
        state = bench.state()
        assert (state.groups[gid("other")].name, state.groups[gid("other")].description) == ("Single", "")
        assert BOB not in state.members_of(gid("other"))

    def test_one_that_goes_stays_away(self, start: Start) -> None:
        bench = start(self.state())
        way = way_back(bench, {"groups": [{"id": gid("Twin"), "state": "absent"}]})
        assert way["lost"] == ["group Twin: doesn't come back, since there are others of its name"]
        assert take(bench, way) == []


def test_after_a_run_that_ended_early(start: Start) -> None:
    """What was done can be undone, and what wasn't needn't be."""
    bench = start(firm())
    before = shape(bench.state())
    options = {**group("Fresh"), "users": [{"email": NEW, "groups": {"add": ["Fresh", "Ops"]}}]}
    bench.sim.faults([{"match": {"method": "POST", "path": "groups$"}, "fault": {"status": 403}}])
    result = bench.run(access(**options), keep_going=True)
    bench.sim.faults([])
    assert result.error is not None
    take(bench, undo(result.applied, result.before))
    assert shape(bench.state()) == before
