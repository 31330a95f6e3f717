# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The review as auditors and ops engineers go through it: the page and the file, filled in, and taken back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from tests.integration.helpers import Lab
from tests.integration.test_playbooks import groups_of

REVIEW, APPLY = "identityops.dynatrace.review", "identityops.dynatrace.review_apply"
ZOE = "zoe.papadaki@example.com"


def decide(file: Path, person: str, group: str, decision: str = "revoke") -> None:
    """Fill in the file, as a spreadsheet would, which knows its encoding by the mark in front."""
    text = file.read_text(encoding="utf-8")
    assert text[0] == "\ufeff"
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    for row in rows:
        if (row["person"], row["group"]) == (person, group):
            row.update(decision=decision, reviewer="Grace Kim", date="2026-11-22")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_review(lab: Lab) -> None:
    """Written, filled in, previewed, applied; a second time it is another review."""
    folder = lab.place / "review"
    where = {"access_review_dir": str(folder)}
    assert lab.run(REVIEW, "--check", variables=where).fine().changed == 3
    assert not folder.exists()
    done = lab.run(REVIEW, variables=where).fine()
    assert lab.sim.writes == []
    page = (folder / "review.html").read_text(encoding="utf-8")
    assert json.loads(page.split('id="review-data">')[1].split("</script>")[0])["people"]
    assert {oct(each.stat().st_mode & 0o777) for each in folder.iterdir()} == {"0o600"}
    assert lab.run(REVIEW, variables=where).fine().named("Write the file to fill in").result["changed"] is False
    decide(folder / "review.csv", ZOE, "Shop Developers")
    taken: dict[str, Any] = {
        "review_apply_file": str(folder / "review.csv"),
        "review_apply_plan_file": str(lab.place / "plan.json"),
    }
    state = lab.sim.state()
    preview = lab.run(APPLY, "--check", variables=taken).fine()
    lab.untouched(state)
    planned = preview.of("dynatrace_access")[0].result
    (change,) = planned["changes"]
    assert (change["action"], change["detail"]) == ("remove", {"user": ZOE, "group": "Shop Developers"})
    lab.run(APPLY, variables={**taken, "review_apply_plans": {"localhost": planned["plan_id"]}}).fine()
    assert groups_of(lab, ZOE) == []
    assert json.loads((lab.place / "plan.json").read_text(encoding="utf-8"))["changes"] == [change]
    again = lab.run(APPLY, variables=taken).failed()
    assert "Grants have changed since the review was made" in again.message
    assert done.deprecations


def test_the_folder_is_a_whole_path(published: Lab) -> None:
    """The playbook's own folder is that of the installed collection."""
    refused = published.run(REVIEW, variables={"access_review_dir": "review"}).failed()
    assert "access_review_dir review: give the whole path" in refused.message
    assert published.sim.requests == []


def test_a_group_that_scim_manages(published: Lab) -> None:
    """Can't be left here, and nothing else is done either."""
    where = {"access_review_dir": str(published.place / "review")}
    published.run(REVIEW, variables=where).fine()
    file = published.place / "review/review.csv"
    decide(file, "external.meier@example.com", "Contractors")
    refused = published.run(APPLY, variables={"review_apply_file": str(file)}).failed()
    assert "SCIM decides about group 'Contractors', revoke it there" in refused.message
    assert published.sim.writes == []
