# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for surveys as jobs of AWX: a plan is handed over, and applied as it was approved or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.awx_job import SHOWN_TO_NOBODY, Controller, Job
from tests.integration.helpers import SCIM_TOKEN, SECRET, Lab, demo
from tests.integration.test_bulk import members
from tests.integration.test_migration import able
from tests.integration.test_playbooks import groups_of
from tests.integration.test_secrets import found
from tests.integration.test_tokens import LEFT, enabled

ACCESS, OFFBOARDING, MIGRATION = "dynatrace_access", "dynatrace_offboarding", "dynatrace_role_migration"
MOVE = {
    "survey_emails": "joao.ferreira@example.com, nobody@example.com",
    "survey_groups": "Payments Developers",
    "survey_within": "* Developers\r\n",
}


@pytest.fixture(scope="session")
def own_packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packed modules of the tarball, apart from those of the checkout."""
    return tmp_path_factory.mktemp("packed")


@pytest.fixture
def make_awx(make_lab: Callable[..., Lab], installed: Path, own_packed: Path) -> Iterator[Callable[..., Controller]]:
    """AWX beside an account. In the end nothing that AWX has stored of its jobs may hold a secret."""
    made = []

    def make(seed: dict[str, Any] | None = None) -> Controller:
        made.append(Controller(make_lab("published", seed), installed.parents[2], own_packed))
        return made[-1]

    yield make
    for controller in made:
        lab = controller.lab
        secrets = [SECRET, SCIM_TOKEN, *lab.environment_tokens.values(), *lab.witness.tokens]
        assert controller.jobs
        assert [name for job in controller.jobs for name, text in job.texts.items() if found(text, secrets)] == []


@pytest.fixture
def awx(make_awx: Callable[..., Controller]) -> Controller:
    """AWX beside the demo account."""
    return make_awx()


def plan(awx: Controller, playbook: str, answers: dict[str, Any], prefix: str, module: str = ACCESS) -> Job:
    """The first job of a workflow: nothing is written, and it hands over the plan that it shows."""
    awx.lab.sim.clear()
    before = awx.lab.sim.state()
    job = awx.successful(playbook, answers, check=True)
    awx.lab.untouched(before)
    (result,) = job.results(module)
    assert job.artifacts[f"{prefix}_plans"] == {"localhost": result["plan_id"]}
    (shown,) = [each["msg"] for each in job.results("debug") if str(each.get("msg")).startswith("['Plan ")]
    assert job.artifacts[f"{prefix}_summary"] == {"localhost": shown}
    assert shown[0].startswith(f"Plan {result['plan_id']}: ")
    return job


def apply(awx: Controller, playbook: str, answers: dict[str, Any], planned: Job, module: str = ACCESS) -> Job:
    """The last job of a workflow: what was planned is done, and nothing is handed over to be applied again."""
    job = awx.successful(playbook, answers, artifacts=planned.artifacts)
    expected, done = planned.results(module)[0], job.results(module)[0]
    assert (done["plan_id"], done["changes"]) == (expected["plan_id"], expected["changes"])
    assert done["stats"]["writes"] > 0
    assert job.artifacts == {}
    return job


def test_joiners(make_awx: Callable[..., Controller], tmp_path: Path) -> None:
    """Refused as long as the account has moved. A name that looks like a template is a name."""
    mark = tmp_path / "run"
    hostile = f"{{{{ lookup('pipe', 'touch {mark}') }}}}"
    seed = demo()
    seed["groups"].append({"uuid": "0e4cf2a6-5f34-4e0b-9f39-2b6c5f4d1a11", "name": hostile, "permissions": []})
    awx = make_awx(seed)
    answers = {
        "survey_emails": "nina.berg@example.com;PAUL.Martin@example.com \r\n\r\n  nina.berg@example.com\r\n",
        "survey_groups": f"Environment Users\r\n{hostile}\r\n",
        "survey_environments": "",
    }
    planned = plan(awx, "onboard", answers, "onboarding")
    lines = planned.artifacts["onboarding_summary"]["localhost"]
    assert lines[0].endswith(": 5 changes")
    assert lines[1].startswith("nina.berg@example.com: gains group Environment Users, group { { lookup(")

    state = awx.lab.sim.state()
    (paul,) = (each for each in state["users"] if each["email"] == "paul.martin@example.com")
    awx.lab.sim.load({**state, "users": [each for each in state["users"] if each != paul]})
    moved = awx.lab.sim.state()
    awx.lab.sim.clear()
    refused = awx.failed("onboard", answers, artifacts=planned.artifacts)
    assert "has changed since plan" in refused.message
    awx.lab.untouched(moved)
    awx.lab.sim.load(state)

    apply(awx, "onboard", answers, planned)
    assert groups_of(awx.lab, "nina.berg@example.com") == sorted(["Environment Users", hostile])
    assert not mark.exists()


def test_leavers(awx: Controller) -> None:
    """People and their tokens go as planned, and nothing is done when a workflow's first job handed no plan over."""
    answers = {
        "survey_emails": "Matteo.Ricci@example.com\r\nmattea.ricci@example.com",
        "survey_action": "delete",
        "survey_tokens": "disable",
    }
    planned = plan(awx, "offboard", answers, "offboarding", OFFBOARDING)
    told = planned.artifacts["offboarding_summary"]["localhost"]
    assert told[1].startswith("Matteo.Ricci@Example.com: loses ")
    assert told[2] == "mattea.ricci@example.com: isn't in the account"
    lost = told[1].split("loses ")[1].split(", ")
    assert {"group Payments Developers", "the account", "API token grafana-payments in prd48213 (disabled)"} <= {*lost}
    assert "token" not in "".join(told[2:])
    before = awx.lab.sim.state()
    refused = awx.failed("offboard", answers, artifacts={})
    assert "There is no reviewed plan for localhost, nor for any other host." in refused.message
    awx.lab.untouched(before)
    apply(awx, "offboard", answers, planned, OFFBOARDING)
    assert groups_of(awx.lab, "matteo.ricci@example.com") is None


def test_movers_in_two_accounts(make_awx: Callable[..., Controller]) -> None:
    """Each host has a plan of its own, in one artifact; a host without a plan is refused, and others are not."""
    awx, other = make_awx(), make_awx(demo(account_uuid="1f0e2d3c-4b5a-4697-8877-665544332211"))
    hosts = {name: dict(each.lab.variables.items()) for name, each in (("east", awx), ("west", other))}
    for each in hosts.values():
        for name in ("dynatrace_client_id", "dynatrace_client_secret", "dynatrace_scim_token"):
            del each[name]
    planned = awx.successful("move", MOVE, check=True, hosts=hosts)
    plans = planned.artifacts["move_plans"]
    assert plans.keys() == hosts.keys() == planned.artifacts["move_summary"].keys()
    assert len(set(plans.values())) == 2
    assert planned.artifacts["move_summary"]["west"][1:] == [
        "joao.ferreira@example.com: gains group Payments Developers; loses group Shop Developers",
        "nobody@example.com: isn't in the account",
    ]
    assert awx.lab.sim.writes == other.lab.sim.writes == []

    before = other.lab.sim.state()
    part = {"move_plans": {"east": plans["east"]}}
    refused = awx.failed("move", MOVE, artifacts=part, hosts=hosts)
    assert "There is no reviewed plan for west, only for east." in refused.message
    other.lab.untouched(before)
    assert groups_of(awx.lab, "joao.ferreira@example.com") == ["Payments Developers"]
    explicit = {**part, "move_expected_plan": plans["west"]}
    awx.successful("move", MOVE, artifacts=explicit, hosts={"west": hosts["west"]})
    assert groups_of(other.lab, "joao.ferreira@example.com") == ["Payments Developers"]
    other.jobs.append(awx.jobs[-1])


def test_people_of_a_csv_text(awx: Controller) -> None:
    """Pasted with a byte order mark and Windows' line ends; who isn't in it leaves the group that is kept in sync."""
    answers = {
        "survey_csv": "\ufeffemail,team\r\npaul.martin@example.com,x\r\n\r\nNa.Li@example.com,y\r\n",
        "survey_groups": "Release Announcements",
        "survey_sync": "Release *\r\n",
        "onboard_csv_blank_screen": "ignore",
    }
    planned = plan(awx, "onboard_csv", answers, "onboard_csv")
    apply(awx, "onboard_csv", answers, planned)
    assert members(awx.lab, "Release Announcements") == ["na.li@example.com", "paul.martin@example.com"]


def test_reconciling_with_files_of_the_project(awx: Controller) -> None:
    """What somebody did by hand is taken back, and nothing else is touched."""
    lab = awx.lab
    lab.run("identityops.dynatrace.export", variables={"export_dir": str(lab.place / "project/access")}).fine()
    files_say = lab.sim.state()
    by_hand = lab.sim.state()
    (team,) = [each["uuid"] for each in by_hand["groups"] if each["name"] == "Shop Developers"]
    stranger = {"uid": "6a8d1e0c-9a7b-4d0e-8f21-0c5b7a9d3e42", "email": "stranger@example.com", "groups": [team]}
    lab.sim.load({**by_hand, "users": [*by_hand["users"], stranger]})
    answers = {"survey_directory": "access"}
    planned = plan(awx, "reconcile", answers, "reconcile")
    told = planned.artifacts["reconcile_summary"]["localhost"]
    assert told[1] == "stranger@example.com: loses group Shop Developers"
    assert [line[:43] for line in told[2:]] == ["Warning: In no group any more: stranger@exa"]
    apply(awx, "reconcile", answers, planned)
    assert groups_of(lab, "stranger@example.com") == []
    assert [each for each in lab.sim.state()["users"] if each["email"] != "stranger@example.com"] == files_say["users"]
    assert awx.successful("reconcile", answers).results(ACCESS)[0]["changes"] == []


def test_a_review(awx: Controller) -> None:
    """The page and the file are where the answer says."""
    before = awx.lab.sim.state()
    folder = awx.lab.place / "reviews"
    awx.successful("review", {"survey_directory": f" {folder}\r\n"})
    assert sorted(path.name for path in folder.iterdir()) == ["review.csv", "review.html"]
    awx.lab.untouched(before)


def test_migration_by_two_approvals(awx: Controller) -> None:
    """Policies are bound by the first plan. Role permissions are removed by the second, which is made after that."""
    could = able(awx.lab)
    answers = {"survey_groups": "Contractors\r\nShop *", "survey_remove": "yes", "migrate_sample": 1}
    bind = awx.successful("migrate", answers, check=True)
    assert awx.lab.sim.writes == []
    assert "migrate_removal_plans" not in bind.artifacts
    too_early = {"migrate_expected_plan": bind.results(MIGRATION)[1]["plan_id"]}
    assert "Policies bound to these there: none" in awx.failed("migrate", {**answers, **too_early}).output
    assert awx.lab.sim.writes == []
    bound = awx.successful("migrate", answers, artifacts=bind.artifacts)
    (made,) = bound.results(MIGRATION)
    assert bind.artifacts["migrate_plans"] == {"localhost": made["plan_id"]}
    assert {change["action"] for change in made["changes"]} <= {"create", "add"}
    assert any("plan again for the removal" in str(each.get("msg")) for each in bound.results("debug"))

    remove = awx.successful("migrate", answers, check=True)
    removed = awx.successful("migrate", answers, artifacts=remove.artifacts)
    done = removed.results(MIGRATION)[-1]
    assert remove.artifacts["migrate_removal_plans"] == {"localhost": done["plan_id"]}
    assert {change["action"] for change in done["changes"]} == {"remove"}
    assert able(awx.lab) == could


def test_orphaned_tokens(awx: Controller) -> None:
    """They are disabled as planned, those that nobody spoke of are not."""
    answers = {"survey_action": "disable", "orphaned_tokens_guard": {"max_removal_percent": 50}}
    planned = plan(awx, "orphaned_tokens", answers, "orphaned_tokens", "dynatrace_orphaned_tokens")
    assert enabled(awx.lab) >= {LEFT[0]}
    apply(awx, "orphaned_tokens", answers, planned, "dynatrace_orphaned_tokens")
    assert enabled(awx.lab).isdisjoint(LEFT)


def test_answers_that_say_nothing(awx: Controller) -> None:
    """No empty run, but an error that names the question; optional answers may be missing."""
    refused = awx.failed("onboard", {"survey_emails": " ;\r\n,", "survey_groups": "Environment Users"})
    assert "survey_emails: there is nothing in it" in refused.message
    assert awx.lab.sim.requests == []


def test_where_the_runner_keeps_secrets(awx: Controller) -> None:
    """In the one file that the search leaves out, and that AWX keeps to itself. The search isn't blind for others."""
    job = awx.failed("move", {"survey_emails": ""})
    kept = (job.folder / SHOWN_TO_NOBODY).read_text(encoding="utf-8")
    assert set(found(kept, [SECRET, SCIM_TOKEN])) == {SECRET, SCIM_TOKEN}
    assert {"stdout", "stderr", "rc", "status"} < job.texts.keys()
    assert len(job.texts) >= len(job.events) + 4
    assert "survey_emails: there is nothing in it" in job.texts["stdout"]
