# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark reports. A section is one table; new kinds of benchmarks only have to return one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.tools.text_table import aligned

OVER = "OVER"


class Unsound(Exception):
    """A run didn't do what it was to be measured for, so that its figures mean nothing."""


@dataclass(frozen=True)
class Line:
    """One measured thing."""

    cells: tuple[object, ...]
    ok: bool
    data: Mapping[str, Any]
    """The same for machines."""


@dataclass(frozen=True)
class Section:
    """A table with a title; ``columns`` are the headings of the cells, the verdict is added."""

    name: str
    title: str
    columns: tuple[str, ...]
    lines: Sequence[Line]

    @property
    def ok(self) -> bool:
        """Whether every limit is kept."""
        return all(line.ok for line in self.lines)

    def text(self) -> str:
        """For people."""
        rows = [(*line.cells, "ok" if line.ok else OVER) for line in self.lines]
        return "\n".join([self.title, "", *aligned((*self.columns, ""), rows)])

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"name": self.name, "ok": self.ok, "lines": [{**line.data, "ok": line.ok} for line in self.lines]}
