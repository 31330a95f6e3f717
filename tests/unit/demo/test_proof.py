# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo notices when a step doesn't do what it says. That it does is shown by running it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.demo.proof import Evidence, findings, memberships, misplaced
from tests.demo.story import GONE, STEPS, Step
from tests.simulator.auth import TOKEN_PATH
from tests.tools.playbook import Outcome
from tests.tools.tree import ROOT

ACCOUNT = "/iam/v1/accounts/7d2f9c1e-4b6a-4d0e-9a53-1c8e5f7b2a90"
STEP = Step("A step", "Because.", "onboard", "people.yml", expected={"ann@example.com": ("Team",)}, says=("Ann",))
STATE = {
    "users": [{"uid": "u1", "email": "ann@example.com", "groups": ["g0", "g1"]}],
    "groups": [
        {"uuid": "g0", "name": "Everybody", "owner": "ALL_USERS"},
        {"uuid": "g1", "name": "Team", "owner": "LOCAL"},
    ],
}


def entry(method: str, path: str) -> dict[str, Any]:
    """A line of the simulator's log."""
    return {"method": method, "path": path, "query": "", "status": 200, "body": None}


def outcome(exit_code: int = 0, changed: int = 0, text: str = "Ann") -> Outcome:
    """What Ansible left behind."""
    recap = f"PLAY RECAP ***\nlocalhost : ok=3 changed={changed} unreachable=0 failed=0"
    return Outcome(exit_code, f"{text}\n{recap}\n", 1.0)


FINE = Evidence(outcome(), [entry("POST", TOKEN_PATH), entry("GET", f"{ACCOUNT}/groups")], STATE, STATE)


def test_a_step_that_did_what_it_says() -> None:
    assert findings(STEP, "published", FINE) == []
    assert (FINE.requests, FINE.writes) == (1, [])


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (replace(FINE, outcome=outcome(exit_code=2)), "ended with 2, expected 0"),
        (replace(FINE, outcome=outcome(changed=1)), "changed=1, expected 0"),
        (replace(FINE, outcome=Outcome(0, "Ann", 1.0)), "changed=-1, expected 0"),
        (replace(FINE, outcome=outcome(text="Bob")), "doesn't say 'Ann'"),
        (replace(FINE, log=[entry("DELETE", f"{ACCOUNT}/users/u1")]), "1 writes, expected 0"),
        (replace(FINE, before={**STATE, "users": []}), "the account was changed"),
        (replace(FINE, after={**STATE, "users": []}), "ann@example.com is not in the account, expected: is in Team"),
    ],
)
def test_a_step_that_did_something_else(evidence: Evidence, found: str) -> None:
    assert any(found in problem for problem in findings(STEP, "published", evidence))


def test_somebody_who_should_have_gone() -> None:
    assert misplaced({"ann@example.com": GONE}, STATE) == [
        "ann@example.com is in Team, expected: is not in the account"
    ]


def test_writes_are_told_in_names() -> None:
    log = [
        entry("POST", f"{ACCOUNT}/groups/g1/users"),
        entry("POST", f"{ACCOUNT}/users/Ann%2Bx%40example.com"),
        entry("DELETE", f"{ACCOUNT}/users/u1"),
    ]
    assert replace(FINE, log=log).writes == [
        "POST groups/Team/users",
        "POST users/Ann+x@example.com",
        "DELETE users/ann@example.com",
    ]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.heading)
def test_the_variables_of_a_step_are_known(step: Step) -> None:
    given = yaml.safe_load((ROOT / step.people).read_text(encoding="utf-8"))
    (play,) = yaml.safe_load((ROOT / f"playbooks/{step.playbook}.yml").read_text(encoding="utf-8"))
    if "roles" not in play:
        assert all(name in str(play["tasks"]) for name in given)
        return
    role = play["roles"][0]["role"].rpartition(".")[2]
    specs = yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert given.keys() <= specs["argument_specs"]["main"]["options"].keys()


def test_the_story_begins_with_the_account_as_it_is() -> None:
    seed = json.loads((ROOT / "tests/simulator/seeds/demo.json").read_text(encoding="utf-8"))
    assert misplaced(STEPS[0].expected, seed) == []
    assert memberships(seed)["matteo.ricci@example.com"] == ("Payments Developers", "Release Announcements")
