# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client of SCIM, at both addresses, and with services that behave oddly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api import scim as scim_calls
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ScimGroup, ScimUser
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.scim import Scim
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.scim_shapes import (
    FORMS,
    WHOLE,
    equals,
    patch_body,
    read_group,
    read_user,
    user_body,
    whole_body,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import (
    CallFailed,
    Effect,
    InvalidInput,
)

from ..builders import Bench, person, uid
from ..conftest import Start
from ..scim import ADDRESSES, ANNA, OLD, TOM, client, scim_group, scim_user, with_scim

ODD = ('o"neill@example.com', "back\\slash@example.com", "jörg+tag@example.com", "it's%20&?#@example.com")


@pytest.fixture
def made(start_as: Start) -> Bench:
    """An account with SCIM."""
    return start_as("published", with_scim())


def refused(call: Callable[[], object]) -> CallFailed:
    """The error of a call that must fail."""
    with pytest.raises(CallFailed) as caught:
        call()
    return caught.value


def resource(number: int) -> dict[str, Any]:
    """A user of a made-up service."""
    return {"id": str(number), "userName": f"user{number}@example.com"}


class MadeUp:
    """A transport to a service that answers GET with the given bodies, the last one again and again."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.queries: list[dict[str, str]] = []

    def send(self, call: Any) -> Any:
        self.queries.append(dict(call.query))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def listing(total: int | None, *numbers: int) -> dict[str, Any]:
    """A page of a list."""
    told = {} if total is None else {"totalResults": total}
    return {**told, "Resources": [resource(number) for number in numbers]}


class TestReading:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_both_addresses_show_the_same(self, made: Bench, address: str) -> None:
        with client(made, address) as account:
            everybody = account.scim.users()
            assert [user.user_name for user in everybody] == [ANNA, TOM]
            assert everybody[0] == account.scim.user(uid(ANNA))
            assert everybody[0].given_name == "Anna"
            assert everybody[0].version
            (group,) = account.scim.groups()
            assert group.members == (uid(ANNA),)
            assert account.scim.group_named("synced") == account.scim.group(group.id) == group
            assert account.scim.group_named("Shop") is None
            assert account.scim.user("nobody") is None
            assert account.scim.group("nothing") is None
            assert account.scim.service_provider_config()["patch"]["supported"] is True
            assert {each["name"] for each in account.scim.schemas()} >= {"User", "Group"}
            assert [each["endpoint"] for each in account.scim.resource_types()] == ["/Users", "/Groups"]

    def test_names_of_all_kinds_are_found(self, start_as: Start) -> None:
        made = start_as("published", with_scim(*(person(each) for each in ODD)))
        with client(made) as account:
            for name in (*ODD, ANNA.upper()):
                found = account.scim.user_named(name)
                assert found
                assert found.key == name.lower()
            assert account.scim.user_named('x" or userName pr or userName eq "') is None

    def test_a_service_that_ignores_filters_finds_nobody_else(self) -> None:
        service: Any = MadeUp(listing(2, 1, 2))
        assert Scim(service).user_named("USER2@example.com") == ScimUser("2", "user2@example.com")
        assert Scim(service).user_named("user3@example.com") is None

    @pytest.mark.parametrize(
        "fault",
        [{"status": 400, "body": {"status": "400", "scimType": "invalidFilter"}}, {"status": 501}],
    )
    def test_a_service_without_filters_is_read_as_a_whole(self, made: Bench, fault: dict[str, Any]) -> None:
        with client(made) as account:
            for find, name in ((account.scim.user_named, TOM), (account.scim.group_named, "Synced")):
                made.sim.faults([{"fault": fault}])
                assert find(name)
                made.sim.faults([{"fault": {"status": 400}}])
                assert refused(partial(find, name)).status == 400

    def test_namesakes_are_not_guessed(self) -> None:
        twins = [{"id": each, "displayName": "Shop", "members": [{"value": "1"}]} for each in "ab"]
        service: Any = MadeUp({"totalResults": 2, "Resources": twins})
        with pytest.raises(InvalidInput, match="a and b"):
            Scim(service).group_named("Shop")

    def test_little_is_needed_of_a_resource(self) -> None:
        assert read_user({"id": 7}) == ScimUser("7", "")
        assert read_user({"id": "7", "active": "False", "name": None, "meta": None}, 'W/"1"') == ScimUser(
            "7", "", active=False, version='W/"1"'
        )
        nested = [{"value": "g", "type": "Group"}, {"display": "?"}, {"value": "u"}, {"value": "u"}]
        assert read_group({"id": "7", "members": nested}) == ScimGroup("7", "", ("u",))


class TestPaging:
    @pytest.mark.parametrize("size", [1, 2, 3, 500])
    def test_all_pages_are_read(self, made: Bench, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        monkeypatch.setattr(scim_calls, "PAGE", size)
        with client(made) as account:
            assert [user.user_name for user in account.scim.users()] == [ANNA, TOM]
            assert account.stats.requests == max(1, 2 // size)

    def test_a_service_may_give_fewer_than_asked_for(self) -> None:
        service: Any = MadeUp(listing(3, 1), listing(3, 2, 3))
        assert [user.id for user in Scim(service).users()] == ["1", "2", "3"]
        assert [query["startIndex"] for query in service.queries] == ["1", "2"]

    @pytest.mark.parametrize(
        "pages",
        [[listing(None, 1), listing(None, 2), listing(None)], [listing(None, 1, 2)], [{"totalResults": 0}]],
    )
    def test_without_a_total_it_ends_where_nothing_new_comes(self, pages: list[dict[str, Any]]) -> None:
        service: Any = MadeUp(*pages)
        assert [user.id for user in Scim(service).users()] in (["1", "2"], [])
        assert len(service.queries) <= 3

    @pytest.mark.parametrize(
        "pages", [[listing(4, 1, 2)], [listing(4, 1, 2), listing(4)], [listing(4, 1, 2), listing(4, 2, 1)]]
    )
    def test_half_a_list_is_an_error(self, pages: list[dict[str, Any]]) -> None:
        service: Any = MadeUp(*pages)
        assert "gives only 2 of 4" in str(refused(Scim(service).users))

    @pytest.mark.parametrize("answer", [{"hello": "world"}, "<html>", None, {"totalResults": 3}])
    def test_what_is_no_list_is_an_error(self, answer: Any) -> None:
        service: Any = MadeUp(answer)
        assert "no list of SCIM; scim_url is https://api.sso.dynatrace.com" in str(refused(Scim(service).users))


class TestWriting:
    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("form", FORMS)
    def test_users_in_all_forms(self, made: Bench, address: str, form: str) -> None:
        with client(made, address) as account:
            scim = account.scim
            new = scim.create_user(ScimUser("", "new@example.com", "Eva", "Neu", external_id="7"))
            assert scim.user_named("new@example.com") == new
            wanted = replace(new, active=False, given_name="", external_id="8")
            version = scim.replace_user(wanted, new) if form == WHOLE else scim.patch_user(wanted, new, form)
            assert scim.user(new.id) == replace(wanted, version=version)
            assert scim.user(new.id) != new
            scim.delete_user(replace(new, version=version))
            scim.delete_user(new)
            assert scim.user(new.id) is None

    def test_groups(self, made: Bench) -> None:
        with client(made) as account:
            scim = account.scim
            new = scim.create_group(ScimGroup("", "New", (uid(TOM),)))
            assert new.members == (uid(TOM),)
            version = scim.change_members(new, [uid(ANNA)], add=True)
            version = scim.rename_group(replace(new, version=version), "Newer")
            version = scim.change_members(replace(new, version=version), [uid(ANNA), uid(TOM)], add=False)
            assert scim.group_named("Newer") == ScimGroup(new.id, "Newer", (), version=version)
            scim.delete_group(replace(new, version=version))
            assert scim.group(new.id) is None

    def test_forms(self) -> None:
        was = ScimUser("7", "a@example.com", "A", "B")
        user = replace(was, active=False)
        assert patch_body(user, was, "patch")["Operations"] == [{"op": "replace", "path": "active", "value": False}]
        assert patch_body(user, was, "patch_without_path")["Operations"] == [
            {"op": "replace", "value": {"active": False}}
        ]
        assert patch_body(replace(user, given_name="C"), was, "patch_without_path")["Operations"][0]["value"] == {
            "active": False,
            "name": {"givenName": "C"},
        }

    def test_a_replacement_keeps_what_is_not_named(self) -> None:
        was = ScimUser("7", "a@example.com", "A", "B")
        found = {**user_body(was), "id": "7", "title": "Dr", "meta": {"version": "1"}, "groups": [{"value": "g"}]}
        found["name"]["honorificPrefix"] = "Dr"
        body = whole_body(found, replace(was, family_name="C", external_id="x"), was)
        assert body["name"] == {"givenName": "A", "familyName": "C", "honorificPrefix": "Dr"}
        assert {"title": "Dr", "externalId": "x", "active": True}.items() <= body.items()
        assert body.keys().isdisjoint({"meta", "groups"})

    def test_quoting(self) -> None:
        assert equals("userName", 'a"b\\c ö') == 'userName eq "a\\"b\\\\c ö"'


class TestRefusals:
    def test_somebody_was_quicker(self, made: Bench) -> None:
        with client(made) as account:
            tom = account.scim.user_named(TOM)
            assert tom
            account.scim.patch_user(replace(tom, given_name="Tom"), tom, "patch")
            failure = refused(lambda: account.scim.patch_user(replace(tom, active=False), tom, "patch"))
            assert failure.status == 412
            assert "somebody has changed it since it was read, run again" in str(failure)
            assert refused(lambda: account.scim.delete_user(tom)).status == 412
            assert refused(lambda: account.scim.replace_user(replace(tom, active=False), tom)).status == 412

    def test_a_token_that_was_rotated_away(self, made: Bench) -> None:
        with client(made, "environment", OLD) as account:
            failure = refused(account.scim.users)
        assert failure.status == 401
        assert "rotated away" in str(failure)
        assert "SCIM configuration" in str(failure)

    def test_a_domain_that_is_not_verified(self, made: Bench) -> None:
        with client(made) as account:
            failure = refused(lambda: account.scim.create_user(ScimUser("", "a@elsewhere.example")))
        assert failure.status == 403
        assert failure.effect is Effect.NONE
        assert "The domain elsewhere.example is not verified" in str(failure)

    def test_a_wrong_address(self, start_as: Start) -> None:
        made = start_as("published", with_scim(), checked=False)
        for path in ("/idm/public/scim/nobody/v2", "/nowhere"):
            with made.client(scim_url=made.sim.url + path, scim_token="x") as account:
                failure = refused(account.scim.users)
            assert "scim_url is wrong; it is https://api.sso.dynatrace.com/idm/public/scim/" in str(failure)
            assert "live.dynatrace.com/api/v2/scim" in str(failure)

    def test_a_name_that_a_hidden_group_has(self, made: Bench) -> None:
        with client(made) as account:
            failure = refused(lambda: account.scim.rename_group(scim_group("Synced"), "Shop"))
        assert failure.status == 409
        assert "the name is taken by what SCIM doesn't show, as groups that were made in Dynatrace" in str(failure)

    def test_what_has_gone_and_what_may_not_be_read(self, made: Bench) -> None:
        with client(made) as account:
            gone = ScimUser("gone", TOM)
            failure = refused(lambda: account.scim.patch_user(replace(gone, active=False), gone, "patch"))
            assert "it has gone since it was read, run again" in str(failure)
            made.sim.faults([{"fault": {"status": 403}}])
            failure = refused(account.scim.users)
        assert "domain" not in str(failure)
        assert "the environment isn't active" in str(failure)

    def test_no_token(self, made: Bench) -> None:
        with made.client() as account, pytest.raises(InvalidInput, match="DYNATRACE_SCIM_TOKEN"):
            assert account.scim

    def test_who_is_there_already(self, made: Bench) -> None:
        with client(made) as account:
            failure = refused(lambda: account.scim.create_user(ScimUser("", TOM)))
        assert (failure.code, failure.effect) == ("uniqueness", Effect.EXISTS)

    def test_a_lost_answer_leaves_the_effect_open(self, made: Bench) -> None:
        made.sim.faults([{"match": {"method": "POST"}, "fault": {"reset": "after"}}])
        with client(made) as account:
            failure = refused(lambda: account.scim.create_user(ScimUser("", "new@example.com")))
            assert failure.effect is Effect.UNKNOWN
            assert account.scim.user_named("new@example.com")
            assert account.stats.retries == 0

    def test_the_service_speaks_of_itself_in_its_own_type(self, made: Bench) -> None:
        types = set()
        made.watchers.append(lambda exchange: types.add(dict(exchange.request_headers).get("content-type")))
        with client(made) as account:
            account.scim.patch_user(scim_user(TOM, active=False), scim_user(TOM), "patch")
            account.scim.change_members(scim_group("Synced"), [uid(TOM)], add=True)
        assert types == {"application/scim+json"}
        assert json.dumps(made.sim.state()).count("INACTIVE") == 1
