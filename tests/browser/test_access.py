# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything can be reached with the keyboard, seen, and read by others than eyes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open

# What has the focus: where it is, and whether one sees it.
FOCUSED = """() => {
  const e = document.activeElement;
  const place = e.closest("#figures, #severities, #finding-list, #reach, #toolbar, #matrix, #groups-table, nav");
  return { place: place ? place.id || "nav" : e.id || e.className, seen: getComputedStyle(e).outlineStyle !== "none" };
}"""
PARTS = [
    "skip",
    "nav",
    "figures",
    "severities",
    "finding-list",
    "reach",
    "toolbar",
    "matrix",
    "group-query",
    "groups-table",
]
AT = "[document.activeElement.dataset.row, document.activeElement.dataset.column].map(Number)"
MOVES = (
    ("ArrowDown", [1, 0]),
    ("ArrowRight", [1, 1]),
    ("End", [1, 5]),
    ("ArrowRight", [1, 5]),
    ("Home", [1, 0]),
    ("ArrowLeft", [1, 0]),
    ("Control+End", [3, 5]),
    ("ArrowDown", [3, 5]),
    ("PageUp", [0, 5]),
    ("ArrowUp", [-1, 5]),
    ("ArrowUp", [-1, 5]),
    ("Control+Home", [0, 0]),
)
IN_SIGHT = """() => {
  const cell = document.activeElement.getBoundingClientRect();
  const box = document.getElementById("matrix-box").getBoundingClientRect();
  return cell.top >= box.top && cell.bottom <= box.bottom + 1 && cell.right <= box.right + 1;
}"""

# Text whose contrast with what is behind it is below 4.5; dots that mean "nothing" are decoration.
FAINT = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const linear = (part) => (part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    const colour = numbers(getComputedStyle(e).backgroundColor);
    return colour.length === 4 && colour[3] === 0 ? behind(e.parentElement) : colour;
  };
  const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const all = [...document.querySelectorAll("body *:not(script):not(svg *):not(td.none):not(#legend .none)")];
  const contrast = (e) => {
    const [one, other] = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort();
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const faint = all.filter((e) => hasText(e) && e.checkVisibility() && contrast(e) < 4.5);
  return faint.map((e) => e.outerHTML.slice(0, 90));
}"""


def at(page: Page) -> Any:
    """Row and column of the focus in the matrix."""
    return page.evaluate(AT)


def press(page: Page, *keys: str) -> None:
    """One key after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_tab_reaches_each_part_once_in_order(open_page: Open) -> None:
    page = open_page("small").page
    stops = []
    for _stop in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if stops[-1]["place"] == "groups-table":
            break
    places = [stop["place"] for stop in stops]
    assert list(dict.fromkeys(places)) == PARTS
    assert places.count("matrix") == 1
    assert all(stop["seen"] for stop in stops)


def test_skip_links_skip(open_page: Open) -> None:
    page = open_page("small").page
    press(page, "Tab", "Tab")
    expect(page.get_by_role("link", name="Skip to the people")).to_be_focused()
    press(page, "Enter", "Tab")
    expect(page.get_by_label("Search people")).to_be_focused()


class TestMatrix:
    """One cell is a stop of Tab, arrows move it."""

    def test_arrows(self, open_page: Open) -> None:
        page = open_page("small").page
        page.locator('#matrix [tabindex="0"]').focus()
        assert at(page) == [0, 0]
        for key, place in MOVES:
            page.keyboard.press(key)
            assert at(page) == place
            assert page.locator('#matrix [tabindex="0"]').count() == 1

    def test_rows_that_were_not_there_are_reached(self, open_page: Open) -> None:
        page = open_page("big").page
        page.locator('#matrix [tabindex="0"]').focus()
        press(page, "Control+End")
        assert at(page) == [999, 22]
        assert page.evaluate(IN_SIGHT)
        press(page, *["ArrowUp"] * 40, "Home")
        assert at(page) == [959, 0]
        assert page.evaluate(IN_SIGHT)

    def test_scrolling_leaves_a_stop(self, open_page: Open) -> None:
        page = open_page("big").page
        page.locator("#matrix-box").evaluate("box => { box.scrollTop = 20000; }")
        expect(page.locator('#matrix [data-row="460"][data-column="0"]')).to_be_visible()
        assert page.locator('#matrix [tabindex="0"]').count() == 1
        assert page.locator("#matrix tbody tr:not(.gap)").count() < 80
        assert page.locator("#matrix tbody tr:not(.gap)").first.evaluate("row => row.offsetHeight") == 44

    def test_enter_explains_and_escape_returns(self, open_page: Open) -> None:
        page = open_page("small").page
        page.locator('#matrix [tabindex="0"]').focus()
        press(page, "ArrowRight", "ArrowRight", "Enter")
        expect(page.locator("#drawer-title")).to_have_text("Ada Byron in Production EU")
        expect(page.locator("#drawer-title")).to_be_focused()
        press(page, "Escape")
        assert not page.locator("#drawer").is_visible()
        assert at(page) == [0, 2]

    def test_enter_on_a_heading_sorts_and_stays(self, open_page: Open) -> None:
        page = open_page("small").page
        page.locator('#matrix [tabindex="0"]').focus()
        press(page, "ArrowUp", "Enter")
        assert at(page) == [-1, 0]
        assert page.locator("#matrix tbody strong").first.inner_text() == "zoe@example.com"

    def test_the_size_is_told(self, open_page: Open) -> None:
        grid = open_page("big").page.get_by_role("grid", name="People and environments")
        assert [grid.get_attribute(name) for name in ("aria-rowcount", "aria-colcount")] == ["1001", "23"]


def test_everything_to_press_has_a_name(open_page: Open) -> None:
    page = open_page("small").page
    page.locator("#finding-list summary").first.click()
    page.locator('#matrix [data-row="0"][data-column="0"]').click()
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, a, input, select, [role=button]")].filter(
          (e) => !(e.getAttribute("aria-label") || e.closest("label")?.textContent || e.textContent).trim()).length"""
    )
    assert nameless == 0


class TestThemes:
    """Light and dark, by the system or by choice."""

    def test_the_system_chooses(self, open_page: Open) -> None:
        for scheme, colour in [("light", "rgb(245, 246, 248)"), ("dark", "rgb(18, 21, 27)")]:
            page = open_page("small", color_scheme=scheme).page
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == colour

    def test_the_button_chooses(self, open_page: Open) -> None:
        page = open_page("small", color_scheme="dark").page
        for label, colour in [
            ("Auto", "rgb(245, 246, 248)"),
            ("Light", "rgb(18, 21, 27)"),
            ("Dark", "rgb(18, 21, 27)"),
        ]:
            page.get_by_role("button", name=f"Theme: {label}").click()
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == colour

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_everything_can_be_read(self, open_page: Open, scheme: str) -> None:
        page = open_page("small", color_scheme=scheme).page
        page.locator("#finding-list summary").first.click()
        assert page.evaluate(FAINT) == []
        page.locator('#matrix [data-row="0"][data-column="3"]').click()
        assert page.evaluate(FAINT) == []


def test_a_narrow_window_scrolls_only_downwards(open_page: Open) -> None:
    page = open_page("big", viewport={"width": 380, "height": 700}).page
    assert page.evaluate("document.documentElement.scrollWidth") == 380
