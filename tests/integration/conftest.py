# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated accounts for the tests, one a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.integration.helpers import CONTRACTS, HERE, Lab, Means, laboratory
from tests.integration.warm import interpreter
from tests.tools import package


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--one-contract`` halves the time: which one a test gets depends on its name."""
    parser.addoption("--one-contract", action="store_true", help="play what runs on both contracts on one of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other contract of a test that asks for `lab`; targets are chosen by hand (test_targets.py)."""
    if not config.getoption("--one-contract"):
        return
    spared = [item for item in items if _is_of_the_other_contract(item)]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if item not in set(spared)]


def _is_of_the_other_contract(item: pytest.Item) -> bool:
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    contract = params.get("contract")
    if HERE not in item.path.parents or contract not in CONTRACTS or "target" in params:
        return False
    name = item.nodeid.replace(contract, "")
    return contract != CONTRACTS[crc32(name.encode()) % len(CONTRACTS)]


@pytest.fixture(params=CONTRACTS)
def contract(request: pytest.FixtureRequest) -> str:
    """Each contract in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def means(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Means]:
    """Packed modules are shared by all of pytest's processes; a warm interpreter belongs to each."""
    own = tmp_path_factory.getbasetemp()
    packed = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "packed"
    packed.mkdir(exist_ok=True)
    with interpreter(packed) as (program, socket):
        yield Means(packed, program, socket)


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make build` builds."""
    return package.build(tmp_path_factory.mktemp("tarball"))


@pytest.fixture(scope="session")
def installed(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the collection as ansible-galaxy installs it, the only one of its collections path."""
    return package.install(tarball, tmp_path_factory.mktemp("collections"))


@pytest.fixture
def make_lab(tmp_path: Path, means: Means) -> Iterator[Callable[..., Lab]]:
    """Starts labs that end with the test."""
    with ExitStack() as stack:

        def make(contract: str, seed: dict[str, Any] | None = None, **more: Any) -> Lab:
            return stack.enter_context(laboratory(tmp_path, means, contract, seed, **more))

        yield make


@pytest.fixture
def lab(contract: str, make_lab: Callable[..., Lab]) -> Lab:
    """The demo account, behind each contract in turn."""
    return make_lab(contract)


@pytest.fixture
def published(make_lab: Callable[..., Lab]) -> Lab:
    """The demo account behind the published contract, for what doesn't depend on it."""
    return make_lab("published")
