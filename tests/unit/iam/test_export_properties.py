# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An export that is fed back plans nothing, whatever the account. ``HYPOTHESIS_PROFILE=long`` looks at 1,000 accounts,
half of them with each contract; else at a few."""

from __future__ import annotations

import pytest
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export import Export, export
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export_reading import read_for_export

from ..builders import (
    CONTRACTS,
    Bench,
    State,
    access,
    account,
    bench,
    bid,
    bound,
    boundary,
    held,
    pid,
    place,
    policy,
    ready_made,
    team,
    told,
)
from ..cases import HELD, NAMES, accounts, some

SHORT, LONG = 15, 500
EXAMPLES = LONG if settings.default.max_examples >= LONG else SHORT
ODD_RIGHTS = [held("tenant-viewer", "gone"), held("tenant-new-thing", "test"), held("tenant-viewer", "prod:9")]
LOGS = 'ALLOW storage:logs:read WHERE storage:bucket-name = "${bindParam:bucket}";'
POLICIES = [
    policy("Logs", LOGS),
    policy("Read it", "ALLOW settings:schemas:read;\nALLOW settings:objects:read;\n", description="x", tags=["b", "a"]),
    policy("Twin"),
    policy("Twin", on="prod", id=pid("Twin of prod")),
    policy("Twin", on="test", id=pid("Twin of test")),
    policy("Standard User", id=pid("Not Dynatrace's own")),
    policy(" blank "),
]
BOUNDARIES = [
    boundary("Only shop", 'storage:dt.security_context = "shop";'),
    boundary("Two", 'storage:bucket-name = "a";'),
    boundary("Two", 'storage:bucket-name = "b";', id=bid("the other Two")),
]
BOUND = {
    None: [pid("Logs"), pid("Read it"), pid("Twin"), pid("Not Dynatrace's own"), pid(" blank "), pid("unlisted")],
    "prod": [pid("Logs"), pid("Twin"), pid("Twin of prod"), ready_made("tenant-viewer")],
    "test": [pid("Twin of test"), ready_made("Standard User")],
    "old": [pid("Logs")],
}


@st.composite
def bindings(draw: st.DrawFn, groups: list[str]) -> State:
    """Some policy, bound to some group in some way."""
    on = draw(st.sampled_from([None, None, "prod", "prod", "test", "old"]))
    parameters = draw(st.sampled_from([{}, {"bucket": "a"}, {"bucket": "{{ b }}", "1": "yes"}]))
    metadata = draw(st.sampled_from([{}, {}, {"by": "hand"}]))
    within = draw(some("Only shop", "Two", "the other Two", most=2)) if draw(st.booleans()) else []
    who = draw(st.sampled_from(groups))
    return bound(draw(st.sampled_from(BOUND[on])), who, on=on, within=within, parameters=parameters, metadata=metadata)


@st.composite
def whole_accounts(draw: st.DrawFn) -> State:
    """As for all properties, with policies, what is bound, namesakes, and names that look like something else."""
    state = draw(accounts(rights=[*HELD, *ODD_RIGHTS]))
    namesakes = [team(name, id=pid(f"other {name}")) for name in draw(some(*NAMES, most=2))]
    strange = [team(name) for name in draw(some(" blank ", "{{ lookup('pipe', 'x') }}", "yes", "a: b"))]
    old = {**place("Old"), "active": False}
    found = draw(st.lists(bindings([each["name"] for each in state["groups"]]), max_size=6))
    once = {str({key: value for key, value in each.items() if key != "boundaries"}): each for each in found}
    return account(
        users=state["users"],
        groups=[*state["groups"][1:], *namesakes, *strange],
        environments=[*state["environments"], old, place("Twins", id="twin1"), place("Twins", id="twin2")],
        policies=draw(some(*POLICIES, most=8)),
        boundaries=BOUNDARIES,
        bindings=once.values(),
    )


def exported(made: Bench) -> Export:
    with made.client(read_only=True) as client:
        return export(read_for_export(client))


@pytest.mark.parametrize("contract", CONTRACTS)
def test_round_trip(contract: str) -> None:
    """One simulator for all: each case loads its own account. No document knows all of its permissions."""
    with bench(contract, account(), checked=False) as made:

        @settings(max_examples=EXAMPLES)
        @given(whole_accounts())
        def look(state: State) -> None:
            made.sim.load(state)
            found = exported(made)
            note(str(found))
            event(f"{min(len(found.left_out), 5)} left out")
            result = made.run(access(**found.options), preview=True)
            assert told(result.plan.changes) == []
            assert result.warnings == []
            assert exported(made) == found

        look()
