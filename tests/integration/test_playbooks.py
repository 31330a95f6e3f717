# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two playbooks, run by their FQCN as somebody would."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.helpers import SECRET, Lab, Outcome

ONBOARD = "identityops.dynatrace.onboard"
OFFBOARD = "identityops.dynatrace.offboard"
JOINERS = {
    "onboarding_people": [
        {"email": "anna.lindqvist@example.com", "groups": {"add": ["Shop Developers"]}},
        {"email": "tom.okafor@example.com", "groups": {"add": ["Platform Engineering", "Environment Users"]}},
        {"email": "PAUL.Martin@example.com", "groups": {"add": ["Environment Users"]}},
        {"email": "claire.dubois@example.com", "groups": {"set": ["Environment Users"], "within": ["Account *"]}},
    ],
    "onboarding_environments": ["Production", "stg48213"],
}


def groups_of(lab: Lab, email: str) -> list[str] | None:
    """The names of somebody's groups without the one of all; None for who isn't there."""
    state = lab.sim.state()
    names = {group["uuid"]: group["name"] for group in state["groups"] if group["owner"] != "ALL_USERS"}
    for user in state["users"]:
        if user["email"].lower() == email.lower():
            return sorted(names[uuid] for uuid in user["groups"] if uuid in names)
    return None


def people(*emails: str) -> dict[str, Any]:
    """Leavers."""
    return {"offboarding_people": [{"email": email} for email in emails]}


def preview_then_run(lab: Lab, playbook: str, variables: dict[str, Any]) -> tuple[Outcome, Outcome]:
    """Check mode, which must leave all as it was, and the run."""
    before = lab.sim.state()
    preview = lab.run(playbook, "--check", "--diff", variables=variables).fine()
    lab.untouched(before)
    assert preview.changed == 1
    done = lab.run(playbook, "--diff", variables=variables).fine()
    module = "dynatrace_offboarding" if playbook == OFFBOARD else "dynatrace_access"
    first, second = preview.of(module)[0].result, done.of(module)[0].result
    assert first["changes"] == second["changes"]
    assert first["plan_id"] == second["plan_id"]
    assert first["diff"] == second["diff"]
    return preview, done


def repeat(lab: Lab, playbook: str, variables: dict[str, Any]) -> Outcome:
    """A second run, which must change nothing."""
    state = lab.sim.state()
    lab.sim.clear()
    again = lab.run(playbook, variables=variables).fine()
    assert again.changed == 0
    lab.untouched(state)
    return again


def test_onboard(lab: Lab) -> None:
    """Several people, new and known, for two environments."""
    preview, done = preview_then_run(lab, ONBOARD, JOINERS)
    assert len(preview.calls) == 1
    assert len(done.calls) == 2
    assert groups_of(lab, "anna.lindqvist@example.com") == ["Shop Developers"]
    assert groups_of(lab, "tom.okafor@example.com") == ["Environment Users", "Platform Engineering"]
    assert groups_of(lab, "paul.martin@example.com") == ["Environment Users", "Release Announcements"]
    assert groups_of(lab, "claire.dubois@example.com") == ["Environment Users"]
    repeat(lab, ONBOARD, JOINERS)


def test_who_is_pending_is_told(lab: Lab) -> None:
    """Invited now or before: they are named; others are not. A second run doesn't invite them again."""
    variables = {
        "onboarding_people": [
            {"email": "anna.lindqvist@example.com", "groups": {"add": ["Environment Users"]}},
            {"email": "ana.kovac@example.com"},
            {"email": "karin.svensson@example.com"},
        ]
    }
    done = lab.run(ONBOARD, variables=variables).fine()
    told = done.named("Who still has to accept the invitation").result["msg"]
    assert "anna.lindqvist@example.com, ana.kovac@example.com" in told
    assert "karin" not in told
    again = repeat(lab, ONBOARD, variables)
    assert again.named("Who still has to accept the invitation").result["msg"] == told


def test_nobody_pending_is_no_news(published: Lab) -> None:
    """Without anybody pending the task is passed over."""
    done = published.run(ONBOARD, variables={"onboarding_people": [{"email": "karin.svensson@example.com"}]}).fine()
    assert done.named("Who still has to accept the invitation").status == "skipped"


BLANK = {
    "onboarding_people": [
        {"email": "anna.lindqvist@example.com", "groups": {"add": ["Release Announcements"]}},
        {"email": "tom.okafor@example.com", "groups": {"add": ["Environment Users"]}},
    ]
}


def test_a_blank_screen_is_refused(lab: Lab) -> None:
    """By default nothing is written when somebody couldn't open anything; check mode says the same."""
    before = lab.sim.state()
    for options in (("--check",), ()):
        refused = lab.run(ONBOARD, *options, variables=BLANK).failed()
        assert "blank screen: anna.lindqvist@example.com." in refused.message
        assert "tom.okafor" not in refused.message
    lab.untouched(before)


def test_a_blank_screen_may_be_warned_of_or_ignored(lab: Lab) -> None:
    """By option the run goes on, with a warning or without."""
    warned = lab.run(ONBOARD, "--check", variables={**BLANK, "onboarding_blank_screen": "warn"}).fine()
    ignored = lab.run(ONBOARD, variables={**BLANK, "onboarding_blank_screen": "ignore"}).fine()
    assert "blank screen: anna.lindqvist@example.com" in warned.stderr
    assert "blank screen" not in ignored.stdout + ignored.stderr
    assert groups_of(lab, "anna.lindqvist@example.com") == ["Release Announcements"]


def test_all_environments_named_must_open(published: Lab) -> None:
    """A group that opens one of two environments is not enough, and a typing error is no environment."""
    person = [{"email": "anna.lindqvist@example.com", "groups": {"add": ["Environment Users"]}}]
    for environments, words in (
        (["Production", "Sandbox"], "Production and Sandbox"),
        (["Produktion"], "'Production'"),
    ):
        variables = {"onboarding_people": person, "onboarding_environments": environments}
        assert words in published.run(ONBOARD, variables=variables).failed().message
    assert published.sim.writes == []


@pytest.mark.parametrize(
    ("action", "actions"),
    [
        ("delete", ["delete", "delete"]),
        ("leave_groups_then_delete", ["remove", "remove", "remove", "delete", "delete"]),
    ],
)
def test_offboard_by_deleting(lab: Lab, action: str, actions: list[str]) -> None:
    """Whatever the case of the address; who isn't there is passed over."""
    variables = {
        **people("CHIARA.D'Angelo@example.com", "siobhan.obrien@example.com", "who.left.before@example.com"),
        "offboarding_action": action,
    }
    if action != "delete":
        variables |= people("chiara.d'angelo@example.com", "jose.alvarez@example.com", "who.left.before@example.com")
    _preview, done = preview_then_run(lab, OFFBOARD, variables)
    assert [change["action"] for change in done.of("dynatrace_offboarding")[0].result["changes"]] == actions
    assert groups_of(lab, "chiara.d'angelo@example.com") is None
    repeat(lab, OFFBOARD, variables)


def test_offboard_by_leaving_groups(lab: Lab) -> None:
    """The account stays, and the run says so."""
    variables = {**people("olu.adeyemi@example.com", "nobody@example.com"), "offboarding_action": "leave_groups"}
    preview, done = preview_then_run(lab, OFFBOARD, variables)
    for run in (preview, done):
        assert "olu.adeyemi@example.com. That does not close their accounts, they can still log in" in " ".join(
            run.stderr.split()
        )
    assert groups_of(lab, "olu.adeyemi@example.com") == []
    repeat(lab, OFFBOARD, variables)


@pytest.mark.parametrize(("option", "status"), [("fail", 2), ("warn", 0), ("ignore", 0)])
def test_what_stays_open_is_told(lab: Lab, option: str, status: int) -> None:
    """Groups that SCIM manages can't be left here. What they open is named."""
    variables = {
        **people("external.meier@example.com", "external.silva@example.com"),
        "offboarding_action": "leave_groups",
        "offboarding_remaining_access": option,
    }
    done = lab.run(OFFBOARD, variables=variables)
    assert done.status == status, done.report()
    assert groups_of(lab, "external.silva@example.com") == ["Contractors"]
    told = done.named("What stays open")
    assert told.status == {"fail": "failed", "warn": "ok", "ignore": "skipped"}[option]
    if option != "ignore":
        assert "external.meier@example.com" in told.result["msg"]
        assert "Contractors" in told.result["msg"]


def test_a_leaver_with_tokens(lab: Lab) -> None:
    """Whose tokens go, too, in whatever spelling; the proof says it all, and nothing is written in check mode."""
    folder = lab.place / "evidence"
    variables = {
        **people("Matteo.Ricci@example.com"),
        "offboarding_tokens": "disable",
        "offboarding_evidence_dir": str(folder),
    }
    assert (
        lab.run(OFFBOARD, "--check", variables=variables).fine().of("dynatrace_offboarding")[0].result["evidence"]
        is None
    )
    assert not folder.exists()
    done = lab.run(OFFBOARD, variables=variables).fine().of("dynatrace_offboarding")[0].result
    assert groups_of(lab, "matteo.ricci@example.com") is None
    assert [token["name"] for token in done["leavers"][0]["tokens"] if token["enabled"]] == []
    assert done["open_ends"] == []
    (made,) = folder.iterdir()
    assert str(made) == done["evidence"]
    page = (made / "report.md").read_text(encoding="utf-8")
    assert [token["name"] for token in done["leavers"][0]["tokens"] if token["id"] not in page] == []
    assert {each["kind"] for each in done["content"]} == {"classic dashboard", "dashboard", "notebook"}
    assert [each["id"] for each in done["content"] if each["id"] not in page] == []
    assert page.count("| request-") == done["stats"]["writes"] == 8
    texts = [each.read_text(encoding="utf-8") for each in made.iterdir()]
    secrets = [SECRET, *lab.environment_tokens.values()]
    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_protected_people_stay(published: Lab) -> None:
    """Who is protected, and the last who may manage users, are never deleted; nobody else is then, either."""
    before = published.sim.state()
    protected = {"offboarding_protected_users": ["Amara.Okafor@example.com"]}
    refused = published.run(
        OFFBOARD, variables={**people("grace.kim@example.com", "amara.okafor@example.com"), **protected}
    )
    assert "protected_users" in refused.failed().message
    everybody = people("amara.okafor@example.com", "henrik.lindqvist@example.com")
    assert "account-user-management" in published.run(OFFBOARD, variables=everybody).failed().message
    published.untouched(before)


def with_roles(*cases: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks that run the playbooks' roles one after the other, although each of them fails."""
    roles = {ONBOARD: "identityops.dynatrace.onboarding", OFFBOARD: "identityops.dynatrace.offboarding"}
    return [
        {
            "name": "Try",
            "block": [{"name": "Role", "ansible.builtin.include_role": {"name": roles[playbook]}, "vars": variables}],
            "rescue": [{"name": "Failed", "ansible.builtin.debug": {}}],
        }
        for playbook, variables in cases
    ]


NESTED: list[tuple[str, dict[str, Any], str]] = [
    (ONBOARD, {}, "onboarding_people"),
    (ONBOARD, {"onboarding_people": [{"first_name": "Anna"}]}, "email"),
    (ONBOARD, {"onboarding_people": [{"email": "a@example.com", "groups": ["Shop Developers"]}]}, "groups"),
    (ONBOARD, {"onboarding_people": [{"email": "a@example.com", "groups": {"join": ["Shop Developers"]}}]}, "join"),
    (ONBOARD, {"onboarding_people": [{"email": "a@example.com", "group": "Shop Developers"}]}, "group"),
    (ONBOARD, {"onboarding_people": "Anna"}, "onboarding_people"),
    (ONBOARD, {"onboarding_people": [], "onboarding_blank_screen": "perhaps"}, "perhaps"),
    (ONBOARD, {"onboarding_people": [], "onboarding_on_managed": "ignore"}, "on_managed"),
    (OFFBOARD, {}, "offboarding_people"),
    (OFFBOARD, {"offboarding_people": [{"mail": "a@example.com"}]}, "email"),
    (OFFBOARD, {**people("a@example.com"), "offboarding_action": "fire"}, "fire"),
    (OFFBOARD, {**people("a@example.com"), "offboarding_remaining_access": "shrug"}, "shrug"),
]


def test_bad_input_is_refused_before_any_request(published: Lab) -> None:
    """The roles' specs say what is wrong, and nothing is asked of the service."""
    run = published.run(published.play(*with_roles(*(case[:2] for case in NESTED)))).fine()
    failed = [task for task in run.tasks if task.status == "failed"]
    assert len(failed) == len(NESTED), run.report()
    for task, (_playbook, _variables, word) in zip(failed, NESTED, strict=True):
        assert "Validating arguments" in task.name
        assert word in task.result["msg"], task.result["msg"]
    assert run.calls == []
    assert published.sim.requests == []


WRONG: list[tuple[str, dict[str, Any], str]] = [
    (ONBOARD, {"onboarding_people": [{"email": "not an address"}]}, "'not an address'"),
    (ONBOARD, {"onboarding_people": [{"email": "a@example.com", "groups": {"add": ["x"], "set": ["y"]}}]}, "set"),
    (ONBOARD, {"onboarding_people": [{"email": "a@example.com"}, {"email": "A@Example.com"}]}, "more than once"),
    (OFFBOARD, people("@example.com"), "'@example.com'"),
    (OFFBOARD, {**people("a@example.com"), "offboarding_protected_users": ["nobody"]}, "'nobody'"),
    (
        OFFBOARD,
        {
            **people("a@example.com"),
            "offboarding_protected_users": ["nobody"],
            "offboarding_guard": {"protected_users": ["b@example.com"]},
        },
        "'nobody'",
    ),
]


def test_wrong_values_are_refused_before_any_request(published: Lab) -> None:
    """What types can't tell is checked before the first request, too."""
    run = published.run(published.play(*with_roles(*(case[:2] for case in WRONG)))).fine()
    failed = [task for task in run.tasks if task.status == "failed"]
    assert len(failed) == len(WRONG), run.report()
    for task, (_playbook, _variables, word) in zip(failed, WRONG, strict=True):
        assert word in task.result["msg"], task.result["msg"]
    assert published.sim.requests == []


@pytest.mark.parametrize(("playbook", "variables"), [(ONBOARD, {}), (OFFBOARD, {"offboarding_people": [{}]})])
def test_playbooks_refuse_bad_input(published: Lab, playbook: str, variables: dict[str, Any]) -> None:
    """The playbooks do what their roles do."""
    assert "required" in published.run(playbook, variables=variables).failed().message
    assert published.sim.requests == []


def test_nobody_is_no_work(published: Lab) -> None:
    """An empty list is fine and changes nothing."""
    for playbook, variables in ((ONBOARD, {"onboarding_people": []}), (OFFBOARD, people())):
        assert published.run(playbook, variables=variables).fine().changed == 0
    assert published.sim.writes == []


def test_more_people_take_no_more_calls(lab: Lab) -> None:
    """Who joins is written and read back by two calls, who leaves by one that looks back itself, be they 2 or 12."""
    few = [{"email": f"few{number}@example.com", "groups": {"add": ["Environment Users"]}} for number in range(2)]
    many = [{"email": f"many{number}@example.com", "groups": {"add": ["Environment Users"]}} for number in range(12)]
    calls = [len(lab.run(ONBOARD, variables={"onboarding_people": some}).fine().calls) for some in (few, many)]
    leavers = [people(*(item["email"] for item in some)) for some in (few, many)]
    calls += [len(lab.run(OFFBOARD, variables=some).fine().calls) for some in leavers]
    assert calls == [2, 2, 1, 1]


def test_connection_by_variables(lab: Lab) -> None:
    """dynatrace_* variables do what the environment does; a pinned contract and a token as well."""
    token = "dt0s02.a-token-that-never-ends"
    lab.sim.load({**lab.sim.state(), "access_tokens": [{"token": token}]})
    variables = {**JOINERS, **lab.variables, "dynatrace_rate_limit": 1000}
    assert lab.run(ONBOARD, "--check", variables=variables, environment={}).fine().changed == 1
    pinned = {**variables, "dynatrace_api_contract": lab.sim.contract}
    for name in ("dynatrace_client_id", "dynatrace_client_secret", "dynatrace_token_url"):
        pinned.pop(name)
    lab.sim.clear()
    assert (
        lab.run(ONBOARD, "--check", variables={**pinned, "dynatrace_access_token": token}, environment={})
        .fine()
        .changed
        == 1
    )
    assert not [entry for entry in lab.sim.requests if entry["path"].endswith("/token")]


def test_without_a_connection(published: Lab) -> None:
    """The message names what is missing and the variable of the environment that would give it."""
    nothing = published.run(ONBOARD, variables=JOINERS, environment={}).failed()
    assert "account_uuid" in nothing.message
    uuid_only = {"DYNATRACE_ACCOUNT_UUID": published.sim.account_uuid, "DYNATRACE_API_URL": published.sim.url}
    no_login = published.run(ONBOARD, variables=JOINERS, environment=uuid_only).failed()
    assert "DYNATRACE_CLIENT_ID and DYNATRACE_CLIENT_SECRET" in no_login.message
    assert published.sim.requests == []


def test_secrets_go_to_known_hosts_only(published: Lab) -> None:
    """Another host gets nothing unless it is allowed by name."""
    elsewhere = {**published.environment, "DYNATRACE_TOKEN_URL": "https://login.example.com/token"}
    refused = published.run(ONBOARD, variables=JOINERS, environment=elsewhere).failed()
    assert "login.example.com" in refused.message
    assert "allowed_hosts" in refused.message
    assert SECRET not in refused.everything
    assert published.sim.requests == []


def test_a_reviewed_plan_and_no_other(lab: Lab) -> None:
    """The id of the preview lets exactly that plan pass."""
    preview = lab.run(ONBOARD, "--check", variables=JOINERS).fine()
    reviewed = {**JOINERS, "onboarding_expected_plan": preview.of("dynatrace_access")[0].result["plan_id"]}
    fewer = {**reviewed, "onboarding_people": JOINERS["onboarding_people"][:1]}
    refused = lab.run(ONBOARD, variables=fewer).failed()
    assert "has changed since plan" in refused.message
    assert lab.sim.writes == []
    assert lab.run(ONBOARD, variables=reviewed).fine().changed == 1
