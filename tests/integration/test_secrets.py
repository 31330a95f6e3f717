# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that Ansible writes at its most talkative holds a secret, a token or a header with one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.helpers import ROOT, SCIM_TOKEN, SECRET, Lab, Outcome, task
from tests.integration.test_playbooks import JOINERS, OFFBOARD, ONBOARD, people

# with files for modules and their options, as it is unless somebody asks for pipelining
TALK = ("-vvvv", "--diff", "-e", "ansible_pipelining=false")
TOKEN = "dt0s02.AN-ACCESS-TOKEN.that-was-given"
FILES = "identityops.dynatrace.access_files"
ONE_OF_EACH = [
    task("dynatrace_user", email="anna.lindqvist@example.com", groups={"add": ["Environment Users"]}),
    task("dynatrace_group", name="Team New", description="New"),
    task("dynatrace_group_membership", group="Team New", users=["mai.nguyen@example.com"]),
    task("dynatrace_env_permission", group="Team New", environments=["Production"], permissions=["viewer"]),
    task("dynatrace_access", users=[{"email": "anna.lindqvist@example.com", "state": "absent"}]),
    task("dynatrace_user_info", emails=["mai.nguyen@example.com"], include=["environments"]),
    task("dynatrace_group_info"),
    task("dynatrace_environment_info"),
    task("dynatrace_policy", name="Bucket lists", statement="ALLOW storage:buckets:read;"),
    task("dynatrace_policy_boundary", name="Only search", query='storage:dt.security_context = "search";'),
    task("dynatrace_policy_binding", group="Environment Users", policies=["Standard User"]),
    task("dynatrace_service_user", name="Nightly export"),
    task("dynatrace_api_token", environment="prd48213", name="trying-things-out", enabled=False),
    task("dynatrace_platform_token", name="nightly-report", status="inactive"),
    task("dynatrace_offboarding", users=["olu.adeyemi@example.com"], tokens="delete"),
    task("dynatrace_orphaned_tokens"),
    task("dynatrace_token_info"),
    task("dynatrace_scim_user", user_name="external.rossi@example.com", active=False),
    task("dynatrace_scim_group", name="Consultants", members={"add": ["external.rossi@example.com"]}),
    task("dynatrace_scim_info", include=["users", "groups", "service_provider_config"]),
    task("dynatrace_scim_setup_info", idp="okta"),
    task("dynatrace_access_info", include=["table", "graph", "findings"]),
    task("dynatrace_role_migration", groups=["Contractors"]),
    task("dynatrace_access_assert", subject={"group": "SRE On-Call"}, environment="Production", must=["viewer"]),
    task("dynatrace_access_export", export_dir="{{ playbook_dir }}/account"),
    task("dynatrace_drift_assert", expected=f"{{{{ lookup({FILES!r}, playbook_dir ~ '/account') }}}}"),
    task("dynatrace_policy_info", include=["statement"]),
    task("dynatrace_policy_boundary_info"),
    task("dynatrace_policy_binding_info"),
    task("dynatrace_service_user_info", include=["groups"]),
]


def found(text: str, secrets: Iterable[str]) -> list[str]:
    """What of the secrets stands in a text, plain or encoded in the ways that logs and headers use."""
    hits = []
    for secret in secrets:
        encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
        if any(form in text for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], encoded)):
            hits.append(secret)
    return hits + [word for word in ("Authorization", "authorization", "Bearer ") if word in text]


def assert_discreet(lab: Lab, run: Outcome) -> None:
    """The run, all that it left behind, and the simulator's log hold no secret."""
    assert run.stdout
    assert run.log
    log = json.dumps(lab.sim.requests)
    secrets = [SECRET, TOKEN, SCIM_TOKEN, *lab.environment_tokens.values()]
    assert found(run.everything + log, [*secrets, *lab.witness.tokens]) == []
    left = [
        path for path in lab.place.rglob("*") if path.is_file() and path.name not in ("variables.json", "playbook.yml")
    ]
    assert [path for path in left if found(path.read_text(encoding="utf-8", errors="replace"), secrets)] == []


def test_the_list_is_complete() -> None:
    """Each module is among those that are run here."""
    used = {key.rpartition(".")[2] for made in ONE_OF_EACH for key in made if key.startswith("identityops.")}
    assert used == {path.stem for path in (ROOT / "plugins/modules").glob("*.py")}


def test_modules(lab: Lab) -> None:
    """All modules, in check mode and in earnest, with the connection from the environment."""
    for options in (("--check",), ()):
        tasks = [{**made, "ignore_errors": bool(options)} for made in ONE_OF_EACH]
        run = lab.run(lab.play(*tasks), *TALK, *options).fine()
        assert lab.witness.tokens
        assert_discreet(lab, run)


def test_playbooks(published: Lab) -> None:
    """Both playbooks, with the connection from variables."""
    for playbook, variables in ((ONBOARD, JOINERS), (OFFBOARD, people("tom.okafor@example.com"))):
        for options in (("--check",), ()):
            run = published.run(
                playbook, *TALK, *options, variables={**variables, **published.variables}, environment={}
            ).fine()
            assert "EXEC" in run.stdout
            assert_discreet(published, run)


FAULTS: list[list[dict[str, Any]]] = [
    [{"times": None, "fault": {"unauthorized": True}}],
    [{"times": None, "fault": {"status": 403, "body": {"error": True, "message": "User not authorized"}}}],
    [
        {
            "match": {"method": "POST", "path": "/iam/"},
            "times": None,
            "fault": {"status": 500, "body": "<html>Oops</html>"},
        }
    ],
    [{"match": {"path": "/token$"}, "times": None, "fault": {"status": 401, "body": {"error": "invalid_client"}}}],
    [{"match": {"path": "/token$"}, "times": None, "fault": {"reset": "before"}}],
    [{"times": None, "fault": {"slow": 1}}],
    [{"fault": {"down": True}}],
]


def test_failing_runs(published: Lab) -> None:
    """Refusals, time-outs and broken connections."""
    for faults in FAULTS:
        published.sim.faults(faults)
        tasks = [
            task("dynatrace_access", users=JOINERS["onboarding_people"], timeout=0.3, retry_budget=0),
            task("dynatrace_user_info", timeout=0.3, retry_budget=0),
        ]
        run = published.run(published.play({**tasks[0], "ignore_errors": True}, tasks[1]), *TALK)
        assert run.calls[0].status == "failed", run.report()
        assert_discreet(published, run)


def test_secrets_among_the_options(published: Lab) -> None:
    """Given in the task itself, in module_defaults, and as a token; and in a task that Ansible refuses."""
    published.sim.load({**published.sim.state(), "access_tokens": [{"token": TOKEN}]})
    # as variables: what stands in a playbook is quoted by Ansible itself where it points out a mistake
    login = {"client_id": "any", "client_secret": "{{ a_secret }}"}
    plays = [
        published.play(
            task("dynatrace_user_info", "Secret", **login),
            {**task("dynatrace_group_info", "Misspelt", **login, group="x"), "ignore_errors": True},
            task("dynatrace_group_info", "Token", access_token="{{ a_token }}"),
        ),
        published.play(
            task("dynatrace_environment_info", "Defaults"),
            module_defaults={"group/identityops.dynatrace.all": login},
        ),
    ]
    environment = {key: value for key, value in published.environment.items() if "CLIENT" not in key}
    run = published.run(plays, *TALK, variables={"a_secret": SECRET, "a_token": TOKEN}, environment=environment).fine()
    assert [call.status for call in run.calls] == ["ok", "failed", "ok", "ok"]
    assert_discreet(published, run)


@pytest.mark.parametrize("secret", [SECRET, 'a secret with / + = and "quotes" in it'])
def test_the_search_finds_what_is_there(published: Lab, secret: str) -> None:
    """Planted values are found in each of the places that are searched; the search isn't blind."""
    run = published.run(
        published.play({"name": "Say it", "ansible.builtin.debug": {"msg": secret}}, task("dynatrace_group_info")),
        *TALK,
    ).fine()
    for place in (run.stdout, run.log, run.recorded, run.everything):
        assert found(place, [secret]) == [secret]
    assert found(f"x={quote(secret, safe='')}&y", [secret]) == [secret]
    assert found("Basic " + base64.b64encode(secret.encode()).decode(), [secret]) == [secret]
    assert found("Authorization: x", [secret]) == ["Authorization"]
    assert published.witness.tokens
    assert found(f"GET /?t={published.witness.tokens[0]}", published.witness.tokens) == [published.witness.tokens[0]]
    with pytest.raises(AssertionError):
        assert_discreet(published, run) if secret == SECRET else assert_discreet(
            published, Outcome(0, TOKEN, "", "x", "")
        )


def test_tokens_of_environments_that_come_as_one_text(published: Lab) -> None:
    """Whether a task ends before its first request or after it, no token of the text shows."""
    places = [{"match": {"path": "/e/"}, "times": None, "fault": {"status": 403, "body": {"error": {"message": "no"}}}}]
    published.sim.faults(places)
    tasks = [
        task("dynatrace_api_token", environment="nowhere", name="trying-things-out"),
        task("dynatrace_token_info", owners=["nobody"]),
        task("dynatrace_token_info", include=["api"]),
        task("dynatrace_orphaned_tokens", include=["api"]),
    ]
    run = published.run(published.play(*({**made, "ignore_errors": True} for made in tasks)), *TALK).fine()
    assert [call.status for call in run.calls] == ["failed"] * len(tasks), run.report()
    assert published.environment_tokens
    assert_discreet(published, run)
