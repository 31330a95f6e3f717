# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which environments become hosts, and by what names."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.inventory import chosen, host_names, unmatched


def environments(**names: str) -> list[dict[str, Any]]:
    """Environments with these names by id."""
    return [{"id": number, "name": name} for number, name in names.items()]


SOME = environments(prd11111="Production EU", prd22222="Production US", sbx11111="Sand[b]ox")


@pytest.mark.parametrize(
    ("include", "exclude", "ids"),
    [
        ([], [], ["prd11111", "prd22222", "sbx11111"]),
        (["Production *"], [], ["prd11111", "prd22222"]),
        (["Production ??", "sbx11111"], ["prd22222"], ["prd11111", "sbx11111"]),
        ([], ["Sand[b]ox"], ["prd11111", "prd22222"]),
        (["prd*"], [], []),  # wildcards are for names
        (["production*"], [], []),
        ([], ["*"], []),
    ],
)
def test_patterns(include: list[str], exclude: list[str], ids: list[str]) -> None:
    assert [each["id"] for each in chosen(SOME, include, exclude)] == ids


def test_patterns_of_no_use_are_known() -> None:
    assert unmatched(SOME, ["Production*", "sbx11111", "Prodction*", "prd33333"]) == ["Prodction*", "prd33333"]


def test_by_id() -> None:
    assert list(host_names(SOME, by_name=False, taken=["prd11111"])) == ["prd11111", "prd22222", "sbx11111"]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Production EU", "Production_EU"),
        ("prod.eu-1_a", "prod.eu-1_a"),
        ("Büro Süd", "Büro_Süd"),
        ("{{ 7 * 7 }}", "7_7"),
        ("--limit=x", "limit_x"),
        ("a,b:c&d!e[0]~f@g", "a_b_c_d_e_0_f_g"),
        ("line\nbreak\x00\u202e", "line_break"),
        ("", "abc11111"),
        (" {} ", "abc11111"),
        ("all", "abc11111"),  # taken
        ("abc11111", "abc11111"),
        ("abc22222", "abc11111"),  # another one's id
        ("Other", "abc11111"),  # another one's name
    ],
)
def test_by_name(name: str, host: str) -> None:
    found = host_names(environments(abc11111=name, abc22222="Other"), by_name=True, taken=["all", "localhost"])
    assert {key: value["id"] for key, value in found.items()} == {
        host: "abc11111",
        "abc22222" if name == "Other" else "Other": "abc22222",
    }


def test_nobody_is_lost() -> None:
    """However alike the names are."""
    alike = environments(abc11111="A b", abc22222="A,b", abc33333="abc11111", abc44444="A_b")
    assert sorted(host_names(alike, by_name=True)) == ["abc11111", "abc22222", "abc33333", "abc44444"]
