# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed template is what its sources make, and the sources keep the rules for names that are data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools import page
from tests.tools.house_rules import SPDX

# Ways by which text becomes markup or code.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|createContextualFragment|srcdoc|"
    r"DOMParser|setHTML|\bfetch\b|XMLHttpRequest|https?://(?!www\.(w3|gnu)\.org/)"
)
LONGEST = 160
SOURCES = sorted(path for path in page.SOURCES.iterdir() if path.suffix != ".md")


def test_the_template_is_built_from_its_sources() -> None:
    assert page.TEMPLATE.read_text(encoding="utf-8") == page.template(), "python -m tests.tools.page builds it"


def test_each_source_is_part_of_the_page() -> None:
    assert {path.stem for path in page.SOURCES.glob("*.js")} == set(page.SCRIPTS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_sources_keep_the_rules(source: Path) -> None:
    lines = source.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if FORBIDDEN.search(line)] == []
    assert [line for line in lines if len(line) > LONGEST and source.suffix == ".js"] == []
    assert any(SPDX in line for line in lines[:4])


def test_an_import_of_nothing_is_noticed() -> None:
    with pytest.raises(page.BrokenPage, match=r"main\.js imports"):
        page.script(("dom", "main"))
