# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens are disabled, enabled and deleted; orphaned ones are found; never the token in use, never too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Token, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import (
    CallFailed,
    InvalidInput,
    Refused,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.render import render_diff
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people import gains_and_losses
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.inquiry import read_tokens
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.model import moment_of
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.orphans import (
    find_orphans,
    why_orphaned,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.orphans_part import orphans_part
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.part import (
    api_token_part,
    platform_token_part,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    API_TOKEN,
    ENVIRONMENTS,
    ORPHANED_TOKENS,
    PLATFORM_TOKEN,
    TOKENS,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.token_views import (
    one_token,
    orphaned_tokens,
)

from ..builders import TODAY, Bench, State, account, bot, person, place, told
from ..conftest import Start
from ..tokens import api_token, pid, platform_token, tid, way, ways, with_tokens

PIPELINE = "pipeline@service.sso.dynatrace.com"
DEFAULTS = Guards(thresholds=Thresholds(None, 25, 10))
LOG = "/e/prod/api/v2/apiTokens"


def options(*specs: Any, **given: Any) -> State:
    """Options as Ansible checks them; tokens for environments as they are named by ``tokens``."""
    tokens = dict.fromkeys(given.pop("tokens", ()), "secret")
    answer = ArgumentSpecValidator({key: spec for each in specs for key, spec in each.items()}).validate(
        {**({"environment_tokens": tokens} if ENVIRONMENTS in specs else {}), **given}
    )
    assert answer.error_messages == []
    return dict(answer.validated_parameters)


def in_prod(**given: Any) -> Desired:
    """As from the options of dynatrace_api_token."""
    return Desired(
        parts=(api_token_part(options(API_TOKEN, ENVIRONMENTS, environment="prod", tokens=["prod"], **given)),)
    )


def platform(**given: Any) -> Desired:
    """As from the options of dynatrace_platform_token."""
    return Desired(parts=(platform_token_part(options(PLATFORM_TOKEN, **given), TODAY),))


def orphaned(*tokens: str, **given: Any) -> Desired:
    """As from the options of dynatrace_orphaned_tokens, with tokens for these environments."""
    return Desired(parts=(orphans_part(options(ORPHANED_TOKENS, ENVIRONMENTS, tokens=tokens, **given), TODAY),))


def small(*tokens: State, platform_tokens: tuple[State, ...] = (), test: tuple[State, ...] = ()) -> State:
    """Anna is there, Ivo is inactive; others have left."""
    people = [person("Anna@Example.com"), person("ivo@example.com", status="INACTIVE"), bot("pipeline")]
    places = [with_tokens(place("Prod"), *tokens), with_tokens(place("Test"), *test)]
    robot = person("robot@example.com")
    return {**account([*people, robot], environments=places), "platform_tokens": list(platform_tokens)}


def run(bench: Bench, wish: Desired, **more: Any) -> Result:
    """Preview, run, run again: the preview writes nothing and tells what is done, and then nothing is left."""
    with_ways = {"environments": ways(bench, "prod", "test"), **more}
    start = bench.sim.state()
    preview = bench.run(wish, preview=True, **with_ways)
    assert bench.sim.state() == start
    result = bench.run(wish, **with_ways)
    assert result.error is None
    assert (told(preview.applied), preview.plan.id) == (told(result.applied), result.plan.id)
    writes = bench.writes
    again = bench.run(wish, **with_ways)
    assert told(again.applied) == bench.writes == []
    assert again.before.answers == result.after.answers
    assert len(writes) >= len(result.applied)
    return result


def enabled(bench: Bench, environment: str = "prod") -> list[str]:
    """The names of the tokens that an environment takes, but the one of the tests."""
    places = {each["id"]: each for each in bench.sim.state()["environments"]}
    return sorted(each["name"] for each in places[environment]["api_tokens"][1:] if each["enabled"])


class TestApiTokens:
    def test_one_is_disabled_with_two_requests_and_no_login(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("Deploy", "Anna@Example.com"), api_token("Other")))
        result = run(bench, in_prod(name="Deploy", enabled=False), client_id=None, client_secret=None, access_token="x")
        assert told(result.applied) == ["update api_token Deploy in prod"]
        assert result.applied[0].as_dict()["detail"] == {
            "environment": "prod",
            "name": "Deploy",
            "id": tid("Deploy"),
            "owner": "Anna@Example.com",
            "enabled": False,
            "before": {"enabled": True},
        }
        assert gains_and_losses(result.applied, result.before) == [
            {"email": "Anna@Example.com", "gains": [], "loses": ["API token Deploy in prod"]}
        ]
        assert undo(result.applied, result.before)["lost"] == [
            f"API token Deploy in prod: dynatrace_api_token with environment=prod id={tid('Deploy')} enabled=true"
        ]
        assert enabled(bench) == ["Other"]
        assert one_token(result, in_prod(name="Deploy"), TODAY)["token"]["enabled"] is False
        assert bench.requests == [f"GET {LOG}"]

    def test_one_is_enabled_again(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("Deploy", enabled=False)))
        result = run(bench, in_prod(id=tid("Deploy"), enabled=True))
        assert gains_and_losses(result.applied, result.before)[0]["gains"] == ["API token Deploy in prod"]
        assert "enabled=false" in undo(result.applied, result.before)["lost"][0]

    def test_one_is_deleted_for_good(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("Deploy", "someone")))
        wish = in_prod(name="Deploy", state="absent")
        result = run(bench, wish)
        assert told(result.applied) == ["delete api_token Deploy in prod"]
        assert gains_and_losses(result.applied, result.before) == []
        assert undo(result.applied, result.before)["lost"] == [
            "API token Deploy in prod: doesn't come back, a new one has another secret"
        ]
        assert one_token(result, wish, TODAY) == {"token": None}
        [shown] = render_diff(result.applied, "user")
        assert "enabled: true" in shown["before"]
        assert "deletion can't be undone" in shown["after"]

    @pytest.mark.parametrize(
        ("given", "error", "says"),
        [
            ({"name": "Deploi"}, InvalidInput, "no API token 'Deploi' in prod. Did you mean 'Deploy'?"),
            ({"name": "Deploi"}, InvalidInput, "Tokens aren't made here"),
            ({"name": "Twice", "enabled": False}, InvalidInput, "that of 2 API tokens: dt0c01.a and dt0c01.b."),
            ({"name": "Twice", "state": "absent"}, InvalidInput, "that of 2 API tokens"),
            ({"name": " "}, InvalidInput, "name must not be empty"),
            ({"name": "Automation", "enabled": False}, Refused, "is the one that this task logs in with"),
            ({"name": "Automation", "state": "absent"}, Refused, "is the one that this task logs in with"),
        ],
    )
    def test_what_is_refused_writes_nothing(
        self, start_as: Start, given: State, error: type[Exception], says: str
    ) -> None:
        twins = [api_token("Twice", id=f"dt0c01.{each}") for each in "ab"]
        bench = start_as("published", small(api_token("Deploy"), *twins))
        with pytest.raises(error, match=says):
            bench.run(in_prod(**given), environments=ways(bench, "prod"))
        assert bench.writes == []

    def test_an_old_token_in_use_is_kept_as_well(self, start_as: Start) -> None:
        old = "abcdefghij0123456789"
        bench = start_as("published", small(api_token("Old", secret=old, scopes=["apiTokens.read"])))
        with pytest.raises(Refused, match="logs in with"):
            bench.run(in_prod(name="Old", enabled=False), environments=(way(bench, "prod", old),))

    def test_protected_people_keep_their_tokens(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("Deploy", "Anna@Example.com")))
        guards = Guards(protected_users=frozenset({"anna@example.com"}))
        with pytest.raises(Refused, match="protected_users"):
            bench.run(in_prod(name="Deploy", enabled=False), guards, environments=ways(bench, "prod"))

    def test_an_environment_without_a_token_is_named(self) -> None:
        with pytest.raises(InvalidInput, match="no token for environment abc12345; it has some for: prod"):
            api_token_part(options(API_TOKEN, ENVIRONMENTS, environment="abc12345", name="x", tokens=["prod"]))


class TestPlatformTokens:
    def test_one_ends_at_a_moment_and_is_disabled(self, start_as: Start) -> None:
        bench = start_as("published", small(platform_tokens=(platform_token("Report"),)))
        result = run(bench, platform(name="Report", status="inactive", expiration_date="2030-01-01T01:00:00+01:00"))
        assert result.applied[0].as_dict()["detail"] == {
            "name": "Report",
            "id": pid("Report"),
            "owner": "anna@example.com",
            "enabled": False,
            "expires": "2030-01-01T00:00:00.000Z",
            "before": {"enabled": True, "expires": None},
        }
        assert undo(result.applied, result.before)["lost"] == [
            f"platform token Report: dynatrace_platform_token with id={pid('Report')} status=active expiration_date=''"
        ]
        assert bench.sim.state()["platform_tokens"][0]["status"] == "INACTIVE"

    def test_a_moved_end_is_nobodys_gain(self, start_as: Start) -> None:
        bench = start_as("published", small(platform_tokens=(platform_token("Report", expirationDate="2030-01-01"),)))
        result = run(bench, platform(name="Report", expiration_date=""))
        assert result.applied[0].as_dict()["detail"]["before"] == {"expires": "2030-01-01"}
        assert gains_and_losses(result.applied, result.before) == []

    def test_one_is_deleted(self, start_as: Start) -> None:
        bench = start_as("published", small(platform_tokens=(platform_token("Report"),)))
        assert told(run(bench, platform(id=pid("Report"), state="absent")).applied) == ["delete platform_token Report"]

    def test_the_one_in_use_is_kept(self, start_as: Start) -> None:
        secret = f"{pid('Report')}.SECRET"
        state = {**small(platform_tokens=(platform_token("Report"),)), "access_tokens": [{"token": secret}]}
        bench = start_as("published", state)
        with pytest.raises(Refused, match="logs in with"):
            bench.run(platform(name="Report", status="inactive"), access_token=secret)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"expiration_date": "soon"}, "'soon' is not a moment"),
            ({"expiration_date": "2030-01-01T00:00:00"}, "has no time zone"),
            ({"expiration_date": "2020-01-01T00:00:00Z"}, "is over.*status=inactive"),
            ({"name": "Reprot"}, "no platform token 'Reprot'. Did you mean 'Report'?"),
        ],
    )
    def test_what_is_wrong_is_told(self, start_as: Start, given: State, says: str) -> None:
        bench = start_as("published", small(platform_tokens=(platform_token("Report"),)))
        with pytest.raises(InvalidInput, match=says):
            bench.run(platform(**{"name": "Report", **given}))
        assert bench.writes == []


class TestReading:
    def read(self, bench: Bench, *tokens: str, **given: Any) -> list[str]:
        asked = options(TOKENS, ENVIRONMENTS, tokens=tokens, **given)
        access = ways(bench, *tokens) if tokens else ()
        with bench.client(read_only=True, environments=access) as client:
            return [f"{each['environment']} {each['name']}" for each in read_tokens(client, asked, TODAY)]

    def test_all_places_take_a_request_each(self, start_as: Start) -> None:
        tokens = (api_token("Deploy"),)
        bench = start_as("published", small(*tokens, test=tokens, platform_tokens=(platform_token("Report"),)))
        assert self.read(bench, "prod", "test") == [
            "prod Automation",
            "prod Deploy",
            "test Automation",
            "test Deploy",
            "None Report",
        ]
        assert sorted(bench.requests) == [
            "GET /e/prod/api/v2/apiTokens",
            "GET /e/test/api/v2/apiTokens",
            "GET platform-tokens",
        ]

    def test_owners_are_found_however_they_are_spelt(self, start_as: Start) -> None:
        spellings = [
            api_token("A", "Anna@Example.com"),
            api_token("B", "anna@example.com"),
            api_token("C", "tom@x.com"),
        ]
        mine = platform_token("Report", "ANNA@example.com")
        bench = start_as("published", small(*spellings, platform_tokens=(mine,)))
        assert self.read(bench, "prod", owners=["anna@EXAMPLE.com"]) == ["prod A", "prod B", "None Report"]
        assert self.read(bench, "prod", include=["api"], selector='owner("anna@example.com")') == ["prod B"]

    def test_an_environment_that_is_not_named_is_not_asked(self, start_as: Start) -> None:
        bench = start_as("published", small())
        assert self.read(bench, "prod", "test", environments=["test"], include=["api"]) == ["test Automation"]
        assert bench.requests == ["GET /e/test/api/v2/apiTokens"]

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"environments": ["nowhere"]}, "no token for environment nowhere; it has some for: none"),
            ({"include": ["api"]}, "include=api needs environment_tokens"),
            ({"owners": ["anna"]}, "'anna' is not an e-mail address"),
        ],
    )
    def test_what_cannot_be_read_is_told(self, start_as: Start, given: State, says: str) -> None:
        bench = start_as("published", small())
        with pytest.raises(InvalidInput, match=says):
            self.read(bench, **given)

    def test_without_any_credentials(self, start_as: Start) -> None:
        bench = start_as("published", small())
        for include, says in ((None, "No way to read tokens"), (["platform"], "No way to log in")):
            asked = options(TOKENS, ENVIRONMENTS, **({"include": include} if include else {}))
            settings = replace(bench.settings(), client_id=None)
            with Account(settings, bench.runtime()) as client, pytest.raises(InvalidInput, match=says):
                read_tokens(client, asked, TODAY)

    def test_a_place_that_cannot_be_read_fails_the_whole(self, start_as: Start) -> None:
        bench = start_as("published", small())
        bench.sim.faults([{"match": {"path": "/e/test/"}, "times": None, "fault": {"status": 403}}])
        with pytest.raises(CallFailed, match=r"Environment test: .*lacks the scope apiTokens\.read"):
            self.read(bench, "prod", "test")


def a_token(owner: str) -> Token:
    return Token("dt0c01.X", "X", owner, environment="prod")


class TestOrphans:
    @pytest.mark.parametrize(
        ("owner", "reason"),
        [
            ("anna@example.com", None),
            ("ANNA@example.com", None),
            (PIPELINE, None),
            ("new@example.com", None),
            ("ivo@example.com", "inactive"),
            ("left@example.com", "not in the account"),
            ("gone@service.sso.dynatrace.com", "not in the account"),
            ("", "owner unknown"),
            ("admin", "owner unknown"),
        ],
    )
    def test_whose_token_is_orphaned(self, owner: str, reason: str | None) -> None:
        statuses = {"Anna@Example.com": "ACTIVE", "new@example.com": "PENDING", "ivo@example.com": "INACTIVE"}
        users = [*(User(email, status=status) for email, status in statuses.items()), User(PIPELINE)]
        assert why_orphaned(a_token(owner), {user.key: user for user in users}) == reason

    def test_one_of_several_spellings_that_is_active_is_enough(self) -> None:
        users = [User("Ivo@example.com", status="ACTIVE"), User("ivo@example.com", status="INACTIVE")]
        for given in (users, users[::-1]):
            assert find_orphans([a_token("IVO@example.com")], given) == []

    def test_they_are_reported_with_their_age(self, start: Start) -> None:
        left = api_token("CI", "left@example.com", lastUsedDate="2026-09-20T08:00:00.000Z")
        kept = [api_token("Own", "anna@example.com"), api_token("Robot", PIPELINE)]
        report = platform_token("Report", "ivo@example.com", expirationDate="2030-01-01T00:00:00.000Z")
        bench = start(small(left, *kept, api_token("Managed", "admin"), platform_tokens=(report,)))
        wish = orphaned("prod", "test")
        result = bench.run(wish, DEFAULTS, environments=ways(bench, "prod", "test"))
        shown = orphaned_tokens(result, wish)
        assert shown["unread"] == []
        assert [(each["name"], each["reason"]) for each in shown["orphaned_tokens"]] == [
            ("CI", "not in the account"),
            ("Managed", "owner unknown"),
            ("Report", "inactive"),
        ]
        assert shown["orphaned_tokens"][0] == {
            "kind": "api_token",
            "environment": "prod",
            "id": tid("CI"),
            "name": "CI",
            "owner": "left@example.com",
            "reason": "not in the account",
            "enabled": True,
            "age_days": 259,
            "unused_days": 1,
            "last_used": "2026-09-20T08:00:00.000Z",
            "expires": None,
        }
        assert shown["orphaned_tokens"][2]["unused_days"] is None
        assert shown["report"] == [
            "prod: CI of left@example.com, not in the account, enabled, made 259 days ago, last used yesterday",
            "prod: Managed of admin, owner unknown, enabled, made 259 days ago, never used",
            "platform: Report of ivo@example.com, inactive, enabled, made 232 days ago, never used",
        ]
        assert bench.writes == []
        # two environments, platform tokens, users, service users, environments, and groups to recognise the contract
        assert len(bench.requests) == 7

    def test_they_are_disabled_but_for_unknown_owners(self, start_as: Start) -> None:
        tokens = [api_token("CI", "left@example.com"), api_token("Managed", "admin")]
        own = [api_token(f"own{number}") for number in range(6)]
        report = platform_token("Report", "ivo@example.com")
        bench = start_as("published", small(*tokens, *own, platform_tokens=(report,)))
        wish = orphaned("prod", "test", action="disable")
        result = run(bench, wish)
        assert told(result.applied) == ["update api_token CI in prod", "update platform_token Report"]
        assert [each["enabled"] for each in orphaned_tokens(result, wish)["orphaned_tokens"]] == [False, True, False]
        assert enabled(bench) == ["Managed", *(f"own{number}" for number in range(6))]

    def test_too_many_at_once_need_a_review(self, start_as: Start) -> None:
        tokens = [api_token(f"t{number}", "left@example.com") for number in range(9)]
        bench = start_as("published", small(*tokens, api_token("Off", "left@example.com", enabled=False)))
        wish, more = orphaned("prod", action="disable"), {"environments": ways(bench, "prod")}
        with pytest.raises(Refused, match="takes away 9 of 10 API tokens, more than max_removal_percent=25") as refusal:
            bench.run(wish, DEFAULTS, **more)
        assert bench.writes == []
        plan = str(refusal.value).partition("expected_plan=")[2].split()[0]
        reviewed = replace(DEFAULTS, reviewed_plan=plan)
        assert len(bench.run(wish, reviewed, expected_plan=plan, **more).applied) == 9
        assert enabled(bench) == []

    def test_the_token_in_use_is_left_with_a_warning(self, start_as: Start) -> None:
        state = small(api_token("CI", "left@example.com"))
        state["users"] = [each for each in state["users"] if each["email"] != "robot@example.com"]
        bench = start_as("published", state)
        wish = orphaned("prod", action="disable")
        result = bench.run(wish, environments=ways(bench, "prod"))
        assert told(result.applied) == ["update api_token CI in prod"]
        warning = result.warnings[-1]
        assert f"Token Automation ({tid('Automation')}) is left: this task logs in with it." in warning
        assert [each["name"] for each in orphaned_tokens(result, wish)["orphaned_tokens"]] == ["Automation", "CI"]

    def test_a_place_that_cannot_be_read_is_told_and_the_others_go_on(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("CI", "left@example.com")))
        bench.sim.faults([{"match": {"path": "/e/test/"}, "times": None, "fault": {"status": 403}}])
        wish = orphaned("prod", "test", action="disable")
        result = bench.run(wish, environments=ways(bench, "prod", "test"))
        assert told(result.applied) == ["update api_token CI in prod"]
        assert [each["place"] for each in orphaned_tokens(result, wish)["unread"]] == ["test"]
        assert "Nothing is said of the tokens there." in result.warnings[0]

    @pytest.mark.parametrize(
        ("given", "places"), [({}, ["test"]), ({"environments": ["prod"]}, []), ({"include": ["platform"]}, [])]
    )
    def test_an_environment_without_a_token_is_told(self, start_as: Start, given: State, places: list[str]) -> None:
        bench = start_as("published", small())
        wish = orphaned("prod", **given)
        result = bench.run(wish, environments=ways(bench, "prod"))
        assert [each["place"] for each in orphaned_tokens(result, wish)["unread"]] == places
        assert ["(test). Nothing is said" in warning for warning in result.warnings] == [True] * len(places)

    def test_a_list_of_nobody_is_no_list(self, start_as: Start) -> None:
        state = small(api_token("CI", "anna@example.com"))
        state["users"] = [each for each in state["users"] if each.get("service")]
        bench = start_as("published", state)
        with pytest.raises(Refused, match="lists nobody who is active"):
            bench.run(orphaned("prod", action="disable"), environments=ways(bench, "prod"))
        assert bench.writes == []

    def test_no_place_that_can_be_read_is_a_failure(self, start_as: Start) -> None:
        bench = start_as("published", small())
        bench.sim.faults([{"match": {"path": "/e/"}, "times": None, "fault": {"status": 401}}])
        with pytest.raises(CallFailed, match="the environment's token is refused"):
            bench.run(orphaned("prod", include=["api"]), environments=ways(bench, "prod"))

    def test_people_who_cannot_be_read_end_the_run(self, start_as: Start) -> None:
        bench = start_as("published", small(api_token("CI", "anna@example.com")))
        bench.sim.faults([{"match": {"path": "/users$"}, "times": None, "fault": {"status": 403}}])
        with pytest.raises(CallFailed, match="account-idm-read"):
            bench.run(orphaned("prod", action="disable"), environments=ways(bench, "prod"))
        assert bench.writes == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2030-01-01T00:00:00.123456789Z", "2030-01-01T00:00:00+00:00"),
        ("2030-01-01T01:00:00+01:00", "2030-01-01T01:00:00+01:00"),
        ("2030-01-01", "2030-01-01T00:00:00+00:00"),
        ("never", "None"),
        (None, "None"),
    ],
)
def test_moments_are_read_however_they_are_written(text: str | None, found: str) -> None:
    moment = moment_of(text)
    assert (moment.isoformat() if moment else "None") == found
