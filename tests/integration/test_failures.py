# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input, missing rights and a service that fails: what people read then, and what is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpers import CLIENT, SECRET, Lab, Outcome, Play, demo, task

MakeLab = Callable[..., Lab]
ALL_SCOPES = ["account-idm-read", "account-idm-write", "account-env-read", "account-env-write", "iam:bindings:read"]
PEOPLE = [f"new{number}@example.com" for number in range(6)]


def several(lab: Lab, tasks: list[Play], environment: dict[str, str] | None = None) -> Outcome:
    """All tasks in one run, although each of them fails."""
    done = lab.run(lab.play(*({**each, "ignore_errors": True} for each in tasks)), environment=environment).fine()
    assert [each.status for each in done.calls] == ["failed"] * len(tasks), done.report()
    assert "Traceback" not in done.everything
    return done


def one(lab: Lab, made: Play, **more: Any) -> Outcome:
    """A single task that fails."""
    return lab.run(lab.play(made), **more).failed()


def test_unknown_names(published: Lab) -> None:
    """The nearest names are told, and nothing is written."""
    cases = [
        (task("dynatrace_user", email="a@example.com", groups={"add": ["Shop Develpers"]}), "'Shop Developers'"),
        (task("dynatrace_user", email="a@example.com", groups={"add": ["zzzzz"]}), "'zzzzz'"),
        (task("dynatrace_group_membership", group="SRE OnCall", users=["mai.nguyen@example.com"]), "'SRE On-Call'"),
        (
            task("dynatrace_env_permission", group="Contractor", environments=["Production"], permissions=["viewer"]),
            "'Contractors'",
        ),
        (
            task("dynatrace_env_permission", group="Contractors", environments=["production"], permissions=["viewer"]),
            "'Production'",
        ),
        (
            task(
                "dynatrace_env_permission",
                group="Contractors",
                environments=["Production"],
                management_zones=["Payment"],
                permissions=["viewer"],
            ),
            "'Payments'",
        ),
        (
            task("dynatrace_env_permission", group="Contractors", environments=["Production"], permissions=["view"]),
            "viewer",
        ),
        (task("dynatrace_user_info", include=["environments"], environments=["Stagin"]), "'Staging'"),
        (task("dynatrace_group_membership", group="Contractors", users=["a@example.com"]), "a@example.com"),
    ]
    done = several(published, [made for made, _words in cases])
    for call, (_made, words) in zip(done.calls, cases, strict=True):
        assert words in call.result["msg"]
    assert published.sim.writes == []


def test_namesakes(make_lab: MakeLab, contract: str) -> None:
    """Two groups of one name: both ids are told, and an id is accepted."""
    seed = demo()
    twin = {**seed["groups"][4], "uuid": "00000000-1111-4222-8333-444444444444"}
    seed["groups"].append(twin)
    lab = make_lab(contract, seed)
    email = "paul.martin@example.com"
    done = several(
        lab,
        [
            task("dynatrace_user", email=email, groups={"add": [twin["name"]]}),
            task("dynatrace_group", name=twin["name"], description="Which one?"),
            task("dynatrace_group_membership", group=twin["name"], users=[email]),
            task("dynatrace_access", users=[{"email": email, "groups": {"add": [twin["name"]]}}]),
        ],
    )
    for call in done.calls:
        assert twin["uuid"] in call.result["msg"]
        assert seed["groups"][4]["uuid"] in call.result["msg"]
    assert lab.sim.writes == []
    assert lab.run(lab.play(task("dynatrace_user", email=email, groups={"add": [twin["uuid"]]}))).fine().changed == 1


REFUSED: list[tuple[Play, str]] = [
    (task("dynatrace_user", email="anna"), "'anna'"),
    (task("dynatrace_user", email="anna@localhost"), "'anna@localhost'"),
    (task("dynatrace_user", email=""), "e-mail"),
    (task("dynatrace_user", email="anna@example.com,tom@example.com"), "e-mail"),
    (task("dynatrace_user", email="../../users@example.com/x"), "e-mail"),
    (task("dynatrace_user_info", emails=["anna@"]), "'anna@'"),
    (task("dynatrace_user", email="a@example.com", groups={"add": ["x"], "set": ["y"]}), "set"),
    (task("dynatrace_user", email="a@example.com", groups={"remove": ["x"], "set": []}), "set"),
    (task("dynatrace_user", email="a@example.com", groups={"add": [""]}), "groups.add must not be empty"),
    (task("dynatrace_user", email="a@example.com", groups={"add": ["x"], "remove": ["x"]}), "x"),
    (task("dynatrace_user", email="a@example.com", groups={"add": ["x"], "within": ["y"]}), "within"),
    (task("dynatrace_user", email="a@example.com", state="absent", groups={"add": ["x"]}), "deleted"),
    (task("dynatrace_user", email="a@example.com", state="gone"), "gone"),
    (task("dynatrace_user", email="a@example.com", guard={"protected_users": ["nobody"]}), "'nobody'"),
    (task("dynatrace_group", id=""), "id must not be empty"),
    (task("dynatrace_group", name="  "), "name must not be empty"),
    (task("dynatrace_group"), "one of the following is required: name, id"),
    (task("dynatrace_group", name="x", id="y"), "mutually exclusive"),
    (task("dynatrace_group", name="x", description="d" * 256), "256"),
    (task("dynatrace_group_membership", group="", users=[]), "group must not be empty"),
    (task("dynatrace_group_membership", group="x", users=["tom"]), "'tom'"),
    (
        task("dynatrace_env_permission", group=" ", permissions=["viewer"], environments=["x"]),
        "group must not be empty",
    ),
    (task("dynatrace_env_permission", group="x", permissions=["viewer"]), "environments"),
    (task("dynatrace_env_permission", group="x", permissions=["viewer"], environments=[""]), "must not be empty"),
    (task("dynatrace_env_permission", group="x", permissions=["everything"], environments=["y"]), "everything"),
    (task("dynatrace_access", users=[{"email": "a@example.com"}, {"email": "A@example.com"}]), "more than once"),
    (task("dynatrace_access", groups=[{"name": "x"}, {"name": "x"}]), "more than once"),
    (task("dynatrace_access", groups=[{"description": "x"}]), "name, id"),
    (task("dynatrace_user", email="a@example.com", account_uuid="prd48213"), "looks like an environment id"),
    (task("dynatrace_user", email="a@example.com", account_uuid="My account"), "is not a UUID"),
    (task("dynatrace_user_info", account_uuid="urn:dtaccount:7d2f9c1e"), "is not a UUID"),
    (task("dynatrace_user_info", rate_limit=0), "rate_limit"),
    (task("dynatrace_user_info", timeout=-1), "timeout"),
    (task("dynatrace_user_info", api_url="http://api.dynatrace.com"), "https"),
    (task("dynatrace_user_info", token_url="https://dynatrace.com.example.com/token"), "dynatrace.com.example.com"),
]


def test_refused_before_any_request(published: Lab) -> None:
    """What can be seen without the service is refused without it."""
    done = several(published, [made for made, _words in REFUSED])
    for call, (_made, words) in zip(done.calls, REFUSED, strict=True):
        assert words in call.result["msg"], (words, call.result["msg"])
    assert published.sim.requests == []


def account(client: dict[str, Any]) -> dict[str, Any]:
    """The demo account with one client of its own."""
    return demo(clients=[{"client_id": CLIENT, "client_secret": SECRET, **client}])


def test_three_different_refusals(make_lab: MakeLab, contract: str) -> None:
    """A wrong secret, a missing scope and a subject user without rights: what to do is another thing each time."""
    made = task("dynatrace_user", email="anna.lindqvist@example.com", groups={"add": ["Environment Users"]})
    lab = make_lab(contract, account({}))
    wrong = one(lab, made, environment={**lab.environment, "DYNATRACE_CLIENT_SECRET": "another"})
    assert "client_id" in wrong.message
    assert "DYNATRACE_CLIENT_SECRET" in wrong.message
    assert CLIENT in wrong.message
    assert wrong.failure["failure"]["code"] == "invalid_client"

    lab.sim.load(account({"scopes": [scope for scope in ALL_SCOPES if scope != "account-idm-write"]}))
    scope = one(lab, made)
    assert "lacks the scope account-idm-write" in scope.message
    assert scope.failure["failure"]["status"] == 403
    assert scope.failure["changes_applied"] == []
    assert len(scope.failure["changes_pending"]) == 2

    lab.sim.load(account({"subject_may": False}))
    subject = one(lab, made)
    assert "subject user" in subject.message
    assert "account-user-management" in subject.message
    assert subject.failure["failure"]["status"] == 403

    asked = one(lab, task("dynatrace_user_info", scopes=["account-idm-read", "account-idm-everything"]))
    assert "account-idm-everything" in asked.message
    assert "lacks one of the scopes" in asked.message
    assert len({wrong.message, scope.message, subject.message, asked.message}) == 4


def test_check_mode_tells_of_a_missing_write_scope_or_says_nothing(make_lab: MakeLab, contract: str) -> None:
    """A client that may only read is enough for check mode."""
    lab = make_lab(contract, account({"scopes": ["account-idm-read", "account-env-read"]}))
    made = task("dynatrace_user", email="anna.lindqvist@example.com", groups={"add": ["Environment Users"]})
    assert lab.run(lab.play(made), "--check").fine().changed == 1


def test_an_access_token_that_is_over(published: Lab) -> None:
    """There is no way to renew it, and the message says so."""
    over = one(published, task("dynatrace_user_info", access_token="dt0s02.no-longer-valid"))
    assert "access token is refused" in over.message
    assert "no-longer-valid" not in over.everything


def joining(**options: Any) -> Play:
    """Six new people in a new group, which takes more than ten writes."""
    people = [{"email": email, "groups": {"add": ["Team New", "Environment Users"]}} for email in PEOPLE]
    return task("dynatrace_access", groups=[{"name": "Team New"}], users=people, concurrency=1, **options)


def test_a_server_that_goes_away(lab: Lab) -> None:
    """What was applied and what is pending adds up to the plan, and the next run does the rest and no more."""
    plan = lab.run(lab.play(joining()), "--check").fine().calls[0].result["changes"]
    lab.sim.faults([{"match": {"method": "POST"}, "skip": 4, "fault": {"down": True}}])
    broken = one(lab, joining(retry_budget=0.2, timeout=5))
    applied, pending = broken.failure["changes_applied"], broken.failure["changes_pending"]
    assert applied
    assert pending
    assert sorted(map(json.dumps, applied + pending)) == sorted(map(json.dumps, plan))
    assert broken.failure["changed"] is True
    assert f"{len(applied)} of {len(plan)} changes were applied" in broken.message
    assert broken.failure["failure"]["status"] is None
    lab.sim.clear()
    rest = lab.run(lab.play(joining())).fine().calls[0].result["changes"]
    assert rest == pending
    assert lab.run(lab.play(joining())).fine().changed == 0
    assert len([user for user in lab.sim.state()["users"] if user["email"] in PEOPLE]) == len(PEOPLE)
    assert [group["name"] for group in lab.sim.state()["groups"]].count("Team New") == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_every_create_is_cut_once(lab: Lab, when: str) -> None:
    """An answer that is lost may stand for a person who is there: nobody is invited twice, and the run ends well."""
    lab.sim.faults([{"match": {"method": "POST", "path": "/(users|groups)$"}, "times": 2, "fault": {"reset": when}}])
    done = lab.run(lab.play(joining())).fine()
    assert len(done.calls[0].result["changes"]) == 1 + 3 * len(PEOPLE)
    invited = [user["email"] for user in lab.sim.state()["users"] if user["email"] in PEOPLE]
    assert sorted(invited) == PEOPLE
    assert [group["name"] for group in lab.sim.state()["groups"]].count("Team New") == 1
    assert lab.run(lab.play(joining())).fine().changed == 0


def test_a_storm(lab: Lab) -> None:
    """429 in all its forms, gateways that fail, cut connections and a token that ends midway: all in one run."""
    lab.sim.faults(
        [
            {"match": {"path": "/groups$"}, "fault": {"retry_after": 0}},
            {"match": {"method": "GET"}, "skip": 1, "fault": {"retry_after_date": 1}},
            {"match": {"method": "POST"}, "fault": {"rate_limit_reset": 0.2, "unit": "ms"}},
            {"match": {"method": "POST"}, "skip": 2, "fault": {"unauthorized": True}},
            {"match": {"method": "POST"}, "skip": 3, "fault": {"rate_limit_reset": 0.2, "unit": "us"}},
            {"match": {"method": "POST", "path": "(users/.+|groups/.+)"}, "fault": {"reset": "after"}},
            {"match": {"method": "POST", "path": "(users/.+|groups/.+)"}, "skip": 1, "fault": {"retry_after": 0}},
            {"match": {"path": "/token$"}, "fault": {"status": 503, "headers": {"Retry-After": "0"}}},
        ]
    )
    done = lab.run(lab.play(joining())).fine()
    result = done.calls[0].result
    assert result["stats"]["retries"] >= 4
    assert len(result["changes"]) == 1 + 3 * len(PEOPLE)
    assert lab.run(lab.play(joining())).fine().changed == 0


def test_429_without_end(published: Lab) -> None:
    """The budget ends the wait; the message names the option and nothing was written."""
    published.sim.faults([{"match": {"path": "/iam/"}, "times": None, "fault": {"retry_after": 30}}])
    refused = one(published, joining(retry_budget=1))
    assert "retry_budget" in refused.message
    assert refused.failure["failure"]["status"] == 429
    assert published.sim.writes == []


def test_no_answer_in_time(published: Lab) -> None:
    """A slow service isn't waited for without end."""
    published.sim.faults([{"times": None, "fault": {"slow": 2}}])
    slow = one(published, task("dynatrace_user_info", timeout=0.2, retry_budget=0))
    assert "no answer from 127.0.0.1 in time" in slow.message


def test_nobody_listens(published: Lab) -> None:
    """A wrong address is told apart from a broken service."""
    environment = {**published.environment, "DYNATRACE_TOKEN_URL": "http://127.0.0.1:9/token"}
    wrong = one(published, task("dynatrace_user_info", retry_budget=0), environment=environment)
    assert "token_url" in wrong.message
    environment = {**published.environment, "DYNATRACE_API_URL": "http://127.0.0.1:9"}
    wrong = one(published, task("dynatrace_user_info", retry_budget=0), environment=environment)
    assert "no connection" in wrong.message


def test_an_answer_of_neither_contract(published: Lab) -> None:
    """Something else answers: the message names the option and what was seen."""
    for body, words in (({"people": []}, ("api_contract", "people")), ("<html>Sign in</html>", ("api_url", "proxies"))):
        published.sim.faults([{"match": {"path": "/iam/"}, "times": None, "fault": {"status": 200, "body": body}}])
        odd = one(published, task("dynatrace_group_info"))
        assert all(word in odd.message for word in words), odd.message


def test_the_other_contract_is_pinned(lab: Lab) -> None:
    """The wrong pin fails in an orderly way and writes nothing."""
    other = {"published": "guide", "guide": "published"}[lab.sim.contract]
    one(lab, task("dynatrace_user", email="a@example.com", groups={"add": ["Environment Users"]}, api_contract=other))
    assert lab.sim.writes == []
    # such requests don't fit the document, which is what the mistake is about
    lab.witness.findings.clear()


def test_the_interpreter_trap(published: Lab, tmp_path: Path) -> None:
    """A host that is listed without an interpreter may get a Python without requests: the message says what to set."""
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    inventory = tmp_path / "hosts.yml"
    host = {"ansible_connection": "local", "ansible_python_interpreter": str(bare / "bin/python")}
    inventory.write_text(json.dumps({"all": {"hosts": {"here": host}}}), encoding="utf-8")
    play = published.play(task("dynatrace_user_info"), hosts="all")
    trapped = published.run(play, inventory=inventory).failed()
    assert "requests" in trapped.message
    assert "ansible_python_interpreter to '{{ ansible_playbook_python }}'" in trapped.message
    assert published.sim.requests == []
    # the playbooks set it themselves
    variables = {"dynatrace_hosts": "here", "onboarding_people": []}
    published.run("identityops.dynatrace.onboard", variables=variables, inventory=inventory).fine()
    assert os.access(bare / "bin/python", os.X_OK)
