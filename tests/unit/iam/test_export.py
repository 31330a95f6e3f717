# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export looks like, and what it says that it leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export import Export, export
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export_reading import read_for_export

from ..builders import (
    Bench,
    State,
    access,
    account,
    bot,
    bound,
    gid,
    held,
    person,
    pid,
    place,
    policy,
    ready_made,
    team,
    told,
)
from .test_map import LOGS, example

Start = Callable[..., Bench]


def exported(start: Start, state: State) -> Export:
    """The export of an account."""
    with start(state).client(read_only=True) as client:
        return export(read_for_export(client))


def test_what_it_looks_like(start: Start) -> None:
    """Names everywhere, sorted, each place an entry that says all that is there."""
    state = example()
    state["users"][-1]["name"] = "Robot"
    found = exported(start, state)
    groups = {each["name"]: each for each in found.options["groups"]}
    assert list(groups) == ["Denied", "Empty", "Everybody", "Shop", "Views"]
    assert groups["Views"] == {
        "name": "Views",
        "description": "",
        "permissions": [
            role("tenant-logviewer", environments=["Prod"], management_zones=["Payments"]),
            role("tenant-viewer", environments=["Prod"]),
        ],
        "bindings": [{"policies": [within_shop("Logs")], "state": "exact"}, none_on("Prod", "Stag")],
    }
    assert groups["Shop"]["bindings"] == [
        {"policies": [within_shop("Logs")], "state": "exact"},
        {"policies": ["Logs"], "environments": ["Stag"], "state": "exact"},
        none_on("Prod"),
    ]
    assert groups["Empty"]["bindings"] == [{"policies": [], "state": "exact"}, none_on("Prod", "Stag")]
    assert [(each["email"], each["groups"]) for each in found.options["users"]] == [
        ("Ada@example.com", {"set": ["Shop"]}),
        ("bob@example.com", {"set": ["Views"]}),
        ("carl@example.com", {"set": ["Denied", "Shop"]}),
        ("eve@example.com", {"set": []}),
    ]
    assert [each["name"] for each in found.options["policies"]] == ["Logs", "No logs", "Unused"]
    assert found.options["policies"][0]["statement"] == LOGS
    assert found.options["boundaries"] == [{"name": "Only shop", "query": 'storage:dt.security_context = "shop";'}]
    assert found.options["service_users"] == [{"name": "Robot", "description": "", "groups": {"set": ["Views"]}}]
    assert found.left_out == []


def role(permission: str, **place_of_it: Any) -> dict[str, Any]:
    """An entry of permissions."""
    return {"permissions": [permission], **place_of_it, "state": "exact", "mechanism": "role"}


def none_on(*environments: str) -> dict[str, Any]:
    """An entry of bindings where there are none."""
    return {"policies": [], "environments": list(environments), "state": "exact"}


def within_shop(name: str) -> dict[str, Any]:
    """A policy within the boundary."""
    return {"policy": name, "parameters": {}, "metadata": {}, "boundaries": ["Only shop"]}


def test_what_is_left_out(start: Start) -> None:
    """What no option can express is told, and takes nothing away when the rest is fed back."""
    old = {**place("Old"), "active": False}
    ops = [held("tenant-viewer", "gone"), held("tenant-viewer", "gone:7"), held("tenant-viewer", "old")]
    found = exported(
        start,
        account(
            users=[person("ada@example.com", "From SCIM", "Ops")],
            groups=[team("From SCIM", owner="SCIM"), team("Ops", *ops), team("Ops", id=pid("other Ops"))],
            environments=[old],
            policies=[policy("Logs")],
            bindings=[bound(pid("Logs"), "Ops", on="old")],
        ),
    )
    assert found.left_out == [
        "members of group 'From SCIM': SCIM decides about them",
        f"name of group {pid('other Ops')}: 'Ops' isn't clear, so the id stands for it",
        f"name of group {gid('Ops')}: 'Ops' isn't clear, so the id stands for it",
        "role permission tenant-viewer of group 'Ops' on gone, management zone 7: no option names it",
        "role permission tenant-viewer of group 'Ops' on gone: no option names it",
        "what is bound in environment Old: it isn't active",
    ]
    assert found.options["users"][0]["groups"] == {"set": [gid("Ops")]}
    assert found.options["groups"][0]["bindings"] == [{"policies": [], "state": "exact"}]


def test_a_hidden_group_leaves_the_name_of_a_listed_one_clear(start: Start) -> None:
    made = start(account([bot("robot", "Own")], [team("Art", hidden=True, id=gid("Own")), team("Art")]))
    with made.client(read_only=True) as client:
        options = export(read_for_export(client)).options
    assert "Art" in [each.get("name") for each in options["groups"]]
    assert told(made.run(access(**options), preview=True).plan.changes) == []


def test_what_feeding_back_takes_away(start: Start) -> None:
    """Whoever manages the group: what was bound where it had nothing, at the account as in environments."""
    state = example()
    state["groups"].append(team("From SCIM", owner="SCIM"))
    made = start(state)
    with made.client(read_only=True) as client:
        options = export(read_for_export(client)).options
    state = made.sim.state()
    state["bindings"] += [bound(pid("Unused"), "Empty", "From SCIM"), bound(pid("Unused"), "Views", on="stag")]
    made.sim.load(state)
    changes = told(made.run(access(**options), preview=True).plan.changes)
    assert changes == [
        "remove binding Empty: Unused on the account",
        "remove binding From SCIM: Unused on the account",
        "remove binding Views: Unused on environment Stag",
    ]


def test_names_of_policies(start: Start) -> None:
    """Names where they are clear, and ids for what shares its name with one of Dynatrace's, or what no list shows."""
    own, unlisted = pid("not Dynatrace's"), pid("unlisted")
    found = exported(
        start,
        account(
            groups=[team("Ops")],
            environments=[place("Prod")],
            policies=[policy("Standard User", id=own)],
            bindings=[
                *(bound(each, "Ops") for each in (own, unlisted, ready_made("Admin User"))),
                bound(ready_made("Standard User"), "Ops", on="prod"),
            ],
        ),
    )
    (ops,) = [each for each in found.options["groups"] if each["name"] == "Ops"]
    assert ops["bindings"] == [
        {"policies": sorted([own, unlisted, "Admin User"]), "state": "exact"},
        {"policies": [ready_made("Standard User")], "environments": ["Prod"], "state": "exact"},
    ]
    assert [each["name"] for each in found.options["policies"]] == ["Standard User"]
    assert found.left_out == []
