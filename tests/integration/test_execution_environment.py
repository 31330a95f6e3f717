# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-builder makes of the definition, and what it finds in the installed collection."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.integration.helpers import BIN, COLLECTION, ROOT
from tests.tools.pages import YAML, blocks

PLACE = "extensions/execution_environment/execution-environment.yml"


def builder(*arguments: object) -> str:
    """What ansible-builder prints."""
    command = [str(BIN / "ansible-builder"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(path: Path) -> Any:
    """A YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_definition_makes_a_context(installed: Path, tmp_path: Path) -> None:
    """From the installed collection: its Python, its Ansible, and the collection of this version."""
    builder("create", "-f", installed / PLACE, "-c", tmp_path, "--output-filename", "Containerfile")
    containerfile = (tmp_path / "Containerfile").read_text(encoding="utf-8")
    definition = read(ROOT / PLACE)
    for wanted in (
        f"ARG EE_BASE_IMAGE={json.dumps(definition['images']['base_image']['name'])}",
        f"ARG PYCMD={json.dumps(definition['dependencies']['python_interpreter']['python_path'])}",
        'ARG ANSIBLE_INSTALL_REFS="ansible-core~=2.19.0 ansible-runner~=2.4"',
        "ansible-galaxy collection install $ANSIBLE_GALAXY_CLI_COLLECTION_OPTS -r requirements.yml",
        "introspect.py introspect",
        "USER 1000",
    ):
        assert wanted in containerfile
    (asked,) = read(tmp_path / "_build/requirements.yml")["collections"]
    assert asked["name"] == COLLECTION
    assert read(ROOT / "galaxy.yml")["version"] in SpecifierSet(asked["version"])


def test_definition_has_an_ansible_that_the_collection_takes() -> None:
    """The one that is tested, and one that meta/runtime.yml allows."""
    core = Requirement(read(ROOT / PLACE)["dependencies"]["ansible_core"]["package_pip"])
    pinned = [
        line for line in (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines() if "ansible-core" in line
    ]
    (tested,) = (line.removeprefix("ansible-core==") for line in pinned)
    assert tested in core.specifier
    assert tested in SpecifierSet(read(ROOT / "meta/runtime.yml")["requires_ansible"])


def test_builder_finds_what_the_collection_needs(installed: Path) -> None:
    """Through meta/execution-environment.yml."""
    found = yaml.safe_load(builder("introspect", installed.parents[2]))
    (needed,) = found["python"]
    requirement, origin = needed.split("  # ")
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [requirement]
    assert origin == f"from collection {COLLECTION}"
    assert found["system"] == []


def test_guide_shows_the_definition() -> None:
    """As it is."""
    page = (ROOT / "docs/docsite/rst/execution_environment.rst").read_text(encoding="utf-8")
    assert [yaml.safe_load(block.text) for block in blocks(page, YAML)] == [read(ROOT / PLACE)]
