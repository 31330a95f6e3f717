# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back for policies, boundaries, bindings and service users."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.undo import undo

from ..builders import (
    Bench,
    State,
    access,
    account,
    binds,
    bot,
    bound,
    boundary,
    person,
    pid,
    place,
    policy,
    policy_shape,
    shape,
    team,
    told,
)
from ..conftest import Start

LOGS = "ALLOW storage:logs:read;"
PARTS = ("policies", "boundaries", "service_users")


def firm() -> State:
    return account(
        [person("ada@example.com", "Shop"), bot("robot", "Shop")],
        [team("Shop"), team("Ops")],
        [place("Prod", "Web"), place("Test")],
        policies=[policy("Readers", LOGS, description="x", tags=["a"]), policy("Spare", on="test")],
        boundaries=[boundary("Shop only", 'storage:dt.security_context = "shop";'), boundary("Free", 'a:b = "c";')],
        bindings=[
            bound(pid("Readers"), "Shop", on="prod", within=["Shop only"]),
            bound(pid("Readers"), "Ops", parameters={"bucket": "x"}),
        ],
    )


def all_of(bench: Bench) -> dict[str, Any]:
    seen = bench.state()
    return {**shape(seen), **policy_shape(seen)}


def there_and_back(bench: Bench, options: State) -> list[str]:
    """Carry it out and undo it, through the module's own options; returns what is lost."""
    done = bench.run(access(**options, on_finding="warn"))
    assert done.error is None
    assert done.applied
    way = undo(done.applied, done.before)
    parts = {option: way[option] for option in PARTS if option in way}
    wish = access(users=way["users"], groups=way["groups"], **parts, on_finding="warn")
    back = bench.run(wish)
    assert back.error is None
    assert back.pending == []
    assert told(bench.run(wish).applied) == []
    lost: list[str] = way["lost"]
    return lost


def group(*parts: State, name: str = "Shop") -> State:
    return {"groups": [{"name": name, "bindings": list(parts)}]}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"policies": [{"name": "New", "statement": LOGS}]}, id="policy created"),
        pytest.param({"policies": [{"name": "New", "statement": LOGS, "environment": "Prod"}]}, id="in an environment"),
        pytest.param({"policies": [{"name": "Readers", "description": "y", "tags": []}]}, id="policy changed"),
        pytest.param({"policies": [{"name": "Readers", "new_name": "Others"}]}, id="policy renamed"),
        pytest.param({"boundaries": [{"name": "New", "query": 'a:b = "c";'}]}, id="boundary created"),
        pytest.param({"boundaries": [{"name": "Shop only", "query": 'a:b = "d";'}]}, id="boundary changed"),
        pytest.param({"service_users": [{"name": "New", "groups": {"add": ["Ops"]}}]}, id="service user created"),
        pytest.param(group(binds("Spare", on=["Test"])), id="bound"),
        pytest.param(group(binds("Readers", on=["Prod"], state="absent")), id="unbound"),
        pytest.param(group(binds("Readers", state="absent"), name="Ops"), id="unbound with parameters"),
        pytest.param(
            group(binds({"policy": "Readers", "boundaries": ["Free"]}, on=["Prod"])), id="boundaries replaced"
        ),
        pytest.param(
            {
                "policies": [{"name": "New", "statement": LOGS}],
                "boundaries": [{"name": "Bound", "query": 'storage:dt.security_context = "x";'}],
                "groups": [
                    {"name": "Fresh", "bindings": [binds({"policy": "New", "boundaries": ["Bound"]}, on=["Prod"])]},
                    {"name": "Ops", "bindings": [binds("New", on=["Prod"])]},
                ],
            },
            id="all at once",
        ),
        pytest.param(
            {
                "boundaries": [{"name": "Bound", "query": 'storage:dt.security_context = "x";'}],
                "groups": [
                    {"name": "Fresh", "bindings": [binds({"policy": "Readers", "boundaries": ["Bound"]}, on=["Prod"])]}
                ],
            },
            id="a new group within a new boundary",
        ),
    ],
)
def test_without_loss(start: Start, options: State) -> None:
    bench = start(firm())
    before = all_of(bench)
    assert there_and_back(bench, options) == []
    assert all_of(bench) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(
            {"policies": [{"name": "Readers", "state": "absent", "unbind": True}]}, "policy Readers", id="policy"
        ),
        pytest.param({"boundaries": [{"name": "Free", "state": "absent"}]}, "boundary Free", id="boundary"),
    ],
)
def test_comes_back_as_a_new_one(start: Start, options: State, words: str) -> None:
    """With all its bindings, by name."""
    bench = start(firm())
    before = all_of(bench)
    (line,) = there_and_back(bench, options)
    assert line == f"{words}: comes back as a new one with another id"
    assert all_of(bench) == before


def test_leaving_a_group_that_goes_is_idempotent(start: Start) -> None:
    """The second run finds neither the group nor anything to leave."""
    bench = start(firm())
    users = [{"email": "ada@example.com", "groups": {"remove": ["Ops"]}}]
    wish = access(groups=[{"name": "Ops", "state": "absent"}], users=users)
    assert bench.run(wish).applied
    assert bench.run(wish).applied == []


def test_protected_service_users_stay(start: Start) -> None:
    bench = start(firm())
    robot = "robot@service.sso.dynatrace.com"
    wish = access(service_users=[{"id": robot, "state": "absent"}])
    with pytest.raises(Refused, match=f"protected_users forbids .*{robot}"):
        bench.run(wish, Guards(protected_users=frozenset({robot})))
    assert bench.writes == []
    assert bench.run(wish).applied
