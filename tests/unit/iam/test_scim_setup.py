# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on the set-up of SCIM."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Group, ScimGroup, ScimUser, User
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.setup import (
    Found,
    Named,
    named_in,
    report,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.setup_read import read_setup
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.setup_url import own_url, url_problem

from ..builders import ACCOUNT, Bench
from ..conftest import Start
from ..scim import ADDRESSES, ANNA, NEW, OLD, TOM, way, with_scim

OWN = own_url(ACCOUNT)
CONFIG = {"patch": {"supported": True}, "filter": {"supported": True}, "etag": {"supported": False}}
FULL = Found(
    OWN,
    users=(
        ScimUser("1", "a@example.com", external_id="x"),
        ScimUser("2", "b@example.com"),
        ScimUser("3", "C@example.com"),
    ),
    groups=(ScimGroup("9", "Pushed", ("3",)),),
    config=CONFIG,
    people=(User("B@example.com"), User("d@example.com"), User("x@service.sso.dynatrace.com")),
    account_groups=(Group("8", "Shop"), Group("9", "Pushed", owner="SCIM"), Group("7", "All", owner="ALL_USERS")),
)


def statuses(found: Found, named: Named = Named(), idp: str = "okta") -> dict[str, str]:  # noqa: B008
    """Check → status."""
    return {each["name"]: each["status"] for each in report(found, named, idp)["checks"]}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (OWN, ""),
        ("https://abc12345.live.dynatrace.com/api/v2/scim", ""),
        ("http://127.0.0.1:8080/e/prod/api/v2/scim", ""),
        (f"http://127.0.0.1:8080/idm/public/scim/{ACCOUNT.upper()}/v2", ""),
        (OWN + "/", "leave out the slash"),
        (OWN.removesuffix("/v2"), "/v2 is missing"),
        (OWN.replace("https", "http"), "begin with https://"),
        ("abc12345.live.dynatrace.com/api/v2/scim", "begin with https://"),
        (OWN.replace("7f3c", "0000"), f"this is {ACCOUNT}"),
        (OWN.replace("api.sso", "sso"), "another host"),
        (OWN + "/Users", "isn't one of SCIM"),
        (OWN + "?aadOptscim062020", f"after its path: {OWN}"),
        ("https://[abc/v2", "it is no URL"),
        ("https://abc12345.apps.dynatrace.com/api/v2/scim", "https://abc12345.live.dynatrace.com/api/v2/scim"),
        ("https://abc12345.dynatrace.com/api/v2/scim", "an environment's address is"),
        ("https://abc12345.live.dynatrace.com/api/v1/scim", "isn't one of SCIM"),
        ("https://api.sso.dynatrace.com", "isn't one of SCIM"),
    ],
)
def test_addresses(url: str, words: str) -> None:
    found = url_problem(url, ACCOUNT)
    assert words in found
    assert bool(words) is bool(found)
    assert url_problem(OWN.replace("7f3c", "0000"), "") == ""


class TestReport:
    def test_both_sides(self) -> None:
        told = report(FULL, named_in(["b@example.com"], ["Shop"]), "okta")
        assert told["ownership"] == {
            "users": [
                {"name": "a@example.com", "owner": "scim"},
                {"name": "B@example.com", "owner": "unclear"},
                {"name": "C@example.com", "owner": "scim"},
                {"name": "d@example.com", "owner": "account"},
            ],
            "groups": [{"name": "Pushed", "owner": "SCIM"}, {"name": "Shop", "owner": "LOCAL"}],
        }
        assert {each["name"]: each["status"] for each in told["checks"]} == {
            **dict.fromkeys(
                ("scim_url", "scim_token", "patch", "filter", "etag", "ownership", "conflicts", "domains"), "ok"
            ),
            "prerequisites": "unknown",
            "identity_provider": "by_hand",
        }
        assert told["conflicts"] == told["problems"] == []

    def test_conflicts(self) -> None:
        entries = [
            {"email": "A@example.com", "groups": {"add": [{"name": "Pushed", "until": "2030-01-01"}], "set": None}}
        ]
        named = named_in([*entries, "e@elsewhere.example", {"email": "f@example.com"}], [{"name": "Shop"}, "Shop"])
        assert named == Named(("A@example.com", "e@elsewhere.example", "f@example.com"), ("Pushed", "Shop"))
        told = report(FULL, named, "entra")
        assert [(each["kind"], each["name"]) for each in told["conflicts"]] == [
            ("user", "A@example.com"),
            ("group", "Pushed"),
        ]
        (problem,) = told["problems"]
        assert "leave its members to the identity provider" in problem
        assert statuses(FULL, named)["domains"] == "unknown"
        assert "elsewhere.example" in "\n".join(told["report"])

    def test_names_tell_who_owns_whom(self) -> None:
        def message(found: Found, named: Named, check: str) -> str:
            told = report(found, named, "okta")["checks"]
            return str(next(each["message"] for each in told if each["name"] == check))

        assert message(FULL, Named(), "ownership") == (
            "Provisioned by SCIM: 2 users (a@example.com, C@example.com) and 1 group (Pushed). Shown by SCIM, but"
            " nothing tells who owns them: 1 user (B@example.com). In the account only: 1 user (d@example.com)."
        )
        many = replace(FULL, users=tuple(ScimUser(str(n), f"{n}@example.com", external_id="x") for n in range(8)))
        assert "4@example.com and 3 more)" in message(many, Named(), "ownership")
        assert message(FULL, Named(), "scim_token") == "SCIM answers, and shows 3 users and 1 group."

    def test_only_who_was_provisioned_shows_a_verified_domain(self) -> None:
        invited = replace(FULL, users=(*(FULL.users or ()), ScimUser("4", "guest@partner.example")))
        assert statuses(invited, Named(("else@partner.example",)))["domains"] == "unknown"
        assert statuses(invited, Named(("else@example.com",)))["domains"] == "ok"

    def test_what_is_not_known_is_not_claimed(self) -> None:
        alone = statuses(replace(FULL, people=None, account_refusal="403"))
        assert (alone["ownership"], alone["conflicts"]) == ("unknown", "unknown")
        nothing = statuses(Found(OWN, refusal="401"))
        assert nothing["scim_token"] == "problem"
        assert [nothing[each] for each in ("patch", "ownership", "conflicts", "domains")] == ["unknown"] * 4
        wrong = statuses(Found("http://x", url_problem="no"))
        assert (wrong["scim_url"], wrong["scim_token"]) == ("problem", "unknown")
        poor: dict[str, Any] = {"patch": {"supported": False}, "filter": "yes"}
        assert [statuses(replace(FULL, config=poor))[each] for each in ("patch", "filter", "etag")] == [
            "problem",
            "unknown",
            "unknown",
        ]

    @pytest.mark.parametrize(("idp", "words"), [("okta", "user.firstName"), ("entra", "IsSoftDeleted")])
    def test_what_is_left_to_do_names_the_address(self, idp: str, words: str) -> None:
        text = "\n".join(report(FULL, Named(), idp)["report"])
        assert words in text
        assert OWN in text
        assert "{" not in text


class TestReading:
    OPTIONS: dict[str, Any] = {"users": [ANNA], "groups": ["Shop"], "idp": "okta"}  # noqa: RUF012

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_all_of_it(self, start: Start, address: str) -> None:
        made: Bench = start(with_scim())
        with made.client(read_only=True, **way(made, address)) as account:
            told = read_setup(account, self.OPTIONS, way(made, address)["scim_url"])
        owners = {each["name"]: each["owner"] for each in told["ownership"]["users"]}
        assert owners == {ANNA: "scim", TOM: "unclear"}
        assert {each["name"]: each["owner"] for each in told["ownership"]["groups"]} == {
            "Shop": "LOCAL",
            "Synced": "SCIM",
        }
        assert [each["name"] for each in told["conflicts"]] == [ANNA]
        assert len(told["problems"]) == (2 if address == "account" else 1)  # a slash too many

    def test_a_rotated_token_and_no_credentials(self, start_as: Start) -> None:
        made = start_as("published", with_scim())
        given = way(made, "environment", OLD)
        made.more = {"client_id": None}
        with made.client(login=False, read_only=True, **given) as account:
            told = read_setup(account, self.OPTIONS, given["scim_url"])
        assert "rotated away" in told["problems"][0]
        assert "SCIM was not read" in "".join(told["report"])
        assert made.sim.writes == []

    def test_an_address_of_the_right_shape_where_nothing_is(self, start_as: Start) -> None:
        made = start_as("published", with_scim(), checked=False)
        url = f"{made.sim.url}/e/nowhere/api/v2/scim"
        with made.client(read_only=True, scim_url=url, scim_token=NEW) as account:
            told = read_setup(account, self.OPTIONS, url)
        assert {each["name"]: each["status"] for each in told["checks"][:2]} == {
            "scim_url": "problem",
            "scim_token": "unknown",
        }
        assert OWN in "".join(told["to_do"])

    def test_nothing_is_sent_to_a_wrong_address(self, start_as: Start) -> None:
        made = start_as("published", with_scim())
        with made.client(read_only=True, scim_token=NEW) as account:
            told = read_setup(account, self.OPTIONS, "https://abc12345.apps.dynatrace.com/api/v2/scim")
        assert told["problems"][0].startswith("scim_url: ")
        assert OWN in "".join(told["to_do"])
        assert [each for each in made.sim.requests if "/scim" in each["path"]] == []
