# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In check mode the service is asked what it makes of a policy, as long as it answers."""

from __future__ import annotations

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed

from ..builders import Bench, State, access, account
from ..conftest import Start

ASKED = "POST /iam/v1/repo/account/"
NEW = access(policies=[{"name": "New", "statement": "ALLOW storage:logs:read;"}])


def asked(bench: Bench) -> list[str]:
    return [line for line in bench.requests if line.endswith("/policies/validation")]


def test_it_is_asked_in_check_mode_only(start: Start) -> None:
    bench = start(account())
    assert len(bench.run(NEW, preview=True).applied) == 1
    assert len(asked(bench)) == 1
    assert bench.writes == []
    assert bench.run(NEW).error is None
    assert asked(bench) == []


def test_its_warnings_are_passed_on(start: Start) -> None:
    bench = start(account())
    answer = {"status": 200, "body": '{"warnings": ["This is odd"]}', "content_type": "application/json"}
    bench.sim.faults([{"match": {"path": "/policies/validation"}, "fault": answer}])
    assert bench.run(NEW, preview=True).warnings == ["policy 'New': This is odd"]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 410}, id="the call has ended"),
        pytest.param({"status": 404}, id="there is none"),
        pytest.param({"status": 403}, id="it isn't allowed"),
    ],
)
def test_its_absence_is_no_error(start: Start, fault: State) -> None:
    bench = start(account())
    bench.sim.faults([{"match": {"path": "/policies/validation"}, "fault": fault}])
    result = bench.run(NEW, preview=True)
    assert len(result.applied) == 1
    assert result.warnings == []


def test_after_the_day(start: Start) -> None:
    bench = start({**account(), "options": {"today": "2027-01-11"}})
    assert len(bench.run(NEW, preview=True).applied) == 1


def test_a_refusal_is_one(start: Start) -> None:
    """What the service refuses would fail in the run, too."""
    bench = start(account())
    body = '{"code": 400, "message": "Invalid policy", "errorsMap": {"statementQuery": "unknown service"}}'
    answer = {"status": 400, "body": body, "content_type": "application/json"}
    bench.sim.faults([{"match": {"path": "/policies/validation"}, "fault": answer}])
    with pytest.raises(CallFailed, match="Invalid policy; statementQuery: unknown service"):
        bench.run(NEW, preview=True)
