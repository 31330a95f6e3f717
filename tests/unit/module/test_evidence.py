# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence is complete or not there, for the owner only, and names in it are only names."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import evidence
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.certificate import certificate
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.evidence import (
    check_evidence_dir,
    write_evidence,
)

FILES = {"before.json": '{"name": "Zoë"}\n', "report.md": "# Offboarding\n"}
BAD = "<img src=x onerror=alert(1)> | `x` [a](http://b) **c**\n# d"

CONTENT = {
    "content": [{"owner": "ada@example.com", "environment": "prd", "kind": "notebook", "name": BAD, "id": "1"}],
    "content_not_listed": [BAD],
}


def modes(folder: Path) -> set[str]:
    """The permission bits of the files in a folder."""
    return {oct(stat.S_IMODE(each.stat().st_mode)) for each in folder.iterdir()}


def test_files_and_sums(tmp_path: Path) -> None:
    made = Path(write_evidence(str(tmp_path / "a" / "b"), "run", FILES))
    assert made == tmp_path / "a" / "b" / "run"
    assert {each.name for each in made.iterdir()} == {*FILES, "SHA256SUMS"}
    lines = (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{sha256((made / name).read_bytes()).hexdigest()}  {name}" for name in sorted(FILES)]
    assert modes(made) == {"0o600"}
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_half_a_character_is_escaped(tmp_path: Path) -> None:
    made = Path(write_evidence(str(tmp_path), "run", {"after.json": '{"name": "\ud83d"}'}))
    assert json.loads((made / "after.json").read_text(encoding="utf-8")) == {"name": "\ud83d"}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = [Path(write_evidence(str(tmp_path), "run", {"a": text})) for text in "xyz"]
    assert [each.name for each in made] == ["run", "run-2", "run-3"]
    assert [(each / "a").read_text(encoding="utf-8") for each in made] == ["x", "y", "z"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def fsync(number: int) -> None:
        written.append(number)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence.os, "fsync", fsync)
    with pytest.raises(InvalidInput, match="No space left on device"):
        write_evidence(str(tmp_path), "run", FILES)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_a_file_is_refused_early(tmp_path: Path) -> None:
    check_evidence_dir(None)
    check_evidence_dir(str(tmp_path / "not" / "there" / "yet"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "loose end").symlink_to(tmp_path / "nowhere")
    for place in ("file", "file/below", "loose end"):
        with pytest.raises(InvalidInput, match=r"evidence_dir .* can't be written to"):
            check_evidence_dir(str(tmp_path / place))


def test_the_place_is_tried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems let nobody make a folder, whatever their permissions say."""
    check_evidence_dir(str(tmp_path / "new"), attempt=True)
    assert list((tmp_path / "new").iterdir()) == []

    def full(**_where: str) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence, "mkdtemp", full)
    check_evidence_dir(str(tmp_path / "new"))
    with pytest.raises(InvalidInput, match="No space left on device"):
        check_evidence_dir(str(tmp_path / "new"), attempt=True)


def test_where_it_lands_is_certain() -> None:
    """A playbook of the collection runs in the collection's own folder."""
    with pytest.raises(InvalidInput, match="give the whole path"):
        check_evidence_dir("evidence")


def person(**more: Any) -> dict[str, Any]:
    """Somebody who leaves."""
    token = {"name": BAD, "id": "dt0c01.X", "environment": "prd", "owner": BAD, "enabled": True, "expired": False}
    known: dict[str, Any] = {
        "status": "ACTIVE",
        "groups": [BAD],
        "scim": {"id": "1", "active": True},
        "tokens": [token],
    }
    return {"email": "ada@example.com", "in_account": True, **known, **more}


def run(**more: Any) -> dict[str, Any]:
    """A run that changed something."""
    change = {"action": "delete", "kind": "user", "name": BAD, "detail": {"email": BAD}}
    request = {"moment": 0.25, "method": "DELETE", "url": "https://x.example/y", "status": 200, "request_id": "abc"}
    about = {
        "account": "acc",
        "client_id": "dt0s02.A",
        "moment": "2026-01-01T00:00:00+00:00",
        "plan_id": "p",
        "error": None,
    }
    done = {"changes_applied": [change], "changes_pending": [], "requests": [request]}
    return {**about, "action": "delete", "tokens": "disable", **done, **more}


def end(**more: Any) -> dict[str, Any]:
    """Something that stays open."""
    return {"email": "ada@example.com", "what": BAD, "why": "y", "to_do": "z", "by_choice": False, **more}


def page(
    run_: dict[str, Any],
    *ends: dict[str, Any],
    after: list[dict[str, Any]] | None = None,
    unread: tuple[str, ...] = (),
) -> str:
    """The page; ``unread`` are environments whose tokens nobody could list in the end."""
    before = {"people": [person()], "tokens_not_read": ()}
    seen = {"people": after, "open_ends": list(ends), "tokens_not_read": unread, **CONTENT}
    return certificate(run_, {"before": before, "after": seen})


@pytest.mark.parametrize(
    ("made", "state"),
    [
        (page(run(), after=[person(tokens=[])]), "not there"),
        (page(run(), after=[person(tokens=[])], unread=("prd",)), "not read"),
        (page(run(), after=[person(tokens=[])], unread=("",)), "not there"),
        (page(run()), "not read"),
    ],
)
def test_a_token_that_nobody_saw_has_not_gone(made: str, state: str) -> None:
    (line,) = [line for line in made.splitlines() if "| dt0c01.X |" in line]
    assert line.endswith(f"| prd | enabled | {state} |")


def test_names_turn_no_line_around() -> None:
    """What nobody sees may still make a reader see something else."""
    text = page(run(), end(what="a\u202eb\u0007c\u200bd\u00a0e"))
    assert "abcd e" in text


def test_names_are_no_markup() -> None:
    text = page(run(), end(), end(by_choice=True), after=[person(in_account=False)])
    for markup in ("<img", "](http", "`x`", "**c"):
        escaped = "".join(f"\\{letter}" if letter in "<]`*(" else letter for letter in markup)
        assert markup not in text.replace(escaped, "")
        assert escaped in text
    assert "\n# d" not in text


@pytest.mark.parametrize(
    ("made", "says", "says_not"),
    [
        (
            page(run(), after=[person()]),
            ["All that was to be closed is closed", "request id", "abc", "00:00:00.250", "//x.example/y"],
            ["could not be"],
        ),
        (
            page(run(), end(), after=[person()]),
            ["Not everything was closed", "## What could not be closed"],
            ["## Left as"],
        ),
        (
            page(run(), end(by_choice=True), after=[person()]),
            ["All that was to be", "## Left as it is"],
            ["could not be closed"],
        ),
        (page(run(error="503")), ["Nobody could look", "could not be read", "503"], ["All that"]),
        (page(run(error="503"), after=[person()]), ["is closed, although something failed"], ["could not be"]),
        (page(run(changes_applied=[], requests=[]), after=[person()]), ["Nothing was left to change"], ["request id"]),
    ],
)
def test_what_the_page_says(made: str, says: list[str], says_not: list[str]) -> None:
    assert [words for words in says if words not in made] == []
    assert [words for words in says_not if words in made] == []
    assert "stay where they are, by design" in made


def test_what_is_open_comes_first() -> None:
    titles = [line for line in page(run(), end(), end(by_choice=True)).splitlines() if line.startswith("## ")]
    assert titles[:3] == ["## What could not be closed", "## Left as it is", "## People"]
