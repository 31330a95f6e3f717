# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants: bad input is refused before any request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import (
    email,
    emails,
    group_wishes,
    user_wishes,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.lists import ListWish, list_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.permissions import (
    ACCOUNT_PERMISSIONS,
    TENANT_PERMISSIONS,
    is_account_permission,
    permission_name,
)
from tests.simulator.model import PERMISSION_NAMES

from ..builders import desired, wanted_group, wanted_members, wanted_permissions, wanted_user

ANNA = "anna@example.com"


class TestEmails:
    @pytest.mark.parametrize(
        "good",
        [
            ANNA,
            "a+b@example.com",
            "O'Neill@example.co.uk",
            "100%@example.com",
            "jörg@exämple.com",
            "a/b@x-y.example.com",
        ],
    )
    def test_taken(self, good: str) -> None:
        assert email(f" {good}\n") == good

    @pytest.mark.parametrize(
        "bad",
        ["", " ", "anna", "anna@", "@example.com", "a@b", "a b@example.com", "a@b@example.com", "a@exa mple.com",
         "a@example..com", "a@-example.com", "a,b@example.com", "<a@example.com>", "a@example.com\nb@example.com",
         '"a"@example.com', "a@example.com/..", "a@example.com?x"],
    )  # fmt: skip
    def test_refused(self, bad: str) -> None:
        with pytest.raises(InvalidInput, match="is not an e-mail address"):
            email(bad)

    def test_lists(self) -> None:
        assert emails(None) is None
        assert emails([]) == ()
        assert emails([ANNA, ANNA]) == (ANNA,)

    def test_the_same_person_twice(self) -> None:
        with pytest.raises(InvalidInput, match=r"Anna@Example\.com is named more than once"):
            user_wishes([{"email": ANNA}, {"email": "Anna@Example.com"}])


class TestLists:
    def test_omitted_is_not_managed_and_empty_is_none(self) -> None:
        assert list_wish("groups", None) is None
        assert list_wish("groups", {"add": None, "set": []}) == ListWish(set=())
        assert list_wish("groups", {"add": None, "remove": None, "set": None, "within": None}) == ListWish()

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            pytest.param({"add": ["a"], "set": ["b"]}, "can't be combined with add or remove", id="add and set"),
            pytest.param({"add": [], "set": []}, "can't be combined with add or remove", id="empty add and set"),
            pytest.param({"remove": ["a"], "set": ["b"]}, "can't be combined with add or remove", id="remove and set"),
            pytest.param({"within": ["a"]}, "within bounds what set removes", id="within alone"),
            pytest.param({"add": ["a"], "within": ["a"]}, "within bounds what set removes", id="within and add"),
            pytest.param({"add": ["a", "b"], "remove": ["b"]}, "b is in both add and remove", id="add and remove"),
            pytest.param({"add": ["a", " "]}, "groups.add must not be empty", id="empty name"),
            pytest.param({"set": [""]}, "groups.set must not be empty", id="empty name in set"),
        ],
    )
    def test_refused(self, given: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidInput, match=message):
            list_wish("groups", given)

    @pytest.mark.parametrize("groups", [{"add": ["a"]}, {"set": ["a"]}])
    def test_who_is_deleted_joins_nothing(self, groups: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput, match="who is deleted can't join groups"):
            wanted_user(ANNA, "absent", **groups)
        assert wanted_user(ANNA, "absent", set=[]).groups == ListWish(set=())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: wanted_group(""), "name must not be empty", id="empty name"),
        pytest.param(lambda: wanted_group(None, id=" "), "id must not be empty", id="empty id"),
        pytest.param(lambda: wanted_group("a", new_name=""), "new_name must not be empty", id="empty new name"),
        pytest.param(lambda: wanted_group("a", description="x" * 256), "256 characters, at most 255", id="long text"),
        pytest.param(lambda: wanted_members("", ANNA), "group must not be empty", id="members of nothing"),
        pytest.param(lambda: wanted_members("a", "anna"), "is not an e-mail address", id="a member who can't be"),
        pytest.param(lambda: wanted_permissions("", "viewer", on=["p"]), "group must not be empty", id="nobody's"),
        pytest.param(lambda: wanted_permissions("a", "viewer"), "name them in environments", id="no environment"),
        pytest.param(
            lambda: wanted_permissions("a", "account-viewer", on=["p"]), "leave environments out", id="account"
        ),
        pytest.param(lambda: wanted_permissions("a", "viewer", zones=["z"]), "name them|name those", id="zones alone"),
        pytest.param(lambda: wanted_permissions("a", state="exact"), "name some", id="exactly nothing anywhere"),
        pytest.param(lambda: wanted_permissions("a", "viewer", on=[" "]), "environments must not be empty", id="blank"),
        pytest.param(lambda: group_wishes([{"name": "a"}, {"name": "a"}]), "a is named more than once", id="twice"),
        pytest.param(
            lambda: group_wishes([{"name": "a", "new_name": "b"}, {"name": "b"}]), "b is named more", id="renamed to"
        ),
    ],
)
def test_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        make()


class TestPermissionNames:
    def test_all_that_the_service_knows(self) -> None:
        assert sorted([*ACCOUNT_PERMISSIONS, *TENANT_PERMISSIONS]) == sorted(PERMISSION_NAMES)
        assert len(PERMISSION_NAMES) == 15

    @pytest.mark.parametrize("name", PERMISSION_NAMES)
    def test_in_every_form(self, name: str) -> None:
        for given in (name, name.upper(), f" {name} ", name.removeprefix("tenant-")):
            assert permission_name(given) == name
        assert is_account_permission(name) is name.startswith("account-")

    @pytest.mark.parametrize(
        ("given", "near"),
        [("viewr", "viewer"), ("manage-setings", "manage-settings"), ("tenant-view", "tenant-viewer"),
         ("user-management", "account-user-management"), ("zzz", "There are: account-company-info")],
    )  # fmt: skip
    def test_unknown_ones(self, given: str, near: str) -> None:
        with pytest.raises(InvalidInput) as error:
            permission_name(given)
        assert f"There is no permission {given!r}." in str(error.value)
        assert near in str(error.value)

    def test_the_same_one_in_two_forms_counts_once(self) -> None:
        assert wanted_permissions("a", "viewer", "tenant-viewer", on=["p"]).permissions[0].permissions == (
            "tenant-viewer",
        )


def test_who_is_named() -> None:
    wish = desired(wanted_user("A@example.com"), wanted_members("g", "a@Example.com", "b@example.com"))
    assert sorted(wish.emails()) == ["a@example.com", "b@example.com"]
