# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo shows, step by step, and what has to be true after each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PREVIEW = ("--check", "--diff")
GONE = None
Expected = Mapping[str, tuple[str, ...] | None]


@dataclass(frozen=True)
class Step:
    """One run of a playbook. ``expected``: e-mail, as the account spells it, to all groups, or GONE."""

    heading: str
    why: str
    playbook: str
    people: str
    expected: Expected
    options: tuple[str, ...] = ()
    exit_code: int = 0
    changed: int = 0
    writes: Mapping[str, int] = field(default_factory=dict)
    """For each contract; none when nothing is said."""
    says: tuple[str, ...] = ()
    """What the output has to contain."""
    lesson: str = ""

    @property
    def arguments(self) -> list[str]:
        """What follows ansible-playbook on the command line."""
        playbook = f"identityops.dynatrace.{self.playbook}"
        return ["-i", "inventories/local.yml", playbook, "-e", f"@{self.people}", *self.options]


NEW_PEOPLE = "tests/demo/new_people.yml"
BLANK_SCREEN = "tests/demo/blank_screen.yml"
LEAVING = "tests/demo/leaving.yml"
REVIEW = "tests/demo/review.yml"
ORPHANS = "tests/demo/orphans.yml"
ORPHANS_DISABLED = "tests/demo/orphans_disabled.yml"
FROM_CSV = "tests/demo/from_csv.yml"

BEFORE: Expected = {
    "jonas.berg@example.com": GONE,
    "mira.kaya@example.com": GONE,
    "aiko.mori@example.com": GONE,
    "Siobhan.OBrien@Example.com": ("Environment Professionals", "Shop Developers"),
}
AFTER: Expected = {
    "jonas.berg@example.com": ("Shop Developers",),
    "mira.kaya@example.com": ("Payments Developers", "Shop Developers"),
    "aiko.mori@example.com": ("Environment Professionals", "Payments Developers"),
    "Siobhan.OBrien@Example.com": ("Environment Professionals", "Platform Engineering", "Shop Developers"),
    "siobhan.obrien@example.com": GONE,
}

STEPS = (
    Step(
        heading="Preview: who would get what",
        why="Before anything happens, check mode shows the plan, person by person, and writes nothing.",
        playbook="onboard",
        people=NEW_PEOPLE,
        options=PREVIEW,
        changed=1,
        says=("jonas.berg@example.com", "Siobhan.OBrien@Example.com", "Platform Engineering"),
        expected=BEFORE,
        lesson="Three people would be invited. The fourth is in the account already, under another spelling: found.",
    ),
    Step(
        heading="Onboard them",
        why="The same command without --check --diff does what the preview said, then reads everything back.",
        playbook="onboard",
        people=NEW_PEOPLE,
        changed=1,
        writes={"published": 7, "guide": 7},
        expected=AFTER,
        lesson="Everybody is there, and in their groups. Nobody was invited twice, nobody lost a group.",
    ),
    Step(
        heading="Run it again",
        why="A job that runs every night must not do its work twice.",
        playbook="onboard",
        people=NEW_PEOPLE,
        expected=AFTER,
        lesson="Nothing to do, so nothing was done.",
    ),
    Step(
        heading="Somebody who would see a blank screen is refused",
        why="Being invited isn't enough: without a group that opens an environment, people log in and see nothing.",
        playbook="onboard",
        people=BLANK_SCREEN,
        exit_code=2,
        says=("blank screen", "lars.holm@example.com"),
        expected={"lars.holm@example.com": GONE},
        lesson="This failure is the point: it comes before anything is written, and says what to do.",
    ),
    Step(
        heading="A whole team from a file",
        why="HR sends a CSV: each row is checked, and all people are one task. A formula in a cell is only text.",
        playbook="onboard_csv",
        people=FROM_CSV,
        changed=1,
        writes={"published": 4, "guide": 4},
        expected={
            "sofia.lund@example.com": ("Payments Developers",),
            "emil.dahl@example.com": ("Payments Developers", "Release Announcements"),
        },
        lesson="Both are invited and in their groups.",
    ),
    Step(
        heading="Preview: somebody leaves",
        why="Deletion is permanent, so look first. API tokens outlive their owner unless somebody closes them.",
        playbook="offboard",
        people=LEAVING,
        options=PREVIEW,
        changed=1,
        says=("matteo.ricci@example.com", "grafana-payments", "scripts-on-my-laptop", "payments-notebooks"),
        expected={"matteo.ricci@example.com": ("Payments Developers", "Release Announcements")},
        lesson="One person would be deleted, and seven tokens disabled: two of them under another spelling.",
    ),
    Step(
        heading="Offboard them",
        why="Tokens first, then the person; then everything is looked up once more, and the proof is kept.",
        playbook="offboard",
        people=LEAVING,
        changed=1,
        writes={"published": 8, "guide": 8},
        expected={"matteo.ricci@example.com": GONE, **AFTER},
        lesson="Nothing stays open. The proof for the ticket is in .cache/demo/evidence: report.md, JSON, checksums.",
    ),
    Step(
        heading="Tokens of those who left before",
        why="People who were deleted by hand left their tokens behind. Somebody still uses one of them.",
        playbook="orphaned_tokens",
        people=ORPHANS,
        says=("nadia.fischer@example.com", "build-server-deployment-events", "victor.ionescu@example.com"),
        expected={"matteo.ricci@example.com": GONE, "nadia.fischer@example.com": GONE},
        lesson="Each with its owner, its age and its last use. Nothing was changed.",
    ),
    Step(
        heading="Close them",
        why="That is a large part of all tokens, which the guard lets through only since the limit was raised.",
        playbook="orphaned_tokens",
        people=ORPHANS_DISABLED,
        changed=1,
        writes={"published": 6, "guide": 6},
        expected={"nadia.fischer@example.com": GONE},
        lesson="Disabled, not deleted: if a build breaks tomorrow, its token can be enabled again for a day.",
    ),
    Step(
        heading="Who has access to what",
        why="The auditor wants to see it: a page that needs no network, and a file for the reviewers to fill in.",
        playbook="review",
        people=REVIEW,
        changed=3,
        expected={"matteo.ricci@example.com": GONE, **AFTER},
        lesson="Open .cache/demo/review/review.html in a browser; review.csv is beside it. Nothing was changed.",
    ),
)
