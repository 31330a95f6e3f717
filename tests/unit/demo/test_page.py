# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo prints: colours only on a terminal, and the account's names as data."""

from __future__ import annotations

import io
import json

import pytest

from tests.demo.page import Page, wants_colour
from tests.demo.story import STEPS
from tests.tools.tree import ROOT

SEED = json.loads((ROOT / "tests/simulator/seeds/demo.json").read_text(encoding="utf-8"))


class Terminal(io.StringIO):
    """Says that it is one."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert not wants_colour(Terminal())


def test_the_introduction_counts_what_is_there() -> None:
    stream = io.StringIO()
    Page(stream, colour=False).introduce(SEED, "published", "http://127.0.0.1:1")
    assert "40 people in 12 groups" in stream.getvalue()
    assert "Production, Staging, Sandbox" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_name_cannot_steer_the_terminal() -> None:
    stream = io.StringIO()
    Page(stream, colour=False).introduce({**SEED, "account_name": "Evil\x1b[2J\nInc"}, "guide", "http://127.0.0.1:1")
    assert "Evil\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}Inc is" in stream.getvalue()


def test_a_step_shows_a_command_that_can_be_typed() -> None:
    stream = io.StringIO()
    Page(stream, colour=False).open(1, STEPS[0])
    command = (
        "$ ansible-playbook -i inventories/local.yml identityops.dynatrace.onboard"
        " -e @tests/demo/new_people.yml --check --diff\n"
    )
    assert command in stream.getvalue()
    assert str(ROOT) not in stream.getvalue()
