# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source in processes that are killed, and its rulebooks in the real ansible-rulebook."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.integration.helpers import BIN, HERE, INVENTORY, PATIENCE, ROOT, SECRET, Lab, Seed, demo, settings

SOURCE = ROOT / "extensions/eda/plugins/event_source/account_changes.py"
RULEBOOKS = ROOT / "extensions/eda/rulebooks"
HOSTILE = "{{ lookup('pipe', 'touch owned') }}"
ADMINS = "Account Admins"


def group_of(state: Seed, name: str) -> dict[str, Any]:
    """A group by its name."""
    return next(group for group in state["groups"] if group["name"] == name)


# --- killed


def worlds() -> list[Seed]:
    """What the account goes through: each world differs from the one before by a few facts."""
    found = [demo()]

    def then(change: Callable[[Seed], Any]) -> None:
        state = json.loads(json.dumps(found[-1]))
        change(state)
        found.append(state)

    then(lambda state: state["users"][3].update(status="INACTIVE"))
    then(lambda state: (state["users"].pop(5), group_of(state, ADMINS).update(name=HOSTILE)))
    then(lambda state: None)
    then(lambda state: group_of(state, HOSTILE)["permissions"].pop())
    then(lambda state: state["users"][3]["groups"].append(group_of(state, HOSTILE)["uuid"]))
    return found


def lives(lab: Lab, folder: Path, *steps: int) -> tuple[list[dict[str, Any]], int]:
    """Run the source to the end of the worlds, killed at these steps of its lives; its events, and how many lives."""
    folder.mkdir()
    for number, world in enumerate(worlds()):
        (folder / f"{number}.json").write_text(json.dumps(world), encoding="utf-8")
    lab.sim.load(worlds()[0])
    args = {"state_dir": str(folder / "state"), "rate_limit": 100_000}
    state_url = f"{lab.sim.url}/_simulator/state"
    ends = []
    for step in (*steps, 10_000):
        command = [sys.executable, str(HERE / "python/event_engine.py"), str(SOURCE), json.dumps(args)]
        done = subprocess.run(
            [*command, str(folder), state_url, str(step)],
            env={**settings(folder, lab.means), **lab.environment, "DYNATRACE_API_CONTRACT": lab.sim.contract},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        assert SECRET not in done.stderr + done.stdout
        ends.append(done.returncode)
        if done.returncode == 0:
            break
    lines = (folder / "events").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], len(ends)


def content(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what differs from life to life."""
    return {key: value for key, value in event["account_changes"].items() if key != "seen_at"}


def test_killed_and_started_again(published: Lab, tmp_path: Path) -> None:
    """By SIGKILL, at writes and while handing over: nothing is lost, and what comes twice has the same id."""
    quiet, once = lives(published, tmp_path / "quiet")
    assert once == 1
    assert [event["account_changes"]["kind"] for event in quiet][:1] == ["deactivated"]
    assert {"left", "deleted", "group_renamed", "permission_lost", "joined"} <= {
        content(each)["kind"] for each in quiet
    }
    killed, often = lives(published, tmp_path / "killed", 2, 9, 5, 10, 13, 18, 11)
    assert often >= 6
    first = {event["meta"]["uuid"]: event for event in reversed(killed)}
    kept = [event for number, event in enumerate(killed) if event not in killed[:number]]
    assert [content(event) for event in kept] == [content(event) for event in quiet]
    assert len(first) == len(kept)
    assert len(killed) - len(kept) < often
    assert "owned" in json.dumps(killed)
    assert "{{" not in json.dumps([event["account_changes"] for event in killed])


def test_wherever_the_collection_lies(tmp_path: Path) -> None:
    """A source finds the code beside it, in a folder that Python doesn't know and that has another name."""
    for part in ("plugins/module_utils", "extensions/eda"):
        shutil.copytree(ROOT / part, tmp_path / "checkout" / part, ignore=shutil.ignore_patterns("__pycache__"))
    plugin = tmp_path / "checkout/extensions/eda/plugins/event_source/account_changes.py"
    code = (
        "import asyncio, runpy, sys; asyncio.run(runpy.run_path(sys.argv[1])['main'](asyncio.Queue(), {'stat_dir': 1}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(plugin)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.stderr.rstrip().endswith('InvalidInput: "stat_dir" isn\'t known; state_dir is.'), done.stderr
    assert str(tmp_path / "checkout/plugins") in done.stderr


# --- in ansible-rulebook


class Rulebook:
    """A running ansible-rulebook."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def output(self) -> str:
        """All that it has printed."""
        return self._output.read_text(encoding="utf-8")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so; fail when it ends before."""
        limit = time.monotonic() + 100
        while not condition():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < limit, self.output
            time.sleep(0.05)

    def end(self, how: signal.Signals) -> None:
        """It and all that it started."""
        os.killpg(self.process.pid, how)
        self.process.wait(PATIENCE)


@contextmanager
def running(lab: Lab, folder: Path, rulebook: str, *options: str) -> Iterator[Rulebook]:
    """ansible-rulebook with a connection from the environment, polling once a second."""
    variables = {
        "dynatrace_events_dir": str(folder / "state"),
        "dynatrace_events_interval": 1,
        "dynatrace_export_dir": str(folder / "export"),
        "drools_db_file_path": str(folder / "engine"),
    }
    (folder / "variables.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
    made = settings(folder, lab.means)
    with (folder / "output").open("a", encoding="utf-8") as output:
        command = [str(BIN / "ansible-rulebook"), "-r", rulebook, "-i", str(INVENTORY)]
        process = subprocess.Popen(
            [*command, "-e", str(folder / "variables.yml"), *options],
            cwd=folder,
            env={**made, **lab.environment, "PATH": f"{BIN}{os.pathsep}{made['PATH']}"},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        found = Rulebook(process, folder / "output")
        try:
            yield found
        finally:
            if process.poll() is None:
                found.end(signal.SIGKILL)


def test_a_rulebook_is_found_by_its_name(published: Lab, tmp_path: Path) -> None:
    """As the guide calls it; and what is wrong with its variables is a sentence, before the first request."""
    with running(published, tmp_path, "identityops.dynatrace.leaver") as rulebook:
        assert rulebook.process.wait(PATIENCE) == 1
    found = re.search("Loading rulebook from (.*)", rulebook.output)
    assert found
    assert Path(found[1]).resolve() == (RULEBOOKS / "leaver.yml").resolve()
    assert "InvalidInput: An interval of 1 s leaves 1 requests for a poll" in rulebook.output
    assert SECRET not in rulebook.output
    assert published.sim.requests == []


def test_the_rulebooks_run_our_playbooks(published: Lab, tmp_path: Path) -> None:
    """All three at once: a leaver, a joiner without access, a new administrator of a group with a nasty name."""
    state = demo()
    group_of(state, ADMINS)["name"] = HOSTILE
    person = {"uid": "b5", "email": "zoe.quist@example.com", "name": "Zoe", "surname": "Quist", "groups": []}
    state["users"].append({**person, "status": "PENDING"})
    published.sim.load(state)
    published.run(
        "identityops.dynatrace.export", variables={**published.variables, "export_dir": str(tmp_path / "export")}
    )
    names = ("leaver", "joiner", "guard")
    together = [ruleset for name in names for ruleset in yaml.safe_load((RULEBOOKS / f"{name}.yml").read_text("utf-8"))]
    for ruleset in together:
        # a poll a second that reads the whole account
        ruleset["sources"][0]["identityops.dynatrace.account_changes"]["rate_limit"] = 10_000
    (tmp_path / "all.yml").write_text(yaml.safe_dump(together), encoding="utf-8")
    with running(published, tmp_path, str(tmp_path / "all.yml"), "--print-events") as rulebook:
        rulebook.until(lambda: all((tmp_path / "state" / name / "known.json").exists() for name in names))
        state["users"][3]["status"] = "INACTIVE"
        state["users"][4]["groups"].append(group_of(state, HOSTILE)["uuid"])
        state["users"][-1]["status"] = "ACTIVE"
        published.sim.load(state)
        for said in (
            "orphaned_tokens_result.report",
            "Would log in to a blank screen: zoe.quist@example.com",
            f"{state['users'][4]['email']} was added",
            "'administers': True",
        ):
            rulebook.until(lambda said=said: said in rulebook.output)
        rulebook.end(signal.SIGTERM)
        output = rulebook.output
    assert not list(tmp_path.rglob("owned"))
    assert published.sim.writes == []
    assert SECRET not in output
    assert all(token not in output for token in published.witness.tokens)


CONFIRMED = """
- name: People leave, and each is acted upon
  hosts: localhost
  sources:
    - name: account
      identityops.dynatrace.account_changes:
        state_dir: "{{ dynatrace_events_dir }}"
        interval: "{{ dynatrace_events_interval }}"
        include: [deactivated]
        rate_limit: 10000
        feedback: true
  rules:
    - name: Look for their tokens
      condition: event.account_changes.kind == "deactivated"
      action:
        run_playbook:
          name: identityops.dynatrace.orphaned_tokens
          extra_vars:
            orphaned_tokens_plan_file: "{{ dynatrace_events_dir }}/{{ event.meta.uuid }}.plan"
"""


def test_ansible_rulebook_killed_in_the_middle(published: Lab, tmp_path: Path) -> None:
    """With feedback and a database: what it had taken is carried out, what it hadn't is told, nothing twice."""
    (tmp_path / "confirmed.yml").write_text(CONFIRMED, encoding="utf-8")
    options = ("--persistence-id", "1b0f5f7e-8c5d-4a35-9d0c-3f6b9f0e2a11", "--id", "1", "--print-events")
    folder, state = tmp_path / "state", demo()

    def deactivate(*numbers: int) -> None:
        for number in numbers:
            state["users"][number]["status"] = "INACTIVE"
        published.sim.load(state)

    with running(published, tmp_path, str(tmp_path / "confirmed.yml"), *options) as rulebook:
        rulebook.until((folder / "known.json").exists)
        deactivate(3, 4)
        rulebook.until(lambda: list(folder.glob("*.plan")))
        rulebook.end(signal.SIGKILL)
    deactivate(7)
    with running(published, tmp_path, str(tmp_path / "confirmed.yml"), *options) as rulebook:
        rulebook.until(lambda: rulebook.output.count("PLAY RECAP") >= 3)
        rulebook.end(signal.SIGTERM)
        output = rulebook.output
    people = {state["users"][number]["email"] for number in (3, 4, 7)}
    ids = dict(re.findall(r"'email': '([^']+)'.*?'uuid': '([^']+)'", output, re.DOTALL))
    assert ids.keys() == people
    assert {path.stem for path in folder.glob("*.plan")} == set(ids.values())
    assert output.count("PLAY [Find") <= 4
    assert published.sim.writes == []
