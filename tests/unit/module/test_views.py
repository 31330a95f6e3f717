# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules return about their object, predicted and afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._module import views

from ..builders import (
    EVERYBODY,
    account,
    desired,
    gid,
    grant,
    held,
    person,
    place,
    team,
    uid,
    wanted_group,
    wanted_members,
    wanted_parts,
    wanted_permissions,
    wanted_user,
)
from ..conftest import Start

NEW = "new@example.com"


def shown(start: Start, view: Any, wish: Desired) -> tuple[dict[str, Any], dict[str, Any]]:
    """The return values in check mode, and those of the run."""
    bench = start(
        account(
            [person("Anna@Example.com", "Shop", "Scim", first="Anna"), person("tom@example.com", "Shop")],
            [team("Shop", held("tenant-viewer", "prod")), team("Scim", owner="SCIM", description="x"), team("Art")],
            [place("Prod")],
        )
    )
    return view(bench.run(wish, preview=True), wish), view(bench.run(wish), wish)


def test_a_user_who_is_there(start: Start) -> None:
    predicted, real = shown(start, views.one_user, desired(wanted_user("anna@example.com", add=["Art"])))
    assert predicted == real
    assert real["user"] == {
        "uid": uid("Anna@Example.com"),
        "email": "Anna@Example.com",
        "first_name": "Anna",
        "last_name": None,
        "status": "ACTIVE",
        "groups": ["Art", "Scim", "Shop"],
    }


def test_a_user_who_is_invited(start: Start) -> None:
    predicted, real = shown(start, views.one_user, desired(wanted_user(NEW, add=["Art"])))
    assert predicted["user"]["uid"] is None
    assert real["user"]["uid"]
    assert {**predicted["user"], "uid": real["user"]["uid"]} == real["user"]
    assert (real["user"]["status"], real["user"]["groups"]) == ("PENDING", ["Art"])


@pytest.mark.parametrize("email", ["tom@example.com", "nobody@example.com"])
def test_a_user_who_goes(start: Start, email: str) -> None:
    predicted, real = shown(start, views.one_user, desired(wanted_user(email, "absent")))
    assert predicted == real == {"user": None}


def test_a_group_that_is_created(start: Start) -> None:
    predicted, real = shown(start, views.one_group, desired(wanted_group("Fresh", description="x")))
    assert predicted["group"]["id"] is None
    assert real["group"]["id"]
    assert {**predicted["group"], "id": real["group"]["id"]} == real["group"]
    assert real["group"]["description"] == "x"


def test_a_group_that_is_renamed(start: Start) -> None:
    predicted, real = shown(start, views.one_group, desired(wanted_group("Shop", new_name="Store")))
    assert predicted == real
    assert (real["group"]["id"], real["group"]["name"]) == (gid("Shop"), "Store")


def test_a_group_that_goes(start: Start) -> None:
    predicted, real = shown(start, views.one_group, desired(wanted_group("Shop", "absent")))
    assert predicted == real == {"group": None}


@pytest.mark.parametrize(
    "wish",
    [wanted_group("Scim", new_name="Other"), wanted_group("Scim", "absent"), wanted_group("Scim", description="y")],
)
def test_a_group_that_stays_since_it_is_managed(start: Start, wish: Any) -> None:
    predicted, real = shown(start, views.one_group, desired(wish, on_managed="warn"))
    assert predicted == real
    assert (real["group"]["name"], real["group"]["description"]) == ("Scim", "x")


@pytest.mark.parametrize(
    ("state", "members"),
    [("present", ["tom@example.com"]), ("absent", []), ("exact", ["tom@example.com"])],
)
def test_members(start: Start, state: str, members: list[str]) -> None:
    wish = desired(wanted_members("Shop", "TOM@example.com", state=state))
    predicted, real = shown(start, views.group_members, wish)
    assert predicted == real == {"group": {"id": gid("Shop"), "name": "Shop", "members": members}}


def test_permissions(start: Start) -> None:
    wish = desired(wanted_permissions("Shop", "logviewer", on=["Prod"], state="exact"))
    predicted, real = shown(start, views.group_permissions, wish)
    assert predicted == real
    assert real["group"]["permissions"] == [{"permission": "tenant-logviewer", "scope_type": "tenant", "scope": "prod"}]


def test_all_at_once(start: Start) -> None:
    wish = desired(
        wanted_user("tom@example.com", set=[]),
        wanted_user("nobody@example.com", "absent"),
        wanted_parts("Art", grant("viewer", on=["Prod"])),
        wanted_group("Gone", "absent"),
    )
    predicted, real = shown(start, views.users_and_groups, wish)
    assert predicted == real
    assert [(each["email"], each["groups"]) for each in real["users"]] == [("tom@example.com", [])]
    assert [(each["name"], len(each["permissions"])) for each in real["groups"]] == [("Art", 1)]
    assert EVERYBODY not in str(real)
