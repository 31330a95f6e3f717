# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log of the account: what was written, when, and about what."""

from __future__ import annotations

import pytest

from tests.unit.simulator.helpers import ACCOUNT, SHOP, Api

LOG = f"/audit/v1/accounts/{ACCOUNT}"


def test_writes_that_were_served(api: Api) -> None:
    """Reads and refusals leave nothing; the newest comes first."""
    permission = [{"permissionName": "tenant-viewer", "scope": "env1", "scopeType": "tenant"}]
    assert api.get("groups")["items"]
    assert api.call("POST", "users", {"email": "no address"}).status_code == 400
    assert api.get(LOG) == {"audits": [], "warnings": []}
    assert api.call("POST", f"groups/{SHOP}/permissions", permission).ok
    api.clock.time += 60
    assert api.call("DELETE", f"groups/{SHOP}").ok
    gone, changed = api.get(LOG)["audits"]
    assert [gone[key] for key in ("eventType", "resource", "resourceName", "timestamp")] == [
        "DELETE",
        "GROUP",
        "shop",
        "2026-09-21T14:14:20.000Z",
    ]
    assert [changed[key] for key in ("eventType", "resourceId", "user")] == ["UPDATE", SHOP, "client.owner@example.com"]
    assert "tenant-viewer" in changed["details"]["json_after"]


def test_part_of_it(api: Api) -> None:
    """A limit warns, times bound, filters aren't known."""
    for number in range(3):
        assert api.call("POST", "service-users", {"name": f"Robot {number}"}).ok
        api.clock.time += 60
    limited = api.get(LOG, params={"limit": "2"})
    assert [each["resourceName"] for each in limited["audits"]] == ["Robot 2", "Robot 1"]
    assert limited["warnings"] == [{"message": "Your result has been limited to 2."}]
    late = api.get(LOG, params={"startTime": "now()-1m", "endTime": "now()"})
    assert [each["resourceName"] for each in late["audits"]] == ["Robot 2"]


@pytest.mark.parametrize("query", [{"filter": "resource = 'GROUP'"}, {"limit": "many"}, {"startTime": "yesterday"}])
def test_what_is_refused(api: Api, query: dict[str, str]) -> None:
    assert api.call("GET", LOG, params=query).status_code == 400


def test_it_takes_a_scope(api: Api) -> None:
    api.login(scope="account-idm-read")
    assert api.call("GET", LOG).status_code == 403
