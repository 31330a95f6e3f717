# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups given by nothing but their ids are found, whoever is to join or to leave them."""

from __future__ import annotations

from collections.abc import Callable

from ..builders import Bench, access, account, bot, gid, person, team

Start = Callable[..., Bench]
ADA, EVE, ROBOT = "ada@example.com", "eve@example.com", "robot@service.sso.dynatrace.com"


def made_by(start: Start) -> Bench:
    """Ada and a service user are in one group."""
    return start(account([person(ADA, "Shop"), bot("robot", "Shop")], [team("Shop")]))


def members(made: Bench) -> set[str]:
    """Who is in it."""
    return set(made.state().members_of(gid("Shop")))


def test_several_of_whom_one_is_new(start: Start) -> None:
    made = made_by(start)
    made.run(access(users=[{"email": EVE, "groups": {"add": [gid("Shop")]}}, {"email": ADA, "state": "existing"}]))
    assert members(made) == {ADA, EVE, ROBOT}


def test_a_service_user(start: Start) -> None:
    made = made_by(start)
    made.run(access(service_users=[{"name": ROBOT, "groups": {"remove": [gid("Shop")]}}]))
    assert members(made) == {ADA}


def test_somebody_who_is_not_there(start: Start) -> None:
    """Has nothing to leave; it isn't the group that is missing."""
    made = made_by(start)
    made.run(access(users=[{"email": EVE, "state": "existing", "groups": {"remove": [gid("Shop")]}}]))
    assert made.writes == []
