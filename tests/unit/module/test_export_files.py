# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export as files: names from the account are data, in paths and in YAML."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import export_files
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.export_files import (
    HEADER,
    files_of,
    plan_rewrite,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.yaml_text import yaml_text

NAMED_OPS = "ops-ca70b509.yml"
RUN = "{{ lookup('pipe', 'touch owned') }}"
BRACKETS = "#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ lookup('pipe', 'touch owned') ]]"
NASTY = (
    *("", "yes", "null", "~", "007", "1e3", "2026-01-01", "- a", "a: b", "a #b", "!x", "&a", "*a", "<<", "=", "@a"),
    *("\ud800", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\U0001f600", "\r\n", "\t", " a ", "'", '"', "\\", "Größe"),
    *(RUN, "{% x %}", "{# x", "a\nb\n", "a\n b", "a\n\nb\n", " a\nb", "a\nb\n\n", "a \nb", "#a\nb", "a\n\tb", "a\n\n"),
    *("---", "a\n---\nb", "...", "%TAG", "ALLOW a:b:c;\nALLOW d;", 'a "q"\nb \\', "a\r\nb", "a\n\u2028b"),
    *("\U0001f600\nb", "[a]", "{a}", "`a", BRACKETS),
)
texts = st.sampled_from(NASTY) | st.text()
values = st.recursive(texts, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3))


class Loader(yaml.SafeLoader):
    """Knows Ansible's tag for texts that are no templates."""


Loader.add_constructor("!unsafe", Loader.construct_yaml_str)


def parsed(text: str) -> Any:
    """As the collection's lookup reads it."""
    return yaml.load(text, Loader)  # noqa: S506, it is a SafeLoader


@pytest.mark.parametrize("text", NASTY)
def test_each_text_comes_back(text: str) -> None:
    value = {"a": text, text: [text, {text: text, "b": [[text], {}, []]}]}
    assert parsed(yaml_text(value)) == value


@given(st.dictionaries(texts, values, min_size=1, max_size=3))
def test_all_data_comes_back(value: dict[str, Any]) -> None:
    assert parsed(yaml_text(value)) == value


def test_it_reads_well() -> None:
    """Plain where that is the same, and statements line by line."""
    policy = {"name": "Read logs", "tags": [], "statement": "ALLOW a:b:c;\nDENY d:e:f;\n"}
    assert yaml_text({"policies": [policy, {"name": RUN}], "x": {"set": ["Ops", "yes"]}}) == (
        "---\npolicies:\n  - name: Read logs\n    tags: []\n    statement: |\n      ALLOW a:b:c;\n      DENY d:e:f;\n"
        '  - name: !unsafe "' + RUN + '"\nx:\n  set:\n    - Ops\n    - "yes"\n'
    )


@pytest.mark.parametrize("text", [RUN, "{% x %}", "{# x", BRACKETS])
def test_no_text_is_a_template(text: str) -> None:
    assert yaml_text({"a": text}).startswith('---\na: !unsafe "')


def options(*groups: str) -> dict[str, list[dict[str, Any]]]:
    """An export of groups only."""
    return {
        "users": [],
        "policies": [],
        "boundaries": [],
        "service_users": [],
        "groups": [{"name": each} for each in groups],
    }


def listed(folder: Path) -> list[str]:
    """Relative paths of all files."""
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_names_stay_in_the_folder() -> None:
    """No name leads anywhere else, and no two share a file."""
    names = ["../../etc/passwd", "/", "..", "Größe", "grosse", "GROSSE", "a" * 300, "\x00", "日本", ".git", RUN]
    paths = [each for each in files_of(options(*names)) if each.startswith("groups/")]
    assert len(set(paths)) == len(names)
    assert all(set(each.removeprefix("groups/")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for each in paths)
    assert all(each.count(".") == 1 and len(each) < 70 for each in paths)


def test_files(tmp_path: Path) -> None:
    """Only what differs is written, and of what is there only an export's own files go."""
    folder = tmp_path / "a" / "b"
    first = plan_rewrite(str(folder), files_of(options("Ops", "Shop")))
    assert listed(tmp_path) == []
    first.apply()
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))
    assert plan_rewrite(str(folder), files_of(options("Ops", "Shop"))).texts == {}
    (folder / "groups" / "mine.yml").write_text("groups: []\n", encoding="utf-8")
    second = plan_rewrite(str(folder), files_of(options("Ops", "New")))
    second.apply()
    new, shop = sorted(second.texts)
    assert second.texts[new] == (None, f"{HEADER}---\ngroups:\n  - name: New\n")
    assert second.texts[shop] == (f"{HEADER}---\ngroups:\n  - name: Shop\n", None)
    assert [each["after"] for each in second.diff if each["before_header"] == shop] == [""]
    (ops,) = first.texts.keys() & {each for each in first.texts if each.startswith("groups/ops-")}
    assert [each for each in listed(folder) if each.startswith("groups/")] == ["groups/mine.yml", new, ops]


def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text("users: []\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"no export wrote: people.yml. Move them"):
        plan_rewrite(str(tmp_path), files_of(options()))
    with pytest.raises(InvalidInput, match=r"export_dir account isn't absolute.*such as \{\{ playbook_dir \}\}"):
        plan_rewrite("account", files_of(options()))


def test_folders_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check mode says so as well; and what is to be left as it is may be read-only."""
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InvalidInput, match=r"can't be written to: Not a directory: .*/file\.$"):
            plan_rewrite(str(path), files_of(options()))
    with pytest.raises(InvalidInput, match="can't be written to: File name too long"):
        plan_rewrite(str(tmp_path / ("x" * 300)), files_of(options()))
    folder = tmp_path / "account"
    plan_rewrite(str(folder), files_of(options("Ops"))).apply()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != folder / "groups")
    assert plan_rewrite(str(folder), files_of(options("Ops"))).texts == {}
    with pytest.raises(InvalidInput, match=r"can't be written to: Permission denied: .*/account/groups\.$"):
        plan_rewrite(str(folder), files_of(options()))


def test_files_that_other_tools_touched(tmp_path: Path) -> None:
    """Other line ends, and the mark that some editors put at the beginning, make nobody else's file of it."""
    plan_rewrite(str(tmp_path), files_of(options("Ops"))).apply()
    for path in tmp_path.rglob("*.yml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    rewrite = plan_rewrite(str(tmp_path), files_of(options()))
    assert sorted(each.partition("/")[0] for each in rewrite.texts) == [
        *("boundaries.yml", "groups", "people.yml", "policies.yml", "service_users.yml"),
    ]
    assert [each for each, (_was, text) in rewrite.texts.items() if text is None] == [f"groups/{NAMED_OPS}"]


def test_names_with_one_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for two such names finds them. Neither hides the other."""
    monkeypatch.setattr(export_files, "sha256", lambda _text: sha256(b"the same"))
    files = files_of(options("Ops", "ops", "Shop"))
    (shared,) = (text for path, text in files.items() if path.startswith("groups/ops-"))
    assert parsed(shared) == {"groups": [{"name": "Ops"}, {"name": "ops"}]}
