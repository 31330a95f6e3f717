# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook from this checkout against a simulator, the same way on every machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.simulator.server import Simulator
from tests.tools.tree import ROOT

COMMAND = "ansible-playbook"
# What somebody has set for the work with a real account must not reach a rehearsal, secrets least of all.
FOREIGN = ("ANSIBLE_", "DYNATRACE_")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CHANGED = re.compile(r"\bchanged=(\d+)")


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    exit_code: int
    output: str
    """Without colours."""
    seconds: float

    @property
    def changed(self) -> int:
        """The number of changed tasks, as the recap says; -1 when there is no recap."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        counts = CHANGED.findall(recap)
        return sum(map(int, counts)) if counts else -1


class Reachable(Protocol):
    """A simulator, wherever it runs."""

    @property
    def url(self) -> str:
        """Where the account API is."""

    @property
    def token_url(self) -> str:
        """Where tokens are issued."""

    @property
    def account_uuid(self) -> str:
        """The id of the account."""


def environment(simulator: Reachable, home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a run: the connection to the simulator, this checkout's collection, nobody's own settings.

    ``home`` takes Ansible's files, an empty configuration among them; ``settings`` are added.
    """
    configuration = home / "ansible.cfg"
    configuration.touch()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    if kept.get("LC_ALL") in ("C", "POSIX"):
        kept["LC_ALL"] = "C.UTF-8"  # Ansible insists on UTF-8
    tools = Path(sys.executable).parent
    return {
        **kept,
        **without_proxy(),
        **connection(simulator),
        "PATH": os.pathsep.join([str(tools), kept.get("PATH", "")]),
        "ANSIBLE_CONFIG": str(configuration),
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_REMOTE_TMP": str(home / "tmp"),
        "ANSIBLE_COLLECTIONS_PATH": sysconfig.get_path("purelib"),
        "ANSIBLE_DEPRECATION_WARNINGS": "false",
        "ANSIBLE_NOCOWS": "true",
        **settings,
    }


def without_proxy() -> dict[str, str]:
    """Variables that keep requests to the simulator off a proxy."""
    return dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")


def connection(simulator: Reachable) -> dict[str, str]:
    """The variables that point the collection to a simulator. Any client will do there."""
    return {
        "DYNATRACE_API_URL": simulator.url,
        "DYNATRACE_TOKEN_URL": simulator.token_url,
        "DYNATRACE_ACCOUNT_UUID": simulator.account_uuid,
        "DYNATRACE_CLIENT_ID": "simulated-client",
        "DYNATRACE_CLIENT_SECRET": "simulated-secret",
    }


def entrances(simulator: Simulator) -> dict[str, str]:
    """The variables for SCIM and for the environments that the account has usable tokens of."""
    state = simulator.state()
    places = {place["id"]: place.get("api_tokens", ()) for place in state["environments"]}
    tokens = {name: each["secret"] for name, made in places.items() for each in made if each.get("secret")}
    scim = [each["token"] for each in state["scim"]["tokens"] if "environment" not in each]
    found = {"DYNATRACE_SCIM_TOKEN": scim[0]} if scim else {}
    if tokens:
        urls = {name: f"{simulator.url}/e/{name}" for name in tokens}
        found |= {"DYNATRACE_ENVIRONMENT_TOKENS": json.dumps(tokens), "DYNATRACE_ENVIRONMENT_URLS": json.dumps(urls)}
    return {**found, "DYNATRACE_SCIM_URL": f"{simulator.url}/idm/public/scim/{simulator.account_uuid}/v2"}


def play(arguments: Sequence[str], variables: Mapping[str, str], echo: Callable[[str], object]) -> Outcome:
    """Run ansible-playbook in the root of the checkout; ``echo`` gets each line of its output at once."""
    program = Path(sys.executable).with_name(COMMAND)
    if not program.exists():
        raise FileNotFoundError(f"{COMMAND} is missing beside this Python: run make setup")
    started = time.perf_counter()
    lines = []
    with subprocess.Popen(
        [str(program), *arguments],
        cwd=ROOT,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            echo(line)
            lines.append(COLOUR.sub("", line))
    return Outcome(process.returncode, "".join(lines), time.perf_counter() - started)
