# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same for whole runs against the simulator: what is predicted is what is done, whatever goes wrong meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project

from ..builders import CONTRACTS, Bench, State, bench, shape, snapshot, told
from ..cases import Case, cases

SHARE = 8
"""A rehearsal takes as long as many plans."""
REFUSED_TOKENS: list[State] = [{"unauthorized": True}, {"expire_tokens": True}]
TROUBLE: list[State] = [
    {"status": 503},
    {"status": 502, "body": "<html>"},
    {"status": 504, "applied": True},
    {"retry_after": 2},
    {"retry_after_date": 2},
    {"rate_limit_reset": 2, "unit": "us"},
    {"reset": "before"},
    {"reset": "after"},
    *REFUSED_TOKENS,
]


@st.composite
def faults(draw: st.DrawFn) -> list[State]:
    """Up to two things that go wrong, sometimes with writes only; one call's token is refused once at most."""
    rules: list[State] = []
    for _fault in range(draw(st.integers(0, 2))):
        match = draw(
            st.sampled_from([{}, {"method": "POST", "path": "/iam/"}, {"method": "DELETE"}, {"method": "PUT"}])
        )
        refused = any(rule["fault"] in REFUSED_TOKENS for rule in rules)
        trouble = [each for each in TROUBLE if not (refused and each in REFUSED_TOKENS)]
        rules.append({"match": match, "skip": draw(st.integers(0, 6)), "fault": draw(st.sampled_from(trouble))})
    return rules


def previewed(made: Bench, case: Case) -> Result:
    try:
        result = made.run(case.wish, preview=True)
    except InvalidInput as refusal:
        note(str(refusal))
        assume(condition=False)
        raise
    note(str(told(result.applied)))
    return result


def rehearse(contract: str, case: Case, trouble: list[State]) -> None:
    """Preview, run, look, run again."""
    with bench(contract, case.state) as made:
        start = made.sim.state()
        preview = previewed(made, case)
        assert made.writes == []
        assert made.sim.state() == start
        predicted = project(snapshot(start, contract), preview.plan.changes)
        made.sim.faults(trouble)
        result = made.run(case.wish, expected_plan=preview.plan.id)
        assert result.error is None, result.error
        made.sim.faults([])
        assert result.plan.id == preview.plan.id
        assert sorted(told(result.applied)) == sorted(told(preview.applied))
        assert result.pending == []
        assert shape(made.state()) == shape(predicted)
        again = made.run(case.wish)
        assert told(again.applied) == []
        assert made.writes == []


@pytest.mark.parametrize("contract", CONTRACTS)
def test_what_is_predicted_is_done(contract: str) -> None:
    @settings(max_examples=max(1, settings.default.max_examples // SHARE))
    @given(cases(odd_case=False), faults())
    def look(case: Case, trouble: list[Any]) -> None:
        rehearse(contract, case, trouble)

    look()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_an_end_in_the_middle_is_made_good_by_the_next_run(contract: str) -> None:
    @settings(max_examples=max(1, settings.default.max_examples // SHARE))
    @given(cases(odd_case=False), st.integers(0, 4))
    def look(case: Case, skip: int) -> None:
        with bench(contract, case.state) as made:
            start = made.sim.state()
            preview = previewed(made, case)
            predicted = project(snapshot(start, contract), preview.plan.changes)
            assume(len(preview.applied) > 1)
            verbs = ("POST", "PUT", "DELETE")
            down = [
                {"match": {"method": verb, "path": "/iam/"}, "skip": skip, "fault": {"down": True}} for verb in verbs
            ]
            made.sim.faults(down)
            result = made.run(case.wish)
            assert sorted(told([*result.applied, *result.pending])) == sorted(told(preview.applied))
            assert (result.error is None) is (result.pending == [])
            made.sim.faults([])
            assert made.run(case.wish).error is None
            assert shape(made.state()) == shape(predicted)

    look()
