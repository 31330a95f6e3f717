# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SCIM modules against scim2-server, which follows the standard and knows nothing of Dynatrace."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import load_default_provider

from tests.integration.helpers import Lab, Play, Task, task

TOKEN = "a-token-of-the-foreign-server"
EVA, MAX = "eva@example.com", "max@example.com"


@dataclass
class Foreign:
    """A running server: its address and the methods of the requests that were to change something."""

    url: str = ""
    writes: list[str] = field(default_factory=list)
    patches: bool = True
    """Whether it takes PATCH."""


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    """A server on loopback, empty, with a bearer token."""
    served = Foreign()
    application = BearerTokenApplication(InMemoryStorage(), load_default_provider(), bearer_tokens=[TOKEN])

    def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET":
            served.writes.append(method)
        if method == "PATCH" and not served.patches:
            environ["CONTENT_LENGTH"] and environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return [b""]
        return application(environ, start_response)

    with make_server("127.0.0.1", 0, watched, ThreadingWSGIServer, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        served.url = f"http://127.0.0.1:{server.server_port}/v2"
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def user(**options: Any) -> Play:
    """A task about Eva."""
    return task("dynatrace_scim_user", user_name=EVA, **options)


def group(name: str, **options: Any) -> Play:
    """A task about a group."""
    return task("dynatrace_scim_group", name=name, **options)


STEPS: list[tuple[Play, dict[str, Any] | None, list[str]]] = [
    (user(given_name="Eva", family_name="Neu", external_id="7"), {"active": True, "family_name": "Neu"}, ["POST"]),
    (user(given_name="Evi"), {"given_name": "Evi", "family_name": "Neu", "external_id": "7"}, ["PATCH"]),
    (user(active=False, update_method="patch"), {"active": False}, ["PATCH"]),
    (user(active=True, given_name="Eva", update_method="patch_without_path"), {"family_name": "Neu"}, ["PATCH"]),
    (user(active=False, update_method="replace"), {"active": False, "given_name": "Eva"}, ["PUT"]),
    (group("Shop", members={"add": [EVA.upper()]}), {"name": "Shop", "members": [EVA]}, ["POST"]),
    (
        group("Shop", new_name="Store", members={"set": [MAX]}),
        {"name": "Store", "members": [MAX]},
        ["PATCH", "PATCH", "PATCH"],
    ),
    (group("Store", members={"remove": [MAX]}), {"name": "Store", "members": []}, ["PATCH"]),
    (group("Store", state="absent"), None, ["DELETE"]),
    (user(state="absent"), None, ["DELETE"]),
]
INFO = task("dynatrace_scim_info")


def run(lab: Lab, foreign: Foreign, *tasks: Play) -> list[Task]:
    """Run tasks; nothing of an account at Dynatrace is given."""
    connection = {"DYNATRACE_SCIM_URL": f" {foreign.url} ", "DYNATRACE_SCIM_TOKEN": TOKEN}
    return lab.run(lab.play(*tasks), "--diff", environment=connection).fine().calls


def test_check_run_read_back_run_again(published: Lab, foreign: Foreign) -> None:
    """Each step is predicted without a write, done as predicted, shown by the server, and then nothing is left."""
    tasks = [task("dynatrace_scim_user", user_name=MAX)]
    for step, _after, _writes in STEPS:
        tasks += [{**step, "check_mode": True}, step, INFO, step]
    first, *done = (each.result for each in run(published, foreign, *tasks))
    assert first["changed"]
    writes = ["POST"]
    for number, (step, after, expected) in enumerate(STEPS):
        preview, result, shown, again = done[4 * number : 4 * number + 4]
        kind = "groups" if "dynatrace_scim_group" in str(step) else "users"
        made = result["scim_" + kind.removesuffix("s")]
        assert (preview["changed"], preview["stats"]["writes"]) == (True, 0)
        assert (preview["plan_id"], preview["diff"]) == (result["plan_id"], result["diff"])
        assert (again["changed"], again["stats"]["writes"]) == (False, 0)
        assert result["stats"]["writes"] == len(expected)
        writes += expected
        if after is None:
            assert made is None
            assert [each for each in shown[kind] if MAX not in each.values()] == []
        else:
            assert after.items() <= made.items()
            assert made in shown[kind]
    assert foreign.writes == writes
    assert published.sim.requests == []


def test_a_server_that_takes_no_patch(published: Lab, foreign: Foreign) -> None:
    """By auto the module comes to the whole user in the end."""
    foreign.patches = False
    done = run(published, foreign, user(given_name="Eva"), user(active=False), INFO, user(active=False))
    assert foreign.writes == ["POST", "PATCH", "PATCH", "PUT"]
    assert done[2].result["users"] == [done[1].result["scim_user"]]
    assert (done[1].result["scim_user"]["active"], done[3].result["changed"]) == (False, False)


def test_what_the_server_says_of_itself(published: Lab, foreign: Foreign) -> None:
    """Discovery, filters and names."""
    tasks = [
        task("dynatrace_scim_user", user_name=EVA, given_name="Eva"),
        task("dynatrace_scim_user", user_name=MAX),
        task("dynatrace_scim_info", include=["service_provider_config", "schemas", "resource_types"]),
        task("dynatrace_scim_info", user_filter='name.givenName eq "Eva"'),
        task("dynatrace_scim_info", user_names=[MAX.upper(), "nobody@example.com"], group_names=["Nothing"]),
    ]
    config, eva, some = (each.result for each in run(published, foreign, *tasks)[2:])
    assert config["service_provider_config"]["patch"]["supported"] is True
    assert {each["name"] for each in config["resource_types"]} >= {"User", "Group"}
    assert config["schemas"]
    assert "users" not in config
    assert [each["user_name"] for each in eva["users"]] == [EVA]
    assert [each["user_name"] for each in some["users"]] == [MAX]
    assert some["groups"] == []
