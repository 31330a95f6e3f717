# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies groups have, and where, through whole runs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds

from ..builders import (
    ACCOUNT,
    Bench,
    State,
    account,
    bid,
    binds,
    bound,
    boundary,
    desired,
    gid,
    grant,
    pid,
    place,
    policy,
    ready_made,
    settle,
    team,
    told,
    wanted_bindings,
    wanted_boundary,
    wanted_group,
    wanted_policy,
)
from ..conftest import Start

LOGS, SPANS = ready_made("Read Logs"), ready_made("Read Spans")
TEAMS = [f"T{number:03}" for number in range(150)]
BUCKETS = policy("Buckets", 'ALLOW storage:buckets:read WHERE storage:bucket-name = "${bindParam:bucket}";')
PLAIN = policy("Plain")
BOUNDS = [boundary("A", 'storage:bucket-name = "a";'), boundary("B", 'storage:bucket-name = "b";')]
PLACES = [place("Prod"), place("Test"), {**place("Old"), "active": False}]
REPO = "/iam/v1/repo"
HERE = f"{REPO}/account/{ACCOUNT}/bindings"


def house(*bindings: State, groups: Any = ("Art", "Ops"), **more: Any) -> State:
    """Some groups, a few policies and boundaries, and what is bound."""
    found: State = {"policies": [BUCKETS, PLAIN], "boundaries": BOUNDS, **more}
    return account((), [team(name) for name in groups], PLACES, bindings, **found)


def refused(made: Bench, words: str, *wishes: Any, kind: type[Exception] = Refused, **more: Any) -> None:
    """A task that is refused, before anything is written."""
    with pytest.raises(kind, match=words):
        made.run(desired(*wishes), **more)
    assert made.writes == []


class TestStates:
    def test_present_adds_and_keeps(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", "Ops")))
        found = settle(made, wanted_bindings("Art", binds("Read Logs", "Read Spans", "Plain")))
        assert found.changes == [
            "add binding Art: Plain on the account",
            "add binding Art: Read Logs on the account",
        ]
        assert sorted(found.writes) == sorted(f"POST {HERE}/{each}/{gid('Art')}" for each in (LOGS, pid("Plain")))

    def test_absent_takes_what_is_there(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", "Ops")))
        found = settle(made, wanted_bindings("Art", binds("Read Logs", "Read Spans", state="absent")))
        assert found.changes == ["remove binding Art: Read Spans on the account"]
        assert found.writes == [f"DELETE {HERE}/{SPANS}/{gid('Art')}"]

    def test_exact_takes_what_is_not_named(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", "Ops"), bound(SPANS, "Art", on="prod"), bound(LOGS, "Ops")))
        found = settle(made, wanted_bindings("Art", binds("Read Logs", state="exact")))
        assert found.changes == [
            "add binding Art: Read Logs on the account",
            "remove binding Art: Read Spans on the account",
        ]
        assert [line.split()[0] for line in found.writes] == ["POST", "DELETE"]

    def test_exactly_none(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", "Ops", on="prod")))
        found = settle(made, wanted_bindings("Art", binds(on=["Prod"], state="exact")))
        assert found.changes == ["remove binding Art: Read Spans on environment Prod"]

    @pytest.mark.parametrize("mechanism", ["auto", "policy"])
    def test_exact_leaves_what_permissions_give(self, start: Start, mechanism: str) -> None:
        """Else one run would give it, and the next one take it away."""
        made = start(house(bound(SPANS, "Art", on="prod")))
        parts = [grant("viewer", "logviewer", on=["Prod"], mechanism=mechanism)]
        found = settle(made, wanted_group("Art", permissions=parts, bindings=[binds(on=["Prod"], state="exact")]))
        assert found.changes == [
            "add binding Art: Environment role - Access environment on environment Prod",
            "add binding Art: Environment role - View logs on environment Prod",
            "remove binding Art: Read Spans on environment Prod",
        ]
        role = grant("viewer", on=["Prod"])
        found = settle(made, wanted_group("Art", permissions=[role], bindings=[binds(on=["Prod"], state="exact")]))
        assert [line.split()[0] for line in found.changes] == ["add", "remove", "remove"]

    def test_at_several_levels(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", on="prod")))
        found = settle(
            made, wanted_bindings("Art", binds("Read Spans", on=["Prod", "test"]), binds("Read Logs", state="exact"))
        )
        assert found.changes == [
            "add binding Art: Read Logs on the account",
            "add binding Art: Read Spans on environment Test",
        ]

    def test_an_inactive_environment_is_skipped(self, start: Start) -> None:
        made = start(house())
        found = settle(made, wanted_bindings("Art", binds("Read Spans", on=["Prod", "Old"])))
        assert found.changes == ["add binding Art: Read Spans on environment Prod"]
        assert found.warnings == [
            "The policies of environment Old stay as they are: it is not active, so the service lets nobody change"
            " them."
        ]

    @pytest.mark.parametrize("second", [binds("Read Spans", state="absent"), binds(SPANS, state="absent")])
    def test_contradictions(self, start: Start, second: State) -> None:
        made = start(house(bound(SPANS, "Art")))
        wish = wanted_bindings("Art", binds("Read Spans"), second)
        refused(made, "both to have and not to have: Art: Read Spans on the account", wish, kind=InvalidInput)

    def test_twice_with_other_boundaries(self, start: Start) -> None:
        entries = [{"policy": "Read Logs", "boundaries": [name]} for name in "AB"]
        refused(
            start(house()),
            "names twice, with different boundaries",
            wanted_bindings("Art", *map(binds, entries)),
            kind=InvalidInput,
        )

    def test_a_new_group_and_a_renamed_one(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art")))
        parts = [binds("Read Logs", on=["Prod"])]
        found = settle(
            made,
            wanted_group("New", bindings=parts),
            wanted_group("Art", new_name="Arts", bindings=[*parts, binds(state="exact")]),
        )
        assert found.changes == [
            "create group New",
            "add binding Arts: Read Logs on environment Prod",
            "add binding New: Read Logs on environment Prod",
            "update group Art",
            "remove binding Arts: Read Spans on the account",
        ]
        assert len([line for line in found.writes if line.startswith("POST /")]) == 1


class TestParameters:
    def test_the_same_policy_twice(self, start: Start) -> None:
        made = start(house(bound(pid("Buckets"), "Art", parameters={"bucket": "a"})))
        entry = {"policy": "Buckets", "parameters": {"bucket": "b"}, "metadata": {"by": "us"}}
        found = settle(made, wanted_bindings("Art", binds(entry)))
        assert found.changes == ["add binding Art: Buckets on the account (bucket=b, by=us)"]
        assert len(made.state().bindings["account", ACCOUNT] or ()) == 2

    def test_one_of_them_goes(self, start: Start) -> None:
        bindings = [bound(pid("Buckets"), "Art", parameters={"bucket": each}) for each in "abc"]
        made = start(house(*bindings))
        found = settle(
            made, wanted_bindings("Art", binds({"policy": "Buckets", "parameters": {"bucket": "b"}}, state="absent"))
        )
        assert found.changes == ["remove binding Art: Buckets on the account (bucket=b)"]

    def test_all_of_them_go(self, start: Start) -> None:
        bindings = [bound(pid("Buckets"), "Art", parameters={"bucket": each}) for each in "ab"]
        found = settle(start(house(*bindings)), wanted_bindings("Art", binds("Buckets", state="absent")))
        assert len(found.changes) == 2

    def test_the_boundaries_of_one_of_them(self, start: Start) -> None:
        bindings = [bound(pid("Buckets"), "Art", parameters={"bucket": each}, within="A") for each in "ab"]
        made = start(house(*bindings))
        entry = {"policy": "Buckets", "parameters": {"bucket": "b"}, "boundaries": ["B"]}
        found = settle(made, wanted_bindings("Art", binds(entry)))
        assert found.changes == ["update binding Art: Buckets on the account (bucket=b)"]
        assert {each.parameters: each.boundaries for each in made.state().bindings["account", ACCOUNT] or ()} == {
            (("bucket", "a"),): (bid("A"),),
            (("bucket", "b"),): (bid("B"),),
        }

    def test_a_missing_parameter_is_a_finding(self, start: Start) -> None:
        refused(
            start(house()), "gives no parameter bucket", wanted_bindings("Art", binds("Buckets")), kind=InvalidInput
        )

    @pytest.mark.parametrize(
        "wish",
        [
            pytest.param(binds({"policy": "Plain", "boundaries": ["A"]}), id="update"),
            pytest.param(binds({"policy": "Plain", "parameters": {}, "metadata": {}}, state="absent"), id="remove"),
        ],
    )
    def test_what_the_service_cannot_tell_apart(self, start: Start, wish: State) -> None:
        """Without parameters, a call means a binding with whatever parameters."""
        made = start(house(bound(pid("Plain"), "Art"), bound(pid("Plain"), "Art", metadata={"by": "hand"})))
        with pytest.raises(Refused, match=r"can't tell the binding Art: Plain on the account from .* \(by=hand\)"):
            made.run(desired(wanted_bindings("Art", wish), on_finding="warn"))
        assert made.writes == []

    def test_both_of_these_go(self, start: Start) -> None:
        made = start(house(bound(pid("Plain"), "Art"), bound(pid("Plain"), "Art", metadata={"by": "hand"})))
        result = made.run(desired(wanted_bindings("Art", binds(state="exact"))))
        assert result.error is None
        assert not made.state().bindings["account", ACCOUNT]


class TestBoundaries:
    def test_replaced_by_one_call(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art", "Ops", within="A")))
        found = settle(made, wanted_bindings("Art", binds({"policy": "Read Logs", "boundaries": ["B"]})))
        assert found.changes == ["update binding Art: Read Logs on the account"]
        assert found.writes == [f"PUT {HERE}/{LOGS}/{gid('Art')}"]

    def test_none(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art", within="A")))
        assert len(settle(made, wanted_bindings("Art", binds({"policy": LOGS, "boundaries": []}))).writes) == 1

    def test_not_managed_when_omitted(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art", within="A")))
        assert settle(made, wanted_bindings("Art", binds("Read Logs"), binds(LOGS, state="exact"))).changes == []

    def test_an_unknown_one(self, start: Start) -> None:
        wish = wanted_bindings("Art", binds({"policy": "Read Logs", "boundaries": ["C"]}))
        refused(start(house()), "There is no policy boundary 'C'", wish, kind=InvalidInput)

    def test_made_in_the_same_task(self, start: Start) -> None:
        found = settle(
            start(house()),
            wanted_boundary("New", query='storage:bucket-name = "n";'),
            wanted_policy("Mine", statement="ALLOW storage:buckets:read;"),
            wanted_bindings("Art", binds({"policy": "Mine", "boundaries": ["New"]}, on=["Prod"])),
        )
        assert found.changes == [
            "create boundary New",
            "create policy Mine",
            "add binding Art: Mine on environment Prod",
        ]


class TestNames:
    def test_of_an_environment(self, start: Start) -> None:
        """An environment's own policy can be bound there only."""
        own = [policy("Own", on="prod", id=pid("prod")), policy("Own", on="test", id=pid("test"))]
        made = start(house(policies=own))
        found = settle(made, wanted_bindings("Art", binds("Own", on=["Prod", "Test"])))
        assert sorted(found.writes) == sorted(
            f"POST {REPO}/environment/{each}/bindings/{pid(each)}/{gid('Art')}" for each in ("prod", "test")
        )
        refused(made, "There is no policy 'Own'", wanted_bindings("Art", binds("Own")), kind=InvalidInput)

    def test_of_an_environment_that_the_task_gives_one(self, start: Start) -> None:
        wishes = [
            wanted_policy("Own", statement="ALLOW settings:schemas:read;", environment=env) for env in ("prod", "test")
        ]
        found = settle(start(house()), *wishes, wanted_bindings("Art", binds("Own", on=["Prod", "Test"])))
        assert len(found.changes) == 4

    def test_an_id_that_no_list_shows(self, start: Start) -> None:
        ghost = pid("ghost")
        made = start(house(bound(ghost, "Art", "Ops")))
        assert settle(made, wanted_bindings("Art", binds(ghost))).changes == []
        found = settle(made, wanted_bindings("Ops", binds(ghost, state="absent")))
        assert found.changes == [f"remove binding Ops: {ghost} on the account"]

    def test_namesakes(self, start: Start) -> None:
        made = start(house(policies=[PLAIN, policy("Plain", id=pid("2"))]))
        refused(made, "isn't clear", wanted_bindings("Art", binds("Plain")), kind=InvalidInput)
        assert settle(made, wanted_bindings("Art", binds(pid("2")))).changes == [
            "add binding Art: Plain on the account"
        ]

    def test_an_unknown_one(self, start: Start) -> None:
        refused(start(house()), "Did you mean 'Plain'", wanted_bindings("Art", binds("Plein")), kind=InvalidInput)


IDM = ["account-idm-read", "account-idm-write", "account-env-read"]


class TestScopes:
    @pytest.mark.parametrize(
        ("scopes", "words"),
        [
            (["iam:policies:read"], "policy bindings of the account can't be read.*iam:bindings:read"),
            (["iam:bindings:read"], "policies of .* can't be read.*iam:policies:read"),
        ],
    )
    def test_what_may_not_be_read(self, start: Start, scopes: list[str], words: str) -> None:
        client = {"client_id": "client", "client_secret": "geheim", "scopes": [*IDM, *scopes, "iam:bindings:write"]}
        refused(start(house(clients=[client])), words, wanted_bindings("Art", binds("Read Logs")))

    def test_what_may_not_be_written(self, start: Start) -> None:
        scopes = [*IDM, "iam:policies:read", "iam:bindings:read"]
        made = start(house(clients=[{"client_id": "client", "client_secret": "geheim", "scopes": scopes}]))
        result = made.run(desired(wanted_bindings("Art", binds("Read Logs"))))
        assert "lacks the scope iam:bindings:write" in str(result.error)
        assert told(result.pending) == ["add binding Art: Read Logs on the account"]


class TestCalls:
    def test_one_of_fifty(self, start: Start) -> None:
        statements = [policy(f"P{number}") for number in range(50)]
        made = start(house(*(bound(each["uuid"], "Art") for each in statements[1:]), policies=statements))
        found = settle(made, wanted_bindings("Art", binds(*(each["name"] for each in statements), state="exact")))
        assert found.writes == [f"POST {HERE}/{pid('P0')}/{gid('Art')}"]
        assert len(found.reads) <= 4 + 1

    def test_many_groups_in_one_call(self, start: Start) -> None:
        made = start(house(groups=TEAMS))
        found = settle(made, *(wanted_bindings(name, binds("Read Logs", on=["Prod"])) for name in TEAMS))
        assert len(found.changes) == len(TEAMS)
        assert found.writes == [f"POST {REPO}/environment/prod/bindings/{LOGS}"]

    def test_what_differs_more_needs_calls_of_its_own(self, start: Start) -> None:
        entry = {"policy": "Buckets", "parameters": {"bucket": "b"}}
        found = settle(start(house()), *(wanted_bindings(name, binds(entry, "Plain")) for name in ("Art", "Ops")))
        assert len(found.writes) == 2 + 1

    def test_adds_come_first_and_removals_wait_for_them(self, start: Start) -> None:
        made = start(house(bound(SPANS, "Art", "Ops")))
        wish = desired(
            wanted_bindings("Art", binds("Plain", state="exact")),
            wanted_bindings("Ops", binds("Read Logs", state="exact")),
        )
        made.sim.faults([{"match": {"method": "POST", "path": f"bindings/{LOGS}"}, "fault": {"status": 400}}])
        result = made.run(wish, keep_going=True)
        assert result.error is not None
        assert told(result.pending) == [
            "add binding Ops: Read Logs on the account",
            "remove binding Ops: Read Spans on the account",
        ]
        assert told(result.applied) == [
            "add binding Art: Plain on the account",
            "remove binding Art: Read Spans on the account",
        ]

    @pytest.mark.parametrize(
        "fault", [{"status": 504, "applied": True}, {"reset": "after"}, {"status": 503}, {"retry_after": 2}]
    )
    def test_a_lost_answer(self, start: Start, fault: State) -> None:
        made = start(house(bound(LOGS, "Ops", within="A")))
        for path in (f"bindings/{SPANS}$", f"bindings/{LOGS}/"):
            made.sim.faults([{"match": {"method": "POST", "path": path}, "fault": fault}])
            name = "Read Spans" if SPANS in path else "Read Logs"
            groups = ["Art", "Ops"] if SPANS in path else ["Art"]
            result = made.run(desired(*(wanted_bindings(each, binds(name)) for each in groups)))
            assert result.error is None
            assert told(result.applied) == [f"add binding {each}: {name} on the account" for each in groups]

    def test_somebody_binds_one_of_them_meanwhile(self, start: Start) -> None:
        """The service refuses the whole call then; the rest is bound all the same."""
        made = start(house(groups=TEAMS))
        wish = desired(*(wanted_bindings(name, binds("Read Logs")) for name in TEAMS))
        other = bound(LOGS, "T007")

        def meanwhile(exchange: Any) -> None:
            if exchange.method == "GET" and exchange.path.endswith("/bindings") and not made.sim.state()["bindings"]:
                made.sim.load({**made.sim.state(), "bindings": [other]})

        made.watchers.append(meanwhile)
        result = made.run(wish)
        assert result.error is None
        assert result.pending == []
        assert len(made.state().bindings["account", ACCOUNT] or ()) == len(TEAMS)
        assert len(made.writes) == 2


class TestGuards:
    def test_thresholds_count_bindings(self, start: Start) -> None:
        made = start(house(bound(LOGS, "Art"), bound(SPANS, "Art")))
        wish = wanted_bindings("Art", binds(state="exact"))
        guards = Guards(thresholds=Thresholds(max_removals=1))
        refused(made, "2 policy bindings, more than max_removals=1", wish, guards=guards)
        refused(made, "2 of 2 policy bindings", wish, guards=Guards(thresholds=Thresholds(None, 50.0)))
        assert settle(made, wish, guards=Guards(thresholds=Thresholds(max_removals=2))).changes

    @pytest.mark.parametrize(
        "part",
        [
            pytest.param(binds(state="exact"), id="taken away"),
            pytest.param(binds({"policy": "Read Logs", "boundaries": ["A"]}), id="restricted"),
            pytest.param(binds({"policy": "Read Spans", "boundaries": ["B"]}), id="restricted otherwise"),
        ],
    )
    def test_protected_groups_lose_nothing(self, start: Start, part: State) -> None:
        made = start(house(bound(LOGS, "Art"), bound(SPANS, "Art", within="A")))
        refused(
            made, "protected_groups forbids.*Art", wanted_bindings("Art", part), guards=Guards(protected_groups=("A*",))
        )

    @pytest.mark.parametrize("within", [[], ["A", "B"]])
    def test_protected_groups_may_gain(self, start: Start, within: list[str]) -> None:
        made = start(house(bound(SPANS, "Art", within="A")))
        entry = {"policy": "Read Spans", "boundaries": within}
        found = settle(made, wanted_bindings("Art", binds(entry, "Plain")), guards=Guards(protected_groups=("A*",)))
        assert len(found.changes) == 2
