# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation shows runs as it stands there, in check mode, against an account that has these names."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_rulebook.validators import Validate

from tests.integration.helpers import ROOT, Lab, demo
from tests.tools.pages import PAGES, YAML, blocks

MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))
# Names that the examples use and the demo account doesn't have.
GROUPS = ("Production Viewers", "Production Admins", "Team Checkout", "Team Search", "Auditors")
PEOPLE = ("anna.lindqvist@example.com", "tom.okafor@example.com")
# What the service announces, and the only deprecation that an example may show.
SUNSET = "Dynatrace ends role permissions on environments and management zones."
# Kinds of YAML that are no play and no list of tasks, told by one of their keys. They only have to be well-formed.
OTHER_KINDS = {
    "dependencies",
    "move_people",
    "collections",
    "all",
    "ungrouped",
    "plugin",
    "images",
    "bugfixes",
    "minor_changes",
}


@pytest.fixture
def examples(contract: str, make_lab: Callable[..., Lab]) -> Lab:
    """The demo account with the names from the examples."""
    seed = demo()
    opens = [{"permissionName": "tenant-viewer", "scope": "prd48213", "scopeType": "tenant"}]
    ids = {name: str(uuid.uuid5(uuid.NAMESPACE_DNS, name)) for name in (*GROUPS, *PEOPLE)}
    seed["groups"] += [{"uuid": ids[name], "name": name, "permissions": opens} for name in GROUPS]
    seed["users"] += [{"uid": ids[email], "email": email, "groups": [ids[GROUPS[0]]]} for email in PEOPLE]
    return make_lab(contract, seed)


def documents(module: Path) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            return list(yaml.safe_load(ast.literal_eval(node.value)))
    return []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_examples_of_modules(examples: Lab, module: Path) -> None:
    """Each task of EXAMPLES."""
    tasks = documents(module)
    assert any(f"identityops.dynatrace.{module.stem}" in made for made in tasks)
    before = examples.sim.state()
    run = examples.run(examples.play(*tasks), "--check", "--diff").fine()
    assert [made.status for made in run.tasks] == ["ok"] * len(tasks), run.report()
    assert [text for text in run.deprecations if not text.startswith(SUNSET)] == []
    examples.untouched(before)


BLOCKS = [
    pytest.param(block.text, id=f"{page.relative_to(ROOT)}:{block.line}")
    for page in PAGES
    for block in blocks(page.read_text(encoding="utf-8"), YAML)
]


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_of_pages(examples: Lab, block: str) -> None:
    """Plays and tasks are run, rulebooks validated; other YAML has to be of a known kind."""
    content = yaml.safe_load(block)
    if isinstance(content, dict):
        assert OTHER_KINDS & content.keys(), f"neither plays nor tasks nor a known kind:\n{block}"
        return
    plays = (
        content
        if "hosts" in content[0] or "ansible.builtin.import_playbook" in content[0]
        else [examples.play(*content)]
    )
    if "sources" in content[0]:
        Validate.rulebook(content)
        return
    before = examples.sim.state()
    examples.run(plays, "--check", "--diff", variables=examples.variables).fine()
    examples.untouched(before)


def test_every_role_shows_an_example() -> None:
    """The search for blocks isn't blind: each role's README has at least one."""
    pages = {param.id.rpartition(":")[0] for param in BLOCKS if param.id}
    assert {f"roles/{role.name}/README.md" for role in (ROOT / "roles").iterdir()} <= pages


def test_both_kinds_of_blocks_are_found() -> None:
    """Markdown and reStructuredText, indented or not, with nothing left out."""
    markdown = "x\n\n```yaml\na: 1\n```\n\n* y\n\n  ```yml\n  b: 2\n  ```\n"
    text = (
        "x\n\n.. code-block:: yaml+jinja\n   :caption: y\n\n   c: 3\n\n   d: 4\n\nz\n\n.. code-block:: yaml\n\n   e: 5"
    )

    def found(page: str) -> list[tuple[int, Any]]:
        return [(block.line, yaml.safe_load(block.text)) for block in blocks(page, YAML)]

    assert found(markdown) == [(4, {"a": 1}), (10, {"b": 2})]
    assert found(text) == [(6, {"c": 3, "d": 4}), (14, {"e": 5})]
