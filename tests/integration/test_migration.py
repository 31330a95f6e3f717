# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Off role permissions: the playbook as somebody would run it, up to the day on which they end."""

from __future__ import annotations

from tests.integration.helpers import Lab, task
from tests.simulator.access import Ability, abilities

MIGRATE = "identityops.dynatrace.migrate_role_permissions"
SWITCHED_OFF = "sbx48213"
LAST_DAY = "2027-01-11"


def able(lab: Lab) -> frozenset[Ability]:
    """Who may do what where, but for the environment that is switched off: its policies can't be changed."""
    return frozenset(each for each in abilities(lab.sim.account) if each[1] != SWITCHED_OFF)


def end_role_permissions(lab: Lab) -> None:
    """It is the day."""
    state = lab.sim.state()
    lab.sim.load({**state, "options": {**state["options"], "today": LAST_DAY}})


def test_nobody_notices(lab: Lab) -> None:
    """Check mode, binding, verifying, removing, again, and the day itself."""
    before, could = lab.sim.state(), able(lab)
    preview = lab.run(MIGRATE, "--check", "--diff", variables={"migrate_remove": True}).fine()
    lab.untouched(before)
    bind, remove = (made.result for made in preview.of("dynatrace_role_migration"))
    assert {change["kind"] for change in bind["changes"]} == {"binding"}
    assert {change["action"] for change in remove["changes"]} == {"add", "remove"}
    done = lab.run(MIGRATE).fine()
    assert done.of("dynatrace_role_migration")[0].result["changes"] == bind["changes"]
    verified = done.of("dynatrace_access_assert")[0].result["results"]
    assert len({each["migrate_person"]["email"] for each in verified}) == 5
    assert able(lab) == could
    removed = lab.run(MIGRATE, variables={"migrate_remove": True}).fine()
    assert {change["action"] for change in removed.of("dynatrace_role_migration")[1].result["changes"]} == {"remove"}
    assert able(lab) == could
    again = lab.run(MIGRATE, variables={"migrate_remove": True}).fine()
    assert again.changed == 0
    end_role_permissions(lab)
    assert able(lab) == could


def test_without_it_they_would(published: Lab) -> None:
    """The day does take something away from those who have not moved, or the test above says nothing."""
    could = able(published)
    end_role_permissions(published)
    assert able(published) < could


def test_the_last_day_is_explained(published: Lab) -> None:
    """Who still writes role permissions then is told where to go."""
    end_role_permissions(published)
    options = {"group": "Contractors", "environments": ["Production"], "permissions": ["viewer"], "mechanism": "role"}
    run = published.run(published.play(task("dynatrace_env_permission", **options)))
    assert run.status != 0
    message = run.of("dynatrace_env_permission")[0].result["msg"]
    assert "410" in message
    assert "identityops.dynatrace.migrate_role_permissions" in message
    options["mechanism"] = "auto"
    published.run(published.play(task("dynatrace_env_permission", **options))).fine()


def test_the_announcement_is_made_once(published: Lab) -> None:
    """Several tasks, one deprecation with the date."""
    tasks = [task("dynatrace_group_info", include=["permissions"]) for _number in range(3)]
    run = published.run(published.play(*tasks)).fine()
    assert len(run.deprecations) == 1
    told = " ".join((run.stdout + run.stderr).split())  # old releases of ansible-core wrap it
    assert "Dynatrace ends role permissions on environments and management zones." in told
    assert LAST_DAY in told
