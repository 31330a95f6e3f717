# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the pattern says a second time: meta/pattern.json and the variables of its playbooks.

    python -m tests.awx.pattern

Both come from the job templates in controller/templates.yml, so nobody edits them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.tools.tree import ROOT

PATTERN = ROOT / "extensions/patterns/user_lifecycle"
HEADER = "\n".join((PATTERN / "controller/settings.yml").read_text(encoding="utf-8").splitlines()[:4])
# What a job template of the pattern has in common with one of AWX. Credential and inventory are chosen at the launch.
SHARED = ("name", "description", "labels", "job_type", "ask_job_type_on_launch", "ask_limit_on_launch", "diff_mode")
ABOUT = {
    "schema_version": "1.0.0",
    "name": PATTERN.name,
    "title": "Manage who has access to Dynatrace",
    "short_description": "Joiners, movers and leavers of Dynatrace accounts, planned before they are applied",
    "description": (
        "People join, change teams and leave: each job template takes a survey, shows in check mode what it would "
        "change in a Dynatrace account, and applies it when it is run. Further ones reconcile the account with files, "
        "replace role permissions by policies, find orphaned tokens and write access reviews. The connection comes "
        "from a credential of a custom type, which the pattern's README describes."
    ),
    "tags": ["cloud", "security", "dynatrace", "iam", "identity"],
}
EXECUTION_ENVIRONMENT = {
    "name": "Dynatrace user lifecycle",
    "description": "ansible-core, requests and the collection identityops.dynatrace",
    "image_name": "identityops/dynatrace_ee",
    "pull": "missing",
}


class _Loader(yaml.SafeLoader):
    """Knows the tag of texts that are no templates."""


_Loader.add_constructor("!unsafe", lambda _loader, node: str(node.value))


class _Dumper(yaml.SafeDumper):
    """Writes lists and texts of several lines as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def loaded(path: Path) -> dict[str, Any]:
    """The variables of a file."""
    return dict(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506  # a SafeLoader


def controller(**settings: Any) -> dict[str, Any]:
    """All variables of controller/, with the settings put in, those given here before those from the file."""
    found: dict[str, Any] = {}
    for path in sorted((PATTERN / "controller").glob("*.yml")):
        found.update(loaded(path))
    known = {name: value for name, value in found.items() if not isinstance(value, (dict, list))} | settings
    return {name: _filled(value, known) for name, value in found.items()}


def _filled(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    if isinstance(value, str):
        if whole := re.fullmatch(r"\{\{ (user_lifecycle_\w+) \}\}", value):
            return known[whole[1]]
        return re.sub(r"\{\{ (user_lifecycle_\w+) \}\}", lambda match: str(known[match[1]]), value)
    return value


def definition() -> dict[str, Any]:
    """What meta/pattern.json holds."""
    things = controller()
    templates = [_template(template) for template in things["controller_templates"]]
    templates[0]["primary"] = True
    (project,) = things["controller_projects"]
    return {
        **ABOUT,
        "aap_resources": {
            "controller_project": {"name": project["name"], "description": project["description"]},
            "controller_execution_environment": EXECUTION_ENVIRONMENT,
            "controller_labels": [label["name"] for label in things["controller_labels"]],
            "controller_job_templates": templates,
        },
    }


def _template(template: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: template[key] for key in SHARED},
        "playbook": Path(template["playbook"]).name,
        "execution_environment": EXECUTION_ENVIRONMENT["name"],
        "ask_credential_on_launch": True,
        "ask_inventory_on_launch": True,
        "survey_enabled": True,
        "survey": template["survey_spec"],
    }


def arguments(template: dict[str, Any]) -> dict[str, Any]:
    """What the playbook of a job template takes, as an argument spec of a play."""
    questions = template["survey_spec"]["spec"]
    example = {question["variable"]: question.get("default") or "..." for question in questions if question["required"]}
    spec = {
        "short_description": template["survey_spec"]["description"],
        "options": {question["variable"]: _option(question) for question in questions},
        "examples": yaml.safe_dump(example, sort_keys=False),
    }
    return {
        "short_description": template["survey_spec"]["description"],
        "description": template["description"],
        "argument_specs": {Path(template["playbook"]).stem: spec},
    }


def _option(question: dict[str, Any]) -> dict[str, Any]:
    option = {"type": "str", "description": question["question_description"], "required": question["required"]}
    if "default" in question:
        option.update(default=question["default"], required=False)
    if "choices" in question:
        option["choices"] = question["choices"]
    return option


def files() -> Iterator[tuple[Path, str]]:
    """Path and text of each file that is written."""
    yield PATTERN / "meta/pattern.json", json.dumps(definition(), indent=2, ensure_ascii=False) + "\n"
    for template in controller()["controller_templates"]:
        path = PATTERN / "playbooks" / f"{Path(template['playbook']).stem}.meta.yml"
        text = yaml.dump(arguments(template), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
        yield path, f"{HEADER}\n\n{text}"


if __name__ == "__main__":
    for target, content in files():
        target.write_text(content, encoding="utf-8")
