# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as files: JSON for machines, Markdown for a ticket."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from .._core.errors import InvalidInput
from .._core.render import one_line
from .paths import check_whole


def check_plan_file(path: str | None) -> None:
    """Raise InvalidInput for a file that can't be written, before anything else is done."""
    if path is None:
        return
    check_whole("plan_file", path)
    target = Path(path)
    if target.suffix == ".md":
        raise InvalidInput("plan_file is the JSON file, the Markdown is written beside it: give it another ending.")
    if target.is_dir() or not os.access(target.parent, os.W_OK):
        raise InvalidInput(f"plan_file {path} can't be written: it must be a file in a folder that is there.")


def write_plan(path: str, plan: Mapping[str, Any]) -> None:
    """Write ``plan`` to ``path`` as JSON and, beside it with the ending ``.md``, as Markdown; for the owner only."""
    target = Path(path)
    try:
        _write(target, json.dumps(plan, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        _write(target.with_suffix(".md"), markdown(plan))
    except OSError as error:
        raise InvalidInput(f"plan_file {path} can't be written: {error.strerror}.") from error


def read_changes(path: str | None, plan_id: str | None) -> tuple[dict[str, Any], ...] | None:
    """The changes of the plan with this id, if it was written to ``path``."""
    if path is None or plan_id is None:
        return None
    try:
        plan = json.loads(Path(path).read_text(encoding="utf-8"))
        return tuple(plan["changes"]) if plan["plan_id"] == plan_id else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def markdown(plan: Mapping[str, Any]) -> str:
    """The plan as a page. Names from the account are data: nothing in them is markup."""
    lines = [f"# Plan for {as_data(plan['account'])}", "", f"Plan id: `{plan['plan_id']}`", ""]
    if not plan["changes"]:
        lines += ["Nothing changes.", ""]
    if plan["people"]:
        lines += ["## People", "", "| who | gains | loses |", "|---|---|---|"]
        lines += [
            f"| {as_data(each['email'])} | {_list(each['gains'])} | {_list(each['loses'])} |" for each in plan["people"]
        ]
        lines.append("")
    if plan["changes"]:
        lines += ["## Changes, in this order", "", "| action | kind | name | detail |", "|---|---|---|---|"]
        lines += [_row(change) for change in plan["changes"]]
        lines.append("")
    if plan["warnings"]:
        lines += ["## Warnings", "", *(f"- {as_data(warning)}" for warning in plan["warnings"]), ""]
    return "\n".join(lines)


def _row(change: Mapping[str, Any]) -> str:
    detail = json.dumps(change["detail"], sort_keys=True, ensure_ascii=False)
    return f"| {change['action']} | {change['kind']} | {as_data(change['name'])} | {as_data(detail)} |"


def _list(items: Iterable[str]) -> str:
    return ", ".join(as_data(item) for item in items)


def as_data(text: str) -> str:
    """Without line breaks and what nobody sees, and with all that Markdown or HTML would act on escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~@&:=]|(?<=www)\.)", r"\\\1", one_line(str(text)), flags=re.IGNORECASE)


def _write(target: Path, text: str) -> None:
    """All or nothing: a reader never sees half a file. A name may hold half a character, which JSON can escape."""
    with NamedTemporaryFile("wb", dir=target.parent, prefix=target.name, delete=False) as file:
        file.write(text.encode(errors="backslashreplace"))
    try:
        Path(file.name).replace(target)
    except OSError:
        Path(file.name).unlink()
        raise
