# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook for orphaned tokens, run by its FQCN as somebody would."""

from __future__ import annotations

from typing import Any

from tests.integration.helpers import Lab, Outcome

PLAYBOOK = "identityops.dynatrace.orphaned_tokens"
LEFT = ["nightly-report", "build-server-deployment-events", "payments-log-import", "staging-deployment-events"]


def report(run: Outcome) -> list[str]:
    """What the playbook prints."""
    found: list[str] = run.named("Tokens whose owner has left").result["orphaned_tokens_result.report"]
    return found


def enabled(lab: Lab) -> set[str]:
    """The names of all tokens that services take."""
    state = lab.sim.state()
    tokens = [token for place in state["environments"] for token in place.get("api_tokens", ()) if token["enabled"]]
    tokens += [token for token in state["platform_tokens"] if token["status"] == "ACTIVE"]
    return {token["name"] for token in tokens}


def test_orphaned_tokens(published: Lab) -> None:
    """They are reported; too many are refused; the plan that somebody reviewed is applied, and no other."""
    before = published.sim.state()
    told = report(published.run(PLAYBOOK, environment=published.environment).fine())
    published.untouched(before)
    assert [line.partition(" ")[0] for line in told] == [*["prd48213:"] * 4, "stg48213:", *["platform:"] * 2]
    assert any("trying-things-out of peter.oconnor@example.com, not in the account, enabled" in line for line in told)

    disable: dict[str, Any] = {"orphaned_tokens_action": "disable"}
    refused = published.run(PLAYBOOK, variables=disable).failed()
    assert "takes away 4 of 15 API tokens, more than max_removal_percent=25." in refused.message
    published.untouched(before)

    plan = refused.message.partition("expected_plan=")[2].split()[0]
    done = published.run(PLAYBOOK, "--diff", variables={**disable, "orphaned_tokens_expected_plan": plan}).fine()
    assert done.changed == 1
    assert enabled(published).isdisjoint(LEFT)
    assert {"activegate-bootstrap", "deploy-bot-events", "automation", "grafana-payments"} <= enabled(published)
    assert sum("disabled" in line for line in report(done)) == 6
