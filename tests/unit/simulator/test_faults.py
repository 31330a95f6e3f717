# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripted faults."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from tests.simulator.model import BadState
from tests.unit.simulator.helpers import NOON, Api

NEW = {"email": "n@example.com"}


def fault(kind: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A rule with this fault."""
    return {"fault": kind, **more}


def statuses(api: Api, count: int) -> list[int]:
    """The statuses of so many reads."""
    return [api.call("GET", "groups").status_code for _turn in range(count)]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_status_once(api: Api, status: int) -> None:
    api.sim.faults([fault({"status": status})])
    assert statuses(api, 2) == [status, 200]


def test_skip_and_times(api: Api) -> None:
    api.sim.faults([fault({"status": 503}, skip=1, times=2)])
    assert statuses(api, 5) == [200, 503, 503, 200, 200]
    api.sim.faults([fault({"status": 503}, times=None)])
    assert statuses(api, 3) == [503, 503, 503]


def test_rules_meet_only_what_they_match(api: Api) -> None:
    api.sim.faults([fault({"status": 503}, match={"method": "post", "path": "/users$"}, times=9)])
    assert statuses(api, 1) == [200]
    assert api.call("GET", "users").status_code == 200
    assert api.call("POST", "users", NEW).status_code == 503
    assert len(api.sim.state()["users"]) == 5


def test_rules_come_in_order(api: Api) -> None:
    api.sim.faults([fault({"status": 502}), fault({"status": 504})])
    assert statuses(api, 3) == [502, 504, 200]


def test_body_headers_and_content_type_can_be_given(api: Api) -> None:
    api.sim.faults(
        [
            fault({"status": 500, "body": "<h1>no</h1>", "headers": {"X-Trace": "1"}}),
            fault({"status": 500, "body": {"a": 1}, "content_type": "application/problem+json"}),
            fault({"status": 504}),
        ]
    )
    page, problem, nothing = (api.call("GET", "groups") for _turn in range(3))
    assert (page.text, page.headers["content-type"], page.headers["x-trace"]) == ("<h1>no</h1>", "text/html", "1")
    assert (problem.json(), problem.headers["content-type"]) == ({"a": 1}, "application/problem+json")
    assert nothing.content == b""


def test_an_answer_can_be_lost_after_the_work_is_done(api: Api) -> None:
    api.sim.faults([fault({"status": 504, "applied": True})])
    assert api.call("POST", "users", NEW).status_code == 504
    assert len(api.sim.state()["users"]) == 6


def test_retry_after_in_both_forms(api: Api) -> None:
    api.sim.faults([fault({"retry_after": 7}), fault({"retry_after_date": 9})])
    seconds, date = api.call("GET", "groups"), api.call("GET", "groups")
    assert (seconds.status_code, seconds.headers["Retry-After"]) == (429, "7")
    assert parsedate_to_datetime(date.headers["Retry-After"]).timestamp() == NOON + 9


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 1000), ("us", 1000000)])
def test_rate_limit_reset_in_three_units(api: Api, unit: str, factor: int) -> None:
    api.sim.faults([fault({"rate_limit_reset": 5, "unit": unit})])
    response = api.call("GET", "groups")
    assert response.status_code == 429
    assert int(response.headers["X-RateLimit-Reset"]) == (NOON + 5) * factor
    assert response.headers["X-RateLimit-Remaining"] == "0"


@pytest.mark.parametrize(("when", "users"), [("before", 5), ("after", 6)])
def test_a_connection_can_be_cut(api: Api, when: str, users: int) -> None:
    api.sim.faults([fault({"reset": when})])
    with pytest.raises(requests.ConnectionError):
        api.call("POST", "users", NEW)
    assert len(api.sim.state()["users"]) == users
    assert api.sim.requests[-1]["status"] is None
    assert statuses(api, 1) == [200]


def test_a_server_can_go_away_and_come_back(api: Api) -> None:
    api.sim.faults([fault({"down": True}, skip=1)])
    assert statuses(api, 1) == [200]
    for _turn in range(3):
        with pytest.raises(requests.ConnectionError):
            api.call("GET", "groups")
    with pytest.raises(requests.ConnectionError):
        api.token()
    api.sim.faults([])
    assert statuses(api, 1) == [200]


def test_a_token_can_end_in_the_middle(api: Api) -> None:
    api.sim.faults([fault({"unauthorized": True}, skip=1)])
    assert statuses(api, 3) == [200, 401, 401]
    api.login()
    api.sim.faults([fault({"expire_tokens": True}, skip=1)])
    assert statuses(api, 3) == [200, 401, 401]
    api.login()
    assert statuses(api, 1) == [200]
    api.sim.expire_tokens()
    assert statuses(api, 1) == [401]


def test_the_token_request_is_met_only_by_name(api: Api) -> None:
    api.sim.faults([fault({"status": 503}, times=9)])
    assert api.token().status_code == 200
    api.sim.faults([fault({"status": 503}, match={"path": "oauth2/token"})])
    assert statuses(api, 1) == [200]
    assert [api.token().status_code for _turn in range(2)] == [503, 200]


def test_a_slow_answer_keeps_nobody_else_waiting(api: Api) -> None:
    api.sim.faults([fault({"slow": 30}, match={"path": "/users$"})])
    with ThreadPoolExecutor() as pool, requests.Session() as session:
        session.headers.update(api.session.headers)
        url = f"{api.sim.url}/iam/v1/accounts/{api.sim.account_uuid}/users"
        slow = pool.submit(session.get, url, timeout=0.5)
        assert statuses(api, 3) == [200, 200, 200]
        with pytest.raises(requests.ReadTimeout):
            slow.result()


def test_a_slow_answer_comes_after_its_time(api: Api) -> None:
    api.sim.faults([fault({"slow": 0.05})])
    start = time.monotonic()
    assert statuses(api, 1) == [200]
    assert time.monotonic() - start >= 0.05


def test_faults_come_over_the_wire_too(api: Api) -> None:
    assert api.call("PUT", "/_simulator/faults", [fault({"status": 503})]).status_code == 204
    assert statuses(api, 2) == [503, 200]
    api.call("PUT", "/_simulator/faults", [fault({"down": True})])
    assert api.call("GET", "/_simulator/requests").status_code == 200
    assert api.call("PUT", "/_simulator/faults", []).status_code == 204
    assert statuses(api, 1) == [200]


@pytest.mark.parametrize(
    "rules",
    [
        {},
        [1],
        [{}],
        [fault({})],
        [fault({"statsu": 500})],
        [fault({"status": 500}, often=3)],
        [fault({"status": 500}, match={"verb": "GET"})],
        [fault({"reset": "never"})],
        [fault({"rate_limit_reset": 3, "unit": "h"})],
        [fault({"status": 500}, match={"path": "("})],
    ],
)
def test_wrong_rules_are_refused_and_change_nothing(api: Api, rules: Any) -> None:
    api.sim.faults([fault({"status": 503})])
    assert api.call("PUT", "/_simulator/faults", rules).status_code == 400
    assert statuses(api, 1) == [503]


def test_wrong_rules_raise_in_process(api: Api) -> None:
    with pytest.raises(BadState, match="statsu"):
        api.sim.faults([fault({"statsu": 500})])
