# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SCIM as a part of what a task wants: plans, runs, guards, and what is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import ScimGroup, ScimUser, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Action, Change
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import render_diff
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.lists import list_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Abilities, Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people import gains_and_losses
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.facts import (
    ScimGroupFact,
    ScimMemberFact,
    ScimUserFact,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.inquiry import read_scim
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.members import Members
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.plan import ScimPart, deactivation
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.questions import (
    ScimGroupNamed,
    ScimGroups,
    ScimGroupWithId,
    ScimUserNamed,
    ScimUsers,
    ScimUserWithId,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo

from ..builders import Bench, gid, person, settle, told, uid
from ..conftest import Start
from ..scim import ADDRESSES, ANNA, TOM, scim_group, scim_user, wanted_scim_group, wanted_scim_user, way, with_scim

EMPTY = Snapshot("account", Abilities(names_writable=False, finds_by_email=False, lists_members=False))
MANY = [f"user{number}@example.com" for number in range(12)]


@pytest.fixture
def made(start_as: Start) -> Bench:
    """An account with SCIM, and the way to it."""
    bench = start_as("published", with_scim())
    bench.more = way(bench)
    return bench


def part(*wishes: Any, **more: Any) -> ScimPart:
    """Users and groups that are wanted."""
    users = tuple(each for each in wishes if hasattr(each, "user_name"))
    return ScimPart(users, tuple(each for each in wishes if not hasattr(each, "user_name")), **more)


def wanted(*wishes: Any, **more: Any) -> Desired:
    """A task about SCIM only."""
    return Desired(parts=(part(*wishes, **more),))


def person_of(made: Bench, user_name: str) -> dict[str, Any] | None:
    """What the account has of somebody."""
    return next((each for each in made.sim.state()["users"] if each["email"].lower() == user_name.lower()), None)


def members_of(made: Bench, name: str) -> list[str]:
    """The e-mails of a group's members."""
    ids = {each["uuid"] for each in made.sim.state()["groups"] if each["name"] == name}
    return sorted(each["email"] for each in made.sim.state()["users"] if ids & set(each["groups"]))


def refusal(made: Bench, *wishes: Any) -> str:
    """Why a task is refused; nothing is written."""
    made.sim.clear()
    with pytest.raises((InvalidInput, Refused)) as caught:
        made.run(wanted(*wishes))
    assert made.sim.writes == []
    return str(caught.value)


class TestUsers:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_life(self, made: Bench, address: str) -> None:
        made.more = way(made, address)
        eva = {"user_name": "eva@example.com"}
        for wish, change, requests in (
            ({**eva, "given_name": "Eva", "external_id": "7"}, "create", 1),
            ({"user_name": "EVA@Example.com", "family_name": "Neu"}, "update", 1),
            ({**eva, "active": False}, "update", 1),
            ({**eva, "active": True, "given_name": ""}, "update", 1),
            ({**eva, "state": "absent"}, "delete", 1),
        ):
            done = settle(made, parts=(part(wanted_scim_user(**wish)),))
            assert done.changes == [f"{change} scim_user eva@example.com"]
            assert len(done.writes) == requests
            assert len(done.reads) == 1
        assert person_of(made, "eva@example.com") is None

    def test_nothing_is_asked_of_the_account(self, made: Bench) -> None:
        made.run(wanted(wanted_scim_user(TOM, active=False)))
        assert all("/scim/" in line for line in made.requests)
        assert (person_of(made, TOM) or {})["status"] == "INACTIVE"

    def test_by_id(self, made: Bench) -> None:
        done = settle(made, parts=(part(wanted_scim_user(id=uid(TOM), given_name="Tom")),))
        assert done.changes == ["update scim_user tom@example.com"]
        assert made.run(wanted(wanted_scim_user(id="gone", state="absent"))).applied == []
        for name in (None, "new@example.com"):
            gone = wanted_scim_user(name, id="gone")
            assert "To create one, give user_name and no id" in refusal(made, gone)

    def test_an_e_mail_is_not_changed(self, made: Bench) -> None:
        said = refusal(made, wanted_scim_user("thomas@example.com", id=uid(TOM)))
        assert "is tom@example.com, not thomas@example.com" in said
        assert "make a new user and delete the old one, in the identity provider" in said
        with pytest.raises(InvalidInput, match="not an e-mail"):
            wanted_scim_user("tom")

    def test_several_at_once(self, made: Bench) -> None:
        done = settle(made, parts=(part(*(wanted_scim_user(each) for each in MANY)),))
        assert len(done.writes) == len(MANY)

    @pytest.mark.parametrize("method", ["patch", "replace"])
    def test_a_lost_answer_to_a_change_is_no_conflict(self, made: Bench, method: str) -> None:
        verb = "PUT" if method == "replace" else "PATCH"
        made.sim.faults([{"match": {"method": verb}, "fault": {"reset": "after"}}])
        done = made.run(wanted(wanted_scim_user(TOM, active=False), update_method=method))
        assert done.error is None
        assert told(done.applied) == ["update scim_user tom@example.com"]
        assert len(made.writes) == 2

    def test_a_lost_answer_creates_nobody_twice(self, made: Bench) -> None:
        made.sim.faults([{"match": {"method": "POST", "path": "Users"}, "fault": {"reset": "after"}}])
        done = made.run(wanted(wanted_scim_user("eva@example.com")))
        assert done.error is None
        assert told(done.applied) == ["create scim_user eva@example.com"]
        assert len(made.writes) == 1


FALLBACK = [
    ({"status": 400, "body": {"status": "400", "scimType": "invalidPath", "detail": "?"}}, "PATCH PATCH"),
    ({"status": 400, "body": {"status": "400", "scimType": "invalidSyntax", "detail": "?"}}, "PATCH PATCH"),
    ({"status": 400, "body": {"status": "400", "scimType": "noTarget", "detail": "?"}}, "PATCH PATCH"),
    ({"status": 405}, "PATCH PATCH"),
    ({"status": 501}, "PATCH PATCH"),
]


class TestUpdateMethods:
    @pytest.mark.parametrize(
        ("method", "verb"), [("patch", "PATCH"), ("patch_without_path", "PATCH"), ("replace", "PUT")]
    )
    def test_each_by_itself(self, made: Bench, method: str, verb: str) -> None:
        done = settle(made, parts=(part(wanted_scim_user(TOM, active=False), update_method=method),))
        assert [line.split()[0] for line in done.writes] == [verb]

    @pytest.mark.parametrize(("fault", "verbs"), FALLBACK)
    def test_auto_goes_on_when_a_form_is_refused(self, made: Bench, fault: dict[str, Any], verbs: str) -> None:
        made.sim.faults([{"match": {"method": "PATCH"}, "fault": fault}])
        assert made.run(wanted(wanted_scim_user(TOM, active=False))).error is None
        assert [line.split()[0] for line in made.writes] == verbs.split()

    def test_auto_ends_with_put_and_remembers(self, made: Bench) -> None:
        made.sim.faults([{"match": {"method": "PATCH"}, "times": None, "fault": {"status": 501}}])
        wishes = [wanted_scim_user(each, active=False) for each in (ANNA, TOM)]
        assert made.run(wanted(*wishes), concurrency=1).error is None
        assert [line.split()[0] for line in made.writes] == ["PATCH", "PATCH", "PUT", "PUT"]
        assert (person_of(made, ANNA) or {})["name"] == "Anna"

    def test_other_refusals_are_final(self, made: Bench) -> None:
        body = {"status": "400", "scimType": "invalidValue", "detail": "No."}
        made.sim.faults([{"match": {"method": "PATCH"}, "fault": {"status": 400, "body": body}}])
        done = made.run(wanted(wanted_scim_user(TOM, active=False)))
        assert "No." in str(done.error)
        assert len(made.writes) == 1

    def test_a_form_that_is_named_is_the_only_one(self, made: Bench) -> None:
        made.sim.faults([{"match": {"method": "PATCH"}, "times": None, "fault": {"status": 501}}])
        done = made.run(wanted(wanted_scim_user(TOM, active=False), update_method="patch"))
        assert done.error
        assert len(made.writes) == 1


class TestGroups:
    def test_a_life(self, made: Bench) -> None:
        for wish, changes, writes in (
            (
                {"name": "New", "add": [TOM, uid(ANNA)]},
                ["create scim_group New", f"add scim_members {ANNA} in New", f"add scim_members {TOM} in New"],
                1,
            ),
            ({"name": "New", "remove": [TOM, "nobody@example.com"]}, [f"remove scim_members {TOM} in New"], 1),
            (
                {"name": "New", "new_name": "Newer", "set": [TOM]},
                [f"add scim_members {TOM} in Newer", "update scim_group New", f"remove scim_members {ANNA} in Newer"],
                3,
            ),
            ({"name": "Newer", "set": []}, [f"remove scim_members {TOM} in Newer"], 1),
            ({"name": "Newer", "add": [ANNA]}, [f"add scim_members {ANNA} in Newer"], 1),
            (
                {"name": "Newer", "state": "absent"},
                ["delete scim_group Newer", f"delete scim_members {ANNA} in Newer"],
                1,
            ),
        ):
            done = settle(made, parts=(part(wanted_scim_group(**wish)),))
            assert done.changes == changes
            assert len(done.writes) == writes
        assert members_of(made, "Newer") == []

    def test_many_members_come_and_go_in_one_request(self, start_as: Start) -> None:
        made = start_as("published", with_scim(*(person(each) for each in MANY)))
        made.more = way(made)
        assert len(settle(made, parts=(part(wanted_scim_group("Synced", add=MANY)),)).writes) == 1
        assert members_of(made, "Synced") == sorted([ANNA, *MANY])
        done = settle(made, parts=(part(wanted_scim_group("Synced", remove=MANY)),))
        assert len(done.writes) == 1
        assert len(done.reads) == 2

    def test_unknown_members_fail_with_the_nearest_name(self, made: Bench) -> None:
        for option in ("add", "set"):
            assert "Did you mean 'tom@example.com'" in refusal(
                made, wanted_scim_group("Synced", **{option: ["tim@example.com"]})
            )
        assert "no SCIM user" in refusal(made, wanted_scim_group("Synced", add=[gid("no user")]))

    def test_each_user_of_a_long_list_is_looked_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        looked: list[str] = []

        def key(user: ScimUser) -> str:
            looked.append(user.id)
            return user.user_name.lower()

        monkeypatch.setattr(ScimUser, "key", property(key))
        users = [ScimUser(str(number), f"user{number}@example.com") for number in range(100)]
        snapshot = replace(EMPTY, answers={ScimUsers(): tuple(users)})
        wish = list_wish("members", {"set": [each.user_name for each in users[:75]]})
        members = Members(snapshot, wish, ScimGroup("g", "Group", tuple(each.id for each in users[50:])))
        assert (members.joining, members.leaving) == (users[:50], users[75:])
        assert looked == [each.id for each in users]

    def test_a_member_whom_scim_does_not_show_is_taken_out_by_id(self) -> None:
        ghost = uid("ghost@example.com")
        group = ScimGroup("g", "Group", (ghost,))
        for option, refs in (("remove", [ghost]), ("set", [])):
            members = Members(EMPTY, list_wish("members", {option: refs}), group)
            assert members.leaving == [ScimUser(ghost, ghost)]
        assert Members(EMPTY, list_wish("members", {"set": [ghost]}), group).leaving == []

    def test_contradictions(self, made: Bench) -> None:
        for member in (ANNA, TOM):
            both = wanted_scim_group("Synced", add=[member], remove=[uid(member)])
            assert f"{member} is in both add and remove" in refusal(made, both)
        with pytest.raises(InvalidInput, match="deleted has no members"):
            wanted_scim_group("Synced", state="absent", add=[ANNA])

    def test_by_id_and_renames(self, made: Bench) -> None:
        renamed = wanted_scim_group(id=gid("Synced"), new_name="Moved")
        assert settle(made, parts=(part(renamed),)).changes == ["update scim_group Synced"]
        made.run(wanted(wanted_scim_group("Other")))
        with pytest.raises(InvalidInput, match="there is one of that name"):
            made.run(wanted(wanted_scim_group("Other", new_name="Moved")))
        with pytest.raises(InvalidInput, match="give name and no id"):
            made.run(wanted(wanted_scim_group(id=gid("Nothing"))))

    def test_lost_answers_to_changes_are_no_conflict(self, made: Bench) -> None:
        made.sim.faults(
            [
                {"match": {"method": "PATCH"}, "times": 1, "skip": each, "fault": {"reset": "after"}}
                for each in (0, 1, 2)
            ]
        )
        done = made.run(wanted(wanted_scim_group("Synced", new_name="Moved", set=[TOM])))
        assert done.error is None
        assert members_of(made, "Moved") == [TOM]
        assert len(made.writes) == 6

    def test_members_who_are_out_already_may_be_refused(self, made: Bench) -> None:
        body = {"status": "400", "scimType": "noTarget", "detail": "No such member"}
        fault: dict[str, Any] = {"status": 400, "body": body, "content_type": "application/scim+json"}
        made.sim.faults([{"match": {"method": "PATCH"}, "fault": {**fault, "applied": True}}])
        assert made.run(wanted(wanted_scim_group("Synced", remove=[ANNA]))).error is None
        assert members_of(made, "Synced") == []
        made.sim.faults([{"match": {"method": "PATCH"}, "fault": fault}])
        assert "No such member" in str(made.run(wanted(wanted_scim_group("Synced", add=[ANNA]))).error)

    def test_a_service_that_forgets_members_at_creation_gets_them_again(self, made: Bench) -> None:
        body = {"id": gid("Synced"), "displayName": "New"}
        made.sim.faults([{"match": {"method": "POST"}, "fault": {"status": 201, "body": body}}])
        assert made.run(wanted(wanted_scim_group("New", add=[TOM]))).error is None
        assert members_of(made, "Synced") == [ANNA, TOM]


class TestInquiry:
    NOTHING = dict.fromkeys(("include", "user_names", "user_filter", "group_names", "group_filter"))

    @pytest.mark.parametrize(
        ("options", "requests"),
        [({}, 2), ({"group_names": ["Synced"]}, 2), ({"include": ["users", "groups"], "user_names": [TOM]}, 3)],
    )
    def test_names_of_members_cost_little(self, made: Bench, options: dict[str, Any], requests: int) -> None:
        with made.client(login=False, read_only=True) as account:
            found = read_scim(account, {**self.NOTHING, **options})
            assert account.stats.requests == requests
        assert found["groups"][0]["members"] == [ANNA]

    def test_many_members_are_listed(self, start_as: Start) -> None:
        made = start_as("published", with_scim(*(person(each, "Synced") for each in MANY)))
        with made.client(login=False, read_only=True, **way(made)) as account:
            found = read_scim(account, {**self.NOTHING, "group_filter": 'displayName eq "Synced"'})
            assert account.stats.requests == 2
        assert found == {"groups": [{"id": gid("Synced"), "name": "Synced", "external_id": None, "members": ANY}]}
        assert found["groups"][0]["members"] == sorted([ANNA, *MANY])


class TestGuards:
    def test_protected_people_stay(self, made: Bench) -> None:
        guards = Guards(protected_users=frozenset({ANNA.lower()}))
        for wish in (
            wanted_scim_user(ANNA, active=False),
            wanted_scim_user(ANNA, state="absent"),
            wanted_scim_group("Synced", set=[]),
            wanted_scim_group("Synced", state="absent"),
        ):
            with pytest.raises(Refused, match="protected_users"):
                made.run(wanted(wish), guards)
        assert made.run(wanted(wanted_scim_user(ANNA, given_name="A")), guards).error is None

    def test_thresholds(self, start_as: Start) -> None:
        made = start_as("published", with_scim(*(person(each, "Synced") for each in MANY)))
        made.more = way(made)
        guards = Guards(thresholds=Thresholds(None, 25, 10))
        with pytest.raises(Refused, match="13 of 13 members of SCIM groups"):
            made.run(wanted(wanted_scim_group("Synced", set=[])), guards)
        few = Guards(thresholds=Thresholds(3))
        with pytest.raises(Refused, match="4 SCIM users, more than max_removals=3"):
            made.run(wanted(*(wanted_scim_user(each, active=False) for each in MANY[:4])), few)
        assert made.sim.writes == []
        gone = settle(made, guards=guards, parts=(part(wanted_scim_group("Synced", state="absent")),))
        assert (len(gone.changes), len(gone.writes), len(gone.reads)) == (14, 1, 2)

    @pytest.mark.parametrize(
        ("kind", "wish"),
        [("Users", wanted_scim_user(TOM, active=False)), ("Groups", wanted_scim_group("Synced", add=[TOM]))],
        ids=["user", "group"],
    )
    def test_somebody_who_was_quicker_stops_the_run(self, made: Bench, kind: str, wish: Any) -> None:
        def interfere(exchange: Any) -> None:
            if exchange.method == "GET" and kind in exchange.path and not seen:
                state = made.sim.state()
                seen.append(state)
                people = [{**each, "name": "Else"} for each in state["users"]]
                groups = [{**each, "updatedAt": "2030-01-01T00:00:00Z"} for each in state["groups"]]
                made.sim.load({**state, "users": people, "groups": groups})

        seen: list[Any] = []
        made.watchers.append(interfere)
        done = made.run(wanted(wish))
        assert "somebody has changed it since it was read" in str(done.error)
        assert (person_of(made, TOM) or {})["status"] == "ACTIVE"
        assert members_of(made, "Synced") == [ANNA]


class TestFacts:
    TOM = scim_user(TOM, given_name="Tom", version="1")

    def test_deactivation_takes_the_account(self) -> None:
        change = deactivation(self.TOM)
        assert isinstance(change.fact, ScimUserFact)
        assert change.takes
        assert change.fact.locks_out
        assert gains_and_losses([change], EMPTY) == [{"email": TOM, "gains": [], "loses": ["the account"]}]
        assert change.as_dict()["detail"] == {"user_name": TOM, "active": False, "before": {"active": True}}
        (diff,) = render_diff([change], "user")
        assert (diff["before"], diff["after"]) == ("active: true\n", "active: false\n")
        assert "active=True" in undo([change], EMPTY)["lost"][0]

    @pytest.mark.parametrize(
        ("action", "fact", "gains", "loses", "back"),
        [
            (Action.CREATE, ScimUserFact(TOM), ["the account"], [], "state=absent"),
            (Action.CREATE, ScimUserFact(replace(TOM, active=False)), None, None, "state=absent"),
            (Action.UPDATE, ScimUserFact(TOM, was=replace(TOM, active=False)), ["the account"], [], "active=False"),
            (Action.UPDATE, ScimUserFact(TOM, was=replace(TOM, given_name="")), None, None, "given_name=''"),
            (Action.DELETE, ScimUserFact(TOM, gone=True), [], ["the account"], "as a new one"),
            (Action.CREATE, ScimGroupFact(scim_group("Shop")), None, None, "state=absent"),
            (Action.UPDATE, ScimGroupFact(scim_group("Shop"), was=scim_group("Old")), None, None, "new_name='Old'"),
            (Action.DELETE, ScimGroupFact(scim_group("Shop"), gone=True), None, None, "as a new one"),
            (
                Action.DELETE,
                ScimMemberFact(scim_group("Shop"), TOM, ends=True),
                [],
                ["SCIM group Shop"],
                "once the group is there again",
            ),
            (Action.ADD, ScimMemberFact(scim_group("Shop"), TOM), ["SCIM group Shop"], [], "members.remove"),
            (Action.REMOVE, ScimMemberFact(scim_group("Shop"), TOM), [], ["SCIM group Shop"], "members.add"),
        ],
    )
    def test_what_is_told(
        self, action: Action, fact: Any, gains: list[str] | None, loses: list[str] | None, back: str
    ) -> None:
        change = Change(action, fact)
        people = [] if gains is None else [{"email": TOM, "gains": gains, "loses": loses}]
        assert gains_and_losses([change], EMPTY) == people
        (lost,) = undo([change], EMPTY)["lost"]
        assert back in lost
        assert fact.identity
        assert change.as_dict()["detail"]
        assert render_diff([change], "user")[0]["before_header"].startswith("SCIM ")

    def test_the_account_s_people_change_with_it(self) -> None:
        known = User(TOM, uid(TOM), status="ACTIVE")
        seen = replace(EMPTY, users={known.key: known})
        off = deactivation(self.TOM)
        inactive = project(seen, [off])
        assert inactive.users[TOM].status == "INACTIVE"
        on = Change(Action.UPDATE, ScimUserFact(self.TOM, was=replace(self.TOM, active=False)))
        assert project(inactive, [on]).users[TOM].status == "ACTIVE"
        renamed = Change(Action.UPDATE, ScimUserFact(self.TOM, was=replace(self.TOM, given_name="T")))
        assert project(seen, [renamed]).users == seen.users
        assert project(seen, [Change(Action.DELETE, ScimUserFact(self.TOM, gone=True))]).users == {}

    def test_answers_follow(self) -> None:
        anna, group = scim_user(ANNA), scim_group("Shop", ANNA)
        answers: dict[Any, Any] = {
            ScimUsers(): (self.TOM, anna),
            ScimUserNamed(TOM.upper()): self.TOM,
            ScimUserWithId(self.TOM.id): self.TOM,
            ScimUserNamed(ANNA): anna,
            ScimGroups(): (scim_group("Shop"),),
            ScimGroupNamed("Shop"): group,
            ScimGroupNamed("Moved"): None,
            ScimGroupWithId(group.id): group,
        }
        seen = replace(EMPTY, answers=answers)
        off = replace(self.TOM, active=False)
        after = project(seen, [deactivation(self.TOM)]).answers
        assert set(after[ScimUsers()]) == {off, anna}
        assert after[ScimUserNamed(TOM.upper())] == after[ScimUserWithId(self.TOM.id)] == off
        assert after[ScimUserNamed(ANNA)] == anna
        gone = project(seen, [Change(Action.DELETE, ScimUserFact(self.TOM, gone=True))]).answers
        assert (gone[ScimUsers()], gone[ScimUserWithId(self.TOM.id)]) == ((anna,), None)
        moved = replace(group, name="Moved")
        steps = [
            Change(Action.ADD, ScimMemberFact(moved, self.TOM)),
            Change(Action.UPDATE, ScimGroupFact(moved, was=group)),
            Change(Action.REMOVE, ScimMemberFact(moved, anna)),
        ]
        after = project(seen, steps).answers
        assert after[ScimGroupNamed("Shop")] is None
        assert after[ScimGroupNamed("Moved")] == replace(moved, members=(self.TOM.id,))
        assert after[ScimGroups()] == (replace(moved, members=()),)
        assert ScimUser("x", "X@y").key == "x@y"
