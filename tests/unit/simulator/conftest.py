# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulators for the tests, one for each contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.simulator.helpers import CONTRACTS, Api, running


@pytest.fixture
def published() -> Iterator[Api]:
    """The account behind the published contract."""
    with running("published") as api:
        yield api


@pytest.fixture
def guide() -> Iterator[Api]:
    """The account behind the guide's contract."""
    with running("guide") as api:
        yield api


@pytest.fixture(params=CONTRACTS)
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """The account behind each contract in turn."""
    with running(request.param) as made:
        yield made
