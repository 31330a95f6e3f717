# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody sees and does on the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from . import accounts
from .conftest import Open

NAMES = "#matrix tbody th strong"


def shown(page: Page) -> list[str]:
    """The names in the matrix, from the top."""
    return page.locator(NAMES).all_inner_texts()


def cell(page: Page, row: int, column: int) -> Any:
    """A cell of the matrix; row -1 is the heading, column 0 the names, 1 the account."""
    return page.locator(f'#matrix [data-row="{row}"][data-column="{column}"]')


def test_the_figures_come_first(open_page: Open) -> None:
    page = open_page("small").page
    expect(page).to_have_title("Access review: Example Industries")
    expect(page.locator("#read-at")).to_contain_text("read 2026-04-01 09:30 UTC \u00b7 identityops.dynatrace 1.0.0")
    assert page.locator("#figures li").all_inner_texts() == [
        "2\nfindings\n1 high",
        "3\nusers",
        "1\nservice users",
        "5\ngroups\n1 without members",
        "3\nenvironments\n1 inactive",
        "1\nwithout any access",
        "1\nnot seen lately\nno sign-in for 90 days",
    ]


def test_a_figure_leads_to_its_people(open_page: Open) -> None:
    page = open_page("small").page
    page.get_by_role("button", name="without any access").click()
    assert shown(page) == ["zoe@example.com"]
    assert page.locator("#people").evaluate("people => people === document.activeElement")


def test_bars_count_who_reaches_what(open_page: Open) -> None:
    page = open_page("small").page
    said = [row.get_attribute("aria-label") for row in page.locator("#reach button").all()]
    assert said == [
        "Account: 1 person has access, 0 of them limited",
        "Production EU: 3 people have access, 0 of them limited",
        "Staging EU: 2 people have access, 1 of them limited",
        "Sandbox EU: 1 person has access, 0 of them limited",
    ]
    page.locator("#reach button").nth(2).click()
    assert shown(page) == ["Ada Byron", "Grace Hopper"]


class TestFindings:
    """The worst first, each with evidence and a task."""

    def test_order_and_severities(self, open_page: Open) -> None:
        page = open_page("small").page
        titles = page.locator("#finding-list .title")
        assert titles.all_inner_texts() == ["Grace has not signed in for a year", "Nobody is in a group"]
        page.get_by_role("button", name="Low 1").click()
        assert titles.all_inner_texts() == ["Nobody is in a group"]
        assert page.locator("#severities [aria-pressed=true]").inner_text() == "Low 1"

    def test_one_opens(self, open_page: Open) -> None:
        page = open_page("small").page
        page.locator("#finding-list summary").first.click()
        expect(page.locator("#finding-list pre").first).to_contain_text("identityops.dynatrace.dynatrace_user:")
        page.get_by_role("button", name="user: grace@example.com").click()
        expect(page.locator("#drawer-title")).to_have_text("Grace Hopper")

    def test_the_rest_follows_on_demand(self, open_page: Open) -> None:
        page = open_page("big").page
        assert page.locator("#finding-list details").count() == 10
        page.get_by_role("button", name="Show the other 15").click()
        assert page.locator("#finding-list details").count() == 25
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


class TestMatrix:
    """Search, sort, filter."""

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("HOPPER", ["Grace Hopper"]),
            ("robot@", ["Robot"]),
            ("viewers", ["Ada Byron", "Robot"]),
            ("logviewer", ["Ada Byron"]),
            ("pay ada", ["Ada Byron"]),
            ('"only payments"', ["Ada Byron"]),
            ("nothing like this", []),
        ],
    )
    def test_search(self, open_page: Open, query: str, found: list[str]) -> None:
        page = open_page("small").page
        page.get_by_label("Search people").fill(query)
        assert shown(page) == found
        expect(page.locator("#count")).to_have_text(f"{len(found)} of 4 people")
        assert page.locator("#nobody").is_visible() is not bool(found)

    @pytest.mark.parametrize(
        ("control", "value", "found"),
        [
            ("Kind", "service users", ["Robot"]),
            ("Status", "PENDING", ["zoe@example.com"]),
            ("Access to", "Account", ["Grace Hopper"]),
            ("Only", "named in a finding", ["Grace Hopper"]),
            ("Only", "not seen lately", ["Grace Hopper"]),
            ("Only", "holding tokens", ["Ada Byron"]),
        ],
    )
    def test_filter(self, open_page: Open, control: str, value: str, found: list[str]) -> None:
        page = open_page("small").page
        page.get_by_role("combobox", name=control).select_option(label=value)
        assert shown(page) == found
        page.get_by_role("button", name="Reset").click()
        assert len(shown(page)) == 4

    def test_sort(self, open_page: Open) -> None:
        page = open_page("small").page
        assert shown(page) == ["Ada Byron", "Grace Hopper", "Robot", "zoe@example.com"]
        cell(page, -1, 0).click()
        assert shown(page) == ["zoe@example.com", "Robot", "Grace Hopper", "Ada Byron"]
        cell(page, -1, 3).click()
        assert shown(page) == ["Ada Byron", "Grace Hopper", "Robot", "zoe@example.com"]
        assert cell(page, -1, 3).get_attribute("aria-sort") == "descending"
        cell(page, -1, 5).click()
        cell(page, -1, 5).click()
        assert shown(page) == ["Robot", "zoe@example.com", "Grace Hopper", "Ada Byron"]

    def test_cells_say_what_they_hold(self, open_page: Open) -> None:
        page = open_page("small").page
        assert [cell(page, 0, column).get_attribute("aria-label") for column in (1, 2, 3)] == [
            "Ada Byron, Account: no access",
            "Ada Byron, Production EU: 1 grant, unlimited",
            "Ada Byron, Staging EU: 2 grants, limited",
        ]
        assert [cell(page, 1, column).inner_text() for column in (1, 2, 3, 4)] == ["\u25cf 1"] * 4

    def test_an_empty_account(self, open_page: Open) -> None:
        page = open_page("empty").page
        expect(page.locator("#count")).to_have_text("0 of 0 people")
        cell(page, -1, 0).click()
        assert page.get_by_text("Nothing was found.").is_visible()


def test_days_are_those_of_utc(open_page: Open) -> None:
    page = open_page("small", timezone_id="America/Los_Angeles").page
    assert page.locator("#matrix tbody .login").all_inner_texts() == [
        "2026-03-31",
        "2025-01-05",
        "none recorded",
        "none recorded",
    ]


class TestDrawer:
    """Why somebody has access."""

    def test_a_cell_explains(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 3).click()
        expect(page.locator("#drawer-title")).to_have_text("Ada Byron in Staging EU")
        assert [part.inner_text().split() for part in page.locator(".reason").all()] == [
            [
                "Pro",
                "User",
                "limited",
                "Through",
                "group",
                "Payments",
                "LOCAL",
                "Policy",
                "Pro",
                "User",
                "Given",
                "at",
                "Staging",
                "EU",
                "Boundaries",
                "Only",
                "payments",
                "Since",
                "not",
                "recorded",
            ],
            [
                "tenant-logviewer",
                "limited",
                "Through",
                "group",
                "Payments",
                "LOCAL",
                "Permission",
                "tenant-logviewer",
                "Given",
                "at",
                "Staging",
                "EU",
                "Zones",
                "pay",
                "Since",
                "not",
                "recorded",
            ],
        ]

    def test_since_when(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 2).click()
        expect(page.locator(".reason")).to_contain_text("2025-11-02")

    def test_a_policy_at_the_account_counts_everywhere(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 1, 4).click()
        expect(page.locator(".reason")).to_contain_text("the account, so every environment")

    def test_an_empty_cell_explains_too(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 3, 2).click()
        expect(page.locator("#drawer-content")).to_contain_text("No group gives zoe@example.com anything")

    def test_a_person_and_the_way_back(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 0).click()
        page.locator("#drawer .chip", has_text="Payments").click()
        expect(page.locator("#drawer-title")).to_have_text("Payments")
        page.get_by_role("button", name="Back").click()
        expect(page.locator("#drawer-title")).to_have_text("Ada Byron")
        assert not page.get_by_role("button", name="Back").is_visible()

    def test_a_group_leads_to_its_members(self, open_page: Open) -> None:
        page = open_page("small").page
        page.get_by_label("Search groups").fill("viewers")
        page.locator("#groups-table").get_by_role("button", name="Viewers").click()
        page.get_by_role("button", name="Show the members in the matrix").click()
        assert shown(page) == ["Ada Byron", "Robot"]
        expect(page.locator("#count")).to_have_text("2 of 4 people, in the group Viewers")
        page.get_by_role("button", name="Reset").click()
        expect(page.locator("#count")).to_have_text("4 of 4 people")

    def test_the_graph_shows_the_way(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 0).click()
        labels = page.locator("#drawer .graph .label").all_text_contents()
        assert labels == [
            "Ada Byron",
            "Viewers",
            "tenant-viewer",
            "Production EU",
            "Payments",
            "Pro User",
            "Staging EU",
            "tenant-logviewer",
        ]
        assert page.locator(".edge").count() == 8
        assert page.locator(".edge.limited").count() == 4

    def test_pointing_shows_the_ways_through_a_box(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 0).click()
        page.locator(".graph .node", has_text="Viewers").first.hover()
        assert page.locator(".node:not(.dim) .label").all_text_contents() == [
            "Ada Byron",
            "Viewers",
            "tenant-viewer",
            "Production EU",
        ]
        assert page.locator(".edge:not(.dim)").count() == 3

    def test_boxes_lead_on(self, open_page: Open) -> None:
        page = open_page("small").page
        cell(page, 0, 0).click()
        page.get_by_role("button", name="Show Payments").press("Enter")
        expect(page.locator("#drawer-title")).to_have_text("Payments")

    def test_a_crowded_graph_can_be_unfolded(self, open_page: Open) -> None:
        page = open_page("big").page
        page.get_by_label("Search people").fill(".880@")
        cell(page, 0, 0).click()
        folded = page.locator(".graph .node.grant").count()
        assert folded == page.locator(".graph .node.group").count()
        page.get_by_role("button", name="Every permission").click()
        assert page.locator(".graph .node.grant").count() > 30


def test_groups_are_sorted_and_searched(open_page: Open) -> None:
    page = open_page("small").page
    names = page.locator("#groups-table tbody button")
    page.locator("#groups-table").get_by_role("button", name="Members").click()
    page.locator("#groups-table").get_by_role("button", name="Members").click()
    assert names.all_inner_texts()[0] == "Viewers"
    page.get_by_label("Search groups").fill("settings reader")
    assert names.all_inner_texts() == ["Admins"]


class TestPrint:
    """A list, for the matrix fits on no paper."""

    def test_the_list_is_readable(self, open_page: Open) -> None:
        page = open_page("small").page
        page.get_by_label("Search people").fill("ada")
        page.emulate_media(media="print")
        assert not page.locator("#matrix").is_visible()
        expect(page.locator("#print")).to_contain_text("matching 'ada'")
        printed = page.locator("#print").inner_text()
        for part in (
            "1 of 4 people (matching 'ada')",
            "limited: Staging EU",
            "Payments",
            "Pro User (policy) at Staging EU, limited; boundaries: Only payments",
            "tenant-viewer (role) at Production EU; since 2025-11-02",
            "high: Grace has not signed in for a year",
            "identityops.dynatrace.dynatrace_user:",
        ):
            assert part in printed
        assert "Grace Hopper" not in page.locator("#print table").first.inner_text()

    def test_dark_screens_print_on_white(self, open_page: Open) -> None:
        page = open_page("small", color_scheme="dark").page
        page.emulate_media(media="print")
        assert page.locator("#print strong").first.evaluate("text => getComputedStyle(text).color") == "rgb(27, 34, 48)"

    def test_it_becomes_a_document(self, open_page: Open) -> None:
        assert open_page("small").page.pdf().startswith(b"%PDF")


def test_the_data_arrive_unchanged(open_page: Open) -> None:
    page = open_page("hostile").page
    assert json.loads(page.locator("#review-data").inner_text()) == accounts.hostile()


def test_data_that_cannot_be_read_are_no_empty_page(open_page: Open) -> None:
    opened = open_page("broken")
    expect(opened.page.get_by_role("alert")).to_contain_text("could not be read")
    assert len(opened.troubles) == 1
    opened.troubles.clear()
