# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data as YAML that reads well in git. Whatever a name holds, it comes back as that text, and never as a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[^\W\d_](?:[\w@./ -]*\w)?")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\xa0\xad\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
_BLOCK = re.compile(r"[^\s#](?:[^\n]*\S)?(?:\n(?:[^\n]*\S)?)*\n?")


def yaml_text(value: dict[str, Any]) -> str:
    """A document of dictionaries, lists and texts. Texts that Ansible would take for a template are ``!unsafe``."""
    return "\n".join(["---", *_lines(value, 0), ""])


def _lines(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        for key, each in value.items():
            if each and isinstance(each, (dict, list)):
                yield f"{pad}{_text(key)}:"
                yield from _lines(each, depth + 1)
            else:
                yield f"{pad}{_text(key)}: {_leaf(each, depth)}"
        return
    for each in value:
        if each and isinstance(each, (dict, list)):
            first, *rest = _lines(each, depth + 1)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_leaf(each, depth)}"


def _leaf(value: Any, depth: int) -> str:
    if not isinstance(value, str):
        return "{}" if isinstance(value, dict) else "[]"
    if "\n" not in value or _TEMPLATE.search(value) or not _BLOCK.fullmatch(value) or value.endswith("\n\n"):
        return _text(value)
    body = value.removesuffix("\n").split("\n")
    if any(_ESCAPED.search(line.replace('"', "").replace("\\", "")) for line in body):
        return _text(value)
    pad = "  " * (depth + 1)
    return "\n".join(["|" if value.endswith("\n") else "|-", *(f"{pad}{line}".rstrip() for line in body)])


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not _ESCAPED.search(text):
        return text
    quoted = '"' + _ESCAPED.sub(_escape, text) + '"'
    return f"!unsafe {quoted}" if _TEMPLATE.search(text) else quoted


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}"
