# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The review's CSV file: what is written can be read back, and only decisions that can be carried out are taken."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.asking import Map
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.inquiry import Beside, all_findings
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.page import page_data
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.people_findings import Patience
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.review import (
    COLUMNS,
    csv_text,
    grant_id,
    read_decisions,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.table import table_of

from ..builders import TODAY, State, account, bot, bound, gid, held, person, pid, place, policy, snapshot, team

ADA, BOB = "ada@example.com", "bob@example.com"
HOSTILE = '=cmd|"calc"!A1'
MARKUP = "<img src=x onerror=alert(1)>\nline"


def example(*people: State) -> Map:
    """Ada and Bob share a group with two grants, Bob has one that SCIM manages, and some names want to be more."""
    groups = [
        team("Shop", held("tenant-viewer", "prod"), held("tenant-logviewer", "prod")),
        team("Foreign", held("tenant-viewer", "stag"), owner="SCIM"),
        team(HOSTILE, held("tenant-viewer", "stag")),
        team(MARKUP),
    ]
    users = [person(ADA, "Shop", HOSTILE, MARKUP), person(BOB, "Shop", "Foreign"), bot("robot", "Shop"), *people]
    places = [place("Prod"), place("Stag")]
    bindings = [bound(pid("P"), MARKUP, on="prod")]
    return Map(snapshot(account(users, groups, places, bindings, policies=[policy("P")])))


def table(made: Map) -> list[dict[str, Any]]:
    """Who has access to what."""
    return table_of(made.snapshot, made.grants)


def filled(made: Map, **decisions: str) -> list[str]:
    """The file with decisions for rows by ``person group what``, as a spreadsheet saves it."""
    rows = list(csv.DictReader(io.StringIO(csv_text(table(made)))))
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in rows:
        key = f"{row['person'].split('@')[0]}_{row['group']}_{row['what']}"
        decision = next((value for name, value in decisions.items() if key.startswith(name)), "")
        by = {"reviewer": "Grace", "date": "2026-11-22"} if decision else {}
        writer.writerow({**row, "decision": decision, **by})
    return out.getvalue().splitlines(keepends=True)


def test_nothing_decided_is_nothing_to_do() -> None:
    made = example()
    assert read_decisions(csv_text(table(made)).splitlines(keepends=True), table(made)) == []
    assert read_decisions(filled(made, ada="keep", bob="keep"), table(made)) == []


def test_a_formula_is_a_text() -> None:
    cells = [cell for row in csv.reader(io.StringIO(csv_text(table(example())))) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []
    assert f"'{HOSTILE}" in cells
    assert all("\n" not in cell for cell in cells)


def test_revoking() -> None:
    made = example()
    assert read_decisions(filled(made, ada_Shop="Revoke", bob="keep"), table(made)) == [
        {"email": ADA, "state": "existing", "groups": {"remove": [gid("Shop")]}}
    ]
    hostile = read_decisions(filled(made, **{"ada_'=": "revoke", "ada_<": "revoke"}), table(made))
    assert hostile == [{"email": ADA, "state": "existing", "groups": {"remove": sorted([gid(HOSTILE), gid(MARKUP)])}}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_as_spreadsheets_save_it(delimiter: str) -> None:
    """In any country, sorted otherwise, with other columns, and with cells left out that are empty."""
    made = example()
    rows = list(csv.DictReader(filled(made, ada_Shop="revoke")))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    columns = ["note", "grant", "management_zones", "decision", "reviewer", "date"]
    writer.writerow(columns)
    for row in reversed(rows):
        cells = [{**row, "note": "a, b; c\nd"}[key] for key in columns]
        writer.writerow(cells if row["decision"] else cells[:2])
    lines = list(io.StringIO(out.getvalue(), newline=""))
    assert read_decisions(lines, table(made)) == [
        {"email": ADA, "state": "existing", "groups": {"remove": [gid("Shop")]}}
    ]


def test_each_grant_is_another_one() -> None:
    """The same policy with other parameters is, and so is another policy that took its name."""
    users, groups, places = [person(ADA, "Shop")], [team("Shop")], [place("Prod")]
    policies = [policy("P"), policy("P", on="prod", id=pid("P of Prod"))]
    bindings = [bound(pid("P"), "Shop", on="prod", parameters={"zone": zone}) for zone in ("a", "b")]
    bindings.append(bound(pid("P of Prod"), "Shop", on="prod"))
    made = Map(snapshot(account(users, groups, places, bindings, policies=policies)))
    rows = list(csv.DictReader(io.StringIO(csv_text(table(made)))))
    assert sorted(row["parameters"] for row in rows) == ["", "zone=a", "zone=b"]
    assert len({row["grant"] for row in rows}) == len(rows)
    before = Map(snapshot(account(users, groups, places, bindings[1:], policies=policies)))
    with pytest.raises(Refused, match=r"new: ada@example.com: P in Prod through Shop"):
        read_decisions(filled(before, ada="revoke"), table(made))


def test_no_spreadsheet_takes_a_grant_for_a_number() -> None:
    rows = [{**table(example())[0], "person": f"p{number}@example.com"} for number in range(2000)]
    assert [grant for grant in map(grant_id, rows) if grant.isdigit() or grant.replace("e", "", 1).isdigit()] == []


def broken(lines: list[str], old: str, new: str) -> list[str]:
    """The file with something else in it."""
    text = "".join(lines)
    assert old in text
    return text.replace(old, new).splitlines(keepends=True)


@pytest.mark.parametrize(
    ("decisions", "old", "new", "words"),
    [
        ({"ada_Shop": "remove"}, "", "", "decision is keep, revoke or empty, not 'remove'"),
        ({"ada_Shop": "revoke"}, "Grace", "", "who decided"),
        ({"ada_Shop": "revoke"}, "2026-11-22", "yesterday", "date is a day such as 2027-01-11, not 'yesterday'"),
        ({"bob_Foreign": "revoke"}, "", "", "SCIM decides about group 'Foreign', revoke it there"),
        (
            {"ada_Shop_tenant-viewer": "revoke"},
            "",
            "",
            "through group 'Shop' as line 3 does, which isn't revoked",
        ),
        ({"robot_Shop": "revoke"}, "", "", "a service user leaves group 'Shop' by dynatrace_service_user"),
        ({}, "decision", "choice", "The review has no column decision"),
    ],
)
def test_what_can_not_be_carried_out(decisions: dict[str, str], old: str, new: str, words: str) -> None:
    made = example()
    with pytest.raises(InvalidInput) as error:
        read_decisions(broken(filled(made, **decisions), old, new), table(made))
    assert words in str(error.value)


def test_grants_that_have_changed_since() -> None:
    made, later = example(), example(person("eve@example.com", "Shop"))
    with pytest.raises(Refused, match=r"new: eve@example.com: tenant-logviewer in Prod through Shop"):
        read_decisions(filled(made, ada_Shop="revoke"), table(later))
    with pytest.raises(Refused, match="no longer there: line"):
        read_decisions(filled(later, ada_Shop="revoke"), table(made))


def test_the_page_refers_to_what_is_there() -> None:
    made = example()
    page = page_data(made, all_findings(made, Beside(), Patience(TODAY)), [], TODAY, 90)
    assert json.loads(json.dumps(page)) == page
    groups, places = range(len(page["groups"])), [None, *range(len(page["environments"]))]
    assert {index for each in page["people"] for index in each["groups"]} <= set(groups)
    assert {grant["environment"] for group in page["groups"] for grant in group["grants"]} <= set(places)
    assert {each["rule"] for each in page["findings"]} >= {"role_permissions_end"}
