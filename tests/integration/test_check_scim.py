# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that checks the set-up of SCIM, run by its FQCN."""

from __future__ import annotations

from typing import Any

from tests.integration.helpers import Lab

CHECK = "identityops.dynatrace.check_scim"
NAMED: dict[str, Any] = {"onboarding_people": [{"email": "External.Rossi@example.com"}], "dynatrace_idp": "entra"}


def test_check_scim(lab: Lab) -> None:
    """The connection comes from variables, the report says all, and a problem fails only where that is asked for."""
    before = lab.sim.state()
    # a slash too many is reported, and the token still goes there and nowhere else
    slash = {"dynatrace_scim_url": lab.variables["dynatrace_scim_url"] + "/"}
    run = lab.run(CHECK, variables={**NAMED, **lab.variables, **slash}, environment={}).fine()
    lines = "\n".join(run.named("What was found, and what is left to do").result["msg"])
    assert "[ ok ] scim_token: SCIM answers, and shows 40 users and 1 group." in lines
    assert "[ !! ] conflicts: User External.Rossi@example.com is provisioned by SCIM" in lines
    assert "[ !! ] scim_url: " in lines
    assert (
        f"leave out the slash at its end, identity providers add their own: {lab.variables['dynatrace_scim_url']}"
        in lines
    )
    assert f"tenant URL {lab.variables['dynatrace_scim_url']}," in lines
    strict = lab.run(CHECK, variables={**NAMED, "check_scim_fail_on_problem": True}).failed()
    assert "External.Rossi@example.com" in strict.message
    lab.untouched(before)


def test_check_scim_at_a_wrong_address_without_credentials(published: Lab) -> None:
    """A pasted address of the browser gets no token, and is put right."""
    variables = {
        **NAMED,
        "dynatrace_scim_url": "http://abc12345.apps.dynatrace.com/api/v2/scim",
        "dynatrace_scim_token": "x",
        "check_scim_fail_on_problem": True,
    }
    refused = published.run(CHECK, variables=variables, environment={}).failed()
    assert "must begin with https://" in refused.message
    assert published.sim.requests == []
