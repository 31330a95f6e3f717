# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a built page is found, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.docs_site import problems

SOUND = """
<link rel="stylesheet" href="static/site.css"><link rel="canonical" href="other.html">
<img src="data:image/png;base64,AA">
<a href="#top">up</a> <a href="sub/other.html#here">down</a> <a href="sub/a%20b.html">blank</a>
<a href="https://docs.example.com/x?y=z#w">out</a>
"""


def site(place: Path, **changed: str) -> Path:
    """Three pages and a sheet; ``changed`` replaces the text of the first page or of the sheet."""
    texts = {
        "index.html": changed.get("page", SOUND),
        "other.html": "",
        "sub/other.html": '<p id="here"></p><a href="../index.html#top"></a>',
        "sub/a b.html": '<a name="old"></a><a href="#old"></a>',
        "static/site.css": changed.get("sheet", "a { background: url(data:x) url(x.svg) }"),
    }
    for name, text in texts.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text if name != "index.html" else f'<i id="top"></i>{text}', encoding="utf-8")
    return place


def test_a_sound_site(tmp_path: Path) -> None:
    """Links inside, anchors of both kinds, links out, embedded pictures."""
    assert problems(site(tmp_path)) == []


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ('<a href="gone.html">', "gone.html leads nowhere"),
        ('<a href="sub/">', "sub/ leads nowhere"),
        ('<img src="images/gone.svg">', "images/gone.svg leads nowhere"),
        ('<a href="#gone">', "#gone has no such anchor"),
        ('<a href="sub/other.html#gone">', "sub/other.html#gone has no such anchor"),
        ('<a href="http://docs.example.com/">', "the address http://docs.example.com/ looks wrong"),
        ('<a href="https://localhost/x">', "the address https://localhost/x looks wrong"),
        ('<img src="https://img.example.com/x.png">', "loads https://img.example.com/x.png"),
        ('<script src="//cdn.example.com/x.js">', "loads //cdn.example.com/x.js"),
        ('<link rel="icon" href="https://img.example.com/x">', "loads https://img.example.com/x"),
    ],
)
def test_a_page_with_a_flaw(tmp_path: Path, page: str, problem: str) -> None:
    """Each kind of flaw, alone in its page."""
    assert problems(site(tmp_path, page=page)) == [f"index.html: {problem}"]


@pytest.mark.parametrize("sheet", ["@import 'https://x.example/f.css';", "a { src: url(//x.example/f.css) }"])
def test_a_sheet_that_loads(tmp_path: Path, sheet: str) -> None:
    """Fonts and styles from elsewhere."""
    (problem,) = problems(site(tmp_path, sheet=sheet))
    assert problem.startswith("static/site.css: loads ")
    assert problem.endswith("//x.example/f.css")
