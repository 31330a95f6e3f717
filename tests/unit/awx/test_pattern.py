# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWX pattern: what it says holds together, and fits the collection and AWX."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jinja2.nativetypes import NativeEnvironment
from jsonschema import Draft202012Validator

from ansible_collections.identityops.dynatrace.plugins.module_utils._module import beside_options, options
from tests.awx import pattern, rules
from tests.tools.tree import ROOT

THINGS = pattern.controller()
TEMPLATES = {template["name"]: template for template in THINGS["controller_templates"]}
WORKFLOWS = {workflow["name"]: workflow for workflow in THINGS["controller_workflows"]}
ACCOUNT, ACCOUNTS = THINGS["controller_credential_types"]
CONNECTION = {**options.CONNECTION, **beside_options.SCIM, **beside_options.ENVIRONMENTS}
VARIABLES = {option["fallback"][1][0]: name for name, option in CONNECTION.items() if "fallback" in option}
# A job gets a client of its own; bearer tokens end before a schedule comes round.
NOT_IN_CREDENTIALS = {"access_token"}

TEXT = {"type": "string", "minLength": 1}
NAME = {**TEXT, "maxLength": 200}
NAMES = {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}
BOOL = {"type": "boolean"}


def record(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


KINDS = ["text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"]
QUESTION = record(
    {
        "type": {"enum": KINDS},
        "question_name": TEXT,
        "question_description": TEXT,
        "variable": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
        "required": BOOL,
    },
    {"choices": NAMES, "default": {"type": "string"}},
)
TEMPLATE = record(
    {"name": NAME, "description": TEXT, "playbook": {"type": "string", "pattern": r"^[a-z_]+\.yml$"}},
    {
        "execution_environment": TEXT,
        "primary": BOOL,
        "ask_credential_on_launch": BOOL,
        "ask_inventory_on_launch": BOOL,
        "labels": NAMES,
        "survey": record({"name": TEXT, "description": TEXT, "spec": {"type": "array", "items": QUESTION}}),
    },
)
DEFINITION = record(
    {
        "schema_version": TEXT,
        "name": {"const": pattern.PATTERN.name, "pattern": "^[a-z0-9_]{1,64}$"},
        "title": {**TEXT, "maxLength": 64},
        "description": TEXT,
        "short_description": {**TEXT, "pattern": r"[^.]$"},
        "aap_resources": record(
            {
                "controller_project": record({"name": NAME, "description": TEXT}),
                "controller_labels": NAMES,
                "controller_job_templates": {"type": "array", "items": TEMPLATE, "minItems": 1},
            },
            {
                "controller_execution_environment": record(
                    {
                        "name": NAME,
                        "description": TEXT,
                        "image_name": {"type": "string", "pattern": r"^[\w-]+/[\w-]+$"},
                    },
                    {"pull": {"enum": ["always", "missing", "never"]}},
                )
            },
        ),
    },
    {"tags": NAMES},
)


def playbook(template: dict[str, Any]) -> Path:
    """The playbook of a job template."""
    return pattern.PATTERN / "playbooks" / Path(template["playbook"]).name


def variables(template: dict[str, Any]) -> set[str]:
    """What a survey asks for."""
    return {question["variable"] for question in template["survey_spec"]["spec"]}


def question(template: str, variable: str) -> dict[str, Any]:
    """One question of a job template's survey."""
    (found,) = [one for one in TEMPLATES[template]["survey_spec"]["spec"] if one["variable"] == variable]
    return dict(found)


class TestDefinition:
    def test_it_is_what_the_job_templates_say(self) -> None:
        """Otherwise: make pattern."""
        assert [path.name for path, text in pattern.files() if path.read_text(encoding="utf-8") != text] == []

    def test_it_fits_the_schema(self) -> None:
        definition = json.loads((pattern.PATTERN / "meta/pattern.json").read_text(encoding="utf-8"))
        assert [error.message for error in Draft202012Validator(DEFINITION).iter_errors(definition)] == []
        assert not Draft202012Validator(DEFINITION).is_valid({**definition, "title": "x" * 65})
        resources = definition["aap_resources"]
        templates = resources["controller_job_templates"]
        assert [template["name"] for template in templates if template.get("primary")] == ["Dynatrace onboarding job"]
        assert {label for template in templates for label in template["labels"]} <= {*resources["controller_labels"]}
        environment = resources["controller_execution_environment"]["name"]
        assert {template["execution_environment"] for template in templates} == {environment}

    def test_the_folder_holds_what_a_pattern_needs(self) -> None:
        assert (pattern.PATTERN / "README.md").exists()
        playbooks = {path.name for path in (pattern.PATTERN / "playbooks").glob("*.yml") if ".meta" not in path.name}
        assert playbooks == {playbook(template).name for template in TEMPLATES.values()} | {"configure.yml"}


class TestCredentialTypes:
    @pytest.mark.parametrize("kind", [ACCOUNT, ACCOUNTS], ids=lambda kind: kind["name"])
    def test_awx_takes_it_and_no_secret_becomes_an_extra_variable(self, kind: dict[str, Any]) -> None:
        assert rules.credential_type(kind["inputs"], kind["injectors"]) == []
        assert kind["injectors"].keys() <= {"env", "file"}

    def test_fields_are_the_options_of_the_connection(self) -> None:
        fields = {field["id"]: field for field in ACCOUNT["inputs"]["fields"]}
        assert fields.keys() == {*VARIABLES.values()} - NOT_IN_CREDENTIALS
        for name, field in fields.items():
            assert field.get("secret", False) == bool(CONNECTION[name].get("no_log")), name
        assert fields["api_contract"]["choices"] == CONNECTION["api_contract"]["choices"]
        assert ACCOUNT["injectors"]["env"] == {
            variable: f"{{{{ {name} }}}}" for variable, name in VARIABLES.items() if name in fields
        }

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, {}),
            ({"api_contract": "guide"}, {}),
            (
                {"environment_tokens": '{\n  "abc12345": "dt0c01.A.B"\n}\n', "scim_token": "{{ s }}"},
                {"environment_tokens": {"abc12345": "dt0c01.A.B"}},
            ),
        ],
    )
    def test_modules_see_what_was_filled_in(
        self, given: dict[str, str], told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Fields that are left empty are as if the module's option were."""
        needed = {"account_uuid": "u", "client_id": "i", "client_secret": "s"}
        unset = ArgumentSpecValidator(CONNECTION).validate({}).validated_parameters
        for variable, text in ACCOUNT["injectors"]["env"].items():
            monkeypatch.setenv(variable, rules.render(text, {**needed, **given}))
        seen = ArgumentSpecValidator(CONNECTION).validate({})
        assert seen.error_messages == []
        assert seen.validated_parameters == {**unset, **needed, **given, **told}

    def test_many_accounts_come_as_a_file(self) -> None:
        content = '{"shop": {"account_uuid": "u", "client_secret": "{{ x }}"}}'
        assert rules.render(ACCOUNTS["injectors"]["file"]["template"], {"accounts": content}) == content
        told = rules.render(ACCOUNTS["injectors"]["env"]["DYNATRACE_ACCOUNTS_FILE"], {"tower": {"filename": "/f"}})
        assert told == "/f"
        assert [field["id"] for field in ACCOUNTS["inputs"]["fields"] if field["secret"]] == ["accounts"]


class TestJobTemplates:
    @pytest.mark.parametrize("name", TEMPLATES)
    def test_survey_and_playbook_agree(self, name: str) -> None:
        template = TEMPLATES[name]
        assert rules.survey(template["survey_spec"]) == []
        (play,) = yaml.safe_load(playbook(template).read_text(encoding="utf-8"))
        assert play["ansible.builtin.import_playbook"].startswith("identityops.dynatrace.")
        read = set(re.findall(r"\bsurvey_\w+", " ".join(re.findall(r"\{\{.*?\}\}", json.dumps(play["vars"])))))
        # a message names the variable that it is about
        assert read - play["vars"].keys() == variables(template)

    @pytest.mark.parametrize("name", TEMPLATES)
    def test_it_plans_unless_told_otherwise(self, name: str) -> None:
        template = TEMPLATES[name]
        changes_nothing = name == "Dynatrace access review job"
        assert (template["job_type"], template["ask_job_type_on_launch"], template["diff_mode"]) == (
            ("run", False, False) if changes_nothing else ("check", True, True)
        )
        assert template["verbosity"] == 0
        assert template["extra_vars"] == {"dynatrace_hosts": "all"}
        assert not template.get("ask_variables_on_launch")
        assert template.get("job_slice_count", 1) == 1

    @pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {"Dynatrace access review job"}))
    def test_in_a_workflow_it_applies_what_was_handed_over_or_nothing(self, name: str) -> None:
        (play,) = yaml.safe_load(playbook(TEMPLATES[name]).read_text(encoding="utf-8"))
        imported = ROOT / f"playbooks/{play['ansible.builtin.import_playbook'].rpartition('.')[2]}.yml"
        prefix = re.findall(r"plan_of: (\w+)", imported.read_text(encoding="utf-8"))[0]
        template = NativeEnvironment().from_string(play["vars"][f"{prefix}_plans"])
        slice_of, node_of = ({"awx_job_template_name": name, "awx_workflow_job_name": of} for of in (name, "Flow"))
        for check, given, plans in [
            (False, {}, {}),
            (False, {"awx_job_template_name": name}, {}),
            (False, slice_of | {"awx_workflow_job_launch_type": "scheduled"}, {}),
            (True, node_of, {}),
            (False, node_of | {"awx_workflow_job_launch_type": "manual"}, {"": ""}),
            (True, slice_of | {"awx_workflow_job_launch_type": "workflow"}, {}),
            (False, slice_of | {"awx_workflow_job_launch_type": "workflow"}, {"": ""}),
        ]:
            assert template.render(ansible_check_mode=check, **given) == plans

    def test_choices_are_those_of_roles_and_modules(self) -> None:
        specs = yaml.safe_load((ROOT / "roles/offboarding/meta/argument_specs.yml").read_text(encoding="utf-8"))
        offboarding = specs["argument_specs"]["main"]["options"]
        action = question("Dynatrace offboarding job", "survey_action")
        assert (action["choices"], action["default"]) == (
            offboarding["offboarding_action"]["choices"],
            offboarding["offboarding_action"]["default"],
        )
        tokens = question("Dynatrace offboarding job", "survey_tokens")
        assert set(tokens["choices"]) == {*offboarding["offboarding_tokens"]["choices"]} - {"ignore"}
        assert tokens["default"] == offboarding["offboarding_tokens"]["default"]
        assert question("Dynatrace orphaned tokens job", "survey_action")["choices"] == ["report", "disable"]


class TestWorkflows:
    @pytest.mark.parametrize("name", WORKFLOWS)
    def test_the_plan_is_approved_before_it_is_applied(self, name: str) -> None:
        workflow = WORKFLOWS[name]
        plan, approve, apply = workflow["workflow_nodes"]
        assert plan["related"] == {"success_nodes": [{"identifier": approve["identifier"]}]}
        assert approve["related"] == {"success_nodes": [{"identifier": apply["identifier"]}]}
        assert (plan["job_type"], apply["job_type"]) == ("check", "run")
        assert plan["unified_job_template"] == apply["unified_job_template"]
        assert approve["unified_job_template"]["type"] == "workflow_approval"
        assert approve["unified_job_template"]["timeout"] > 0

    @pytest.mark.parametrize("name", WORKFLOWS)
    def test_both_jobs_get_the_answers_and_the_requester_nothing_to_replace_the_plan(self, name: str) -> None:
        """Variables of a workflow win over artifacts, so nobody may add one named like the artifact."""
        workflow = WORKFLOWS[name]
        template = TEMPLATES[workflow["workflow_nodes"][0]["unified_job_template"]["name"]]
        assert workflow["survey_spec"] == template["survey_spec"]
        assert not workflow["ask_variables_on_launch"]
        assert not [variable for variable in variables(workflow) if not variable.startswith("survey_")]
        assert workflow["ask_limit_on_launch"] == template["ask_limit_on_launch"]
        assert workflow["allow_simultaneous"]
        assert rules.prompts(template, {"job_type": "run", "limit": "shop"}) == []

    def test_names_say_which_is_which(self) -> None:
        """A schedule finds what it runs by its name alone."""
        assert TEMPLATES.keys().isdisjoint(WORKFLOWS)
        assert len(WORKFLOWS) == 6


class TestSchedulesAndTeams:
    def test_schedules(self) -> None:
        for schedule in THINGS["controller_schedules"]:
            template = TEMPLATES[schedule["unified_job_template"]]
            assert rules.schedule(schedule["rrule"]) == []
            assert rules.answers(template, schedule["extra_data"]) == []
            assert rules.prompts(template, schedule) == []

    def test_nothing_is_applied_by_night_unless_somebody_wants_it(self) -> None:
        for nightly in (False, True):
            schedules = pattern.controller(user_lifecycle_reconcile_nightly=nightly)["controller_schedules"]
            applying = [schedule for schedule in schedules if schedule.get("job_type") == "run"]
            assert [schedule["enabled"] for schedule in applying] == [nightly]

    def test_who_asks_can_neither_approve_nor_go_round_the_approval(self) -> None:
        given: dict[str, set[tuple[str, str]]] = {}
        for grant in THINGS["controller_roles"]:
            for kind in ("workflows", "job_templates"):
                given.setdefault(grant["team"], set()).update((grant["role"], name) for name in grant.get(kind, ()))
        assert given["Dynatrace requesters"] == {("execute", name) for name in WORKFLOWS}
        assert given["Dynatrace approvers"] == {
            *(("approval", name) for name in WORKFLOWS),
            *(("read", name) for name in TEMPLATES),
        }
        assert {role for role, _name in given["Dynatrace auditors"]} == {"read", "execute"}
        assert ("execute", "Dynatrace access review job") in given["Dynatrace auditors"]
        assert {role for role, _name in given["Dynatrace admins"]} == {"admin"}
        assert not [grant for grant in THINGS["controller_roles"] if "credentials" in grant]
