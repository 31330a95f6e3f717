# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients on simulators, for both contracts; and how long Hypothesis looks (HYPOTHESIS_PROFILE=long for a night)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.simulator.checking import specification

from .builders import CONTRACTS, Bench, State, bench

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "short", derandomize=True, database=None, deadline=None, max_examples=40, suppress_health_check=SLOW_IS_FINE
)
settings.register_profile(
    "long", derandomize=False, database=None, deadline=None, max_examples=2000, suppress_health_check=SLOW_IS_FINE
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Under ansible-test each test is a process of its own: what most of them read is read before they part."""
    if session.config.pluginmanager.hasplugin("ansible_forked"):
        for contract in CONTRACTS:
            specification(contract)


Start = Callable[..., Bench]


@pytest.fixture(params=CONTRACTS)
def contract(request: pytest.FixtureRequest) -> str:
    """Each contract in turn."""
    name: str = request.param
    return name


@pytest.fixture
def start_as() -> Iterator[Start]:
    """Starts a simulator for ``(contract, state)``; all its traffic has to fit the OpenAPI document."""
    with contextlib.ExitStack() as stack:

        def start(name: str, state: State, **more: object) -> Bench:
            return stack.enter_context(bench(name, state, **more))

        yield start


@pytest.fixture
def start(contract: str, start_as: Start) -> Start:
    """Starts a simulator for ``(state)``, with each contract in turn."""
    return lambda state, **more: start_as(contract, state, **more)
