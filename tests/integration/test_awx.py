# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's commands make the pattern's objects: real modules of awx.awx, and what AWX refuses is refused."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.awx import pattern
from tests.awx.collection import awx_collections
from tests.awx.controller import Controller, Thing, serve
from tests.integration.helpers import BIN, PATIENCE, ROOT, SECRET, Means, Outcome, outcome, settings
from tests.integration.test_commands import FUNCTIONS
from tests.tools.pages import CONSOLE, blocks, steps

GUIDE = ROOT / "docs/docsite/rst/awx.rst"
COPY, CONFIGURE = ("pattern=", "cp "), "ansible-playbook playbooks/configure.yml"
WARNING = re.compile(r"\[WARNING\]: (.*)")
WITHOUT_INVENTORY = {"No inventory was parsed", "provided hosts list is empty"}
TOKEN = "awx-token-that-nobody-may-see"
PLAYBOOKS = {template["playbook"] for template in pattern.controller()["controller_templates"]}


def commands(*beginnings: str) -> str:
    """Those of the guide's commands that begin so."""
    shown = [step.command for block in blocks(GUIDE.read_text(encoding="utf-8"), CONSOLE) for step in steps(block.text)]
    found = [command for command in shown if command.startswith(beginnings)]
    assert len(found) >= len(beginnings)
    return "\n".join(found)


class Newcomer:
    """Somebody with both collections, an AWX that holds nothing, and an empty repository."""

    def __init__(self, place: Path, means: Means, url: str) -> None:
        self.home, self.repository, self.means, self.url = place, place / "repository", means, url
        collections = place / ".ansible/collections/ansible_collections"
        (collections / "identityops").mkdir(parents=True)
        (collections / "identityops/dynatrace").symlink_to(ROOT)
        (collections / "awx").symlink_to(awx_collections() / "ansible_collections/awx")
        self.repository.mkdir()

    def run(self, script: str) -> Outcome:
        """Run what a shell would."""
        environment = {
            **settings(self.home, self.means),
            "PATH": f"{BIN}:/usr/bin:/bin",
            "WARM_PYTHON": str(self.means.interpreter),
            "ANSIBLE_COLLECTIONS_PATH": str(self.home / ".ansible/collections"),
            "CONTROLLER_HOST": self.url,
            "CONTROLLER_OAUTH_TOKEN": TOKEN,
            "DYNATRACE_ACCOUNT_UUID": "e34fa4d6-b53a-43e0-9be0-cccca1a5da44",
            "DYNATRACE_CLIENT_SECRET": SECRET,
        }
        done = subprocess.run(
            ["bash", "-ec", f"{FUNCTIONS}\n{script}"],
            cwd=self.repository,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return outcome(self.home, done)


@pytest.fixture
def controller() -> Controller:
    """An AWX whose project has the pattern's playbooks."""
    return Controller(PLAYBOOKS)


@pytest.fixture
def newcomer(controller: Controller, tmp_path: Path, means: Means) -> Iterator[Newcomer]:
    """Reaches that AWX."""
    with serve(controller) as url:
        yield Newcomer(tmp_path, means, url)


def names(controller: Controller, kind: str, thing: Thing, part: str) -> set[str]:
    """What something is associated with."""
    key = "identifier" if kind == "workflow_job_template_nodes" else "name"
    return {controller.objects[kind][number][key] for number in thing.get("associated", {}).get(part, ())}


def test_the_guide_makes_everything(newcomer: Newcomer, controller: Controller) -> None:
    """Each thing exists when another one refers to it, or the modules and the server would have refused it."""
    run = newcomer.run(commands(*COPY, CONFIGURE)).fine()
    assert {text.partition(",")[0] for text in WARNING.findall(run.everything)} <= WITHOUT_INVENTORY
    assert SECRET not in run.everything
    assert TOKEN not in run.everything
    url = re.search(r"user_lifecycle_project_url=(\S+)", commands(CONFIGURE))
    assert url
    wanted = pattern.controller(user_lifecycle_project_url=url[1])
    same_fields(controller, wanted)
    same_associations(controller, wanted)
    same_nodes(controller, wanted)
    same_roles(controller, wanted)


def same_fields(controller: Controller, wanted: Thing) -> None:
    """What was made has the fields that the data gives it."""
    kinds = {
        "credential_types": (wanted["controller_credential_types"], ("description", "kind", "inputs", "injectors")),
        "projects": (wanted["controller_projects"], ("scm_type", "scm_url", "scm_branch", "scm_update_on_launch")),
        "execution_environments": (wanted["controller_execution_environments"], ("image", "pull")),
        "labels": (wanted["controller_labels"], ()),
        "hosts": (wanted["controller_hosts"], ()),
        "inventories": (wanted["controller_inventories"], ()),
        "job_templates": (
            wanted["controller_templates"],
            ("playbook", "job_type", "ask_job_type_on_launch", "survey_spec"),
        ),
        "workflow_job_templates": (wanted["controller_workflows"], ("survey_spec", "ask_variables_on_launch")),
        "schedules": (wanted["controller_schedules"], ("rrule", "extra_data", "enabled")),
        "teams": (wanted["aap_teams"], ()),
    }
    for kind, (things, fields) in kinds.items():
        made = {thing["name"]: {field: thing.get(field) for field in fields} for thing in controller.all(kind)}
        assert made == {thing["name"]: {field: thing.get(field) for field in fields} for thing in things}
    (inventory,) = controller.all("inventories")
    assert '"ansible_python_interpreter": "{{ ansible_playbook_python }}"' in inventory["variables"]
    (credential,) = controller.all("credentials")
    assert (credential["inputs"]["client_secret"], credential["inputs"]["scim_url"]) == (SECRET, "")


def same_associations(controller: Controller, wanted: Thing) -> None:
    """Labels and credentials are those that the data names."""
    for template in wanted["controller_templates"]:
        made = controller.named("job_templates", template["name"])
        assert names(controller, "labels", made, "labels") == {*template["labels"]}
        assert names(controller, "credentials", made, "credentials") == {*template["credentials"]}
    for schedule in wanted["controller_schedules"]:
        made = controller.named("schedules", schedule["name"])
        assert controller.template(made)["name"] == schedule["unified_job_template"]


def same_nodes(controller: Controller, wanted: Thing) -> None:
    """Each workflow goes from the plan through the approval to the job that applies it."""
    for workflow in wanted["controller_workflows"]:
        number = controller.named("workflow_job_templates", workflow["name"])["id"]
        nodes = [
            node for node in controller.all("workflow_job_template_nodes") if node["workflow_job_template"] == number
        ]
        made = {
            node["identifier"]: (
                controller.template(node)["name"],
                node.get("job_type"),
                names(controller, "workflow_job_template_nodes", node, "success_nodes"),
            )
            for node in nodes
        }
        job = f"{workflow['name']} job"
        assert made.pop("plan") == (job, "check", {"approve"})
        assert made.pop("apply") == (job, "run", set())
        ((approval, job_type, following),) = made.values()
        assert (approval.startswith("Approve the "), job_type, following) == (True, None, {"apply"})


def same_roles(controller: Controller, wanted: Thing) -> None:
    """Teams got the roles that the data gives them, and no others."""
    expected = {
        (grant["team"], grant["role"], name)
        for grant in wanted["controller_roles"]
        for name in (*grant.get("workflows", ()), *grant.get("job_templates", ()))
    }
    made = {
        (controller.objects["teams"][team]["name"], part.removesuffix("_role"), thing["name"])
        for kind in ("job_templates", "workflow_job_templates")
        for thing in controller.all(kind)
        for part, members in thing.get("associated", {}).items()
        if part.endswith("_role")
        for team in members
    }
    assert made == expected


def test_without_a_repository_nothing_is_made(newcomer: Newcomer, controller: Controller) -> None:
    """The address is the one thing that has no default."""
    run = newcomer.run(f"{commands(*COPY)}\n{CONFIGURE}").failed()
    assert "Give the URL of the repository" in run.message
    assert controller.writes == 0


@pytest.mark.parametrize(
    ("file", "right", "wrong", "complaint"),
    [
        ("playbooks/tasks/configure.yml", "awx.awx.label:", "awx.awx.label:\n    colour: red", "module: colour."),
        ("controller/foundation.yml", "user_lifecycle_organization", "user_lifecycle_ee_image", "expected 1"),
    ],
)
def test_what_awx_does_not_know_fails(
    newcomer: Newcomer, controller: Controller, file: str, right: str, wrong: str, complaint: str
) -> None:
    """An option that the module doesn't have, and an organization that isn't there."""
    newcomer.run(commands(*COPY))
    target = newcomer.repository / file
    target.write_text(target.read_text(encoding="utf-8").replace(right, wrong, 1), encoding="utf-8")
    run = newcomer.run(commands(CONFIGURE)).failed()
    assert complaint in run.everything
    assert "Traceback" not in run.everything
