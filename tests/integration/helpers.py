# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real playbooks against a simulator, and says what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.simulator.checking import Checker
from tests.simulator.log import Exchange
from tests.simulator.server import Simulator, serve

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BIN = Path(sys.executable).parent
DEMO = ROOT / "tests/simulator/seeds/demo.json"
INVENTORY = ROOT / "inventories/local.yml"
PLACED = ROOT.parts[-3:] == ("ansible_collections", "identityops", "dynatrace")
"""Whether this checkout lies where Ansible looks: then it is the one to test, whatever .venv links to."""
CONTRACTS = ("published", "guide")
COLLECTION = "identityops.dynatrace"
CLIENT = "dt0s02.TESTCLIENT"
SECRET = "dt0s02.TESTCLIENT.quite-a-SECRET-that-nobody-may-see"
SCIM_TOKEN = "demo-scim-token"
PATIENCE = 300
Seed = dict[str, Any]
Play = dict[str, Any]


def demo(**changes: Any) -> Seed:
    """The demo account; ``changes`` replace parts of it."""
    seed: Seed = json.loads(DEMO.read_text(encoding="utf-8"))
    return {**seed, **changes}


@dataclass
class Task:
    """What one task gave."""

    status: str
    name: str
    action: str
    result: dict[str, Any]


@dataclass
class Outcome:
    """What a run of ansible-playbook left behind."""

    status: int
    stdout: str
    stderr: str
    log: str
    """The file that ``log_path`` names."""
    recorded: str
    """What a callback was given, as JSON."""
    tasks: list[Task] = field(default_factory=list)

    @property
    def everything(self) -> str:
        """All that somebody could read afterwards."""
        return "\n".join((self.stdout, self.stderr, self.log, self.recorded))

    @property
    def changed(self) -> int:
        """The number of changed tasks in the recap."""
        found = re.search(r"changed=(\d+)", self.stdout)
        assert found, self.report()
        return int(found[1])

    def of(self, module: str) -> list[Task]:
        """The tasks of one module of the collection that were not skipped."""
        action = f"{COLLECTION}.{module}" if module.startswith("dynatrace_") else module
        return [task for task in self.tasks if task.action == action and task.status != "skipped"]

    def named(self, name: str) -> Task:
        """The last task whose name ends so."""
        found = [task for task in self.tasks if task.name.endswith(name)]
        assert found, f"no task {name!r}\n{self.report()}"
        return found[-1]

    @property
    def calls(self) -> list[Task]:
        """All calls of the collection's modules."""
        return [task for task in self.tasks if task.action.startswith(f"{COLLECTION}.") and task.status != "skipped"]

    @property
    def failure(self) -> dict[str, Any]:
        """The result of the only task that failed."""
        failed = [task for task in self.tasks if task.status == "failed"]
        assert len(failed) == 1, self.report()
        return failed[0].result

    @property
    def message(self) -> str:
        """The message of the only task that failed."""
        return str(self.failure["msg"])

    @property
    def deprecations(self) -> list[str]:
        """What Ansible says is about to end, as far as it fits on its first line."""
        return re.findall(r"\[DEPRECATION WARNING\]: (.*)", self.stdout + self.stderr)

    def fine(self) -> Outcome:
        """This, when all went well."""
        assert self.status == 0, self.report()
        return self

    def failed(self) -> Outcome:
        """This, when a task failed, in an orderly way."""
        assert self.status == 2, self.report()
        assert "Traceback" not in self.everything, self.report()
        return self

    def report(self) -> str:
        """For people who look into a failure."""
        return f"ansible-playbook ended with {self.status}\n{self.stdout}\n{self.stderr}"


@dataclass(frozen=True)
class Means:
    """What makes many runs fast, for the length of a session."""

    packed: Path
    """A folder for packed modules."""
    interpreter: Path
    """A Python that has imports behind it; it looks for its socket in WARM_SOCKET."""
    socket: Path


class Lab:
    """A simulated account, its traffic checked against the OpenAPI document, and Ansible beside it."""

    def __init__(self, sim: Simulator, place: Path, means: Means, witness: Witness) -> None:
        self.sim = sim
        self.place = place
        self.means = means
        self.witness = witness

    @property
    def variables(self) -> dict[str, Any]:
        """The connection as the playbooks' variables."""
        return {
            "dynatrace_account_uuid": self.sim.account_uuid,
            "dynatrace_client_id": CLIENT,
            "dynatrace_client_secret": SECRET,
            "dynatrace_api_url": self.sim.url,
            "dynatrace_token_url": self.sim.token_url,
            "dynatrace_scim_url": f"{self.sim.url}/idm/public/scim/{self.sim.account_uuid}/v2",
            "dynatrace_scim_token": SCIM_TOKEN,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The connection as environment variables, with the ways into environments that the account has tokens for."""
        return {**{name.upper(): value for name, value in self.variables.items()}, **self.entrances}

    @property
    def entrances(self) -> dict[str, str]:
        """Tokens and URLs of environments, each as one JSON text."""
        tokens = self.environment_tokens
        urls = {name: f"{self.sim.url}/e/{name}" for name in tokens}
        found = {"DYNATRACE_ENVIRONMENT_TOKENS": tokens, "DYNATRACE_ENVIRONMENT_URLS": urls}
        return {name: json.dumps(value) for name, value in found.items() if value}

    @property
    def environment_tokens(self) -> dict[str, str]:
        """The secrets of API tokens that can be used, by environment id."""
        places = self.sim.state()["environments"]
        tokens = [(place["id"], token) for place in places for token in place.get("api_tokens", ())]
        return {name: token["secret"] for name, token in tokens if token.get("secret")}

    def play(self, *tasks: Play, **keywords: Any) -> Play:
        """A play on localhost."""
        return {"name": "Test", "hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}

    def run(
        self,
        what: str | Play | Sequence[Play],
        *options: str,
        variables: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        inventory: Path = INVENTORY,
    ) -> Outcome:
        """Run a playbook (a name) or plays, as somebody would from a shell."""
        place = Path(tempfile.mkdtemp(prefix="run-", dir=self.place))
        command = [str(BIN / "ansible-playbook"), "-i", str(inventory), *options]
        if inventory == INVENTORY:
            command += ["-e", f"ansible_python_interpreter={self.means.interpreter}"]
        if variables:
            file = place / "variables.json"
            file.write_text(json.dumps(variables), encoding="utf-8")
            command += ["-e", f"@{file}"]
        command.append(what if isinstance(what, str) else self._playbook(place, what))
        connection = self.environment if environment is None else environment
        done = subprocess.run(
            command,
            cwd=place,
            env={**settings(place, self.means), **connection},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return outcome(place, done)

    def _playbook(self, place: Path, what: Play | Sequence[Play]) -> str:
        file = place / "playbook.yml"
        plays = [what] if isinstance(what, dict) else list(what)
        file.write_text(yaml.safe_dump(plays, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return str(file)

    def untouched(self, state: Seed) -> None:
        """Nothing was written, and the account is as it was."""
        assert self.sim.writes == []
        assert self.sim.state() == state


def settings(place: Path, means: Means) -> dict[str, str]:
    """The environment of a run: nothing of the caller's Ansible, all files of its own but for the packed modules."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        **({"ANSIBLE_COLLECTIONS_PATH": str(ROOT.parents[2])} if PLACED else {}),
        "HOME": str(place),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_HOME": str(place / "ansible"),
        "ANSIBLE_ASYNC_DIR": str(place / "async"),
        "ANSIBLE_LOG_PATH": str(place / "ansible.log"),
        "ANSIBLE_ROLES_PATH": str(HERE / "targets"),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "record,packed",
        "ANSIBLE_NOCOLOR": "1",
        # fewer processes for each task
        "ANSIBLE_PIPELINING": "1",
        "PACKED_MODULES": str(means.packed),
        "PYTHONPATH": str(HERE / "python"),  # compiled once for all runs
        "RECORD_FILE": str(place / "record.jsonl"),
        "WARM_SOCKET": str(means.socket),
    }


def outcome(place: Path, done: subprocess.CompletedProcess[str]) -> Outcome:
    """What a run left behind."""
    log, record = place / "ansible.log", place / "record.jsonl"
    recorded = record.read_text(encoding="utf-8") if record.exists() else ""
    return Outcome(
        status=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        log=log.read_text(encoding="utf-8") if log.exists() else "",
        recorded=recorded,
        tasks=[Task(**json.loads(line)) for line in recorded.splitlines()],
    )


class Witness(Checker):
    """Holds the traffic against the document, and keeps the tokens that were issued."""

    def __init__(self, contract: str) -> None:
        super().__init__(contract)
        self.tokens: list[str] = []

    def __call__(self, exchange: Exchange) -> None:
        """Look at one exchange."""
        super().__call__(exchange)
        with contextlib.suppress(ValueError, KeyError, TypeError):
            self.tokens.append(json.loads(exchange.response_body)["access_token"])


@contextlib.contextmanager
def laboratory(place: Path, means: Means, contract: str, seed: Seed | None = None, **more: Any) -> Iterator[Lab]:
    """A lab whose whole traffic has to fit the contract's OpenAPI document."""
    witness = Witness(contract)
    with serve(contract, demo() if seed is None else seed, observer=witness, **more) as sim:
        yield Lab(sim, place, means, witness)
    assert witness.findings == []


def task(module: str, title: str = "Task", **options: Any) -> Play:
    """A task of one of the collection's modules."""
    return {"name": title, f"{COLLECTION}.{module}": options}
