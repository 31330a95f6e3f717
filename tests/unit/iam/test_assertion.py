# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody may do in an environment, held against what they must and must not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed, InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.assertion import Findings, Inspector, Subject

from ..builders import Bench, State, account, bound, boundary, held, person, pid, place, policy, ready_made, team
from ..conftest import Start

ADA, BOB = "Ada@Example.com", "bob@example.com"
LOGS = "storage:logs:read"


def firm(bindings: list[State] | None = None, **more: Any) -> State:
    """Ada is in Shop, Bob in Ops; what they may do comes from the test."""
    return account(
        [person(ADA, "Shop"), person(BOB, "Ops")],
        [team("Shop", *more.pop("shop", ())), team("Ops", *more.pop("ops", ()))],
        [place("Prod", "Web", "Shop"), place("Test")],
        bindings=bindings or [],
        **more,
    )


def look(bench: Bench, must: list[str], must_not: list[str], user: str = ADA, **more: Any) -> Findings:
    """Ask about a user in Prod; nothing is ever written."""
    subject = more.pop("subject", None) or Subject(user=user)
    zone, environment = more.pop("zone", None), more.pop("environment", "Prod")
    with bench.client(read_only=True) as client:
        found = Inspector(client, subject, environment, zone).look(must, must_not, **more)
    assert bench.sim.writes == []
    return found


def states(found: Findings) -> dict[str, str]:
    return {verdict.question.asked: verdict.state for verdict in found.verdicts}


class TestGranted:
    def test_by_a_role_permission(self, start: Start) -> None:
        found = look(start(firm(shop=[held("tenant-viewer", "prod")])), ["viewer"], ["manage-settings"])
        assert found.failures == ()
        assert states(found) == {"viewer": "granted", "manage-settings": "denied"}

    @pytest.mark.parametrize("asked", ["viewer", "tenant-viewer", "environment:roles:viewer"])
    @pytest.mark.parametrize("on", ["prod", None])
    def test_by_a_policy(self, start: Start, asked: str, on: str | None) -> None:
        """By whatever name, bound in the environment or at the account."""
        found = look(start(firm([bound(ready_made("tenant-viewer"), "Shop", on=on)])), [asked], [])
        assert found.failures == ()

    def test_a_role_counts_under_the_policys_name(self, start: Start) -> None:
        found = look(start(firm(shop=[held("tenant-viewer", "prod")])), ["environment:roles:viewer"], [])
        assert found.failures == ()

    def test_a_group_as_the_subject(self, start: Start) -> None:
        bench = start(firm([bound(ready_made("tenant-viewer"), "Ops", on="prod")]))
        assert look(bench, ["viewer"], [], subject=Subject(group="Ops")).failures == ()
        (failure,) = look(bench, ["viewer"], [], subject=Subject(group="Shop")).failures
        assert failure.startswith("group Shop may not viewer in environment Prod: nothing gives it. Groups: Shop.")

    @pytest.mark.parametrize("where", ["prod", "prod:1"])
    def test_in_a_zone_by_role(self, start: Start, where: str) -> None:
        assert look(start(firm(shop=[held("tenant-viewer", where)])), ["viewer"], [], zone="Web").failures == ()

    def test_in_a_zone_by_policy(self, start: Start) -> None:
        state = firm(
            [bound(ready_made("tenant-viewer"), "Shop", on="prod", within=["Web only"])],
            boundaries=[boundary("Web only", 'environment:management-zone = "Web";')],
        )
        bench = start(state)
        assert look(bench, ["viewer"], [], zone="Web").failures == ()
        (failure,) = look(bench, ["viewer"], [], zone="Shop").failures
        assert "within boundary Web only where environment:management-zone EQ Web" in failure

    def test_roles_are_read_only_where_policies_do_not_decide(self, start: Start) -> None:
        bench = start(firm([bound(ready_made("tenant-viewer"), "Shop", on="prod")]))
        look(bench, ["viewer"], [])
        assert not [line for line in bench.requests if line.endswith("/permissions")]


class TestWhatIsWrong:
    def test_nothing_gives_it(self, start: Start) -> None:
        """What is bound there all the same is named."""
        state = firm([bound(pid("Readers"), "Shop", on="prod")], policies=[policy("Readers", f"ALLOW {LOGS};")])
        (failure,) = look(start(state), ["viewer"], []).failures
        assert failure == (
            f"{ADA} may not viewer in environment Prod: nothing gives it. Groups: Everybody, Shop."
            " Policies bound to these there: Readers bound to group Shop on environment Prod"
        )

    def test_under_a_condition_is_not_enough_and_too_much(self, start: Start) -> None:
        statement = f'ALLOW {LOGS} WHERE storage:bucket-name = "a";'
        bench = start(firm([bound(pid("Some"), "Shop", on="prod")], policies=[policy("Some", statement)]))
        (missing,) = look(bench, [LOGS], []).failures
        (given,) = look(bench, [], [LOGS]).failures
        way = "given by policy Some bound to group Shop on environment Prod where storage:bucket-name EQ a"
        assert missing == f"{ADA} may not {LOGS} in environment Prod: it is {way}"
        assert given == f"{ADA} may {LOGS} in environment Prod: {way}"

    def test_a_denial_beats_policies(self, start: Start) -> None:
        policies = [policy("Yes", f"ALLOW {LOGS};"), policy("No", f"DENY {LOGS};")]
        state = firm([bound(pid("Yes"), "Shop", on="prod"), bound(pid("No"), "Shop")], policies=policies)
        bench = start(state)
        (failure,) = look(bench, [LOGS], []).failures
        assert failure.endswith("it is denied by policy No bound to group Shop on the account")
        assert look(bench, [], [LOGS]).failures == ()

    def test_a_denial_does_not_touch_roles(self, start: Start) -> None:
        """Hazard 9: they add up."""
        policies = [policy("No", "DENY environment:roles:viewer;")]
        state = firm([bound(pid("No"), "Shop")], policies=policies, shop=[held("tenant-viewer", "prod")])
        (failure,) = look(start(state), [], ["viewer"]).failures
        assert "given by a role permission of group Shop" in failure

    def test_policies_alone(self, start: Start) -> None:
        """As it will be when role permissions have ended."""
        bench = start(firm(shop=[held("tenant-viewer", "prod")]))
        (failure,) = look(bench, ["viewer"], [], roles_count=False).failures
        assert "may not viewer" in failure
        assert not [line for line in bench.requests if line.endswith("/permissions")]

    def test_everything_at_once(self, start: Start) -> None:
        bench = start(firm(shop=[held("tenant-logviewer", "prod")]))
        assert len(look(bench, ["viewer", "manage-settings"], ["logviewer"]).failures) == 3


class TestBadQuestions:
    @pytest.mark.parametrize(
        ("must", "must_not", "words"),
        [
            (["veiwer"], [], "'veiwer' is neither .* Did you mean viewer"),
            (["viewer"], ["viewer"], "viewer is in both"),
            ([], [], "both empty"),
            (["storage::read"], [], "is neither"),
        ],
    )
    def test_are_refused(self, start: Start, must: list[str], must_not: list[str], words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            look(start(firm()), must, must_not)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"user": "nobody@example.com"}, "no user 'nobody@example.com'"),
            ({"subject": Subject(group="Shob")}, "Did you mean 'Shop'"),
            ({"environment": "Prot"}, "Did you mean 'Prod'"),
            ({"zone": "Wep"}, "Did you mean 'Web'"),
        ],
    )
    def test_of_nobody_and_nowhere(self, start: Start, more: State, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            look(start(firm()), ["viewer"], [], **more)

    def test_without_the_scope(self, start: Start) -> None:
        scopes = ["account-idm-read", "account-env-read"]
        state = firm(clients=[{"client_id": "client", "client_secret": "geheim", "scopes": scopes}])
        with pytest.raises(CallFailed, match="iam:effective-permissions:read"):
            look(start(state), ["viewer"], [])
