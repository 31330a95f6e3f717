# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts as hosts of the inventory that comes along: several at once, each with what is its own and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.helpers import ROOT, Lab, Outcome, demo

INVENTORY = ROOT / "inventories/accounts"
NAMES = ("emea", "amer", "apac")
JOINER = {
    "dynatrace_hosts": "accounts",
    "onboarding_people": [{"email": "anna.lindqvist@example.com", "groups": {"add": ["Environment Users"]}}],
}
Labs = dict[str, Lab]


@pytest.fixture
def labs(make_lab: Callable[..., Lab]) -> Labs:
    """Three accounts; each knows its own client only."""
    return {
        name: make_lab(
            "published",
            demo(
                account_uuid=f"{number}{number}111111-2222-4333-8444-555555555555",
                clients=[{"client_id": f"dt0s02.{name.upper()}", "client_secret": secret(name)}],
            ),
        )
        for number, name in enumerate(NAMES, 1)
    }


def secret(name: str) -> str:
    """The client secret of an account."""
    return f"dt0s02.{name.upper()}.a-secret-of-{name}"


def run(
    labs: Labs,
    playbook: str,
    *options: str,
    without: str = "",
    wrong: str = "",
    strategy: str = "linear",
    **variables: Any,
) -> Outcome:
    """Over all accounts, but for one missing in the file and one with a wrong secret.

    The environment has the connection to the first account, which must not be taken for another one's.
    """
    first = labs[NAMES[0]]
    content = {
        name: {
            "account_uuid": lab.sim.account_uuid,
            "client_id": f"dt0s02.{name.upper()}",
            "client_secret": "wrong-one" if name == wrong else secret(name),
            "api_url": lab.sim.url,
            "token_url": lab.sim.token_url,
        }
        for name, lab in labs.items()
        if name != without
    }
    file = first.place / "accounts.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    settings = {"ANSIBLE_STRATEGY": strategy, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    here = {**first.environment, **settings, "DYNATRACE_ACCOUNTS_FILE": str(file)}
    done = first.run(playbook, "--forks", "3", *options, variables=variables, environment=here, inventory=INVENTORY)
    secrets = [*map(secret, NAMES), *(token for lab in labs.values() for token in lab.witness.tokens)]
    assert [each for each in secrets if each in done.everything] == []
    return done


def recap(done: Outcome) -> dict[str, tuple[int, int]]:
    """Changed and failed tasks by host."""
    lines = re.findall(r"^(\w+) +: ok=\d+ +changed=(\d+) .*failed=(\d+)", done.stdout, re.MULTILINE)
    return {name: (int(changed), int(failed)) for name, changed, failed in lines}


def joined(labs: Labs) -> list[str]:
    """The accounts that have the new person."""
    return [name for name, lab in labs.items() if "anna.lindqvist" in json.dumps(lab.sim.state()["users"])]


def test_three_accounts(labs: Labs) -> None:
    """Check mode; a run in which one account can't log in and one isn't known; a slice with one reviewed plan."""
    playbook = "identityops.dynatrace.onboard"
    preview = run(labs, playbook, "--check", "--diff", "-vvv", **JOINER).fine()
    assert recap(preview) == dict.fromkeys(NAMES, (1, 0))
    assert joined(labs) == []
    broken = run(labs, playbook, wrong="amer", without="apac", **JOINER)
    assert recap(broken) == {"emea": (1, 0), "amer": (0, 1), "apac": (0, 1)}, broken.report()
    assert "Login refused: client_id dt0s02.AMER" in broken.stdout
    assert "apac is not in the file that DYNATRACE_ACCOUNTS_FILE names" in broken.stdout
    assert joined(labs) == ["emea"]
    (shown,) = re.findall(r'"onboarding_plans": (\{[^}]*\})', preview.stdout.rpartition("CUSTOM STATS")[2])
    plans = json.loads(shown)
    assert plans.keys() == set(NAMES)
    reviewed = {**JOINER, "onboarding_plans": {"amer": plans["amer"]}}
    sliced = run(labs, playbook, "--limit", "accounts[0:1]", strategy="host_pinned", **reviewed)
    assert recap(sliced) == {"emea": (0, 1), "amer": (1, 0)}, sliced.report()
    assert "There is no reviewed plan for emea" in sliced.stdout
    assert joined(labs) == ["emea", "amer"]


def test_folders(labs: Labs) -> None:
    """One folder for all is refused before any request; one for each is fine, whatever the strategy."""
    lab = labs["emea"]
    shared = {"dynatrace_hosts": "accounts", "export_dir": str(lab.place / "account")}
    refused = run(labs, "identityops.dynatrace.export", **shared).failed()
    assert "export_dir is the same for several hosts" in refused.stdout
    review = run(labs, "identityops.dynatrace.review", dynatrace_hosts="accounts", access_review_dir=str(lab.place))
    assert "access_review_dir is the same for several hosts" in review.failed().stdout
    assert [lab.sim.requests for lab in labs.values()] == [[], [], []]
    own = {**shared, "export_dir": f"{shared['export_dir']}/{{{{ inventory_hostname }}}}"}
    done = run(labs, "identityops.dynatrace.export", strategy="free", **own).fine()
    assert recap(done) == dict.fromkeys(NAMES, (1, 0))
    assert sorted(each.name for each in Path(shared["export_dir"]).iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("playbook", sorted((ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_no_playbook_shares_files(playbook: Path) -> None:
    """Whatever a playbook writes or applies is named by a variable that its first task looks at."""
    (play,) = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    first, *others = play.get("tasks") or [{}]
    named = set(re.findall(r"\b\w+_dir\b|\b\w+_plan_file\b|\breview_apply_file\b", json.dumps(others)))
    looked_at = json.dumps(first.get("ansible.builtin.assert", {}).get("that", ""))
    assert {name for name in named if f"inventory_hostname in {name}" not in looked_at} == set()
