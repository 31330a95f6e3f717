# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names are data: whatever somebody calls a group, the page only shows it. And nothing leaves the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, expect

from .accounts import HOSTILE
from .conftest import Open


def look_everywhere(page: Page) -> None:
    """Opens all that the names stand in."""
    for summary in page.locator("#finding-list summary").all():
        summary.click()
    for row in range(len(HOSTILE)):
        page.locator(f'#matrix [data-row="{row}"][data-column="2"]').click()
        page.keyboard.press("Escape")
        page.locator(f'#matrix [data-row="{row}"][data-column="0"]').click()
        page.locator("#drawer .graph .node.group").hover()
        page.locator("#drawer .graph .node.group").click()
        page.keyboard.press("Escape")
    page.get_by_label("Search people").fill(HOSTILE[0])
    page.emulate_media(media="print")
    expect(page.locator("#print strong").first).to_be_visible()


def test_hostile_names_do_nothing(open_page: Open) -> None:
    page = open_page("hostile").page
    before = page.evaluate("[...document.querySelectorAll('script, style, link, img, iframe, object, a')].length")
    look_everywhere(page)
    assert page.evaluate("typeof window.harmed") == "undefined"
    assert (
        page.evaluate("[...document.querySelectorAll('script, style, link, img, iframe, object, a')].length") == before
    )
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
        )
        == []
    )


def test_they_are_shown_as_they_are(open_page: Open) -> None:
    page = open_page("hostile").page
    assert page.locator("#account").evaluate("e => e.textContent") == HOSTILE[0]
    names = page.locator("#groups-table tbody button").evaluate_all("all => all.map(one => one.textContent)")
    assert sorted(names) == sorted(HOSTILE)
    assert sorted(page.locator("#matrix tbody strong").evaluate_all("all => all.map(e => e.textContent)")) == sorted(
        HOSTILE
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_they_can_be_searched(open_page: Open, hostile: str) -> None:
    page = open_page("hostile").page
    page.get_by_label("Search people").fill(hostile.replace('"', " "))
    found = page.locator("#matrix tbody strong").evaluate_all("all => all.map(one => one.textContent)")
    assert hostile in found


class TestPolicy:
    """What the page could not do if it wanted to."""

    @pytest.mark.parametrize(
        "attempt",
        [
            "document.body.innerHTML = '<b>x</b>'",
            "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
            "Object.assign(document.createElement('script'), { text: 'window.harmed = 1' })",
            "fetch('http://127.0.0.1:9/')",
        ],
    )
    def test_it_refuses(self, open_page: Open, attempt: str) -> None:
        opened = open_page("small")
        with pytest.raises(Error, match=r"TrustedHTML|TrustedScript|Failed to fetch"):
            opened.page.evaluate(f"() => {attempt}")
        assert opened.troubles
        opened.troubles.clear()

    def test_it_loads_nothing(self, open_page: Open) -> None:
        opened = open_page("small")
        refused = opened.page.evaluate(
            """() => new Promise((resolve) => {
              document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
              document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:9/x" }));
            })"""
        )
        assert refused == "img-src"
        opened.troubles.clear()
        opened.requests[1:] = []
