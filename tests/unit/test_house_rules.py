# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house hold, and the checker would notice if they did not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.tools import house_rules as house
from tests.tools.tree import ROOT, project_files

FILES = project_files()
SOURCES = [
    house.Source(name, (ROOT / name).read_text(encoding="utf-8"))
    for name in FILES
    if name.startswith("plugins/") and name.endswith(".py")
]
MODULES = {Path(source.path).stem: source for source in SOURCES if source.path.startswith("plugins/modules/")}
MODULES.pop("__init__", None)
# What every managing module returns, and what all modules return when they fail.
SHARED_RETURNS = {"plan_id", "changes", "stats", "failure", "changes_applied", "changes_pending"}
# Endings of the names of modules that change nothing in an account.
READS_ONLY = ("_info", "_assert", "_export")


def text_of(name: str) -> str | None:
    """The text of a file; None when it is a picture or its like."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def return_values(source: house.Source) -> dict[str, object]:
    """What a module's RETURN documents."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "RETURN":
            return dict(yaml.safe_load(ast.literal_eval(node.value)) or {})
    return {}


class TestTheHouse:
    """What is in the checkout."""

    def test_there_is_something_to_look_at(self) -> None:
        assert MODULES
        assert {source.layer for source in SOURCES} == set(house.LAYERS)

    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
    def test_imports_go_one_way(self, source: house.Source) -> None:
        assert house.wrong_imports(source) == []

    def test_planning_is_pure(self) -> None:
        assert all(any(source.name.startswith(pure) for source in SOURCES) for pure in house.PURE)
        assert house.impure(SOURCES) == []

    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
    def test_only_module_ends_a_run(self, source: house.Source) -> None:
        assert house.wrong_endings(source) == []

    @pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
    def test_nothing_is_too_long(self, source: house.Source) -> None:
        assert house.too_long(source) == []

    def test_action_group_lists_all_modules(self) -> None:
        runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
        assert sorted(runtime["action_groups"]["all"]) == sorted(MODULES)

    def test_shared_return_values_have_one_text(self) -> None:
        documented = {
            name: {key: value for key, value in return_values(source).items() if key in SHARED_RETURNS}
            for name, source in MODULES.items()
        }
        assert house.unequal_returns(documented) == []

    @pytest.mark.parametrize("name", sorted(name for name in MODULES if not name.endswith(READS_ONLY)))
    def test_managing_modules_document_them_all(self, name: str) -> None:
        assert sorted(SHARED_RETURNS - return_values(MODULES[name]).keys()) == []

    @pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".py", ".yml", ".yaml"))])
    def test_header(self, name: str) -> None:
        if name == "changelogs/changelog.yaml":  # written by antsibull-changelog, see REUSE.toml
            return
        assert house.missing_header(name, text_of(name) or "") == []

    def test_no_machine_paths(self) -> None:
        assert [found for name in FILES for found in house.machine_paths(name, text_of(name) or "")] == []

    def test_one_lower_bound_of_requests(self) -> None:
        bounds = {
            found
            for name in ("requirements.txt", "pyproject.toml")
            for found in re.findall(r"requests>=[\d.]+", (ROOT / name).read_text(encoding="utf-8"))
        }
        assert len(bounds) == 1


def made_up(path: str, *lines: str) -> house.Source:
    """A source that is nowhere."""
    return house.Source(path, "\n".join(lines) + "\n")


UTILS = "plugins/module_utils"
OWN = "ansible_collections.identityops.dynatrace.plugins.module_utils"


class TestTheChecker:
    """Made-up sources: violations are found, and only violations."""

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (f"{UTILS}/_core/plan.py", f"from {OWN}._api.account import Account"),
            (f"{UTILS}/_core/plan.py", f"import {OWN}._iam.model"),
            (f"{UTILS}/_core/plan.py", "from .._api import account"),
            (f"{UTILS}/_core/plan.py", "from ..._core import x"),
            (f"{UTILS}/_core/__init__.py", "from .._iam import model"),
            (f"{UTILS}/_core/plan.py", "from ansible.errors import AnsibleError"),
            (f"{UTILS}/_core/plan.py", "import requests"),
            (f"{UTILS}/_core/plan.py", "from .._policy.parser import parse_statements"),
            (f"{UTILS}/_policy/parser.py", "from .._core.plan import Plan"),
            (f"{UTILS}/_policy/parser.py", "from .._core import plan"),
            (f"{UTILS}/_policy/parser.py", "from .._api.records import Policy"),
            (f"{UTILS}/_policy/parser.py", "from .._iam import model"),
            (f"{UTILS}/_policy/parser.py", "import requests"),
            (f"{UTILS}/_policy/parser.py", "from ansible.module_utils.common.text import converters"),
            (f"{UTILS}/_policy/parser.py", "import urllib.request"),
            (f"{UTILS}/_api/account.py", "from .._policy.parser import parse_statements"),
            (f"{UTILS}/_api/account.py", "from .._iam.model import User"),
            (f"{UTILS}/_api/account.py", "from ansible.module_utils.basic import AnsibleModule"),
            (f"{UTILS}/_api/contracts/guide.py", "from ..._iam.model import User"),
            (f"{UTILS}/_iam/model.py", "from .._module.run import run"),
            (f"{UTILS}/_iam/model.py", "import requests.adapters"),
            (f"{UTILS}/_module/run.py", "from ...modules import dynatrace_user"),
            (f"{UTILS}/helpers.py", "from ansible.module_utils.basic import env_fallback"),
            ("plugins/modules/dynatrace_user.py", "from ansible.module_utils.basic import AnsibleModule"),
            ("plugins/modules/dynatrace_user.py", "from ..module_utils.helpers import x"),
            ("plugins/modules/dynatrace_user.py", "import yaml"),
            ("plugins/lookup/dynatrace.py", "import httpx"),
            (f"{UTILS}/_core/plan.py", "def f():\n    from .._api import account"),
        ],
    )
    def test_wrong_import(self, path: str, line: str) -> None:
        assert house.wrong_imports(made_up(path, line))

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (f"{UTILS}/_core/plan.py", "from __future__ import annotations"),
            (f"{UTILS}/_core/plan.py", "from .change import Change"),
            (f"{UTILS}/_core/plan.py", "from . import change"),
            (f"{UTILS}/_core/__init__.py", "from .plan import Plan"),
            (f"{UTILS}/_policy/findings.py", "from .parser import parse_statements"),
            (f"{UTILS}/_policy/findings.py", "from . import parser"),
            (f"{UTILS}/_policy/findings.py", "from .._core.errors import InvalidInput"),
            (f"{UTILS}/_policy/findings.py", "from .._core import errors"),
            (f"{UTILS}/_policy/findings.py", "import re"),
            (f"{UTILS}/_iam/planner.py", "from .._policy.compare import same_statements"),
            (f"{UTILS}/_module/run.py", "from .._policy.findings import check_statements"),
            (f"{UTILS}/_api/http.py", "import requests"),
            (f"{UTILS}/_api/contracts/guide.py", "from ..._core.errors import CallFailed"),
            (f"{UTILS}/_iam/apply.py", f"from {OWN}._api.account import Account"),
            (f"{UTILS}/_module/run.py", "from ansible.module_utils.basic import AnsibleModule"),
            ("plugins/modules/dynatrace_user.py", "from ..module_utils._module.run import run"),
            ("plugins/lookup/dynatrace.py", "from ansible.plugins.lookup import LookupBase"),
        ],
    )
    def test_right_import(self, path: str, line: str) -> None:
        assert house.wrong_imports(made_up(path, line)) == []

    def test_impure_planner(self) -> None:
        direct = made_up(f"{UTILS}/_iam/planner.py", "from .._api.transport import Transport")
        assert house.impure([direct])
        package = made_up(f"{UTILS}/_iam/planner/users.py", "from ..._api import account")
        assert house.impure([package])
        guards = made_up(f"{UTILS}/_iam/guards.py", "from .reader import read")
        reader = made_up(f"{UTILS}/_iam/reader.py", "from .snapshot import x")
        snapshot = made_up(f"{UTILS}/_iam/snapshot.py", f"from {OWN}._api.contracts.guide import Guide")
        assert len(house.impure([guards, reader, snapshot])) == 1

    def test_pure_planner(self) -> None:
        planner = made_up(f"{UTILS}/_iam/planner.py", "from .model import User", "from .._core.plan import Plan")
        model = made_up(f"{UTILS}/_iam/model.py", "from .._api.records import User", "from .planner import again")
        reader = made_up(f"{UTILS}/_iam/reader.py", "from .._api.account import Account")
        assert house.impure([planner, model, reader]) == []

    def test_endings(self) -> None:
        line = "module.fail_json(msg='no')"
        assert house.wrong_endings(made_up("plugins/modules/dynatrace_user.py", line))
        assert house.wrong_endings(made_up(f"{UTILS}/_iam/apply.py", f"def f():\n    {line}"))
        assert house.wrong_endings(made_up(f"{UTILS}/_module/run.py", line)) == []

    def test_what_counts_as_code(self) -> None:
        source = made_up(
            "plugins/modules/dynatrace_user.py",
            '"""Docstring."""',
            "# comment",
            "",
            'DOCUMENTATION = r"""',
            "module: dynatrace_user",
            '"""',
            "x = (",
            "    # comment within",
            "    1",
            ")",
            "def f():",
            '    """One more',
            '    docstring."""',
            '    return """a text',
            '    that counts"""',
        )
        assert house.code_lines(source) == {7, 9, 10, 11, 14, 15}

    @pytest.mark.parametrize(
        ("path", "limit"), [("plugins/modules/x.py", house.MODULE_LINES), (f"{UTILS}/_core/x.py", house.UTILS_LINES)]
    )
    def test_long_file(self, path: str, limit: int) -> None:
        assert house.too_long(made_up(path, *["x = 1"] * limit, "# comment")) == []
        assert house.too_long(made_up(path, *["x = 1"] * (limit + 1)))

    def test_long_function(self) -> None:
        body = ["    x = 1"] * (house.FUNCTION_LINES - 1)
        assert house.too_long(made_up(f"{UTILS}/_core/x.py", "def f():", *body)) == []
        assert house.too_long(made_up(f"{UTILS}/_core/x.py", "class C:", "  async def f():", *body, "    y = 1"))

    def test_header_and_paths(self) -> None:
        head = f"# {house.COPYRIGHT}\n# {house.SPDX}\n"
        assert house.missing_header("x.py", head + "x = 1\n") == []
        assert house.missing_header("__init__.py", "") == []
        assert len(house.missing_header("x.py", "x = 1\n")) == 2
        assert len(house.missing_header("x.py", "\n" * 20 + head)) == 2
        for place in ("work", "root", "home/jane"):
            assert house.machine_paths("x.md", f"see /{place}/x") == [
                f"x.md:1: /{place}/ is a path of somebody's machine"
            ]
        assert house.machine_paths("x.md", "https://example.com/" + "work/x and frame" + "work/x and /api/root/x") == []

    def test_unequal_returns(self) -> None:
        assert house.unequal_returns({"a": {"stats": {"type": "dict"}}, "b": {"stats": {"type": "dict"}}}) == []
        assert house.unequal_returns({"a": {"stats": {"type": "dict"}}, "b": {"stats": {"type": "list"}}}) == [
            "b: RETURN.stats is not what a says"
        ]
