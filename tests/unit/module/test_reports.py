# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as files, and lines that say how a run goes."""

from __future__ import annotations

import json
import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.action import dynatrace_access as action
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import reports
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.progress import Progress
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.reports import (
    check_plan_file,
    markdown,
    read_changes,
    write_plan,
)

PLAN: dict[str, Any] = {
    "account": "7f3c1d9a",
    "plan_id": "0bd2bd4a",
    "changes": [
        {
            "action": "add",
            "kind": "membership",
            "name": "ada@example.com in Shop",
            "detail": {"user": "ada@example.com", "group": "Shop"},
        }
    ],
    "people": [{"email": "ada@example.com", "gains": ["group Shop"], "loses": ["group Ops", "the account"]}],
    "warnings": ["Something to know."],
}
NOTHING: dict[str, Any] = {**PLAN, "changes": [], "people": [], "warnings": []}
HOSTILE = [
    "a | b",
    "<img src=x onerror=alert(1)>",
    "<!-- ",
    "`code`",
    "``` ",
    "[x](http://evil.example)",
    "![x](//evil.example)",
    "**bold** __it__ ~~gone~~",
    "line\nbreak | x |\n\n# Title\n",
    "\r\n---\r\n",
    "\u2028| x |\u2029",
    "back\\slash \\| pipe",
    "&lt;b&gt; &#124;",
    "https://evil.example www.evil.example",
    "@everybody #1",
    "$(id) {{ x }} ${x}",
]


class TestFiles:
    def test_json_and_markdown(self, tmp_path: Path) -> None:
        write_plan(str(tmp_path / "plan.json"), PLAN)
        assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8")) == PLAN
        assert (tmp_path / "plan.md").read_text(encoding="utf-8") == markdown(PLAN)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.md"]

    def test_are_for_their_owner_only(self, tmp_path: Path) -> None:
        target = tmp_path / "plan.json"
        target.touch(mode=0o666)
        target.chmod(0o666)
        write_plan(str(target), PLAN)
        assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600, 0o600]

    def test_a_link_is_replaced_and_not_followed(self, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.write_text("precious", encoding="utf-8")
        (tmp_path / "plan.json").symlink_to(other)
        write_plan(str(tmp_path / "plan.json"), PLAN)
        assert other.read_text(encoding="utf-8") == "precious"

    def test_all_or_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who reads while another plan is written sees the old one."""
        target = tmp_path / "plan.json"
        write_plan(str(target), PLAN)
        seen = []

        def replace(self: Path, goal: Path) -> None:
            seen.append(json.loads(target.read_text(encoding="utf-8"))["plan_id"])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(reports.Path, "replace", replace)
        with pytest.raises(InvalidInput, match="No space left"):
            write_plan(str(target), {**PLAN, "plan_id": "other"})
        assert seen == ["0bd2bd4a"]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.md"]

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("plan.md", "another ending"),
            ("nowhere/plan.json", "can't be written"),
            ("", "can't be written"),
            (".", "can't be written"),
            ("/", "can't be written"),
        ],
    )
    def test_what_cannot_be_written_is_known_before(self, tmp_path: Path, name: str, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            check_plan_file(name if name == "/" else str(tmp_path / name))

    @pytest.mark.parametrize("path", ["plan.json", "./plan.json", ""])
    def test_where_depends_on_nothing(self, path: str) -> None:
        with pytest.raises(InvalidInput, match=f"plan_file {path}: give the whole path"):
            check_plan_file(path)

    def test_what_can(self, tmp_path: Path) -> None:
        for path in (None, *(str(tmp_path / name) for name in ("plan", "plan.json", "plan.v1.json"))):
            check_plan_file(path)
        assert list(tmp_path.iterdir()) == []

    def test_are_read_back(self, tmp_path: Path) -> None:
        target = tmp_path / "plan.json"
        write_plan(str(target), PLAN)
        assert read_changes(str(target), "0bd2bd4a") == tuple(PLAN["changes"])
        assert read_changes(str(target), "another") is None
        assert read_changes(str(target), None) is None
        assert read_changes(None, "0bd2bd4a") is None

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"plan_id": "0bd2bd4a"}', "\u00e9"])
    def test_another_file_is_no_plan(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "plan.json").write_bytes(text.encode("latin-1"))
        assert read_changes(str(tmp_path / "plan.json"), "0bd2bd4a") is None
        assert read_changes(str(tmp_path / "none.json"), "0bd2bd4a") is None


def visible(text: str) -> str:
    """The text as it is shown: escapes taken off, blanks run together."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def cells(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]]


def with_name(name: str) -> dict[str, Any]:
    change = {"action": "add", "kind": "membership", "name": name, "detail": {"group": name}}
    people = [{"email": name, "gains": [name], "loses": [name, name]}]
    return {**PLAN, "changes": [change], "people": people, "warnings": [name]}


ACTS = re.compile(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#+!|~@&:=]")
"""What Markdown, HTML or a forge acts on, when nothing stands before it that takes its meaning."""


class TestMarkdown:
    def test_as_people_read_it(self) -> None:
        assert visible(markdown(PLAN)).splitlines() == [
            "# Plan for 7f3c1d9a",
            "",
            "Plan id: `0bd2bd4a`",
            "",
            "## People",
            "",
            "| who | gains | loses |",
            "|---|---|---|",
            "| ada@example.com | group Shop | group Ops, the account |",
            "",
            "## Changes, in this order",
            "",
            "| action | kind | name | detail |",
            "|---|---|---|---|",
            '| add | membership | ada@example.com in Shop | {"group": "Shop", "user": "ada@example.com"} |',
            "",
            "## Warnings",
            "",
            "- Something to know.",
        ]

    def test_nothing(self) -> None:
        assert "Nothing changes." in markdown(NOTHING)
        assert "##" not in markdown(NOTHING)

    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_names_do_nothing(self, name: str) -> None:
        harmless_names(name)

    @given(st.text(max_size=30))
    def test_no_name_does(self, name: str) -> None:
        harmless_names(name)


def harmless_names(name: str) -> None:
    """The page has the same lines and cells whatever the name, and none of its characters has a meaning."""
    page, plain = markdown(with_name(name)).splitlines(), markdown(with_name("x")).splitlines()
    assert len(page) == len(plain)
    for line, like in zip(page, plain, strict=True):
        if not like.startswith("| ") or "x" not in like:
            continue
        assert len(cells(line)) == len(cells(like))
        assert not any(ACTS.search(cell) for cell in cells(line))
    shown = "".join(filter(str.isprintable, re.sub(r"\s+", " ", name)))
    assert visible(cells(page[8])[0]) == shown.strip()
    assert not ACTS.search(page[-1].removeprefix("- "))
    assert not re.search(r"(?i)\bwww\.", page[-1])


class TestProgress:
    def test_lines(self) -> None:
        progress = Progress(lambda line: None, lambda: 12.6, lambda: 7)
        assert progress.line() == "Reading the account, 7 requests so far; 13 s spent waiting for the limit."
        progress.watch(3, 5, 2)
        assert progress.line() == "3 of 10 changes done, 2 failed or put off, 5 left; 13 s spent waiting for the limit."

    def test_they_are_told_while_it_lasts(self) -> None:
        """Without looking at a clock: the run goes on until two lines came."""
        lines: list[str] = []
        two = threading.Event()

        def tell(line: str) -> None:
            lines.append(line)
            if len(lines) == 2:
                two.set()

        progress = Progress(tell, lambda: 0.0, lambda: 0, interval=0.001)
        progress.watch(1, 1, 0)
        with progress:
            assert two.wait(30)
        assert set(lines) == {"1 of 2 changes done, 0 failed or put off, 1 left; 0 s spent waiting for the limit."}

    def test_a_short_run_tells_nothing(self) -> None:
        lines: list[str] = []
        with Progress(lines.append, lambda: 0.0, lambda: 0, interval=3600):
            pass
        assert lines == []

    def test_it_ends_with_an_error(self) -> None:
        threads = threading.active_count()
        with pytest.raises(ZeroDivisionError), Progress(lambda line: None, lambda: 0.0, lambda: 0, interval=3600):
            raise ZeroDivisionError
        assert threading.active_count() == threads


class Looks:
    """In place of the event that says that the module has ended: before each look something is added to the file."""

    def __init__(self, file: Path, *additions: bytes) -> None:
        self._file = file
        self._left = [*additions]

    def wait(self, timeout: float) -> bool:
        """Whether that was the last one."""
        with self._file.open("ab") as file:
            file.write(self._left.pop(0))
        return not self._left


class TestShow:
    @pytest.mark.parametrize(
        ("additions", "expected"),
        [
            pytest.param([b""], [], id="nothing"),
            pytest.param([b"a\n", b""], ["  ... a"], id="a line"),
            pytest.param(
                [b"a\nb\n", b"c\n"], ["  ... a", "  ... b", "  ... c"], id="some at a time, and the last ones"
            ),
            pytest.param([b"a", b"b\nc", b"\n", b"d"], ["  ... ab", "  ... c"], id="complete ones only"),
        ],
    )
    def test_lines_come_once_and_whole(self, tmp_path: Path, additions: list[bytes], expected: list[str]) -> None:
        file = tmp_path / "progress"
        file.touch()
        told: list[str] = []
        action.show(file, Looks(file, *additions), told.append)  # type: ignore[arg-type]
        assert told == expected


@pytest.mark.parametrize(
    ("users", "found"),
    [
        ("[{'groups': {'add': [{'until': datetime.datetime(2999, 12, 24, 18, 0)}]}}]", "users"),
        ("[{'groups': {'add': [{'until': datetime.date(2999, 12, 24)}]}}]", "users"),
        ([{"groups": {"add": [{"until": "2999-12-24T18:00:00Z"}]}}], None),
    ],
)
def test_dates_that_became_text(users: object, found: str | None) -> None:
    """A list in a variable is text by then, where ansible-core is older than 2.19 and a date has no quotes."""
    assert action.unquoted_dates({"groups": [], "users": users}) == found
