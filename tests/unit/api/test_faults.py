# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service in trouble: what is sent again, what is not, and that the next run finishes the work."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result

from ..builders import (
    Bench,
    State,
    account,
    desired,
    person,
    team,
    told,
    wanted_group,
    wanted_members,
    wanted_user,
)
from ..conftest import Start

INVITE = {"method": "POST", "path": "/users$"}
GROUPS = {"method": "POST", "path": "/groups$"}
INVITED = [
    "create user new@example.com",
    "add membership new@example.com in Ops",
    "add membership new@example.com in Shop",
]
WISH = desired(wanted_user("new@example.com", add=["Shop", "Ops"]))


def joins(contract: str) -> dict[str, str]:
    return {"method": "POST", "path": "/users/[^/]+$" if contract == "published" else "/groups/[^/]+/users$"}


def small(**options: Any) -> State:
    return account([person("tom@example.com")], [team("Shop"), team("Ops")], **options)


def finished(bench: Bench, wish: Any = WISH) -> None:
    """Nothing is left to do, and a further run writes nothing."""
    result = bench.run(wish)
    assert told(result.plan.changes) == []
    assert bench.writes == []


def settled(bench: Bench, count: int) -> None:
    """Wait until the simulator has seen so many requests: it must not end while it has yet to take a connection."""
    for _try in range(1000):
        if len(bench.sim.requests) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(bench.sim.requests)


def sent(bench: Bench, method: str, path: str) -> int:
    return bench.requests.count(f"{method} {path}")


class TestTooManyRequests:
    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"retry_after": 7}, id="seconds"),
            pytest.param({"retry_after_date": 7}, id="date"),
            pytest.param({"rate_limit_reset": 7, "unit": "s"}, id="reset in s"),
            pytest.param({"rate_limit_reset": 7, "unit": "ms"}, id="reset in ms"),
            pytest.param({"rate_limit_reset": 7, "unit": "us"}, id="reset in us"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_waits_as_long_as_told(self, start: Start, fault: State, method: str) -> None:
        bench = start(small())
        bench.sim.faults([{"match": {"method": method, "path": "/iam/"}, "fault": fault}])
        result = bench.run(WISH, concurrency=1)
        assert told(result.applied) == INVITED
        assert result.error is None
        assert sum(bench.time.slept) == pytest.approx(7, abs=1.0)
        assert len(bench.announced) == 1
        finished(bench)

    @pytest.mark.parametrize(
        "form", ["retry-after-seconds", "retry-after-date", "x-ratelimit-s", "x-ratelimit-us", "none"]
    )
    def test_a_real_limit(self, start: Start, form: str) -> None:
        people = [person(f"u{number}@example.com") for number in range(8)]
        bench = start(account(people, [team("Shop")], rate_limit_headers=form), rate_limit=5)
        wish = desired(*(wanted_user(each["email"], add=["Shop"]) for each in people))
        result = bench.run(wish, concurrency=1)
        assert len(result.applied) == 8
        finished(bench, wish)

    def test_our_own_limit_is_kept(self, start: Start) -> None:
        people = [person(f"u{number}@example.com") for number in range(20)]
        bench = start(account(people, [team("Shop")]), rate_limit=6)
        wish = desired(*(wanted_user(each["email"], set=[]) for each in people))
        bench.run(wish, rate_limit=5, concurrency=1)
        assert all(entry["status"] != 429 for entry in bench.sim.requests)

    def test_the_budget_ends_it(self, start: Start) -> None:
        bench = start(small())
        bench.sim.faults([{"times": None, "fault": {"retry_after": 60}}])
        with pytest.raises(CallFailed, match="too many requests for longer than retry_budget") as error:
            bench.run(WISH, retry_budget=100)
        assert error.value.status == 429
        assert sum(bench.time.slept) <= 100

    def test_far_too_long_a_wait_is_not_begun(self, start: Start) -> None:
        bench = start(small())
        bench.sim.faults([{"times": None, "fault": {"retry_after": 86400}}])
        with pytest.raises(CallFailed):
            bench.run(WISH)
        assert bench.time.slept == []

    def test_no_retry_budget(self, start: Start) -> None:
        bench = start(small())
        bench.sim.faults([{"fault": {"retry_after": 1}}])
        with pytest.raises(CallFailed):
            bench.run(WISH, retry_budget=0)


class TestTroubleOfTheService:
    @pytest.mark.parametrize(
        "fault",
        [{"status": 502, "body": "<html>"}, {"status": 503}, {"status": 504}, {"reset": "before"}, {"slow": 0.01}],
        ids=["502", "503", "504", "reset", "slow"],
    )
    def test_reads_are_sent_again(self, start: Start, fault: State) -> None:
        bench = start(small())
        bench.sim.faults([{"match": {"method": "GET"}, "times": 3, "fault": fault}])
        assert told(bench.run(WISH).applied) == INVITED
        finished(bench)

    @pytest.mark.parametrize("fault", [{"status": 503}, {"reset": "before"}, {"reset": "after"}], ids=str)
    def test_memberships_are_sent_again(self, start: Start, fault: State) -> None:
        bench = start(small())
        bench.sim.faults([{"match": joins(bench.contract), "fault": fault}])
        result = bench.run(WISH)
        assert told(result.applied) == INVITED
        assert result.error is None
        finished(bench)

    @pytest.mark.parametrize("fault", [{"status": 503}, {"reset": "before"}, {"reset": "after"}], ids=str)
    def test_deletions_are_sent_again(self, start: Start, fault: State) -> None:
        bench = start(small())
        bench.sim.faults([{"match": {"method": "DELETE"}, "times": 2, "fault": fault}])
        wish = desired(wanted_user("tom@example.com", state="absent"), wanted_group("Shop", state="absent"))
        result = bench.run(wish)
        assert told(result.applied) == ["delete group Shop", "delete user tom@example.com"]
        assert result.error is None
        finished(bench, wish)

    @pytest.mark.parametrize("status", [400, 403, 409, 500])
    def test_what_is_refused_is_not_sent_again(self, start: Start, status: int) -> None:
        bench = start(small())
        match = joins(bench.contract)
        bench.sim.faults([{"match": match, "times": None, "fault": {"status": status, "body": {"message": "No way"}}}])
        result = bench.run(WISH, concurrency=1)
        assert isinstance(result.error, CallFailed)
        assert result.error.status == status
        assert "No way" in str(result.error)
        assert told(result.applied) == INVITED[:1]
        assert told(result.pending) == INVITED[1:]
        assert len(bench.writes) == 2
        bench.sim.faults([])
        assert told(bench.run(WISH).applied) == INVITED[1:]

    def test_a_timeout(self, start: Start) -> None:
        bench = start(small())
        bench.sim.faults([{"match": {"method": "GET"}, "times": 1, "fault": {"slow": 1.2}}])
        assert told(bench.run(WISH, timeout=0.8).applied) == INVITED
        assert bench.time.slept
        settled(bench, 5)

    def test_a_timeout_for_good(self, start_as: Start) -> None:
        bench = start_as("published", {**small(), "access_tokens": [{"token": "t"}]})
        bench.sim.faults([{"times": None, "fault": {"slow": 0.2}}])
        with (
            bench.client(timeout=0.05, retry_budget=1, access_token="t") as made,
            pytest.raises(CallFailed, match="no answer from") as error,
        ):
            made.groups()
        assert error.value.status is None
        settled(bench, made.stats.requests)


class TestCreating:
    """What is created is never sent twice, unless it is sure that it had no effect."""

    @pytest.mark.parametrize(
        ("fault", "times"),
        [
            pytest.param({"reset": "before"}, 2, id="lost before"),
            pytest.param({"reset": "after"}, 1, id="lost after"),
            pytest.param({"status": 503, "applied": True}, 1, id="503 after"),
            pytest.param({"status": 503}, 2, id="503 before"),
            pytest.param({"status": 504, "applied": True}, 1, id="504 after"),
        ],
    )
    def test_an_invitation_in_doubt(self, start: Start, fault: State, times: int) -> None:
        bench = start(small())
        bench.sim.faults([{"match": INVITE, "fault": fault}])
        result = bench.run(WISH)
        assert result.error is None
        assert sorted(told(result.applied)) == sorted(INVITED)
        assert result.pending == []
        assert sent(bench, "POST", "users") == times
        finished(bench)

    @pytest.mark.parametrize("fault", [{"reset": "before"}, {"reset": "after"}, {"status": 502}], ids=str)
    def test_groups_in_doubt(self, start: Start, fault: State) -> None:
        bench = start(small())
        wish = desired(wanted_group("One"), wanted_group("Two"), wanted_user("tom@example.com", add=["One", "Two"]))
        bench.sim.faults([{"match": GROUPS, "fault": fault}])
        result = bench.run(wish, concurrency=1)
        assert result.error is None
        assert sorted(told(result.applied)) == [
            "add membership tom@example.com in One",
            "add membership tom@example.com in Two",
            "create group One",
            "create group Two",
        ]
        names = [group.name for group in bench.state().groups.values()]
        assert sorted(names) == ["Everybody", "One", "Ops", "Shop", "Two"]
        finished(bench, wish)

    def test_refused_connections_had_no_effect(self, start: Start) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            bench = start(small())
            with pytest.raises(CallFailed, match="no connection"):
                bench.run(WISH, api_url=url)
        assert 0 < len(bench.time.slept) < 8

    def test_one_who_is_there_in_another_spelling_is_adopted(self, start: Start) -> None:
        bench = start(account([person("Anna@Example.COM")], [team("Shop")]))
        wish = desired(wanted_user("anna@example.com", add=["Shop"]))
        preview = bench.run(wish, preview=True)
        result = bench.run(wish)
        assert result.error is None
        assert told(result.applied) == told(preview.applied) == ["add membership Anna@Example.COM in Shop"]
        again = bench.run(wish)
        assert again.error is None
        assert again.applied == again.pending == []
        assert bench.run(wish, preview=True).plan.changes == ()

    @pytest.mark.parametrize("status", [400, 409])
    def test_one_who_comes_in_between_is_adopted(self, start: Start, status: int) -> None:
        bench = start(small(user_exists_status=status))
        found = {"status": status, "body": {"error": True, "message": "User already exists"}, "applied": True}
        bench.sim.faults([{"match": INVITE, "fault": found}])
        result = bench.run(WISH)
        assert result.error is None
        assert told(result.applied) == INVITED[1:]
        assert result.pending == []
        finished(bench)

    def test_an_invitation_that_is_not_visible_at_once(self, start: Start) -> None:
        bench = start(small(visibility_lag=2))
        result = bench.run(WISH, concurrency=1)
        assert result.error is None
        assert told(result.applied) == INVITED
        finished(bench)

    @pytest.mark.parametrize("body", [None, "1", {}], ids=["empty", "1", "empty object"])
    def test_an_invitation_without_a_word(self, start: Start, body: Any) -> None:
        bench = start(small())
        bench.sim.faults([{"match": INVITE, "fault": {"status": 201, "body": body, "applied": True}}])
        result = bench.run(WISH)
        assert result.error is None
        assert sorted(told(result.applied)) == sorted(INVITED)
        assert result.pending == []
        assert sent(bench, "POST", "users") == 1
        finished(bench)

    @pytest.mark.parametrize("body", [None, "1", {}], ids=["empty", "1", "empty object"])
    def test_a_group_without_a_word(self, start: Start, body: Any) -> None:
        bench = start(small())
        wish = desired(wanted_group("One"), wanted_user("tom@example.com", add=["One"]))
        bench.sim.faults([{"match": GROUPS, "fault": {"status": 201, "body": body, "applied": True}}])
        result = bench.run(wish)
        assert result.error is None
        assert told(result.applied) == ["create group One", "add membership tom@example.com in One"]
        finished(bench, wish)

    def test_a_group_without_a_word_that_is_not_listed_at_once(self, start: Start) -> None:
        bench = start(small())
        wish = desired(wanted_group("One"), wanted_user("tom@example.com", add=["One"]))
        nothing = {"count": 0, "items": []} if bench.contract == "published" else {"totalCount": 0, "items": []}
        bench.sim.faults(
            [
                {"match": GROUPS, "fault": {"status": 201, "applied": True}},
                {"match": {"method": "GET", "path": "/groups$"}, "skip": 1, "fault": {"status": 200, "body": nothing}},
            ]
        )
        result = bench.run(wish)
        assert result.error is None
        assert told(result.applied) == ["create group One", "add membership tom@example.com in One"]
        assert sent(bench, "POST", "groups") == 1
        finished(bench, wish)


PEOPLE = [f"u{number}@example.com" for number in range(6)]


class TestDownInTheMiddle:
    def run(self, bench: Bench, skip: int, wish: Any, concurrency: int) -> Result:
        bench.sim.faults([{"match": {"method": "POST", "path": "/iam/"}, "skip": skip, "fault": {"down": True}}])
        return bench.run(wish, concurrency=concurrency)

    @pytest.mark.parametrize("skip", [0, 1, 5, 6, 8])
    @pytest.mark.parametrize("concurrency", [1, 4])
    def test_nothing_is_lost(self, start: Start, skip: int, concurrency: int) -> None:
        bench = start(small())
        users = (wanted_user(each, add=["Shop", "Ops"]) for each in PEOPLE)
        wish = desired(*users, wanted_members("Shop", "tom@example.com"))
        result = self.run(bench, skip, wish, concurrency)
        if skip == 8 and bench.contract == "guide":
            assert result.error is None  # two calls for all memberships: eight writes in all
            return
        assert isinstance(result.error, CallFailed)
        assert result.error.status is None
        done = bench.state()
        applied, pending = told(result.applied), told(result.pending)
        assert sorted([*applied, *pending]) == sorted(told(result.plan.changes))
        assert all(f"create user {key}" in applied for key in done.users if key in PEOPLE)
        assert all(f"create user {key}" in pending for key in PEOPLE if key not in done.users)
        bench.sim.faults([])
        again = bench.run(wish)
        assert sorted(told(again.applied)) == sorted(pending)
        finished(bench, wish)

    def test_while_reading(self, start: Start) -> None:
        bench = start(small())
        bench.sim.faults([{"skip": 1, "fault": {"down": True}}])
        with pytest.raises(CallFailed, match="broke"):
            bench.run(WISH)
        assert bench.writes == []


def test_an_answer_about_somebody_else_is_not_taken(start_as: Start) -> None:
    """Nor asked for without end."""
    bench = start_as("published", small())
    other = {"uid": "u", "email": "somebody@example.com", "groups": []}
    bench.sim.faults(
        [{"match": {"method": "GET", "path": "/users/"}, "times": 9, "fault": {"status": 200, "body": other}}]
    )
    result = bench.run(WISH)
    assert told(result.applied) == INVITED
    assert len(bench.reads) <= 3
