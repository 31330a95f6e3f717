# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every method of both contracts, against the simulator; the traffic is held against the OpenAPI documents."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.contracts.base import Contract
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.contracts.guide import Guide
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.http import path_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import (
    Environment,
    Group,
    Permission,
    User,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed, InvalidInput

from ..builders import ACCOUNT, EVERYBODY, Bench, State, account, bot, gid, held, person, place, team, uid
from ..conftest import Start

ODD = [
    "a/../b@example.com",
    "anna+tag@example.com",
    "100%@example.com",
    "jörg@exämple.com",
    "a?b=c&d#e@example.com",
    "O'Neill@example.com",
    "Anna.Berg@Example.com",
]


def small() -> State:
    return account(
        [
            person("Anna@Example.com", "Shop", first="Anna", last="Berg"),
            person("tom@example.com"),
            bot("robot", "Bots"),
        ],
        [
            team("Shop", held("tenant-viewer", "prod"), description="Sells"),
            team("Staff", owner="SAML", federatedAttributeValues=["a", "b"]),
            team("Synced", owner="SCIM"),
            team("Bots", hidden=True),
        ],
        [place("Prod", "Web", "App"), place("Test")],
        [{"levelType": "environment", "levelId": "test", "policyUuid": "p", "groups": [gid("Staff")]}],
    )


def anna(**more: Any) -> User:
    return User("Anna@Example.com", uid("Anna@Example.com"), **{"first_name": "Anna", "last_name": "Berg", **more})


TOM = User("tom@example.com", uid("tom@example.com"))
SHOP = Group(gid("Shop"), "Shop", "Sells")
STAFF = Group(gid("Staff"), "Staff", "", "SAML", ("a", "b"))


@pytest.fixture
def bench(start: Start) -> Bench:
    return start(small())


@pytest.fixture
def client(bench: Bench) -> Any:
    with bench.client(contract=bench.contract) as made:
        yield made


@pytest.fixture
def api(client: Account) -> Contract:
    return client.contract


class TestReads:
    def test_users(self, api: Contract) -> None:
        found = {user.key: user for user in api.users()}
        assert sorted(found) == ["anna@example.com", "tom@example.com"]
        assert found["anna@example.com"] == anna(status="ACTIVE")
        assert found["tom@example.com"] == User("tom@example.com", TOM.uid, status="ACTIVE")

    def test_a_user_with_groups(self, api: Contract) -> None:
        found = api.user_with_groups(anna())
        assert found is not None
        assert found.user == anna(status="ACTIVE")
        assert found.group_ids == {gid("Shop"), gid(EVERYBODY)}

    def test_a_user_who_has_gone(self, api: Contract) -> None:
        assert api.user_with_groups(User("gone@example.com", uid("gone@example.com"))) is None

    def test_groups(self, api: Contract) -> None:
        assert {group.name: group for group in api.groups()} == {
            EVERYBODY: Group(gid(EVERYBODY), EVERYBODY, owner="ALL_USERS"),
            "Shop": SHOP,
            "Staff": STAFF,
            "Synced": Group(gid("Synced"), "Synced", owner="SCIM"),
        }

    def test_permissions(self, api: Contract) -> None:
        assert api.permissions(SHOP) == [Permission("tenant-viewer", "tenant", "prod")]
        assert api.permissions(STAFF) == []

    def test_environments(self, api: Contract) -> None:
        zoned = {each.id: each for each in api.environments_with_zones()}
        assert [(zone.id, zone.name) for zone in zoned["prod"].zones] == [("1", "Web"), ("2", "App")]
        assert zoned["test"].zones == ()
        assert api.environments() == [
            Environment("prod", "Prod", active=True, url="https://prod.live.dynatrace.com"),
            Environment("test", "Test", active=True, url="https://test.live.dynatrace.com"),
        ]

    def test_what_only_one_of_them_can(self, client: Account, api: Contract) -> None:
        if isinstance(api, Guide):
            with pytest.raises(NotImplementedError):
                api.find_user("tom@example.com")
            with pytest.raises(NotImplementedError):
                api.members(SHOP)
            return
        assert api.find_user("nobody@example.com") is None
        found = api.find_user("Anna@Example.com")
        assert found
        assert {group.name for group in found.groups} == {"Shop", EVERYBODY}
        assert [user.email for user in api.members(SHOP)] == ["Anna@Example.com"]
        assert [user.is_service_user for user in api.members(Group(gid("Bots"), "Bots"))] == [True]
        with pytest.raises(NotImplementedError):
            api.update_user(TOM)


class TestWrites:
    def test_a_user_comes_and_goes(self, bench: Bench, api: Contract) -> None:
        made = api.invite_user(User("new@example.com", first_name="Ny", last_name="Ny"))
        assert (made.email, made.status) == ("new@example.com", "PENDING")
        assert made.uid == bench.state().users["new@example.com"].uid
        if api.names_writable:
            assert bench.state().users["new@example.com"].first_name == "Ny"
        api.delete_user(made)
        assert "new@example.com" not in bench.state().users

    def test_a_second_deletion_is_fine(self, bench: Bench, api: Contract) -> None:
        for _time in range(2):
            api.delete_user(TOM)
            api.delete_group(SHOP)
        assert "tom@example.com" not in bench.state().users
        assert SHOP.id not in bench.state().groups

    def test_an_update_names_everything(self, bench: Bench, api: Contract) -> None:
        if not api.names_writable:
            return
        api.update_user(anna(last_name="Lind"))
        assert bench.sim.writes[-1]["body"] == {"email": "Anna@Example.com", "firstName": "Anna", "lastName": "Lind"}
        assert bench.state().users["anna@example.com"] == anna(last_name="Lind", status="ACTIVE")

    def test_groups(self, bench: Bench, api: Contract) -> None:
        at_once = [Group("", "One", "first"), Group("", "Two", federated=("x",))][: api.groups_at_once or 2]
        made = api.create_groups(at_once)
        assert [(group.name, group.description) for group in made] == [
            (each.name, each.description) for each in at_once
        ]
        assert len(bench.sim.writes) == 1
        api.update_group(Group(made[0].id, "Uno", "first"))
        assert bench.state().groups[made[0].id].name == "Uno"

    def test_federated_values_are_sent_back(self, bench: Bench, api: Contract) -> None:
        api.update_group(Group(STAFF.id, "Staff", "All of them", "SAML", ("a", "b")))
        after = bench.state().groups[STAFF.id]
        assert (after.owner, after.federated, after.description) == ("SAML", ("a", "b"), "All of them")

    def test_memberships(self, bench: Bench, api: Contract) -> None:
        more = [(TOM, SHOP), (anna(), STAFF), (TOM, STAFF)]
        for add in (True, False):
            batches = api.batches(more, add=add)
            assert sorted(pair[0].email + pair[1].id for batch in batches for pair in batch.memberships) == sorted(
                pair[0].email + pair[1].id for pair in more
            )
            for _twice in range(2):
                for batch in batches:
                    batch.call()
            state = bench.state()
            assert all((group.id in state.groups_of(user.key)) is add for user, group in more)
            assert SHOP.id in state.groups_of("anna@example.com")

    def test_permissions(self, bench: Bench, api: Contract) -> None:
        more = [
            Permission("tenant-logviewer", "management-zone", "prod:2"),
            Permission("account-viewer", "account", ACCOUNT),
        ]
        api.add_permissions(SHOP, more)
        assert bench.state().permissions[SHOP.id] == {Permission("tenant-viewer", "tenant", "prod"), *more}
        for permission in [*more, more[0]]:
            api.remove_permission(SHOP, permission)
        assert bench.state().permissions[SHOP.id] == {Permission("tenant-viewer", "tenant", "prod")}

    def test_the_sunset_is_noticed(self, client: Account, api: Contract) -> None:
        assert client.sunsets == frozenset()
        api.permissions(SHOP)
        assert client.sunsets == {"Mon, 11 Jan 2027 00:00:00 GMT"}


class TestPaths:
    @pytest.mark.parametrize(
        ("segment", "path"),
        [
            ("a/../b", "/x/a%2F..%2Fb"),
            ("a+b", "/x/a%2Bb"),
            ("100%", "/x/100%25"),
            ("ö", "/x/%C3%B6"),
            ("a?b#c&d", "/x/a%3Fb%23c%26d"),
            ("a b", "/x/a%20b"),
        ],
    )
    def test_segments_stay_in_their_place(self, segment: str, path: str) -> None:
        assert path_of("x", segment) == path

    @pytest.mark.parametrize("segment", ["", ".", ".."])
    def test_what_would_be_another_place_is_refused(self, segment: str) -> None:
        with pytest.raises(InvalidInput, match="can't be an id"):
            path_of("groups", segment, "users")

    @pytest.mark.parametrize("email", ODD)
    def test_odd_emails(self, start_as: Start, email: str) -> None:
        bench = start_as("published", account([person("b@example.com"), person("b", "Shop")], [team("Shop")]))
        with bench.client(contract="published") as client:
            api = client.contract
            assert api.find_user(email) is None
            user = api.invite_user(User(email))
            for add in (True, False):
                for batch in api.batches([(user, Group(gid("Shop"), "Shop"))], add=add):
                    batch.call()
                found = api.find_user(email)
                assert found
                assert (gid("Shop") in found.group_ids) is add
            assert bench.sim.account.state()["users"][-1]["email"] == email
            api.delete_user(user)
        assert sorted(bench.state().users) == ["b", "b@example.com"]

    @pytest.mark.parametrize("odd", ["a/../b", "x?y", "50%", "ü", "..x"])
    def test_odd_ids(self, start: Start, odd: str) -> None:
        groups = [team("Odd", id=odd), team("Shop")]
        bench = start(account([{**person("tom@example.com", "Shop"), "uid": f"u{odd}"}], groups))
        user, group = User("tom@example.com", f"u{odd}"), Group(odd, "Odd")
        with bench.client(contract=bench.contract) as client:
            for batch in client.contract.batches([(user, group)], add=True):
                batch.call()
            assert odd in bench.state().groups_of("tom@example.com")
            client.contract.update_group(Group(odd, "Odder"))
            client.contract.delete_group(group)
        assert sorted(each.name for each in bench.state().groups.values()) == [EVERYBODY, "Shop"]


class TestPaging:
    def test_more_than_500(self, start: Start) -> None:
        people = [person(f"u{number:04}@example.com") for number in range(1001)]
        bench = start(account(people, [team(f"Group {number:04}") for number in range(501)]))
        with bench.client(contract=bench.contract) as client:
            assert len({user.key for user in client.contract.users()}) == 1001
            assert len({group.id for group in client.contract.groups()}) == 502
        assert len(bench.requests) == (2 if bench.contract == "published" else 3 + 2)

    def test_recognising_reads_the_rest(self, start_as: Start) -> None:
        bench = start_as("guide", account([], [team(f"Group {number:04}") for number in range(120)]))
        with bench.client() as client:
            assert len({group.id for group in client.groups()}) == 121

    def test_a_repeated_cursor_ends_it(self, start_as: Start) -> None:
        bench = start_as("guide", account())
        page = {"items": [{"uid": "u1", "email": "a@example.com"}], "totalCount": 2, "nextPageKey": "again"}
        bench.sim.faults([{"match": {"path": "/users$"}, "times": None, "fault": {"status": 200, "body": page}}])
        with bench.client(contract="guide") as client:
            assert {user.email for user in client.contract.users()} == {"a@example.com"}
        assert len(bench.requests) == 2


class TestRecognition:
    def test_the_account_tells(self, bench: Bench) -> None:
        with bench.client() as client:
            assert client.contract.name == bench.contract
            assert {group.name for group in client.groups()} == {EVERYBODY, "Shop", "Staff", "Synced"}
            assert bench.requests == ["GET groups"]
            client.groups()
        assert len(bench.requests) >= 2

    def test_a_pinned_one_is_not_looked_for(self, bench: Bench) -> None:
        with bench.client(contract=bench.contract) as client:
            assert client.contract.name == bench.contract
        assert bench.requests == []

    def test_neither(self, bench: Bench) -> None:
        bench.sim.faults([{"match": {"path": "/groups$"}, "fault": {"status": 200, "body": {"data": [], "page": 1}}}])
        with bench.client() as client, pytest.raises(InvalidInput, match="api_contract") as error:
            client.groups()
        assert "data, page" in str(error.value)


class TestOddAnswers:
    @pytest.mark.parametrize("body", [None, "1", "<html></html>", {}], ids=["empty", "1", "html", "empty object"])
    def test_of_writes_are_fine(self, bench: Bench, api: Contract, body: Any) -> None:
        bench.sim.faults([{"times": None, "fault": {"status": 200, "body": body, "applied": True}}])
        for batch in api.batches([(TOM, SHOP)], add=True):
            batch.call()
        api.update_group(Group(SHOP.id, "Shop", "Sells all"))
        api.add_permissions(SHOP, [Permission("tenant-viewer", "tenant", "test")])
        made = api.invite_user(User("new@example.com"))
        assert (made.email, made.uid) == ("new@example.com", None)
        api.delete_user(TOM)
        state = bench.state()
        assert "tom@example.com" not in state.users
        assert "new@example.com" in state.users
        assert state.groups[SHOP.id].description == "Sells all"

    @pytest.mark.parametrize("body", [None, "1", "<html></html>", {}], ids=["empty", "1", "html", "empty object"])
    def test_of_reads_are_not_taken_for_emptiness(self, bench: Bench, api: Contract, body: Any) -> None:
        bench.sim.faults([{"times": None, "fault": {"status": 200, "body": body}}])
        for read in (api.users, api.groups, api.environments, api.environments_with_zones):
            with pytest.raises(CallFailed, match="the answer"):
                read()
        with pytest.raises(CallFailed, match="the answer"):
            api.permissions(SHOP)

    @pytest.mark.parametrize("body", [None, "1", {}], ids=["empty", "1", "empty object"])
    def test_of_creating_a_group(self, bench: Bench, api: Contract, body: Any) -> None:
        bench.sim.faults([{"fault": {"status": 201, "body": body, "applied": True}}])
        assert api.create_groups([Group("", "New")]) == []
        assert "New" in {group.name for group in bench.state().groups.values()}


def test_read_only_means_it(bench: Bench) -> None:
    with bench.client(contract=bench.contract, read_only=True) as client:
        api = client.contract
        api.users()
        writes = [
            lambda: api.invite_user(User("new@example.com")),
            lambda: api.delete_user(TOM),
            lambda: api.create_groups([Group("", "New")]),
            lambda: api.update_group(SHOP),
            lambda: api.delete_group(SHOP),
            lambda: api.add_permissions(SHOP, [Permission("tenant-viewer", "tenant", "prod")]),
            lambda: api.remove_permission(SHOP, Permission("tenant-viewer", "tenant", "prod")),
            *(batch.call for add in (True, False) for batch in api.batches([(TOM, SHOP)], add=add)),
        ]
        for write in writes:
            with pytest.raises(RuntimeError, match="in check mode"):
                write()
    assert bench.sim.writes == []
