# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters: what people typed, which plan was reviewed, and what it means."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.identityops.dynatrace.plugins.filter.lines import lines
from ansible_collections.identityops.dynatrace.plugins.filter.plan_summary import plan_summary
from ansible_collections.identityops.dynatrace.plugins.filter.reviewed_plan import reviewed_plan

PLAN = "0bd2bd4ae1b0a7ab9d9d2d2a0c0d1b2b0fb0f4e0f6ad1c8b8b1a41ce8ee9ee0a"


class TestLines:
    @pytest.mark.parametrize(
        ("text", "options", "entries"),
        [
            pytest.param("a\nb", {}, ["a", "b"], id="Unix"),
            pytest.param("a\r\nb\r\n", {}, ["a", "b"], id="Windows"),
            pytest.param("a\rb", {}, ["a", "b"], id="old Macs"),
            pytest.param("\ufeffa\n\n \t\n  b \u00a0\n", {}, ["a", "b"], id="blanks and a byte order mark"),
            pytest.param("b\na\nb", {}, ["b", "a"], id="in their order, once"),
            pytest.param("Ops, Shop; Web", {}, ["Ops, Shop; Web"], id="a name may hold anything"),
            pytest.param("a, b;c\r\nd ;, e", {"separators": ",; "}, ["a", "b", "c", "d", "e"], id="separators"),
            pytest.param("a]b^c-d", {"separators": "]^-"}, ["a", "b", "c", "d"], id="any separator"),
            pytest.param(["a", " b\nc "], {}, ["a", "b", "c"], id="a list"),
            pytest.param("a\nb", {"key": "email"}, [{"email": "a"}, {"email": "b"}], id="dictionaries"),
            pytest.param("{{ lookup('pipe', 'id') }}", {}, ["{{ lookup('pipe', 'id') }}"], id="a template"),
            *(pytest.param(nothing, {}, [], id=repr(nothing)) for nothing in (None, "", " \r\n\t\n", [], [""])),
        ],
    )
    def test_entries(self, text: Any, options: dict[str, Any], entries: list[Any]) -> None:
        assert lines(text, **options) == entries

    @pytest.mark.parametrize("text", [None, "", " \r\n ", ",;", ["", ","]])
    def test_nothing_where_something_is_needed(self, text: Any) -> None:
        with pytest.raises(AnsibleFilterError, match="E-mails: there is nothing in it"):
            lines(text, ",;", needed="E-mails")

    @pytest.mark.parametrize("wrong", [1, {"a": 1}, [1], ["a", None], True])
    def test_what_is_no_text(self, wrong: Any) -> None:
        with pytest.raises(AnsibleFilterError, match="takes a text or a list of texts"):
            lines(wrong)


class TestReviewedPlan:
    @pytest.mark.parametrize(
        ("plans", "found"), [({}, ""), ({"east": PLAN}, PLAN), ({"west": "x", "east": PLAN}, PLAN)]
    )
    def test_found(self, plans: dict[str, str], found: str) -> None:
        assert reviewed_plan(plans, "east") == found

    @pytest.mark.parametrize(
        ("plans", "words"),
        [
            ({"west": PLAN, "north": PLAN}, "no reviewed plan for east, only for north, west"),
            ({"": ""}, "no reviewed plan for east, nor for any other host. Nothing was done. Plan again in check mode"),
            ({"east": ""}, "isn't the id of a plan"),
            ({"east": None}, "isn't the id of a plan"),
            ({"east": [PLAN]}, "isn't the id of a plan"),
            ({"east": "{{ omit }}"}, "isn't the id of a plan"),
            (PLAN, "not str"),
            (None, "not NoneType"),
        ],
    )
    def test_refused(self, plans: Any, words: str) -> None:
        """Rather than to apply what nobody has reviewed."""
        with pytest.raises(AnsibleFilterError, match=words):
            reviewed_plan(plans, "east")


def change(action: str, kind: str, name: str, **detail: Any) -> dict[str, Any]:
    return {"action": action, "kind": kind, "name": name, "detail": detail}


class TestPlanSummary:
    def test_no_changes(self) -> None:
        assert plan_summary({"plan_id": PLAN, "changes": [], "people": []}) == [f"Plan {PLAN}: no changes"]

    def test_each_thing_is_told_once(self) -> None:
        result = {
            "plan_id": PLAN,
            "changes": [
                change("create", "user", "a@example.com"),
                change("add", "membership", "a@example.com in Shop"),
                change("add", "binding", "Shop: Standard User"),
                change("update", "group", "Shop", description="Web", before={"description": None}),
                change("update", "user", "b@example.com", first_name="Zoë", before={"first_name": ""}),
                change("remove", "membership", "b@example.com in Shop"),
            ],
            "people": [
                {"email": "a@example.com", "gains": ["group Shop", "the account"], "loses": []},
                {"email": "b@example.com", "gains": ["group Ops"], "loses": ["group Shop"]},
            ],
            "warnings": ["Look here"],
        }
        assert plan_summary(result) == [
            f"Plan {PLAN}: 6 changes",
            "a@example.com: gains group Shop, the account",
            "b@example.com: gains group Ops; loses group Shop",
            "add binding: Shop: Standard User",
            'update group: Shop (description null becomes "Web")',
            'update user: b@example.com (first_name "" becomes "Zoë")',
            "Warning: Look here",
        ]

    def test_tokens_are_told_with_their_owners(self) -> None:
        """Each once, with what happens to it, namesakes as well; what nobody gains or loses is told by itself."""

        def token(action: str, kind: str, name: str, owner: str, **detail: Any) -> dict[str, Any]:
            return change(action, kind, name, owner=owner, **detail)

        off = {"enabled": False, "before": {"enabled": True}}
        later = {"expires": "2027", "before": {"expires": "2026"}}
        on = {"enabled": True, "expires": "2027", "before": {"enabled": False, "expires": "2026"}}
        result = {
            "plan_id": PLAN,
            "changes": [
                token("update", "api_token", "CI in prod", "A@example.com", **off),
                token("delete", "api_token", "CI in prod", "a@example.com"),
                token("delete", "platform_token", "Export", "a@example.com"),
                token("update", "platform_token", "Import", "b@example.com", **on),
                token("update", "api_token", "Later in prod", "a@example.com", **later),
                token("delete", "api_token", "Bot in prod", "integration-7"),
                change("delete", "user", "a@example.com"),
            ],
            "people": [
                {
                    "email": "a@Example.com",
                    "gains": [],
                    "loses": ["API token CI in prod", "platform token Export", "the account"],
                },
                {"email": "b@example.com", "gains": ["platform token Import"], "loses": []},
            ],
        }
        assert plan_summary(result) == [
            f"Plan {PLAN}: 7 changes",
            "a@Example.com: loses API token CI in prod (disabled), API token CI in prod (deleted),"
            " platform token Export (deleted), the account",
            'b@example.com: gains platform token Import (enabled, expires "2026" becomes "2027")',
            'update api token: Later in prod (expires "2026" becomes "2027")',
            "delete api token: Bot in prod",
        ]

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("{{ lookup('pipe', 'id') }}", "{ { lookup('pipe', 'id') }}"),
            ("{%raw%}{#x", "{ %raw%}{ #x"),
            ("{{{{%", "{ { { { %"),
            ("Shop\nWarning: nothing", "Shop Warning: nothing"),
            ("Shop \u202e\x1b[31mpohS", "Shop [31mpohS"),
            ("{Shop}", "{Shop}"),
        ],
    )
    def test_names_are_data(self, name: str, shown: str) -> None:
        """Wherever the lines are handed to, nothing in them is a template, and a line is a line."""
        people = [{"email": "a@example.com", "gains": [name], "loses": []}]
        told = plan_summary({"plan_id": PLAN, "changes": [change("create", "group", name)], "people": people})
        assert told == [f"Plan {PLAN}: 1 change", f"a@example.com: gains {shown}", f"create group: {shown}"]

    def test_who_is_not_there(self) -> None:
        """Somebody whose e-mail is misspelt shall not be missed."""
        result = {
            "plan_id": PLAN,
            "changes": [change("delete", "user", "A@example.com")],
            "people": [{"email": "A@example.com", "gains": [], "loses": ["the account"]}],
            "users": [{"email": "b@example.com"}],
            "leavers": [
                {"email": "c@example.com", "in_account": True},
                {"email": "d@example.com", "in_account": False},
            ],
        }
        told = plan_summary(result, [f"{letter}@example.com" for letter in "aBcde"])
        assert told[2:] == ["d@example.com: isn't in the account", "e@example.com: isn't in the account"]

    def test_a_long_plan(self) -> None:
        """The rest is counted, so that an artifact stays small."""
        groups = [change("create", "group", f"Team {number}") for number in range(5)]
        told = plan_summary({"plan_id": PLAN, "changes": groups, "people": []}, most=3)
        assert told[1:] == [
            "create group: Team 0",
            "create group: Team 1",
            "create group: Team 2",
            "and 2 more changes",
        ]

    @pytest.mark.parametrize("wrong", [{}, {"skipped": True}, None, [PLAN]])
    def test_what_is_no_plan(self, wrong: Any) -> None:
        with pytest.raises(AnsibleFilterError, match="no plan_id"):
            plan_summary(wrong)
