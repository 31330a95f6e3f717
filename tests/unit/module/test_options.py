# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and their documentation say the same; and a module without requests says what to do."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identityops.dynatrace.plugins.doc_fragments.account import ModuleDocFragment
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import beside_options, options
from tests.tools.tree import ROOT

MODULES = sorted((ROOT / "plugins/modules").glob("dynatrace_*.py"))
FRAGMENT: dict[str, Any] = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
WITHOUT_REQUESTS = """
import builtins, runpy, sys, json
real = builtins.__import__
def without(name, *more, **others):
    if name == "requests" or name.startswith("requests."):
        raise ImportError("No module named 'requests'")
    return real(name, *more, **others)
builtins.__import__ = without
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = sys.argv[2].encode()
basic._ANSIBLE_PROFILE = "legacy"
runpy.run_path(sys.argv[1], run_name="__main__")
"""
NEEDED: dict[str, dict[str, Any]] = {
    "dynatrace_user": {"email": "anna@example.com"},
    "dynatrace_group": {"name": "Shop"},
    "dynatrace_group_membership": {"group": "Shop", "users": []},
    "dynatrace_access_assert": {"subject": {"group": "Shop"}, "environment": "Prod"},
    "dynatrace_access_export": {"export_dir": "account"},
    "dynatrace_drift_assert": {"expected": {}},
    "dynatrace_policy": {"name": "Log readers"},
    "dynatrace_policy_boundary": {"name": "Only Shop"},
    "dynatrace_policy_binding": {"group": "Shop", "policies": ["Log readers"]},
    "dynatrace_scim_user": {"user_name": "anna@example.com"},
    "dynatrace_scim_group": {"name": "Shop"},
    "dynatrace_scim_setup_info": {"idp": "okta"},
    "dynatrace_service_user": {"name": "Pipeline"},
    "dynatrace_api_token": {"environment": "abc12345", "name": "CI"},
    "dynatrace_platform_token": {"name": "CI"},
    "dynatrace_offboarding": {"users": ["anna@example.com"]},
    "dynatrace_env_permission": {"group": "Shop", "permissions": ["viewer"], "environments": ["Prod"]},
}


def documented(module: Path, name: str) -> dict[str, Any]:
    """DOCUMENTATION, EXAMPLES or RETURN of a module."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            found: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return found
    raise AssertionError(f"{module.name} has no {name}")


class TestConnection:
    def test_all_options_are_documented(self) -> None:
        assert sorted(FRAGMENT) == sorted(options.CONNECTION)

    @pytest.mark.parametrize("name", sorted(options.CONNECTION))
    def test_spec_and_documentation_agree(self, name: str) -> None:
        spec, told = options.CONNECTION[name], FRAGMENT[name]
        for key in ("type", "elements", "default", "choices"):
            assert spec.get(key) == told.get(key)
        assert bool(spec.get("required")) is bool(told.get("required"))

    @pytest.mark.parametrize("name", sorted(options.CONNECTION))
    def test_the_environment_variable_is_told(self, name: str) -> None:
        text = " ".join(
            [FRAGMENT[name]["description"]]
            if isinstance(FRAGMENT[name]["description"], str)
            else FRAGMENT[name]["description"]
        )
        if "fallback" in options.CONNECTION[name]:
            (variable,) = options.CONNECTION[name]["fallback"][1]
            assert variable == f"DYNATRACE_{name.upper()}"
            assert f"E({variable})" in text
        else:
            assert "E(" not in text

    def test_other_plugins_look_into_the_same_variables(self) -> None:
        told = yaml.safe_load(ModuleDocFragment.VARIABLES)["options"]
        assert {name: [each["name"] for each in option["env"]] for name, option in told.items()} == {
            name: spec["fallback"][1]
            for name, spec in options.CONNECTION.items()
            if "fallback" in spec and name != "api_contract"
        }

    @pytest.mark.parametrize("spec", [options.CONNECTION, beside_options.SCIM, beside_options.ENVIRONMENTS])
    def test_an_empty_variable_says_nothing(self, spec: options.Spec, monkeypatch: pytest.MonkeyPatch) -> None:
        """A credential of AWX sets all of its variables, also those of fields that are left empty."""
        variables = [variable for option in spec.values() for variable in option.get("fallback", (None, []))[1]]
        assert variables
        for variable in variables:
            monkeypatch.delenv(variable, raising=False)
        unset = ArgumentSpecValidator(spec).validate({})
        for variable in variables:
            monkeypatch.setenv(variable, "")
        empty = ArgumentSpecValidator(spec).validate({})
        assert (empty.error_messages, empty.validated_parameters) == ([], unset.validated_parameters)

    def test_a_filled_variable_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DYNATRACE_API_CONTRACT", "guide")
        used = ArgumentSpecValidator(options.CONNECTION).validate({})
        assert used.validated_parameters["api_contract"] == "guide"

    def test_secrets_and_only_secrets_are_hidden(self) -> None:
        hidden = {name for name, spec in options.CONNECTION.items() if spec.get("no_log")}
        assert hidden == {"client_secret", "access_token"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
class TestModules:
    def test_documentation_and_name(self, module: Path) -> None:
        told = documented(module, "DOCUMENTATION")
        assert told["module"] == module.stem
        assert "identityops.dynatrace.account" in told["extends_documentation_fragment"]

    def test_examples_use_the_module_by_its_full_name(self, module: Path) -> None:
        examples = documented(module, "EXAMPLES")
        assert any(f"identityops.dynatrace.{module.stem}" in task for task in examples)

    def test_info_modules_return_a_list_and_the_cost(self, module: Path) -> None:
        told = documented(module, "RETURN")
        assert {"stats", "failure"} <= told.keys()
        if module.stem.endswith("_info"):
            assert any(value["type"] == "list" and key.endswith("s") for key, value in told.items())

    def test_without_requests(self, module: Path) -> None:
        given = {"account_uuid": "x", "_ansible_remote_tmp": "x", **NEEDED.get(module.stem, {})}
        arguments = json.dumps({"ANSIBLE_MODULE_ARGS": given})
        run = subprocess.run(
            [sys.executable, "-c", WITHOUT_REQUESTS, str(module), arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
        answer = json.loads(run.stdout)
        assert run.returncode == 1
        assert answer["failed"]
        assert "Failed to import the required Python library (requests)" in answer["msg"]
        assert "set ansible_python_interpreter to '{{ ansible_playbook_python }}'" in answer["msg"]
        assert sys.executable in answer["msg"]
