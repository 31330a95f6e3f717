# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH (RFC 7644, 3.5.2) on flat documents: attributes in lower case, sub-attributes with a dot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .scim_language import Path, parse_path, plain
from .scim_wire import MESSAGES, ScimRefused, body_of
from .wire import Call

OPERATIONS = ("add", "replace", "remove")


@dataclass(frozen=True)
class Shape:
    """What may be written, what is taken and ignored, what is refused. Dots mark parts of what has none."""

    writable: tuple[str, ...]
    ignored: tuple[str, ...]
    read_only: tuple[str, ...] = ("id", "meta", "groups")


@dataclass(frozen=True)
class Change:
    """One thing that a PATCH does."""

    operation: str
    path: Path
    value: Any


def changes_of(call: Call, shape: Shape) -> Iterator[Change]:
    """What a request changes, in its order; operations without a path become one change for each attribute."""
    operations = body_of(call, MESSAGES + "PatchOp").get("Operations")
    if not isinstance(operations, list) or not operations:
        raise ScimRefused(400, "Operations must be a list", "invalidSyntax")
    for item in operations:
        operation = str(item.get("op", "")).lower() if isinstance(item, dict) else ""
        if operation not in OPERATIONS:
            raise ScimRefused(400, "op must be one of " + ", ".join(OPERATIONS), "invalidSyntax")
        if "path" in item:
            yield from split(Change(operation, parse_path(item["path"]), item.get("value")), shape)
        elif operation == "remove":
            raise ScimRefused(400, "remove needs a path", "noTarget")
        elif not isinstance(item.get("value"), dict):
            raise ScimRefused(400, "value must be an object where there is no path", "invalidValue")
        else:
            for key, value in item["value"].items():
                yield from split(Change(operation, Path(plain(key)), value), shape)


def split(change: Change, shape: Shape) -> Iterator[Change]:
    """A change of something with parts becomes changes of these; what can't be changed is refused or dropped."""
    name = change.path.attribute
    whole = name.partition(".")[0]
    parts = [item for item in shape.writable if item.startswith(name + ".")]
    if whole in shape.read_only:
        raise ScimRefused(400, f"{name} is read only", "mutability")
    if name in shape.writable:
        yield change
    elif parts:
        yield from parts_of(change, parts)
    elif whole not in shape.ignored and name not in shape.ignored:
        raise ScimRefused(400, f"{name} is no attribute here", "invalidPath")


def parts_of(change: Change, parts: list[str]) -> Iterator[Change]:
    """The parts that a value has; all of them when they are removed."""
    given = flat({change.path.attribute: change.value or {}})
    for name in parts:
        if change.operation == "remove" or name in given:
            yield Change(change.operation, Path(name), given.get(name))


def flat(body: Mapping[str, Any]) -> dict[str, Any]:
    """A resource as a flat document."""
    found: dict[str, Any] = {}
    for key, value in body.items():
        found[plain(key)] = value
        if isinstance(value, dict):
            found.update({f"{plain(key)}.{part.lower()}": item for part, item in value.items()})
    return found
