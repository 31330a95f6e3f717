# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between files and an account, in sentences, and who did it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import AuditEntry
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.authorship import last_change
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.drift import Difference
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export import export
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export_reading import read_for_export
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.drift import find_drift

from ..builders import (
    TODAY,
    Bench,
    bid,
    binds,
    bound,
    boundary,
    desired,
    gid,
    held,
    person,
    pid,
    policy,
    team,
    wanted_bindings,
    wanted_group,
    wanted_user,
)
from .test_map import example

Start = Callable[..., Bench]
Options = dict[str, Any]


def kept(made: Bench) -> Options:
    """The files."""
    with made.client(read_only=True) as client:
        return export(read_for_export(client)).options


def drift(made: Bench, files: Options, days: int = 30, **more: Any) -> dict[str, Any]:
    """What the module finds."""
    with made.client(read_only=True, **more) as client:
        return find_drift(client, files, days)


def test_both_directions(start: Start) -> None:
    """What was added and what is gone; of what is gone as a whole only that, of what is new all that it has."""
    made = start(example())
    files = kept(made)
    assert drift(made, files)["differences"] == []
    state = made.sim.state()
    groups = {each["name"]: each for each in state["groups"]}
    people = {each["email"]: each for each in state["users"]}
    groups["Views"]["permissions"] = [held("tenant-viewer", "prod"), held("tenant-viewer", "stag")]
    groups["Shop"]["description"] = "Sells"
    people["eve@example.com"]["groups"].append(gid("Shop"))
    people["Ada@example.com"]["groups"].remove(gid("Shop"))
    state["groups"] = [each for each in state["groups"] if each["name"] != "Empty"] + [
        team("New", held("account-viewer"))
    ]
    state["users"] = [each for each in state["users"] if each["email"] != "bob@example.com"]
    state["users"].append(person("zoe@example.com", "New"))
    state["policies"] = [*state["policies"][1:], policy("Logs", "ALLOW storage:logs:read;\nDENY storage:logs:write;")]
    state["bindings"] = [*state["bindings"][:-1], bound(pid("No logs"), "Denied", on="prod", within=["Only shop"])]
    made.sim.load(state)
    assert drift(made, files, 0)["differences"] == [
        "group Denied: policy No logs at Prod within Only shop was added",
        "group Denied: policy No logs at the account is gone",
        "group Empty is gone",
        "group New was added",
        "group New: permission account-viewer on the account was added",
        "group New: zoe@example.com was added",
        "group Shop: ada@example.com is gone",
        "group Shop: description is 'Sells', not ''",
        "group Shop: eve@example.com was added",
        "group Views: permission logviewer on management zone Payments of Prod is gone",
        "group Views: permission viewer on Stag was added",
        "person bob@example.com is gone",
        "person zoe@example.com was added",
        "policy Logs: statement was changed",
    ]


def test_what_cannot_be_compared(start: Start) -> None:
    """It may well be there: that is all that is said, and nobody is named."""
    made = start(example())
    files = kept(made)
    state = made.sim.state()
    next(each for each in state["groups"] if each["name"] == "Shop")["owner"] = "SCIM"
    next(each for each in state["environments"] if each["name"] == "Stag")["active"] = False
    made.sim.load(state)
    made.sim.faults([{"match": {"path": "/repo/account/.*/bindings"}, "fault": {"status": 403}}])
    unread = "can't be compared: what is bound at the account can't be read"
    found = drift(made, files)
    assert found["differences"] == [
        f"group Denied: policy No logs at the account {unread}",
        "group Shop: ada@example.com can't be compared: SCIM decides about the members now",
        "group Shop: carl@example.com can't be compared: SCIM decides about the members now",
        "group Shop: policy Logs at Stag can't be compared: Stag isn't active",
        f"group Shop: policy Logs at the account within Only shop {unread}",
        f"group Views: policy Logs at the account within Only shop {unread}",
    ]
    assert {each["changed_by"] for each in found["details"]} == {None}


def test_names_that_something_else_has_got_too(start: Start) -> None:
    """Who makes a second group or policy of a name has not taken the first one away."""
    made = start(example())
    files = kept(made)
    state = made.sim.state()
    state["groups"].append(team("Empty", id=gid("other")))
    state["policies"].append(policy("Unused", id=pid("other")))
    state["boundaries"].append(boundary("Only shop", "storage:dt.security_context = 'shop';", id=bid("other")))
    made.sim.load(state)
    found = [each for each in drift(made, files, 0)["differences"] if "was added" not in each]
    several = "can't be compared: more than one"
    assert found == [
        f"boundary Only shop {several} boundary may be meant",
        f"group Empty {several} group may be meant",
        f"group Shop: policy Logs at the account within Only shop {several} boundary may be meant",
        f"group Views: policy Logs at the account within Only shop {several} boundary may be meant",
        f"policy Unused {several} policy may be meant",
    ]


def test_what_only_reads_alike(start: Start) -> None:
    """Names and values may hold the words of a sentence: a binding that lost its boundary doesn't hide behind them."""
    within = bound(pid("Logs"), "Empty", parameters={"a": "b"}, within=["Only shop"])
    twin = policy("Logs", id=pid("twin"), on="prod")
    made = start(example(bindings=[within], policies=[policy("Logs"), twin]))
    files = kept(made)
    state = made.sim.state()
    state["bindings"] = [bound(pid("Logs"), "Empty", parameters={"a": "b within Only shop"})]
    state["policies"].append(policy("Logs of environment Prod"))
    made.sim.load(state)
    assert drift(made, files, 0)["differences"] == [
        "group Empty: policy Logs at the account with a=b within Only shop is gone",
        "group Empty: policy Logs at the account with a=b within Only shop was added",
        "policy Logs of environment Prod was added",
    ]


def test_files_that_somebody_edited(start: Start) -> None:
    """Another way to say the same is no difference; what makes no sense is told."""
    made = start(example())
    files = copy.deepcopy(kept(made))
    views = next(each for each in files["groups"] if each["name"] == "Views")
    views["permissions"][1] = {"permissions": ["viewer"], "environments": ["Prod"]}
    shop = next(each for each in files["groups"] if each["name"] == "Shop")
    shop["bindings"][1]["policies"] = [{"policy": "Logs"}]
    files["users"][0] = {
        "email": "ADA@example.com",
        "groups": {"add": [{"name": "Shop", "until": "2030-01-01T00:00:00Z"}]},
    }
    files["users"].append({"email": "gone@example.com", "state": "absent"})
    assert drift(made, files)["differences"] == []
    views["permissions"][1]["permissions"] = ["vieewer"]
    with pytest.raises(InvalidInput, match=r"There is no permission 'vieewer'. Did you mean viewer"):
        drift(made, files)
    views["permissions"][1]["permissions"] = ["viewer"]
    with pytest.raises(InvalidInput, match="Shop is named more than once in groups"):
        drift(made, {**files, "groups": [*files["groups"], copy.deepcopy(shop)]})
    shop["bindings"][1]["policies"] = [{"name": "Logs"}]
    with pytest.raises(InvalidInput, match="of which policy is needed; name is none of them"):
        drift(made, files)
    with pytest.raises(InvalidInput, match=r"expected doesn't hold what dynatrace_access takes: user\. Supported"):
        drift(made, {"user": []})


def test_time_that_is_over(start: Start) -> None:
    """A task would take it away, so it is what should have gone."""
    made = start(example())
    files = kept(made)
    for number, until in ((0, "2026-09-21T00:00:00Z"), (3, "2026-09-21T00:00:00Z"), (1, "2030-01-01T00:00:00Z")):
        files["users"][number]["groups"] = {"set": [{"name": "Shop" if number != 1 else "Views", "until": until}]}
    with made.client(read_only=True) as client:
        found = find_drift(client, files, 0, TODAY)
    assert found["differences"] == ["group Shop: ada@example.com was added"]


def test_who_did_it(start: Start) -> None:
    """The log's newest entry that mentions all that a difference is about; where it has none, nobody is named."""
    made = start(example(options={"client_owner": "mallory@example.com"}))
    files = kept(made)
    made.run(desired(wanted_user("eve@example.com", add=["Shop"])))
    made.run(desired(wanted_group("Empty", "absent")))
    made.run(desired(wanted_bindings("Denied", binds("Unused"))))
    state = made.sim.state()
    found = drift(made, files)
    assert made.sim.state() == state
    by = " (last changed by mallory@example.com at 2026-09-21T14:13:20.000Z)"
    assert found["differences"] == [
        f"group Denied: policy Unused at the account was added{by}",
        f"group Empty is gone{by}",
        f"group Shop: eve@example.com was added{by}",
    ]
    assert found["audit_log"] == []
    assert found["details"][1]["changed_by"] == "mallory@example.com"
    made.sim.load(state)
    assert [each["changed_by"] for each in drift(made, files)["details"]] == [None] * 3


@pytest.mark.parametrize(
    ("details", "text", "expected"),
    [
        ('{"to": "Ops"}', "Ops", True),
        ('{"json_after": "[\\"Ops\\"]"}', "Ops", True),
        ("Added to Ops.", "Ops", True),
        ('{"to": "DevOps"}', "Ops", False),
        ("Added to Ops-EU", "Ops", False),
        ("grace.ada@example.com", "ada@example.com", False),
        ("ada@example.com.au", "ada@example.com", False),
    ],
)
def test_whole_names(details: str, text: str, expected: bool) -> None:
    """A log that tells of another thing, whose name is longer, names nobody."""
    entry = AuditEntry("2026-01-01T00:00:00Z", "mallory@example.com", "Thing", "1", details)
    found = last_change(Difference("x", "was added", ("Thing", text)), [entry], {})
    assert (found is entry) is expected


def test_without_the_log(start_as: Start) -> None:
    """Who may not read it learns what differs all the same."""
    scopes = ["account-idm-read", "account-env-read", "iam-policies-management"]
    client = {"client_id": "client", "client_secret": "geheim", "scopes": scopes}
    made = start_as("published", example(clients=[client]))
    files = kept(made)
    files["groups"] = [each for each in files["groups"] if each["name"] != "Empty"]
    found = drift(made, files)
    assert found["differences"] == [
        "group Empty was added",
        "group Empty: permission account-viewer on the account was added",
    ]
    (problem,) = found["audit_log"]
    assert problem.startswith("The audit log couldn't be read, so nobody is named: ")
    assert "account-audit-logs-read" in problem
