# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of bars: it holds what is claimed, and a bar passes only when it ran."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.tools import bars, cores
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
        found = [pin for name in ("antsibull-nox.toml", "requirements-dev.txt") for pin in bars.PIN.findall(text(name))]
        assert [tool for tool, count in Counter(tool for tool, version in set(found)).items() if count > 1] == []

    def test_what_is_named_is_there(self) -> None:
        assert len({it.name for it in bars.BARS}) == len(bars.BARS)
        paths = {word.removeprefix("--ignore=") for it in bars.BARS for word in it.command if "tests/" in word}
        assert [path for path in paths if not (ROOT / path).exists()] == []
        assert [name for name in bars.UNSHIPPED if not (ROOT / "tests/unit" / name).is_dir()] == []


PYTEST = Bar("examples", "examples", ("python", "-m", "pytest"))


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("item", "status", "output", "verdict"),
        [
            (bars.GENERAL[0], 0, "", "ok"),
            (bars.GENERAL[0], 2, "", "FAILED, status 2"),
            (bars.GENERAL[0], 0, "nox > Skipping ansible-lint...", "FAILED, nox > Skipping ansible-lint..."),
            (bars.GENERAL[0], 0, "  WARNING: no tags", "FAILED, WARNING: no tags"),
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


class TestGoingOn:
    PASSES = Bar("passes", "nothing", (sys.executable, "-c", ""))
    FAILS = Bar("fails", "nothing", (sys.executable, "-c", "raise SystemExit(1)"))

    def test_what_passed_is_kept(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        first = bars.kept_or_run(self.PASSES, tmp_path, resume=False)
        capsys.readouterr()
        assert bars.kept_or_run(self.PASSES, tmp_path, resume=True) == first
        assert capsys.readouterr().out == ""
        bars.kept_or_run(self.PASSES, tmp_path, resume=False)
        assert capsys.readouterr().out.startswith("== passes")

    def test_what_failed_is_run_again(self, tmp_path: Path) -> None:
        assert bars.kept_or_run(self.FAILS, tmp_path, resume=True).result == "FAILED, status 1"
        assert bars.kept_or_run(Bar("fails", "nothing", self.PASSES.command), tmp_path, resume=True).passed


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    status = bars.closing([Result("a", "ruff 1.0", "ok", 3), Result("b", "mypy 2.0", "FAILED, status 1", 14)], "abc")
    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert lines[1].split() == ["bar", "what", "ran", "result", "seconds"]
    assert "1 of 2 bars hold" in lines[-1]
    assert "abc" in lines[-1]
