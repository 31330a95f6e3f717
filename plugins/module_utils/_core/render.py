# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diff of a plan, in the user's words: one block an object, nothing that isn't part of a change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .change import Action, Change

_PLAIN = re.compile(r"[^\W_][\w @.+/()&,'-]*", re.UNICODE)


def one_line(text: str) -> str:
    """Without line breaks, and without characters that nobody sees but that turn the text around."""
    return "".join(filter(str.isprintable, re.sub(r"\s+", " ", text)))


def render_diff(changes: Iterable[Change], view: str) -> list[dict[str, str]]:
    """The ``diff`` return value: ``{before_header, after_header, before, after}`` for each object, sorted by object."""
    blocks: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for change in changes:
        entry = change.fact.diff(view)
        before, after = blocks.setdefault(entry.block, ({}, {}))
        before.update(entry.before or {})
        after.update(entry.after or {})
        if entry.field:
            side = before if change.action is Action.REMOVE else after
            side.setdefault(entry.field, set()).add(entry.item)
    return [
        {
            "before_header": _header(block),
            "after_header": _header(block),
            "before": _text(blocks[block][0]),
            "after": _text(blocks[block][1]),
        }
        for block in sorted(blocks)
    ]


def _text(values: Mapping[str, Any]) -> str:
    lines = []
    for key, value in values.items():
        if not isinstance(value, (list, tuple, set)):
            lines.append(f"{key}: {_scalar(value)}")
        else:
            lines.append(f"{key}:" if value else f"{key}: []")
            lines.extend(f"  - {_scalar(item)}" for item in sorted(value))
    return "".join(f"{line}\n" for line in lines)


def _scalar(value: object) -> str:
    """Plain where that reads well; quoted where a name could be taken for something else, such as another line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return _quoted(value)


def _header(block: str) -> str:
    return block if block.isprintable() else _quoted(block)[1:-1]


def _quoted(value: object) -> str:
    """Letters of all languages stay readable; control characters and those that turn the text around are escaped."""
    readable = json.dumps(value, ensure_ascii=False)
    return readable if readable.isprintable() else json.dumps(value)
