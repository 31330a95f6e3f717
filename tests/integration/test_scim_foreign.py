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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.plan import ScimPart
from tests.integration.helpers import Lab, Play, task
from tests.unit.builders import account, bench
from tests.unit.scim import wanted_scim_user

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
GROUP_MADE = 6
"""So many steps, and there is a group."""
INFO = task("dynatrace_scim_info")
ASKED = [
    task("dynatrace_scim_info", include=["service_provider_config", "schemas", "resource_types"]),
    task("dynatrace_scim_info", user_filter='name.givenName eq "Eva"'),
    task("dynatrace_scim_info", user_names=[MAX.upper(), "nobody@example.com"], group_names=["Nothing"]),
]


def check_step(results: list[dict[str, Any]], after: dict[str, Any] | None, writes: list[str]) -> None:
    """A step is predicted without a write, done as predicted, and then nothing is left: what is read again is what was
    made."""
    preview, result, again = results
    kind = "scim_group" if "scim_group" in result else "scim_user"
    assert (preview["changed"], preview["stats"]["writes"]) == (True, 0)
    assert (preview["plan_id"], preview["diff"]) == (result["plan_id"], result["diff"])
    assert (again["changed"], again["stats"]["writes"]) == (False, 0)
    assert result["stats"]["writes"] == len(writes)
    assert again[kind] == result[kind]
    assert result[kind] is None if after is None else after.items() <= result[kind].items()


def test_check_run_read_back_run_again(published: Lab, foreign: Foreign) -> None:
    """All that the modules do, step by step, with a look at the server once there is a group, and in the end."""
    steps = [each for step, _after, _writes in STEPS for each in ({**step, "check_mode": True}, step, step)]
    made = 1 + 3 * GROUP_MADE
    tasks = [task("dynatrace_scim_user", user_name=MAX), *steps]
    play = published.play(*tasks[:made], INFO, *ASKED, *tasks[made:], INFO)
    connection = {"DYNATRACE_SCIM_URL": f" {foreign.url} ", "DYNATRACE_SCIM_TOKEN": TOKEN}
    done = [each.result for each in published.run(play, "--diff", environment=connection).fine().calls]
    shown, config, eva, some = done[made : made + 4]
    (first, *results), end = [*done[:made], *done[made + 4 : -1]], done[-1]
    assert first["changed"]
    for number, (_step, after, writes) in enumerate(STEPS):
        check_step(results[3 * number : 3 * number + 3], after, writes)
    assert foreign.writes == ["POST", *(verb for _step, _after, writes in STEPS for verb in writes)]
    assert published.sim.requests == []

    assert [each["user_name"] for each in shown["users"]] == [EVA, MAX]
    assert shown["users"][0] == results[3 * GROUP_MADE - 4]["scim_user"]
    assert shown["groups"] == [results[-1 + 3 * GROUP_MADE]["scim_group"]]
    assert [each["user_name"] for each in end["users"]] == [MAX]
    assert end["groups"] == []

    assert config["service_provider_config"]["patch"]["supported"] is True
    assert {each["name"] for each in config["resource_types"]} >= {"User", "Group"}
    assert config["schemas"]
    assert "users" not in config
    assert [each["user_name"] for each in eva["users"]] == [EVA]
    assert [each["user_name"] for each in some["users"]] == [MAX]
    assert some["groups"] == []


def test_a_server_that_takes_no_patch(foreign: Foreign) -> None:
    """By auto it comes to the whole user in the end; the next run finds nothing to do."""
    foreign.patches = False
    with bench("published", account([], [])) as made:
        made.more = {"scim_url": foreign.url, "scim_token": TOKEN}
        for wish in ({"given_name": "Eva"}, {"active": False}, {"active": False}):
            done = made.run(Desired(parts=(ScimPart(users=(wanted_scim_user(EVA, **wish),)),)))
            assert done.error is None
        assert not done.plan.changes
        with made.client() as client:
            (eva,) = client.scim.users()
        assert made.sim.requests == []
    assert (eva.user_name, eva.given_name, eva.active) == (EVA, "Eva", False)
    assert foreign.writes == ["POST", "PATCH", "PATCH", "PUT"]
