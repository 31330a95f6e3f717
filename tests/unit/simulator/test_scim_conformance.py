# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM as the standard has it: the checks of scim2-tester, under both addresses."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server

from tests.unit.simulator.helpers import running
from tests.unit.simulator.test_scim import DOCUMENTED, GUIDE, state

# Where Dynatrace is deliberately otherwise: a check, its kind of resource and a word of the reason that it gives.
OTHERWISE = {
    # A user is always active or not. Who wants somebody back, or out, must say so.
    ("check_remove_attribute", "User", "'active'"),
}


CHECKS = {
    "object_creation",
    "object_query",
    "object_query_without_id",
    "object_query_with_attributes",
    "object_list_with_attributes",
    "search_with_attributes",
    "object_replacement",
    "object_deletion",
    "check_add_attribute",
    "check_remove_attribute",
    "check_replace_attribute",
}


class Directory(SyncSCIMClient):
    """A client of a service where a user name is an e-mail of a verified domain."""

    def create(self, *args: Any, **more: Any) -> Any:
        """Create a resource; the name that the tester made up for a user becomes an e-mail."""
        if hasattr(args[0], "user_name"):
            args[0].user_name = f"{args[0].user_name}@example.com"
        return super().create(*args, **more)


def explains(reason: tuple[str, str, str], item: CheckResult) -> bool:
    """Whether an entry of the list above is about a result."""
    check, kind, word = reason
    return (item.title, item.resource_type) == (check, kind) and word in (item.reason or "")


@pytest.mark.parametrize(("base", "token"), [(DOCUMENTED, "own-1"), (GUIDE, "new")])
def test_the_service_conforms(base: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with running("published", state()) as api, Client(base_url=api.sim.url + base, headers=headers) as client:
        before = api.sim.state()
        results = check_server(Directory(client))
        assert api.sim.state() == before
    failing = [item for item in results if item.status is not Status.SUCCESS]
    unexplained = [item for item in failing if not any(explains(reason, item) for reason in OTHERWISE)]
    assert unexplained == [], "\n".join(map(repr, unexplained))
    assert [reason for reason in OTHERWISE if not any(explains(reason, item) for item in failing)] == []
    assert {item.title for item in results if item.resource_type == "User"} == CHECKS
    assert {item.title for item in results if item.resource_type == "Group"} == CHECKS
