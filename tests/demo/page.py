# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo prints around Ansible's own output."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from tests.demo.proof import Evidence, State
from tests.demo.story import STEPS, Step
from tests.tools.playbook import COMMAND
from tests.tools.text_table import aligned, printable
from tests.tools.tree import ROOT

BOLD, GREEN, RED, CYAN = "1", "32", "31", "36"
WIDTH = 79
SHOWN_WRITES = 10

SETTINGS = {
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    "ANSIBLE_SYSTEM_WARNINGS": "false",
}

NEXT = """\
Write your own list of people like tests/demo/new_people.yml, and rehearse it:
  make simulator ARGS="--seed tests/simulator/seeds/demo.json"
  tests/simulator/README.md says how to point Ansible to it.

Then your real account. In Account Management, under Identity & access
management > OAuth clients, make a client with the scopes account-idm-read,
account-idm-write and iam:bindings:read, and tell Ansible about it:
  export PATH="$PWD/.venv/bin:$PATH"
  export DYNATRACE_ACCOUNT_UUID=...    # Account Management > Account info
  export DYNATRACE_CLIENT_ID=dt0s02.... DYNATRACE_CLIENT_SECRET=dt0s02....
  ansible-playbook -i inventories/local.yml identityops.dynatrace.onboard \\
    -e @my_people.yml --check --diff
With --check nothing is written. Take it away when you like what you see.

All options: ansible-doc --type role identityops.dynatrace.onboarding
             ansible-doc --type role identityops.dynatrace.offboarding"""


def wants_colour(stream: TextIO) -> bool:
    """Only on a terminal, and only when nobody objects (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Page:
    """Prints, with colours or without."""

    def __init__(self, stream: TextIO, colour: bool) -> None:
        self._stream = stream
        self._colour = colour

    def line(self, text: str = "", *styles: str) -> None:
        """One line."""
        shown = f"\x1b[{';'.join(styles)}m{text}\x1b[0m" if styles and self._colour and text else text
        print(shown, file=self._stream, flush=True)

    def echo(self, text: str) -> None:
        """Ansible's own output, as it comes."""
        self._stream.write(text)
        self._stream.flush()

    def heading(self, text: str) -> None:
        """A line across the page."""
        self.line()
        self.line(f"=== {text} ".ljust(WIDTH, "="), BOLD, CYAN)

    def introduce(self, state: State, contract: str, url: str) -> None:
        """What the account is."""
        people = [user for user in state["users"] if not user["service"]]
        groups = [group for group in state["groups"] if not group["hidden"]]
        foreign = " and ".join(group["name"] for group in groups if group["owner"] in ("SAML", "SCIM"))
        environments = ", ".join(environment["name"] for environment in state["environments"])
        self.line("The demo of identityops.dynatrace", BOLD)
        self.line()
        for text in (
            f"{state['account_name']} is a Dynatrace account in memory ({url}, contract {contract}): nothing is real.",
            f"It has {len(people)} people in {len(groups)} groups, and the environments {environments}.",
            f"The company's identity provider manages the groups {foreign}; people join the others by invitation.",
        ):
            self.line(printable(text))

    def open(self, number: int, step: Step) -> None:
        """What comes now, why, and the command."""
        self.heading(f"{number} of {len(STEPS)}: {step.heading}")
        self.line(step.why)
        self.line()
        if step.people not in [earlier.people for earlier in STEPS[: number - 1]]:
            self.line(f"$ cat {step.people}", BOLD)
            self.line(body_of(step.people))
            self.line()
        self.line(f"$ {' '.join([COMMAND, *step.arguments])}", BOLD)

    def close(self, step: Step, evidence: Evidence, problems: Sequence[str]) -> None:
        """What the simulator saw, and what that means."""
        counted = Counter(map(printable, evidence.writes))
        state = "; the account is as it was." if evidence.untouched else ":"
        self.line(f"The simulator saw {evidence.requests} requests, {counted.total()} of them writes{state}", BOLD)
        for text, times in list(counted.items())[:SHOWN_WRITES]:
            self.line(f"  {text}" + (f"  ({times} times)" if times > 1 else ""))
        for problem in problems:
            self.line(f"WRONG: {printable(problem)}", BOLD, RED)
        if not problems:
            self.line(step.lesson, GREEN)

    def summary(self, told: Sequence[tuple[Step, Evidence]]) -> None:
        """All steps in one table."""
        self.heading("What happened")
        header = ("", "step", "result", "changed", "requests", "writes", "seconds")
        rows = [
            (
                number,
                step.heading,
                "refused, as it should be" if step.exit_code else "ok",
                evidence.outcome.changed,
                evidence.requests,
                len(evidence.writes),
                round(evidence.outcome.seconds, 1),
            )
            for number, (step, evidence) in enumerate(told, start=1)
        ]
        for text in aligned(header, rows):
            self.line(text)
        self.line()
        self.line("changed counts tasks, as Ansible does; requests and writes are counted by the simulator.")

    def failed(self, number: int, step: Step) -> None:
        """The last line of a demo that went wrong."""
        self.line()
        self.line(f"The demo failed in step {number}, {step.heading}: see WRONG above.", BOLD, RED)

    def next_steps(self) -> None:
        """Where to go from here."""
        self.heading("What next")
        self.line(NEXT)


def body_of(name: str) -> str:
    """The text of a file below its header."""
    return (ROOT / name).read_text(encoding="utf-8").partition("---\n")[2].rstrip()
