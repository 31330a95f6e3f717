# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""People from a CSV file: what is read, and what is told about what can't be."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people_file import (
    MOST_PROBLEMS,
    Layout,
    read_people,
)

COLUMNS = {"email": "email", "first_name": "first", "last_name": "last", "groups": "groups"}


def read(text: str, **layout: Any) -> list[dict[str, Any]]:
    """As the lookup reads a file: line ends are left to the parser."""
    return read_people(io.StringIO(text, newline=""), Layout(**{"columns": COLUMNS, **layout}))


def wrong(text: str, **layout: Any) -> str:
    with pytest.raises(InvalidInput) as error:
        read(text, **layout)
    return str(error.value)


HEADER = "email,first,last,groups\n"
ADA = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Byron", "groups": {"add": ["Shop", "Ops"]}}


class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("text", "layout"),
        [
            pytest.param(HEADER + "ada@example.com,Ada,Byron,Shop;Ops\n", {}, id="plain"),
            pytest.param(HEADER + "ada@example.com,Ada,Byron,Shop;Ops", {}, id="no line break in the end"),
            pytest.param(HEADER.strip() + "\r\nada@example.com,Ada,Byron,Shop;Ops\r\n", {}, id="Windows"),
            pytest.param(HEADER.strip() + "\rada@example.com,Ada,Byron,Shop;Ops\r", {}, id="old Macs"),
            pytest.param(HEADER + '"ada@example.com","Ada","Byron","Shop;Ops"\n', {}, id="quotes"),
            pytest.param(HEADER + " ada@example.com , Ada ,Byron , Shop ; Ops ;;\n", {}, id="blanks"),
            pytest.param(HEADER + "\n,,,\n  \nada@example.com,Ada,Byron,Shop;Ops\n\n", {}, id="empty lines"),
            pytest.param(HEADER + "ada@example.com,Ada,Byron,Shop;Ops;Shop\n", {}, id="a group twice"),
            pytest.param(
                HEADER.replace(",", ";") + "ada@example.com;Ada;Byron;Shop|Ops\n",
                {"delimiter": ";", "group_separator": "|"},
                id="semicolons",
            ),
            pytest.param(
                HEADER.replace(",", "\t") + "ada@example.com\tAda\tByron\tShop;Ops\n", {"delimiter": "\t"}, id="tabs"
            ),
            pytest.param(
                "Who,groups,last,x,first\nada@example.com,Shop;Ops,Byron,y,Ada\n",
                {"columns": {**COLUMNS, "email": "Who"}},
                id="other columns in another order",
            ),
            pytest.param(
                " email ,first,last\nada@example.com,Ada,Byron\n",
                {
                    "columns": {key: name for key, name in COLUMNS.items() if key != "groups"},
                    "groups_for_all": ("Shop", "Ops"),
                },
                id="groups for all",
            ),
            pytest.param(
                HEADER + "ada@example.com,Ada,Byron,Ops;Shop\n",
                {"groups_for_all": ("Shop",)},
                id="groups for all besides",
            ),
        ],
    )
    def test_one_person(self, text: str, layout: Any) -> None:
        assert read(text, **layout) == [ADA]

    @pytest.mark.parametrize("text", [HEADER, HEADER.strip(), HEADER + "\n \n,,,\n"])
    def test_nobody(self, text: str) -> None:
        assert read(text) == []

    def test_columns_that_are_not_asked_for_are_not_read(self) -> None:
        """Nor is what isn't given managed."""
        text = HEADER + "ada@example.com,Ada,Byron,Shop\n"
        assert read(text, columns={"email": "email"}) == [{"email": "ada@example.com"}]
        assert read(text, columns={"email": "email"}, groups_as="set") == [{"email": "ada@example.com"}]

    def test_an_empty_name_is_not_managed(self) -> None:
        assert read(HEADER + "ada@example.com,, ,Shop\n") == [{"email": "ada@example.com", "groups": {"add": ["Shop"]}}]

    def test_no_groups_in_a_column_of_groups_are_none(self) -> None:
        (person,) = read(HEADER + "ada@example.com,Ada,Byron,\n", groups_as="set")
        assert person["groups"] == {"set": []}

    def test_the_spelling_of_the_address_is_kept(self) -> None:
        (person,) = read(HEADER + "Ada.O'Neil+x@Example.com,,,\n")
        assert person["email"] == "Ada.O'Neil+x@Example.com"

    @pytest.mark.parametrize(
        "cell",
        [
            '=HYPERLINK("http://evil.example")',
            "=1+1",
            "+SUM(A1)",
            "-2",
            "@cmd|' /C calc'!A0",
            "{{ lookup('pipe', 'id') }}",
            "{% raw %}",
            "<script>",
            "!unsafe x",
            "a\nb",
            "Zoë, née Müller",
            'the "boss"',
            "null",
            "007",
        ],
    )
    def test_cells_are_text(self, cell: str) -> None:
        text = io.StringIO()
        csv.writer(text).writerows([["email", "first", "groups"], ["ada@example.com", cell, cell]])
        columns = {"email": "email", "first_name": "first", "groups": "groups"}
        (person,) = read(text.getvalue(), columns=columns)
        assert person == {"email": "ada@example.com", "first_name": cell, "groups": {"add": [cell]}}

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 10**6),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12),
                st.lists(
                    st.text(st.characters(codec="utf-8", exclude_characters=";", exclude_categories=["Cc"])), max_size=3
                ),
            ),
            unique_by=lambda row: row[0],
            max_size=6,
        ),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    def test_whatever_a_writer_writes(self, rows: list[Any], quoting: Any) -> None:
        text = io.StringIO()
        writer = csv.writer(text, quoting=quoting)
        writer.writerow(["email", "first", "groups"])
        writer.writerows([f"p{number}@example.com", first, ";".join(groups)] for number, first, groups in rows)
        people = read(text.getvalue(), columns={"email": "email", "first_name": "first", "groups": "groups"})
        assert [person["email"] for person in people] == [f"p{row[0]}@example.com" for row in rows]
        assert [person.get("first_name", "") for person in people] == [row[1].strip() for row in rows]
        assert [person["groups"]["add"] for person in people] == [
            list(dict.fromkeys(name.strip() for name in row[2] if name.strip())) for row in rows
        ]


class TestTheHeader:
    @pytest.mark.parametrize(
        ("header", "words"),
        [
            ("e-mail,first,last,groups", "no column 'email' for email, did you mean 'e-mail'?"),
            ("E-Mail,first,last,groups", "its header is: E-Mail, first, last, groups"),
            ("email,firts,last,groups", "no column 'first' for first_name, did you mean 'firts'?"),
            ("email,first,last", "no column 'groups' for groups; its header is: email, first, last"),
            ("email,first,last,groups,email", "more than one column 'email' for email"),
            ("email;first;last;groups", "no column 'email'"),
            ("Name", "no column 'email' for email; its header is: Name"),
            ("", "no column 'email'"),
        ],
    )
    def test_is_checked(self, header: str, words: str) -> None:
        told = wrong(f"{header}\nada@example.com,Ada,Byron,Shop\n")
        assert words.rstrip("?") in told

    @pytest.mark.parametrize("text", ["", "\n", "\n\n" + HEADER])
    def test_has_to_be_there(self, text: str) -> None:
        assert "no column 'email'" in wrong(text)


class TestRows:
    def test_all_problems_at_once(self) -> None:
        rows = [
            "ada@example.com,Ada,Byron,Shop",  # line 2
            "nobody,No,Body,",
            "ADA@Example.com,Ada,Again,",
            "bob@example.com,Bob,Berg",
            "cem@example.com,Cem,Ak,Shop,more",
            ",Nameless,One,",
            '"dan@example.com","two',
            'lines","in, one row",Shop',  # line 9 ends the row that begins in line 8
            "dan@example.com,Dan,,",
        ]
        told = wrong(HEADER + "\n".join(rows) + "\n")
        for words in (
            "line 3: 'nobody' is not an e-mail address;",
            "line 4: ADA@Example.com is in line 2 already;",
            "line 5: 3 cells, but the header has 4;",
            "line 6: 5 cells, but the header has 4;",
            "line 7: '' is not an e-mail address;",
            "line 10: dan@example.com is in line 9 already.",
        ):
            assert words in told
        assert told.count("line ") == 6 + 2

    def test_a_quote_that_is_never_closed(self) -> None:
        assert "line 3: unexpected end of data" in wrong(HEADER + 'ada@example.com,Ada,Byron,\n"bob@example.com,,,\n')

    def test_text_after_a_quote(self) -> None:
        assert "line 2: " in wrong(HEADER + '"ada@example.com"x,Ada,Byron,\n')

    def test_many_problems_are_cut_short(self) -> None:
        told = wrong(HEADER + "nobody,,,\n" * (MOST_PROBLEMS + 5))
        assert told.count("is not an e-mail address") == MOST_PROBLEMS
        assert "and 5 more" in told

    def test_as_many_as_are_told_are_not_cut_short(self) -> None:
        assert "more" not in wrong(HEADER + "nobody,,,\n" * MOST_PROBLEMS)


@pytest.mark.parametrize(
    ("option", "value"),
    [("delimiter", ""), ("delimiter", ",,"), ("group_separator", ""), ("delimiter", '"'), ("delimiter", "\n")],
)
def test_what_separates_is_one_character(option: str, value: str) -> None:
    assert f"{option} must be one character" in wrong(HEADER, **{option: value})
