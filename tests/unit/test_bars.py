# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of bars: it holds what is claimed, and a bar passes only when it ran."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from tests.tools import bars, cores, sanity
from tests.tools.bars import Bar, Result
from tests.tools.tree import ROOT


def text(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


class TestWhatIsClaimed:
    def test_the_readme_has_the_matrix_that_is_run(self) -> None:
        assert "\n".join(cores.table()) in text("README.md")

    def test_each_pair_has_sanity_and_unit_tests(self) -> None:
        names = {it.name for it in bars.BARS}
        assert {f"{kind}-{pair}" for pair in cores.PAIRS for kind in ("sanity", "units")} <= names
        assert {f"playbooks-{pair}" for pair in cores.PLAYING} <= names
        assert set(cores.PLAYING) <= set(cores.PAIRS)

    def test_unit_tests_of_what_is_shipped_run_once_on_each_python(self) -> None:
        whole = [
            pair
            for pair in cores.PAIRS
            if set(bars.units(pair)) > {f"tests/unit/{name}/" for name in bars.KNOWING_ANSIBLE}
        ]
        assert sorted(pair.python for pair in whole) == sorted({pair.python for pair in cores.PAIRS})

    def test_the_oldest_release_is_the_one_that_users_may_have(self) -> None:
        oldest, least = cores.PAIRS[0].core, cores.PAIRS[0].python
        assert yaml.safe_load(text("meta/runtime.yml"))["requires_ansible"] == f">={oldest}.0"
        assert f'"ansible-core>={oldest}"' in text("pyproject.toml")
        assert f'requires-python = ">={least}"' in text("pyproject.toml")
        assert yaml.safe_load(text("tests/config.yml"))["modules"]["python_requires"] == f">={least}"

    def test_each_tool_has_one_version(self) -> None:
        found = [pin for name in (*bars.PINNED_FOR_NOX, "requirements-dev.txt") for pin in bars.PIN.findall(text(name))]
        assert [tool for tool, count in Counter(tool for tool, version in set(found)).items() if count > 1] == []

    def test_each_tool_that_is_named_is_shown_with_the_version_that_runs(self) -> None:
        wanted = dict(bars.PIN.findall(text("requirements-dev.txt")))
        shown = " ".join(bars.described(it) for it in bars.GENERAL)
        named = {word for it in bars.GENERAL for word in re.findall(r"[\w-]+", it.what)} & wanted.keys()
        assert {"ansible-core", "ansible-lint", "ansible-rulebook", "galaxy-importer"} <= named
        assert [tool for tool in named if f"{tool} {wanted[tool]}" not in shown] == []

    def test_what_is_named_is_there(self) -> None:
        assert len({it.name for it in bars.BARS}) == len(bars.BARS)
        paths = {word.removeprefix("--ignore=") for it in bars.BARS for word in it.command if "tests/" in word}
        assert [path for path in paths if not (ROOT / path).exists()] == []
        assert [name for name in bars.UNSHIPPED if not (ROOT / "tests/unit" / name).is_dir()] == []


TOOL = Bar("tool", "tool", ("tool",))
PYTEST = Bar("examples", "examples", ("python", "-m", "pytest"))


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("item", "status", "output", "verdict"),
        [
            (TOOL, 0, "", "ok"),
            (TOOL, 2, "", "FAILED, status 2"),
            (TOOL, 0, "nox > Skipping docs-check...", "FAILED, nox > Skipping docs-check..."),
            (TOOL, 0, "nox > Skip antsibull-docs (no files)", "FAILED, nox > Skip antsibull-docs (no files)"),
            (TOOL, 0, "nox > antsibull-docs --skip-rstcheck .\ntemplates not found, skipping", "ok"),
            (TOOL, 0, "  WARNING: no tags", "FAILED, WARNING: no tags"),
            (TOOL, 0, "\n\x1b[2mWARNING  Unable to load x\x1b[0m", "FAILED, WARNING  Unable to load x"),
            (TOOL, 0, "[WARNING]: Error loading plugin", "FAILED, [WARNING]: Error loading plugin"),
            (TOOL, 0, "WARNING: ERROR    Failed to find identityops.dynatrace.onboard playbook.", "ok"),
            (TOOL, 0, "ERROR    Failed to find a.b.c playbook.", "FAILED, ERROR    Failed to find a.b.c playbook."),
            (PYTEST, 0, "= 3 passed in 0.1s =\n= 4 passed in 0.1s =", "ok, 7 tests"),
            (PYTEST, 0, "no tests ran", "FAILED, no test ran"),
            (PYTEST, 1, "3 passed, 1 failed", "FAILED, status 1"),
        ],
    )
    def test_of_a_command(self, item: Bar, status: int, output: str, verdict: str) -> None:
        assert bars.judged(item, status, output) == verdict

    def test_a_tool_that_is_missing(self, tmp_path: Path) -> None:
        result = bars.run(Bar("none", "nothing", ("no-such-tool",)), tmp_path / "log")
        assert not result.passed
        assert "no-such-tool" in result.result

    def test_what_a_command_writes_is_kept(self, tmp_path: Path) -> None:
        result = bars.run(Bar("print", "ruff", (sys.executable, "-c", "print('hello')")), tmp_path / "log")
        assert result.passed
        assert re.fullmatch(r"ruff [\d.]+", result.ran)
        assert (tmp_path / "log").read_text(encoding="utf-8") == "hello\n"

    def test_an_environment_that_cannot_be_made(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cores, "ROOT", tmp_path)
        (tmp_path / "tests/unit").mkdir(parents=True)
        (tmp_path / "tests/unit/requirements.txt").touch()
        result = bars.run(Bar("units", "units", ("true",), cores.Pair("2.16", "3.99")), tmp_path / "log")
        assert (result.result, result.ran) == (
            "FAILED, its environment can't be made",
            "units, ansible-core missing, Python 3.99",
        )
        assert "error" in (tmp_path / "log").read_text(encoding="utf-8")

    @pytest.mark.parametrize(("held", "release"), [("2.16.3", "2.16.3"), ("2.18.1", cores.MISSING)])
    def test_an_environment_counts_with_the_release_it_claims(
        self, held: str, release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cores, "ROOT", tmp_path)
        pair = cores.Pair("2.16", "3.10")
        place = pair.place / f"lib/python3.10/site-packages/ansible_core-{held}.dist-info"
        place.mkdir(parents=True)
        (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: ansible-core\nVersion: {held}\n", "utf-8")
        assert cores.release(pair) == release

    def test_the_callers_settings_for_tools_do_not_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        names = ("PYTEST_ADDOPTS", "MAKEFLAGS", "GALAXY_IMPORTER_RUN_ANSIBLE_LINT", "ANTSIBULL_CHANGE_DETECTION")
        for name in names:
            monkeypatch.setenv(name, "x")
        assert not sanity.environment().keys() & set(names)

    @pytest.mark.parametrize(
        ("reports", "problems"),
        [
            ([], ["no test ran"]),
            ([("pslint", "No tests applicable.")], ["no test ran"]),
            ([("pep8", None), ("pslint", "No tests applicable.")], []),
            ([("pep8", None), ("import-python-3.11", "not found")], ["import-python-3.11 did not run: not found"]),
        ],
    )
    def test_of_sanity_tests(self, reports: list[tuple[str, str | None]], problems: list[str], tmp_path: Path) -> None:
        for name, reason in reports:
            inner = "" if reason is None else f"<skipped>{reason}</skipped>"
            (tmp_path / f"{name}.xml").write_text(f'<a><testcase name="{name}">{inner}</testcase></a>', "utf-8")
        assert sanity.idle(sanity.reported(tmp_path)) == problems


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A state of the checkout, whose results are kept apart from real ones."""
    monkeypatch.setattr(bars, "CACHE", tmp_path)
    monkeypatch.setattr(bars, "tree", lambda: "abc")
    return "abc"


class TestGoingOn:
    PASSES = Bar("passes", "ruff", (sys.executable, "-c", ""))
    FAILS = Bar("fails", "mypy", (sys.executable, "-c", "raise SystemExit(1)"))

    def test_what_passed_is_kept(self, state: str, capsys: pytest.CaptureFixture[str]) -> None:
        first = bars.kept_or_run(self.PASSES, state, resume=False)
        capsys.readouterr()
        assert bars.kept_or_run(self.PASSES, state, resume=True) == first
        assert capsys.readouterr().out == ""
        bars.kept_or_run(self.PASSES, state, resume=False)
        assert capsys.readouterr().out.startswith("== passes")

    def test_what_passed_with_another_version_is_not(self, state: str, capsys: pytest.CaptureFixture[str]) -> None:
        file = bars.CACHE / state / "passes.json"
        file.parent.mkdir()
        file.write_text(json.dumps(asdict(Result("passes", "ruff 0.0.1", "ok", 1))), encoding="utf-8")
        assert bars.kept_or_run(self.PASSES, state, resume=True).ran != "ruff 0.0.1"

    def test_what_failed_is_run_again(self, state: str) -> None:
        assert bars.kept_or_run(self.FAILS, state, resume=True).result == "FAILED, status 1"
        assert bars.kept_or_run(Bar("fails", "mypy", self.PASSES.command), state, resume=True).passed

    def test_what_ran_while_the_checkout_changed_does_not_count(
        self, state: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        trees = iter(["abc", "abc", "def", "def"])
        monkeypatch.setattr(bars, "tree", lambda: next(trees))
        assert bars.table([self.PASSES, self.FAILS], resume=False) == 1
        shown = capsys.readouterr().out
        assert "FAILED, the checkout changed meanwhile" in shown
        assert "== fails" not in shown

    def test_ctrl_c_leaves_the_table_of_what_ended(
        self, state: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(this: Bar, log: Path) -> Result:
            if this is self.FAILS:
                raise KeyboardInterrupt
            return Result(this.name, "ruff 1.0", "ok", 3)

        monkeypatch.setattr(bars, "run", interrupted)
        assert bars.table([self.PASSES, self.FAILS], resume=False) == 1
        assert "1 of 2 bars hold, for tree abc" in capsys.readouterr().out


def test_a_text_that_no_name_holds_is_refused() -> None:
    assert [it.name for it in bars.chosen(["changelog"])] == ["changelog"]
    with pytest.raises(ValueError, match="no bar is called like changelgo"):
        bars.chosen(["changelgo", "python"])


def test_the_table(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert bars.table([TestGoingOn.PASSES], resume=False) == 0
    assert bars.table([TestGoingOn.PASSES, TestGoingOn.FAILS], resume=True) == 1
    lines = capsys.readouterr().out.splitlines()[-6:]
    assert lines[0].split() == ["bar", "what", "ran", "result", "seconds"]
    assert lines[3].split()[-4:-1] == ["FAILED,", "status", "1"]
    assert "1 of 2 bars hold, for tree abc" in lines[-1]
