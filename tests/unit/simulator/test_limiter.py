# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests a minute."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest

from tests.unit.simulator.helpers import NOON, Api, running, seed


def statuses(api: Api, count: int) -> list[int]:
    """The statuses of so many reads."""
    return [api.call("GET", "groups").status_code for _turn in range(count)]


@pytest.mark.parametrize("contract", ["published", "guide"])
def test_a_window_lasts_a_minute(contract: str) -> None:
    with running(contract, rate_limit=3) as api:
        assert statuses(api, 5) == [200, 200, 200, 429, 429]
        api.clock.time += 59
        assert statuses(api, 1) == [429]
        api.clock.time += 1
        assert statuses(api, 4) == [200, 200, 200, 429]


def test_a_refused_request_changes_nothing() -> None:
    with running("published", rate_limit=1) as api:
        statuses(api, 1)
        assert api.call("POST", "users", {"email": "n@example.com"}).status_code == 429
        assert len(api.sim.state()["users"]) == 5


def test_tokens_and_control_routes_are_free() -> None:
    with running("published", rate_limit=1) as api:
        statuses(api, 1)
        assert api.token().status_code == 200
        assert api.call("GET", "/_simulator/requests").status_code == 200


def test_the_window_can_be_shorter() -> None:
    with running("published", seed(rate_window=0.5), rate_limit=1) as api:
        assert statuses(api, 2) == [200, 429]
        api.clock.time += 0.5
        assert statuses(api, 1) == [200]


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("retry-after-seconds", "Retry-After", "50"),
        ("x-ratelimit-s", "X-RateLimit-Reset", f"{NOON + 60:.0f}"),
        ("x-ratelimit-ms", "X-RateLimit-Reset", f"{(NOON + 60) * 1000:.0f}"),
        ("x-ratelimit-us", "X-RateLimit-Reset", f"{(NOON + 60) * 1000000:.0f}"),
    ],
)
def test_the_form_of_the_headers_can_be_chosen(form: str, name: str, value: str) -> None:
    with running("published", seed(rate_limit_headers=form), rate_limit=1) as api:
        statuses(api, 1)
        api.clock.time += 10
        headers = api.call("GET", "groups").headers
    assert headers[name] == value
    assert headers.get("X-RateLimit-Limit") == ("1" if form.startswith("x-") else None)


def test_the_date_form() -> None:
    with running("published", seed(rate_limit_headers="retry-after-date"), rate_limit=1) as api:
        statuses(api, 1)
        header = api.call("GET", "groups").headers["Retry-After"]
    assert parsedate_to_datetime(header).timestamp() == NOON + 60


def test_no_header_at_all() -> None:
    with running("published", seed(rate_limit_headers="none"), rate_limit=1) as api:
        statuses(api, 1)
        headers = api.call("GET", "groups").headers
    assert not {"retry-after", "x-ratelimit-reset"} & {name.lower() for name in headers}


def test_latency_is_waited_by_each_request_for_itself() -> None:
    with running("published", latency_ms=500) as api:
        url = f"{api.sim.url}/iam/v1/accounts/{api.sim.account_uuid}/groups"
        start = time.monotonic()
        statuses(api, 1)
        assert time.monotonic() - start >= 0.5
        with ThreadPoolExecutor(8) as pool:
            start = time.monotonic()
            list(pool.map(lambda _: api.session.get(url, timeout=10).close(), range(8)))
        assert time.monotonic() - start < 3
