# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping, many at once, large accounts, and the command."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulator.__main__ import on_day
from tests.simulator.server import serve
from tests.unit.simulator.helpers import group, running, seed, user

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "tests.simulator"]


def best(times: int, work: Any) -> float:
    """The shortest of some runs, in this process's own time, so that other load doesn't count."""
    durations = []
    for _turn in range(times):
        start = time.process_time()
        work()
        durations.append(time.process_time() - start)
    return min(durations)


def threads() -> int:
    """The simulators that run in this process."""
    return len([thread for thread in threading.enumerate() if thread.name == "simulator"])


def large() -> dict[str, Any]:
    """10,000 users, 500 groups, 30,000 memberships."""
    dice = random.Random(1)
    state = seed()
    state["groups"] = [group(f"g-{n}") for n in range(500)]
    names = [item["uuid"] for item in state["groups"]]
    state["users"] = [user(f"u{n}", f"p{n}@example.com", *dice.sample(names, 3)) for n in range(10_000)]
    return state


def test_starting_and_stopping_is_quick() -> None:
    def once() -> None:
        with serve() as sim, requests.Session() as session:
            session.get(f"{sim.url}/_simulator/requests", timeout=5)

    assert best(3, once) < 0.3


def test_many_run_at_once() -> None:
    with ExitStack() as stack:
        apis = [stack.enter_context(running(contract)) for contract in ("published", "guide") * 5]
        assert len({api.sim.url for api in apis}) == 10
        apis[0].call("POST", "users", {"email": "n@example.com"})
        assert [len(api.sim.state()["users"]) for api in apis] == [6] + [5] * 9


def test_nothing_is_left_when_it_ends() -> None:
    with serve() as sim:
        port = sim.port
        assert threads() == 1
    assert threads() == 0
    with socket.socket() as sock:
        assert sock.connect_ex(("127.0.0.1", port)) != 0


def test_it_ends_while_somebody_waits() -> None:
    waiting: list[BaseException] = []

    def wait(url: str) -> None:
        try:
            requests.get(url, timeout=30)
        except requests.ConnectionError as problem:
            waiting.append(problem)

    with serve(latency_ms=60_000) as sim:
        thread = threading.Thread(target=wait, args=(sim.url + "/slow",))
        thread.start()
        time.sleep(0.1)
        start = time.monotonic()
    thread.join(5)
    assert time.monotonic() - start < 2
    assert len(waiting) == 1


@pytest.mark.parametrize(("contract", "one"), [("published", "users/p77@example.com"), ("guide", "users/u77")])
def test_a_large_account_stays_quick(contract: str, one: str) -> None:
    with serve(contract, large()) as sim, requests.Session() as session:
        form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}
        token = session.post(sim.token_url, data=form, timeout=5).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        base = f"{sim.url}/iam/v1/accounts/{sim.account_uuid}/"
        limits = {"users": 0.3, "users?pageSize=500": 0.3, "groups": 0.3, one: 0.05}
        for path, limit in limits.items():
            if "pageSize" in path and contract == "published":
                continue
            assert session.get(base + path, timeout=5).status_code == 200
            assert best(3, lambda path=path: session.get(base + path, timeout=5)) < limit, path


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """The command, running, and its first line."""
    process = subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def stop(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """End the command and give its exit status."""
    process.send_signal(number)
    status = process.wait(10)
    if process.stdout is not None:
        process.stdout.close()
    return status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_it_listens(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed()), encoding="utf-8")
    process, line = start("--port", "0", "--contract", "guide", "--seed", str(path), "--rate-limit", "5")
    try:
        label, _space, url = line.rpartition(" ")
        assert label == "Simulator (guide) on"
        assert url.startswith("http://127.0.0.1:")
        assert requests.get(f"{url}/_simulator/state", timeout=5).json()["account_name"] == "Test"
    finally:
        status = stop(process, number)
    assert status in (0, -number)


def test_the_command_lives_on_the_day_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed(token_lifetime=7, today="2026-01-01")), encoding="utf-8")
    process, line = start("--port", "0", "--seed", str(path), "--today", "2027-01-11")
    try:
        options = requests.get(line.rpartition(" ")[2] + "/_simulator/state", timeout=5).json()["options"]
    finally:
        stop(process, signal.SIGTERM)
    assert (options["today"], options["token_lifetime"]) == ("2027-01-11", 7)


def test_a_day_goes_with_the_small_account_too() -> None:
    assert on_day(None, None) is None
    made = on_day(None, "2027-01-11")
    assert made is not None
    assert made["options"] == {"today": "2027-01-11"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--contract", "scim"], "invalid choice"),
        (["--port", "99999"], "invalid port"),
        (["--rate-limit", "0"], "invalid positive"),
        (["--latency-ms", "-1"], "invalid delay"),
        (["--seed", "/nonexistent.json"], "/nonexistent.json"),
        (["--today", "tomorrow", "--port", "0"], "today must be a day"),
        (["--seed", "galaxy.yml", "--port", "0"], "Expecting value"),
    ],
)
def test_the_command_refuses_what_it_can_not_do(arguments: list[str], text: str) -> None:
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_an_error_without_a_traceback() -> None:
    with serve() as sim:
        done = subprocess.run(
            [*COMMAND, "--port", str(sim.port)], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
        )
    assert done.returncode == 2
    assert "in use" in done.stderr


def test_help_names_the_variables_and_routes() -> None:
    done = subprocess.run([*COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    for word in ("DYNATRACE_API_URL", "/_simulator/faults", "--rate-limit", "--today", "published"):
        assert word in done.stdout
