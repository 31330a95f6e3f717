# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as AWX's jobs: by ansible-runner, from a private folder, with a credential's variables and answers."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import ansible_runner
import jinja2
import yaml

from tests.integration.helpers import BIN, CLIENT, COLLECTION, HERE, ROOT, SCIM_TOKEN, SECRET, Lab

PATTERN = ROOT / "extensions/patterns/user_lifecycle"
LOCALHOST: Mapping[str, Mapping[str, Any]] = MappingProxyType({"localhost": {}})
OF_A_WORKFLOW = {"awx_workflow_job_id": 7, "awx_workflow_job_name": "Flow", "awx_job_template_name": "Flow job"}
"""Some of the variables by which AWX tells a job that it is a node of a workflow."""
SHOWN_TO_NOBODY = "command"
"""The runner keeps a job's environment in this file, secrets included. AWX reads it, censors it, and shows that."""


class Answers(yaml.SafeDumper):
    """Writes extra variables as AWX writes those that a template doesn't define itself: no text is a template."""


Answers.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


class Data(yaml.SafeLoader):
    """Reads the pattern's files."""


Data.add_constructor("!unsafe", Data.construct_yaml_str)


def injected(inputs: Mapping[str, str]) -> dict[str, str]:
    """The variables that a credential of the pattern's type puts into a job's environment."""
    types = yaml.load((PATTERN / "controller/credential_types.yml").read_text(encoding="utf-8"), Data)  # noqa: S506
    (kind,) = (each for each in types["controller_credential_types"] if each["name"] == "Dynatrace account")
    fields = {field["id"]: field.get("default", "") for field in kind["inputs"]["fields"]}
    assert inputs.keys() <= fields.keys()
    sandbox = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
    templates = kind["injectors"]["env"]
    return {name: sandbox.from_string(text).render({**fields, **inputs}) for name, text in templates.items()}


def credential(lab: Lab) -> dict[str, str]:
    """What somebody types into the credential's form for the lab's account."""
    return {
        "account_uuid": lab.sim.account_uuid,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "api_url": lab.sim.url,
        "token_url": lab.sim.token_url,
        "scim_url": f"{lab.sim.url}/idm/public/scim/{lab.sim.account_uuid}/v2",
        "scim_token": SCIM_TOKEN,
        "environment_tokens": json.dumps(lab.environment_tokens),
        "environment_urls": json.dumps({name: f"{lab.sim.url}/e/{name}" for name in lab.environment_tokens}),
    }


@dataclass
class Job:
    """What a job left behind in its folder."""

    status: str
    folder: Path

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """In their order."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in self.folder.glob("job_events/*.json")]
        return sorted((event for event in found if "event_data" in event), key=lambda event: int(event["counter"]))

    @property
    def artifacts(self) -> dict[str, Any]:
        """What AWX keeps of the event that ends a playbook, and gives to the jobs after it."""
        (stats,) = (event["event_data"] for event in self.events if event["event"] == "playbook_on_stats")
        return dict(stats.get("artifact_data", {}))

    def results(self, module: str, *outcomes: str) -> list[dict[str, Any]]:
        """What each task of a module gave that ended so; ok by default."""
        wanted = [f"runner_on_{outcome}" for outcome in outcomes or ("ok",)]
        names = (module, f"{COLLECTION}.{module}", f"ansible.builtin.{module}")
        found = [event["event_data"] for event in self.events if event["event"] in wanted]
        return [data["res"] for data in found if data["resolved_action"] in names]

    @property
    def message(self) -> str:
        """What the tasks that failed say, on all hosts."""
        failed = [event["event_data"] for event in self.events if event["event"] == "runner_on_failed"]
        return "\n".join(str(data["res"].get("msg")) for data in failed)

    @property
    def output(self) -> str:
        """What AWX shows of the run."""
        return (self.folder / "stdout").read_text(encoding="utf-8")

    @property
    def texts(self) -> dict[str, str]:
        """All that AWX stores of the job, by file."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name != SHOWN_TO_NOBODY]
        return {path.name: path.read_text(encoding="utf-8") for path in files}


class Controller:
    """Starts jobs in a lab as AWX would: check or run, with a survey's answers and with artifacts of jobs before."""

    def __init__(self, lab: Lab, collections: Path, packed: Path) -> None:
        self.lab = lab
        self.collections = collections
        self.packed = packed
        self.jobs: list[Job] = []

    def job(
        self,
        playbook: str,
        answers: Mapping[str, Any],
        *,
        check: bool = False,
        artifacts: Mapping[str, Any] | None = None,
        hosts: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Job:
        """Run one of the pattern's playbooks; with artifacts, be they none, as the last node of a workflow."""
        number = len(self.jobs)
        private = self.lab.place / f"awx_{number}"
        project = private / "project"
        shutil.copytree(PATTERN / "playbooks", project / "playbooks")
        shared = self.lab.place / "project"
        if shared.exists():
            shutil.copytree(shared, project, dirs_exist_ok=True)
        write(private / "inventory/hosts.yml", yaml.safe_dump(inventory(hosts or LOCALHOST)))
        # but for the warm Python, which makes tests fast: a template's, a survey's, and those of jobs before
        warm = {"ansible_python_interpreter": str(self.lab.means.interpreter)}
        variables = {**warm, "dynatrace_hosts": "all", **answers}
        if artifacts is not None:
            variables.update({**artifacts, **OF_A_WORKFLOW})
        write(private / "env/extravars", yaml.dump(variables, Dumper=Answers))
        write(private / "env/envvars", yaml.safe_dump({**self._settings(private), **injected(credential(self.lab))}))
        write(private / "env/cmdline", "--check --diff" if check else "--diff")
        write(private / "env/settings", yaml.safe_dump({"idle_timeout": 0, "job_timeout": 300}))
        with mock.patch.dict(os.environ, {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}, clear=True):
            run = ansible_runner.run(private_data_dir=str(private), playbook=f"playbooks/{playbook}.yml", quiet=True)
        made = Job(run.status, Path(run.config.artifact_dir))
        self.jobs.append(made)
        return made

    def successful(self, playbook: str, answers: Mapping[str, Any], **how: Any) -> Job:
        """A job that AWX shows in green."""
        made = self.job(playbook, answers, **how)
        assert made.status == "successful", made.output
        return made

    def failed(self, playbook: str, answers: Mapping[str, Any], **how: Any) -> Job:
        """A job that AWX shows in red."""
        made = self.job(playbook, answers, **how)
        assert made.status == "failed", made.output
        return made

    def _settings(self, private: Path) -> dict[str, str]:
        """Where the job finds the collection, and what keeps it apart from other tests."""
        return {
            "HOME": str(private),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_HOME": str(private / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "packed",
            "PACKED_MODULES": str(self.packed),
            "PYTHONPATH": str(HERE / "python"),
            "WARM_SOCKET": str(self.lab.means.socket),
        }


def inventory(hosts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Hosts as AWX's inventories have them: each is the account, reached by the Python that runs Ansible."""
    own = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return {"all": {"hosts": {name: {**own, **variables} for name, variables in hosts.items()}}}


def write(path: Path, text: str) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
