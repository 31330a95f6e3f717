# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People leave: what is closed, in which order, what speaks against it, and that no fault ever opens anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import EnvironmentAccess
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import (
    CallFailed,
    InvalidInput,
    Refused,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.leavers.leaving import Leaving
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.leavers.reading_back import read_back
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.leavers.sight import (
    OpenEnd,
    content_seen,
    open_ends,
    people_seen,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds

from ..builders import ACCOUNT, TODAY, Bench, State, account, gid, held, person, place, team, told, uid

Start = Callable[..., Bench]

ADA, BOB, ROOT = "Ada@example.com", "bob@example.com", "root@example.com"
ADMINS = team("Admins", held("account-user-management"))
SCIM_TOKEN = "geheim-scim"
PLACES = ("prod", "stag")


def secret(environment: str) -> str:
    """The token that automation has for an environment."""
    return f"dt0c01.{environment.upper():A>24}.{'S' * 64}"


def token(name: str, owner: str, **more: Any) -> State:
    """An access token."""
    return {
        "id": f"dt0c01.{name.upper():A>24}",
        "name": name,
        "owner": owner,
        "enabled": True,
        "scopes": ["metrics.read"],
        **more,
    }


def automation(environment: str, owner: str = ROOT) -> State:
    """The token that automation uses itself."""
    own = token(environment, owner, secret=secret(environment))
    return {**own, "scopes": ["apiTokens.read", "apiTokens.write"]}


def where(name: str, *tokens: State, owner: str = ROOT, **more: Any) -> State:
    """An environment with tokens."""
    return {**place(name.capitalize(), id=name), "api_tokens": [automation(name, owner), *tokens], **more}


def platform(name: str, owner: str, **more: Any) -> State:
    """A platform token."""
    return {"tokenId": f"dt0s16.{name.upper()}", "name": name, "owner": owner, **more}


def example(**more: Any) -> State:
    """Ada has two groups, tokens in two spellings and two environments, and one of the account; Bob has little."""
    found = account(
        users=[person(ADA, "Shop", "Ops"), person(BOB, "Shop"), person(ROOT, "Admins")],
        groups=[team("Shop"), team("Ops"), ADMINS],
        environments=[
            where("prod", token("one", "ada@example.com"), token("two", "ADA@example.com"), token("bobs", BOB)),
            where("stag", token("three", ADA), token("off", ADA, enabled=False)),
        ],
    )
    found["platform_tokens"] = [platform("export", "ada@Example.com"), platform("other", BOB)]
    found["scim"] = {"domains": ["example.com"], "tokens": [{"token": SCIM_TOKEN}]}
    return {**found, **more}


def ways(made: Bench, *places: str) -> State:
    """How to reach SCIM and the environments."""
    environments = tuple(EnvironmentAccess(each, f"{made.sim.url}/e/{each}", secret(each)) for each in places or PLACES)
    scim = {"scim_url": f"{made.sim.url}/idm/public/scim/{ACCOUNT}/v2", "scim_token": SCIM_TOKEN}
    return {**scim, "environments": environments}


def leave(*people: str, **more: Any) -> Desired:
    """As from the options of dynatrace_offboarding."""
    given = {"tokens": "disable", "environments": PLACES, "has_scim": True, "keep_going": True, **more}
    leaving = Leaving(people=people or (ADA,), **given)
    return Desired(users=leaving.users(), on_managed="warn", parts=(leaving,))


def offboard(made: Bench, wish: Desired, guards: Guards | None = None, **more: Any) -> Result:
    """A run, one call after the other."""
    return made.run(wish, guards, **{**ways(made), "concurrency": 1, "retry_budget": 0.0, **more})


def ends(made: Bench, wish: Desired, **more: Any) -> list[str]:
    """What stays open, as lines, looked at anew."""
    leaving = wish.parts[0]
    assert isinstance(leaving, Leaving)
    with made.client(read_only=True, **{**ways(made), **more}) as client:
        found = open_ends(leaving, read_back(client, wish), TODAY)
    return [end.line() for end in found]


def openness(state: State) -> set[tuple[str, ...]]:
    """Each way in that somebody has: log-ins, memberships, tokens that work."""
    names = {group["uuid"]: group["name"] for group in state["groups"]}
    log_ins = {("log-in", user["email"]) for user in state["users"] if user["status"] in ("ACTIVE", "PENDING")}
    groups = {("group", user["email"], names[each]) for user in state["users"] for each in user["groups"]}
    tokens = {
        ("token", place["id"], each["id"])
        for place in state["environments"]
        for each in place.get("api_tokens", ())
        if each.get("enabled", True)
    }
    own = {("token", each["tokenId"]) for each in state["platform_tokens"] if each.get("status", "ACTIVE") == "ACTIVE"}
    return log_ins | groups | tokens | own


CLOSED_TOKENS = ["api_token one in prod", "api_token three in stag", "api_token two in prod", "platform_token export"]
DISABLED = [f"update {each}" for each in CLOSED_TOKENS]
OFF = "api_token off in stag"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"action": "delete"}, [*DISABLED, "delete user Ada@example.com"]),
        ({"action": "delete", "tokens": "report"}, ["delete user Ada@example.com"]),
        ({"action": "delete", "tokens": "ignore"}, ["delete user Ada@example.com"]),
        (
            {"action": "delete", "tokens": "delete"},
            sorted([*(f"delete {each}" for each in (*CLOSED_TOKENS, OFF)), "delete user Ada@example.com"]),
        ),
        (
            {"action": "leave_groups"},
            [*DISABLED, "remove membership Ada@example.com in Ops", "remove membership Ada@example.com in Shop"],
        ),
        ({"action": "deactivate"}, [*DISABLED, "update scim_user Ada@example.com"]),
    ],
)
def test_what_is_closed(start: Start, options: State, expected: list[str]) -> None:
    """Check mode writes nothing and tells it all; then that is done and nothing else; then nothing is left to do."""
    made = start(example())
    before, wish = made.sim.state(), leave(**options)
    preview = offboard(made, wish, preview=True)
    assert made.writes == []
    assert made.sim.state() == before
    assert sorted(told(preview.applied)) == sorted(expected)
    done = offboard(made, wish, expected_plan=preview.plan.id)
    assert done.error is None
    assert told(done.applied) == told(preview.applied)
    assert openness(made.sim.state()) < openness(before)
    closed = openness(before) - openness(made.sim.state())
    assert {each for each in closed if "bob@example.com" in each or "root@example.com" in each} == set()
    assert told(offboard(made, wish).applied) == []
    assert made.writes == []
    left = ends(made, wish)
    by_choice = {"report": 4, "disable": 1 if options["action"] == "leave_groups" else 0}
    assert len(left) == by_choice.get(options.get("tokens", "disable"), 0)


REFUSED = {"status": 500, "body": {}}
LOST = ({"reset": "after"}, {"status": 503, "applied": True, "body": {}})


@pytest.mark.parametrize(
    ("action", "tokens", "keep_going"),
    [
        ("delete", "disable", True),
        ("leave_groups_then_delete", "delete", False),
        ("leave_groups", "disable", False),
        ("deactivate", "delete", True),
    ],
)
def test_a_fault_at_any_step_opens_nothing(start: Start, action: str, tokens: str, keep_going: bool) -> None:
    """Whatever request fails, and whether it took effect or not: no step leaves more access than there was before it,
    and the next run finishes what this one began."""
    made = start(example(), checked=False)
    wish, begin = leave(action=action, tokens=tokens, keep_going=keep_going), made.sim.state()
    assert offboard(made, wish, keep_going=keep_going).error is None
    goal, steps = openness(made.sim.state()), list(made.sim.requests[made.begun :])
    assert goal < openness(begin)
    seen: list[set[tuple[str, ...]]] = []
    made.watchers.append(lambda _exchange: seen.append(openness(made.sim.state())))
    for step in steps:
        for fault in (REFUSED, *(() if step["method"] == "GET" else LOST)):
            made.sim.load(begin)
            match = {"method": step["method"], "path": f"{re.escape(step['path'])}$"}
            made.sim.faults([{"match": match, "times": 1, "fault": fault}])
            seen.clear()
            left = interrupted(made, wish, keep_going)
            assert all(later <= earlier for earlier, later in zip([openness(begin), *seen], seen, strict=False))
            assert left or openness(made.sim.state()) == goal
            made.sim.faults([])
            assert offboard(made, wish, keep_going=keep_going).error is None
            assert openness(made.sim.state()) == goal
            assert [line for line in ends(made, wish) if "keeps the user" not in line] == []


def interrupted(made: Bench, wish: Desired, keep_going: bool) -> list[str]:
    """A run that something happens to; what it says of what it couldn't do."""
    leaving = wish.parts[0]
    assert isinstance(leaving, Leaving)
    try:
        result = offboard(made, wish, keep_going=keep_going)
    except CallFailed as failure:
        return [str(failure)]
    unread = [end.what for end in open_ends(leaving, result.after, TODAY) if not end.by_choice]
    return [*unread, *([str(result.error)] if result.error else [])]


def test_one_environment_that_is_down_keeps_nothing_else_open(start: Start) -> None:
    made = start(example())
    made.sim.faults([{"match": {"path": "/e/stag/"}, "times": None, "fault": {"status": 500, "body": {}}}])
    wish = leave()
    before = made.sim.state()
    with pytest.raises(CallFailed, match="Environment stag"):
        offboard(made, leave(keep_going=False))
    assert made.sim.state() == before
    assert "delete user Ada@example.com" in told(offboard(made, wish, keep_going=True).applied)
    (left,) = ends(made, wish)
    assert left.startswith("tokens of environment stag (they can't be read: Environment stag")


def refused(made: Bench, wish: Desired, **guards: Any) -> str:
    """The words of a refusal, before which nothing is written."""
    before = made.sim.state()
    with pytest.raises((Refused, InvalidInput)) as error:
        offboard(made, wish, Guards(**guards))
    assert made.sim.state() == before
    return str(error.value)


class TestGuards:
    """What is refused before anything is written."""

    @pytest.mark.parametrize("action", ["delete", "leave_groups", "deactivate"])
    def test_protected_users(self, start: Start, action: str) -> None:
        words = refused(start(example()), leave(action=action), protected_users=frozenset({"ada@example.com"}))
        assert "protected_users forbids" in words

    def test_even_when_only_tokens_are_left(self, start: Start) -> None:
        state = example(users=[person(ROOT, "Admins")])
        words = refused(start(state), leave(), protected_users=frozenset({"ada@example.com"}))
        assert "protected_users forbids" in words

    def test_the_account_owner(self, start: Start) -> None:
        words = refused(start(example()), leave(account_owner="ADA@example.com"))
        assert "Account Owner" in words
        assert "support" in words

    @pytest.mark.parametrize("action", ["delete", "deactivate", "leave_groups"])
    def test_the_last_administrator(self, start: Start, action: str) -> None:
        assert "active who may manage users" in refused(start(example()), leave(ROOT, action=action))

    def test_the_share_of_people(self, start: Start) -> None:
        thresholds = Thresholds(max_removals=1)
        words = refused(start(example()), leave(ADA, BOB), thresholds=thresholds)
        assert "2 users, more than max_removals=1" in words

    def test_tokens_follow_their_owners(self, start: Start) -> None:
        """Most of an environment's tokens may be one person's."""
        done = offboard(start(example()), leave(), Guards(thresholds=Thresholds(max_removals=1)))
        assert len(done.applied) == 5

    def test_unknown_to_scim(self, start_as: Start) -> None:
        state = example()
        state["users"].append({**person("eve@service.sso.dynatrace.com"), "service": True})
        assert "SCIM doesn't know eve@" in refused(
            start_as("published", state), leave("eve@service.sso.dynatrace.com", action="deactivate")
        )


class TestManagedByScim:
    """Whom an identity provider manages is deleted there, or comes back."""

    def managed(self) -> State:
        state = example()
        state["users"][0] = {**state["users"][0], "externalId": "00u1"}
        state["scim"] |= {"provisioned": [ADA], "managed": [ADA]}
        return state

    @pytest.mark.parametrize("how", ["id", "group"])
    def test_refused(self, start: Start, how: str) -> None:
        state = self.managed() if how == "id" else example()
        if how == "group":
            state["groups"].append(team("Contractors", owner="SCIM"))
            state["users"][0]["groups"].append(gid("Contractors"))
        words = refused(start(state), leave(has_scim=how == "id"))
        assert "Delete them in the IdP instead, or the next sync brings them back." in words

    def test_told_otherwise(self, start: Start) -> None:
        made = start(self.managed())
        done = offboard(made, leave(on_scim_managed="warn"))
        assert any("the next sync brings them back" in warning for warning in done.warnings)
        answer = requests.post(f"{made.sim.url}/_simulator/scim/sync", timeout=5).json()
        assert answer == {"created": [ADA]}
        assert [line for line in ends(made, leave()) if "the user is still there" in line]

    def test_deactivating_is_what_scim_is_for(self, start: Start) -> None:
        made = start(self.managed())
        offboard(made, leave(action="deactivate"))
        assert [user["status"] for user in made.sim.state()["users"] if user["email"] == ADA] == ["INACTIVE"]


def test_the_token_in_use_stays_and_is_told(start: Start) -> None:
    state = example()
    state["environments"][0] = where("prod", token("one", ADA), owner=ADA)
    made = start(state)
    wish = leave(tokens="delete")
    done = offboard(made, wish)
    assert done.error is None
    assert [change for change in told(done.applied) if "prod in prod" in change] == []
    (left,) = ends(made, wish)
    assert "this run logs in with it" in left


def test_an_environment_without_a_token_is_told(start: Start) -> None:
    made = start(example())
    wish = leave(environments=("prod",))
    offboard(made, wish)
    (left,) = ends(made, wish)
    assert left.startswith("tokens of environment Stag (stag) (nobody looked")
    named = replace(wish.parts[0], only_named_environments=True)  # type: ignore[type-var]
    assert ends(made, replace(wish, parts=(named,))) == []


def test_names_forge_no_lines() -> None:
    """Neither in a failure nor in a warning."""
    found = OpenEnd(ADA, "API token a\nok: [localhost] \u202eb", "why", "To do.").line()
    assert found == "Ada@example.com: API token a ok: [localhost] b (why). To do."


def test_nobody_knows_of_other_environments(start: Start) -> None:
    """Where they can't be listed, that is told rather than taken for none."""
    made = start(example())
    made.sim.faults([{"match": {"path": "^/env/"}, "times": None, "fault": {"status": 403, "body": {}}}])
    assert offboard(made, leave()).error is None
    (left,) = ends(made, leave())
    assert "account-env-read" in left


def test_an_inactive_environment_is_no_way_in(start: Start) -> None:
    """It takes no token, so nothing is open there although nobody can look."""
    state = example()
    state["environments"][1]["active"] = False
    made = start(state)
    wish = leave(keep_going=False)
    assert "delete user Ada@example.com" in told(offboard(made, wish).applied)
    assert ends(made, wish) == []


def test_each_token_that_stays_open_says_why(start: Start) -> None:
    """Environments refuse for reasons of their own, and only the first of them is the task's error."""
    state = example()
    state["environments"][1]["api_tokens"][0]["scopes"] = ["apiTokens.read"]
    made = start(state)
    made.sim.faults(
        [{"match": {"path": "/e/prod/", "method": "PUT"}, "times": None, "fault": {"status": 500, "body": {}}}]
    )
    wish = leave()
    done = offboard(made, wish, keep_going=True)
    with made.client(read_only=True, **ways(made)) as client:
        found = open_ends(wish.parts[0], read_back(client, wish), TODAY, done.failures)  # type: ignore[arg-type]
    assert len(found) == 3
    assert ["answers 500" in each.why for each in found] == [True, True, False]
    assert "lacks the scope apiTokens.write" in found[2].why


def test_a_group_that_could_not_be_left_is_told(start: Start) -> None:
    """Otherwise than one of which somebody else decides."""
    state = example()
    state["groups"].append(team("Contractors", owner="SCIM"))
    state["users"][0]["groups"].append(gid("Contractors"))
    made = start(state)
    made.sim.faults([{"match": {"method": "DELETE"}, "times": None, "fault": {"status": 500, "body": {}}}])
    wish = leave(action="leave_groups")
    offboard(made, wish, keep_going=True)
    with made.client(read_only=True, **ways(made)) as client:
        found = open_ends(wish.parts[0], read_back(client, wish), TODAY)  # type: ignore[arg-type]
    assert {each.what: each.by_choice for each in found} == {
        "the log-in": True,
        "group Contractors": True,
        "group Ops": False,
        "group Shop": False,
    }


def test_expired_tokens_are_no_way_in(start: Start) -> None:
    state = example(platform_tokens=[])
    ended = token("old", ADA, expirationDate="2020-01-01T00:00:00.000Z")
    state["environments"] = [where("prod", ended), where("stag")]
    assert [line for line in ends(start(state), leave(tokens="report", action="delete")) if "old" in line] == []


def test_what_is_seen(start: Start) -> None:
    made = start(example())
    wish = leave("nobody@example.com", ADA)
    result = offboard(made, wish, preview=True)
    leaving = wish.parts[0]
    assert isinstance(leaving, Leaving)
    ada, nobody = people_seen(leaving, result.before, TODAY)
    assert (ada["email"], ada["in_account"], ada["groups"]) == (ADA, True, ["Ops", "Shop"])
    assert [each["name"] for each in ada["tokens"]] == ["one", "two", "off", "three", "export"]
    assert nobody == {
        "email": "nobody@example.com",
        "in_account": False,
        "status": None,
        "groups": None,
        "scim": None,
        "tokens": [],
    }


@pytest.mark.parametrize("action", ["delete", "leave_groups", "deactivate"])
def test_what_is_predicted_is_what_is_seen_in_the_end(start: Start, action: str) -> None:
    made = start(example())
    wish = leave(ADA.upper(), "nobody@example.com", action=action)
    leaving = wish.parts[0]
    assert isinstance(leaving, Leaving)
    predicted = offboard(made, wish, preview=True).after
    offboard(made, wish)
    with made.client(read_only=True, **ways(made)) as client:
        seen = read_back(client, wish)
    assert people_seen(leaving, predicted, TODAY) == people_seen(leaving, seen, TODAY)
    assert open_ends(leaving, predicted, TODAY) == open_ends(leaving, seen, TODAY)


def test_what_they_leave_behind(start: Start) -> None:
    """Everything of theirs in every environment, whoever may see it, and where nobody could look."""
    state = example()
    state["environments"][0] |= {
        "dashboards": [
            {"id": "d1", "name": "Shop", "owner": "ADA@example.com"},
            {"id": "d2", "name": "x", "owner": BOB},
        ],
        "documents": [document("n1", ADA, "notebook", private=True), document("n2", BOB, "notebook")],
    }
    state["environments"][0]["api_tokens"][0]["scopes"].append("ReadConfig")
    state["environments"][1] |= {"documents": [document(f"many{each}", ADA, "dashboard") for each in range(3)]}
    made = start(state)
    for people in ((ADA,), (ADA, *(f"nobody{each}@example.com" for each in range(5)))):
        wish = leave(*people, content=True)
        leaving = wish.parts[0]
        assert isinstance(leaving, Leaving)
        found, unread = content_seen(leaving, offboard(made, wish, preview=True).before)
        assert [(each["environment"], each["kind"], each["id"]) for each in found] == [
            ("prod", "classic dashboard", "d1"),
            ("prod", "notebook", "n1"),
            ("stag", "dashboard", "many0"),
            ("stag", "dashboard", "many1"),
            ("stag", "dashboard", "many2"),
        ]
        assert {each["owner"].lower() for each in found} == {ADA.lower()}
        (why,) = unread
        assert why.startswith("Environment stag: GET ")
        assert "lacks the scope ReadConfig" in why


def document(name: str, owner: str, kind: str, private: bool = False) -> State:
    """A document; its owner is a user's id."""
    return {"id": name, "name": name, "type": kind, "owner": uid(owner), "isPrivate": private}


@pytest.mark.parametrize("number", [3, 50])
def test_environments_are_read_once(start_as: Start, number: int) -> None:
    """However many people leave, each environment's tokens are one request, and so is SCIM's list for many."""
    people = [f"leaver{each}@example.com" for each in range(number)]
    places = [f"env{each}" for each in range(10)]
    state = example(users=[*(person(each, "Shop") for each in people), person(ROOT, "Admins")])
    state["environments"] = [where(each, *(token(f"t{n}", mail) for n, mail in enumerate(people))) for each in places]
    made = start_as("published", state, checked=False)
    wish = leave(*people, environments=tuple(places))
    result = offboard(made, wish, preview=True, **ways(made, *places))
    assert len(result.applied) == 11 * number
    reads = [re.sub(r"\?.*", "", line) for line in made.requests]
    assert len([line for line in reads if line.startswith("GET /e/")]) == 10
    assert len([line for line in reads if "/scim/" in line]) == (number if number <= 5 else 1)
    assert len([line for line in reads if "platform-tokens" in line]) == 1
