# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dynatrace_offboarding says when not all goes well: it is true, and somebody in a hurry understands it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.integration.helpers import Lab, Play, demo, task

MODULE = "dynatrace_offboarding"
MATTEO = "matteo.ricci@example.com"


def leaver(lab: Lab, **options: Any) -> Play:
    """A task that may fail; its proof goes where the laboratory is."""
    given = {"users": [MATTEO], "tokens": "disable", "evidence_dir": str(lab.place / "proof"), **options}
    return {**task(MODULE, **given), "ignore_errors": True}


def pages(lab: Lab) -> list[str]:
    """The pages for the ticket, oldest first."""
    folders = sorted((lab.place / "proof").iterdir())
    return [(each / "report.md").read_text(encoding="utf-8") for each in folders]


def broken(lab: Lab, method: str, path: str, **more: Any) -> None:
    """From now on such requests fail."""
    fault = {"match": {"method": method, "path": path}, "times": None, "fault": {"status": 500, "body": {}}}
    lab.sim.faults([{**fault, **more}])


def test_check_mode_does_not_say_that_anything_was_done(published: Lab) -> None:
    """An environment that nobody can look into fails the task, but nothing was written yet."""
    only = {"prd48213": published.environment_tokens["prd48213"]}
    urls = {"prd48213": f"{published.sim.url}/e/prd48213"}
    environment = {
        **published.environment,
        "DYNATRACE_ENVIRONMENT_TOKENS": json.dumps(only),
        "DYNATRACE_ENVIRONMENT_URLS": json.dumps(urls),
    }
    before = published.sim.state()
    run = published.run(published.play(leaver(published)), "--check", environment=environment)
    (told,) = run.of(MODULE)
    published.untouched(before)
    assert told.result["msg"] == (
        "Not everything would be closed: tokens of environment Staging (stg48213) (nobody looked: there is no token for"
        " this environment). Name a token for it in environment_tokens. Nothing was written, since this is check mode."
    )
    assert (told.result["changed"], told.result["changes_applied"]) == (False, [])
    assert len(told.result["changes_planned"]) == 7
    assert not Path(published.place / "proof").exists()


def test_what_was_seen_in_the_end_counts(published: Lab) -> None:
    """The proof says whether it was looked at, and a deletion whose answer got lost is one."""
    users = rf"/users/{MATTEO.partition('@')[0]}"
    broken(published, "GET", users, skip=1)
    (told,) = published.run(published.play(leaver(published, tokens="ignore"))).of(MODULE)
    assert told.result["msg"].startswith("What is closed now could not be read back: GET ")
    assert "1 of 1 changes were applied" in told.result["msg"]
    assert told.result["failure"]["status"] == 500
    assert "Nobody could look whether everything is closed" in pages(published)[0]

    published.sim.load(demo())
    cut = {"match": {"method": "DELETE"}, "fault": {"reset": "after"}}
    published.sim.faults([cut])
    (told,) = published.run(published.play(leaver(published, tokens="ignore", retry_budget=0))).of(MODULE)
    assert told.result["leavers"][0]["in_account"] is False
    assert "is closed, although something failed on the way" in pages(published)[-1]
