# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is planned, as tables: an account, a wish, and the changes in people's words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import Group
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput, Refused
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.plan import Plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, GroupWish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan

from ..builders import (
    ACCOUNT,
    EVERYBODY,
    State,
    account,
    bot,
    desired,
    gid,
    grant,
    held,
    person,
    place,
    snapshot,
    team,
    told,
    wanted_group,
    wanted_members,
    wanted_parts,
    wanted_permissions,
    wanted_user,
)

ANNA, TOM, NEW = "anna@example.com", "tom@example.com", "new@example.com"


def house(**more: Any) -> State:
    """Anna in Shop and Ops, Tom in nothing, and one group of each owner."""
    return account(
        [
            person("Anna@Example.com", "Shop", "Ops", "Scim", "Saml", first="Anna", last="Berg"),
            person(TOM, status="PENDING"),
            bot("robot", "Shop", "Hidden"),
            *more.pop("users", ()),
        ],
        [
            team("Shop", held("tenant-viewer", "prod"), held("tenant-logviewer", "test"), description="Sells"),
            team("Ops", held("account-viewer"), held("tenant-viewer", "prod:1")),
            team("Team Art"),
            team("Scim", owner="SCIM"),
            team("Saml", owner="SAML", federatedAttributeValues=["a", "b"]),
            team("Dcs", owner="DCS"),
            team("Hidden", hidden=True),
            *more.pop("groups", ()),
        ],
        [place("Prod", "Web", "App"), place("Test", "Web"), place("Twin", id="twin1"), place("Twin", id="twin2")],
    )


HOUSE = snapshot(house())
GUIDE = snapshot(house(), "guide")


def plan(*wishes: Any, on: Snapshot = HOUSE, **more: str) -> Plan:
    wish = wishes[0] if isinstance(wishes[0], Desired) else desired(*wishes, **more)
    return make_access_plan(wish, on)


def changes(*wishes: Any, **more: Any) -> list[str]:
    return told(plan(*wishes, **more).changes)


class TestUsers:
    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            pytest.param(wanted_user(NEW), [f"create user {NEW}"], id="invited"),
            pytest.param(wanted_user(ANNA), [], id="adopted"),
            pytest.param(wanted_user("ANNA@EXAMPLE.COM"), [], id="adopted in any case"),
            pytest.param(wanted_user(TOM), [], id="a pending one is not invited again"),
            pytest.param(wanted_user(NEW, "existing"), [], id="existing passes over who isn't there"),
            pytest.param(wanted_user(NEW, "existing", add=["Shop"]), [], id="with groups, too"),
            pytest.param(wanted_user(NEW, "absent"), [], id="gone already"),
            pytest.param(wanted_user(ANNA, "absent"), ["delete user Anna@Example.com"], id="deleted as spelled there"),
            pytest.param(
                wanted_user(ANNA, "absent", set=[]),
                [
                    "remove membership Anna@Example.com in Ops",
                    "remove membership Anna@Example.com in Shop",
                    "delete user Anna@Example.com",
                ],
                id="leaves first",
            ),
            pytest.param(
                wanted_user(NEW, add=["Shop", gid("Ops")]),
                [f"create user {NEW}", f"add membership {NEW} in Ops", f"add membership {NEW} in Shop"],
                id="invited into groups by name and id",
            ),
        ],
    )
    @pytest.mark.parametrize("on", [HOUSE, GUIDE], ids=["published", "guide"])
    def test_state(self, wish: Any, expected: list[str], on: Snapshot) -> None:
        assert changes(wish, on=on) == expected

    def test_an_invited_one_is_pending(self) -> None:
        (change,) = plan(wanted_user(NEW)).changes
        assert change.as_dict()["detail"] == {"email": NEW, "status": "PENDING"}

    def test_deletion_is_told_to_be_for_good(self) -> None:
        (change,) = plan(wanted_user(ANNA, "absent")).changes
        assert "can't be undone" in change.as_dict()["detail"]["deleted"]

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            pytest.param({}, None, id="not named"),
            pytest.param({"first_name": "Anna"}, None, id="as it is"),
            pytest.param({"first_name": "Ann"}, ("Ann", "Berg"), id="the other one is kept"),
            pytest.param({"last_name": ""}, ("Anna", None), id="cleared"),
            pytest.param({"first_name": "A", "last_name": "B"}, ("A", "B"), id="both"),
        ],
    )
    def test_names_of_the_guide(self, names: dict[str, str], expected: tuple[str, str] | None) -> None:
        made = plan(wanted_user(ANNA, **names), on=GUIDE)
        users = [change.fact.user for change in made.changes]
        assert [(user.first_name, user.last_name) for user in users] == ([expected] if expected else [])
        assert made.warnings == ()

    def test_names_that_can_not_be_set_are_one_warning(self) -> None:
        wishes = [wanted_user(ANNA, first_name="X"), wanted_user(TOM, last_name="Y"), wanted_user(NEW, first_name="Z")]
        made = plan(*wishes)
        assert told(made.changes) == [f"create user {NEW}"]
        (warning,) = made.warnings
        assert "they come from the login, the IdP or SCIM" in warning
        assert f"Anna@Example.com, {NEW}, {TOM}" in warning

    def test_names_as_they_are_warn_of_nothing(self) -> None:
        assert plan(wanted_user(ANNA, first_name="Anna", last_name="Berg")).warnings == ()


class TestGroupsOfUsers:
    @pytest.mark.parametrize(
        ("groups", "expected"),
        [
            pytest.param({}, [], id="not managed"),
            pytest.param({"add": []}, [], id="nothing more"),
            pytest.param({"add": ["Shop"]}, [], id="in it already"),
            pytest.param({"add": ["Team Art"]}, ["add Team Art"], id="add"),
            pytest.param({"remove": ["Shop"]}, ["remove Shop"], id="remove"),
            pytest.param({"remove": ["Team Art"]}, [], id="not in it anyway"),
            pytest.param({"add": ["Team Art"], "remove": ["Ops"]}, ["add Team Art", "remove Ops"], id="both"),
            pytest.param({"set": ["Shop"]}, ["remove Ops"], id="set"),
            pytest.param({"set": []}, ["remove Ops", "remove Shop"], id="set nothing"),
            pytest.param({"set": ["Team Art", "Ops"]}, ["add Team Art", "remove Shop"], id="set others"),
            pytest.param({"set": [], "within": ["Op*"]}, ["remove Ops"], id="within a pattern"),
            pytest.param({"set": [], "within": [gid("Shop")]}, ["remove Shop"], id="within an id"),
            pytest.param({"set": [], "within": ["sh*"]}, [], id="within is about case"),
            pytest.param({"set": ["Team Art"], "within": ["Team *"]}, ["add Team Art"], id="within leaves the others"),
            pytest.param({"set": [], "within": []}, [], id="within nothing"),
            pytest.param({"set": ["Scim", "Shop", "Ops"]}, [], id="others' groups may be named"),
        ],
    )
    @pytest.mark.parametrize("on", [HOUSE, GUIDE], ids=["published", "guide"])
    def test_tables(self, groups: dict[str, Any], expected: list[str], on: Snapshot) -> None:
        lines = changes(wanted_user(ANNA, **groups), on=on)
        assert [line.replace("membership Anna@Example.com in ", "") for line in lines] == expected

    def test_within_takes_a_name_with_brackets(self) -> None:
        on = snapshot(account([person(ANNA, "Team [A]", "Team A")], [team("Team [A]"), team("Team A")]))
        found = changes(wanted_user(ANNA, set=[], within=["Team [A]"]), on=on)
        assert found == [f"remove membership {ANNA} in Team [A]"]

    def test_a_group_of_the_same_task(self) -> None:
        assert changes(wanted_group("Fresh"), wanted_user(ANNA, add=["Fresh"])) == [
            "create group Fresh",
            "add membership Anna@Example.com in Fresh",
        ]
        renamed = wanted_group("Shop", new_name="Store")
        assert changes(renamed, wanted_user(TOM, add=["Store"])) == [
            f"add membership {TOM} in Store",
            "update group Shop",
        ]

    def test_leaving_the_last_group_does_not_close_the_account(self) -> None:
        on = snapshot(account([person(ANNA, "Shop")], [team("Shop")]))
        made = plan(wanted_user(ANNA, set=[]), on=on)
        (warning,) = made.warnings
        assert ANNA in warning
        assert "does not close their accounts" in warning
        assert plan(wanted_user(ANNA, "absent", set=[]), on=on).warnings == ()

    @pytest.mark.parametrize("part", ["add", "remove", "set"])
    def test_unknown_groups(self, part: str) -> None:
        with pytest.raises(InvalidInput, match=r"There is no group 'shopp'. Did you mean 'Shop'"):
            plan(wanted_user(ANNA, **{part: ["shopp"]}))

    def test_nothing_similar(self) -> None:
        with pytest.raises(InvalidInput, match="Nothing has a similar name"):
            plan(wanted_user(ANNA, add=["qqqqqq"]))


class TestManaged:
    """Groups that others manage."""

    @pytest.mark.parametrize(
        ("group", "manager"),
        [
            ("Scim", "SCIM"),
            ("Saml", "SAML"),
            ("Dcs", "DCS"),
            (EVERYBODY, "the service itself"),
            ("Hidden", "the service itself"),
        ],
    )
    @pytest.mark.parametrize("on_managed", ["fail", "warn", "skip"])
    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(lambda group: wanted_group(group, description="Other"), id="description"),
            pytest.param(lambda group: wanted_group(group, new_name="Other"), id="name"),
            pytest.param(lambda group: wanted_group(group, state="absent"), id="deletion"),
            pytest.param(lambda group: wanted_members(group, NEW), id="a member more"),
            pytest.param(
                lambda group: wanted_members(group, ANNA, "bob@example.com", state="absent"), id="members less"
            ),
            pytest.param(lambda group: wanted_user(NEW, add=[group]), id="joining"),
            pytest.param(lambda group: wanted_user("bob@example.com", remove=[group]), id="leaving"),
        ],
    )
    def test_what_is_not_ours(self, group: str, manager: str, on_managed: str, make: Any) -> None:
        users = [person("bob@example.com", "Scim", "Saml", "Dcs", "Hidden"), person(NEW)]
        on = snapshot(house(users=users))
        if group == EVERYBODY:  # NEW has to be out of it before they can join
            on = replace(on, memberships={**on.memberships, NEW: frozenset()})
        if on_managed == "fail":
            with pytest.raises(Refused, match=f"Group '{group}' is managed by {manager}.*on_managed=warn or skip"):
                plan(make(group), on=on)
            return
        made = plan(make(group), on=on, on_managed=on_managed)
        assert made.changes == ()
        assert len(made.warnings) == (on_managed == "warn")

    @pytest.mark.parametrize("group", ["Scim", "Saml", "Dcs", EVERYBODY])
    def test_permissions_are_ours(self, group: str) -> None:
        assert changes(wanted_permissions(group, "viewer", on=["Prod"])) == [
            f"add permission {group}: tenant-viewer on environment Prod"
        ]

    @pytest.mark.parametrize("group", ["Scim", "Saml"])
    def test_what_changes_nothing_is_fine(self, group: str) -> None:
        assert changes(wanted_members(group, ANNA), wanted_user(ANNA, add=[group])) == []
        assert changes(wanted_group(group, description="")) == []

    def test_set_and_exact_pass_over_them(self) -> None:
        assert changes(wanted_user(ANNA, set=["Shop", "Ops"])) == []

    def test_a_warning_for_a_group_is_told_once(self) -> None:
        people = [person(f"u{number}@example.com") for number in range(9)]
        on = snapshot(house(users=people))
        made = plan(wanted_members("Scim", *(each["email"] for each in people)), on=on, on_managed="warn")
        assert len(made.warnings) == 1


class TestGroups:
    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            pytest.param(wanted_group("Shop"), [], id="is there"),
            pytest.param(wanted_group("Fresh"), ["create group Fresh"], id="created"),
            pytest.param(wanted_group("Fresh", state="absent"), [], id="gone already"),
            pytest.param(wanted_group("Shop", state="absent"), ["delete group Shop"], id="deleted"),
            pytest.param(wanted_group(id=gid("Shop"), state="absent"), ["delete group Shop"], id="deleted by id"),
            pytest.param(wanted_group(id="nothing", state="absent"), [], id="an id that has gone"),
            pytest.param(wanted_group("Shop", description="Sells"), [], id="text as it is"),
            pytest.param(wanted_group("Shop", description="Buys"), ["update group Shop"], id="another text"),
            pytest.param(wanted_group("Shop", description=""), ["update group Shop"], id="text cleared"),
            pytest.param(wanted_group("Shop", new_name="Store"), ["update group Shop"], id="renamed"),
            pytest.param(wanted_group("Store", new_name="Shop"), [], id="renamed already"),
            pytest.param(wanted_group("Store", new_name="Stall"), ["create group Stall"], id="created by its new name"),
            pytest.param(wanted_group("Shop", new_name="Shop"), [], id="renamed to itself"),
            pytest.param(wanted_group(id=gid("Shop"), new_name="Store"), ["update group Shop"], id="renamed by id"),
            pytest.param(wanted_group("Saml", federated_attribute_values=["b", "a"]), [], id="the same mapping"),
            pytest.param(wanted_group("Shop", federated_attribute_values=[]), [], id="no mapping as before"),
        ],
    )
    @pytest.mark.parametrize("on", [HOUSE, GUIDE], ids=["published", "guide"])
    def test_tables(self, wish: Any, expected: list[str], on: Snapshot) -> None:
        assert changes(wish, on=on) == expected

    @pytest.mark.parametrize(
        ("wish", "owner", "federated"),
        [
            (wanted_group("Saml", description="x", federated_attribute_values=["a", "b"]), "SAML", ("a", "b")),
            (wanted_group("Saml", federated_attribute_values=["c"]), "SAML", ("c",)),
            (wanted_group("Saml", federated_attribute_values=[]), "LOCAL", ()),
            (wanted_group("Shop", federated_attribute_values=["c"]), "SAML", ("c",)),
            (wanted_group("Fresh", federated_attribute_values=["c"]), "SAML", ("c",)),
        ],
    )
    def test_our_own_mapping(self, wish: Any, owner: str, federated: tuple[str, ...]) -> None:
        (change,) = plan(wish).changes
        assert (change.fact.group.owner, change.fact.group.federated) == (owner, federated)

    def test_what_is_not_named_is_kept(self) -> None:
        on = snapshot(house(groups=[team("Fed", description="x", owner="LOCAL", federatedAttributeValues=["q"])]))
        (change,) = plan(wanted_group("Fed", new_name="Fad"), on=on).changes
        assert change.fact.group == Group(gid("Fed"), "Fad", "x", "SAML", ("q",))

    def test_a_name_that_is_taken(self) -> None:
        with pytest.raises(InvalidInput, match="'Shop' can't be renamed to 'Ops': there is one of that name"):
            plan(wanted_group("Shop", new_name="Ops"))

    @pytest.mark.parametrize("state", ["present", "absent"])
    def test_namesakes(self, state: str) -> None:
        on = snapshot(house(groups=[team("Shop", id="other-shop")]))
        first, second = sorted([gid("Shop"), "other-shop"])
        with pytest.raises(InvalidInput, match=f"2 of group 'Shop': {first} and {second}"):
            plan(wanted_group("Shop", state=state), on=on)
        with pytest.raises(InvalidInput, match="Say which one by its id"):
            plan(wanted_user(ANNA, add=["Shop"]), on=on)
        assert changes(wanted_user(TOM, add=["other-shop"]), on=on) == [f"add membership {TOM} in Shop"]

    def test_an_id_wins_over_a_name_of_the_same_text(self) -> None:
        on = snapshot(house(groups=[team(gid("Shop"), id="confusing")]))
        (change,) = plan(wanted_group(gid("Shop"), state="absent"), on=on).changes
        assert change.fact.group.id == gid("Shop")

    def test_an_unknown_id(self) -> None:
        with pytest.raises(InvalidInput, match="There is no group"):
            plan(wanted_group(id=gid("nothing"), description="x"))

    def test_an_id_is_not_a_name(self) -> None:
        with pytest.raises(InvalidInput, match="There is no group"):
            plan(wanted_group(id="Shop", description="x"))

    @pytest.mark.parametrize("wish", [wanted_members("Shpo", ANNA), wanted_permissions("Shpo", "account-viewer")])
    def test_members_and_permissions_need_a_group(self, wish: GroupWish) -> None:
        with pytest.raises(InvalidInput, match=r"There is no group 'Shpo'. Did you mean 'Shop'"):
            plan(wish)


class TestMembers:
    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            pytest.param(wanted_members("Shop"), [], id="nobody more"),
            pytest.param(wanted_members("Shop", ANNA), [], id="in it already"),
            pytest.param(wanted_members("Shop", "ANNA@example.com", TOM), [f"add {TOM}"], id="one more"),
            pytest.param(wanted_members("Shop", ANNA, TOM, state="absent"), ["remove Anna@Example.com"], id="less"),
            pytest.param(
                wanted_members("Shop", TOM, state="exact"), [f"add {TOM}", "remove Anna@Example.com"], id="exact"
            ),
            pytest.param(wanted_members("Shop", state="exact"), ["remove Anna@Example.com"], id="exactly nobody"),
            pytest.param(
                wanted_members("Shop", "robot@service.sso.dynatrace.com", state="absent"),
                ["remove robot@service.sso.dynatrace.com"],
                id="service users only when named",
            ),
        ],
    )
    def test_tables(self, wish: Any, expected: list[str]) -> None:
        lines = [line.replace("membership ", "").removesuffix(" in Shop") for line in changes(wish)]
        assert lines == expected

    @pytest.mark.parametrize("state", ["present", "absent", "exact"])
    def test_who_is_not_in_the_account(self, state: str) -> None:
        wish = wanted_members("Shop", ANNA, "x@example.com", state=state)
        with pytest.raises(InvalidInput, match=r"Not in the account.*x@example\.com.*lookup_failure=warn or ignore"):
            plan(wish)
        assert len(plan(wish, lookup_failure="warn").warnings) == 1
        assert plan(wish, lookup_failure="ignore").warnings == ()

    def test_somebody_whom_the_same_task_invites(self) -> None:
        assert changes(wanted_members("Shop", NEW), wanted_user(NEW)) == [
            f"create user {NEW}",
            f"add membership {NEW} in Shop",
        ]

    def test_everybody_stays_in_the_group_of_all(self) -> None:
        made = plan(wanted_members(EVERYBODY, ANNA, state="exact"), on_managed="skip")
        assert made.changes == ()


class TestPermissions:
    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            pytest.param(wanted_permissions("Shop", "viewer", on=["Prod"]), [], id="has it"),
            pytest.param(
                wanted_permissions("Shop", "viewer", "tenant-logviewer", on=["Prod", "test"]),
                ["add tenant-logviewer on environment Prod", "add tenant-viewer on environment Test"],
                id="every permission on every environment",
            ),
            pytest.param(
                wanted_permissions("Shop", "account-viewer"), ["add account-viewer on the account"], id="account"
            ),
            pytest.param(
                wanted_permissions("Shop", "viewer", "account-viewer", on=["Prod"]),
                ["add account-viewer on the account"],
                id="both kinds",
            ),
            pytest.param(
                wanted_permissions("Shop", "viewer", on=["Prod"], zones=["Web", "2"]),
                [
                    "add tenant-viewer on management zone App of Prod",
                    "add tenant-viewer on management zone Web of Prod",
                ],
                id="zones by name and id",
            ),
            pytest.param(
                wanted_permissions("Shop", "viewer", on=["Prod"], state="absent"),
                ["remove tenant-viewer on environment Prod"],
                id="absent",
            ),
            pytest.param(wanted_permissions("Shop", "viewer", on=["Test"], state="absent"), [], id="absent already"),
            pytest.param(
                wanted_permissions("Shop", "logviewer", on=["Prod"], state="exact"),
                ["add tenant-logviewer on environment Prod", "remove tenant-viewer on environment Prod"],
                id="exact leaves other environments",
            ),
            pytest.param(
                wanted_permissions("Shop", on=["Prod", "Test"], state="exact"),
                ["remove tenant-logviewer on environment Test", "remove tenant-viewer on environment Prod"],
                id="exactly none on environments",
            ),
            pytest.param(
                wanted_permissions("Ops", "viewer", on=["Prod"], state="exact"),
                ["add tenant-viewer on environment Prod"],
                id="exact leaves zones and the account",
            ),
            pytest.param(
                wanted_permissions("Ops", "viewer", on=["Prod"], zones=["App"], state="exact"),
                ["add tenant-viewer on management zone App of Prod"],
                id="exact leaves other zones",
            ),
            pytest.param(
                wanted_permissions("Ops", "account-company-info", state="exact"),
                ["add account-company-info on the account", "remove account-viewer on the account"],
                id="exact on the account",
            ),
        ],
    )
    def test_tables(self, wish: GroupWish, expected: list[str]) -> None:
        assert [line.replace(f"permission {wish.name}: ", "") for line in changes(wish)] == expected

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"on": ["Prd"]}, "There is no environment 'Prd'. Did you mean .*'Prod'"),
            ({"on": ["Prod"], "zones": ["Wep"]}, "There is no management zone of Prod 'Wep'. Did you mean 'Web'"),
            ({"on": ["Prod", "Test"], "zones": ["App"]}, "There is no management zone of Test 'App'"),
            ({"on": ["Twin"]}, "There are 2 of environment 'Twin': twin1 and twin2"),
        ],
    )
    def test_unknown_places(self, more: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidInput, match=message):
            plan(wanted_permissions("Shop", "viewer", **more))

    def test_an_environment_by_its_id_where_names_do_not_tell(self) -> None:
        (change,) = plan(wanted_permissions("Shop", "viewer", on=["twin2"])).changes
        assert change.fact.permission.scope == "twin2"

    def test_what_is_sent(self) -> None:
        wish = wanted_permissions("Team Art", "viewer", "account-viewer", on=["Prod", "Test"], zones=["Web"])
        found = [change.fact.permission for change in plan(wish).changes]
        assert [(each.name, each.scope_type, each.scope) for each in found] == [
            ("account-viewer", "account", ACCOUNT),
            ("tenant-viewer", "management-zone", "prod:1"),
            ("tenant-viewer", "management-zone", "test:1"),
        ]


class TestContradictions:
    @pytest.mark.parametrize(
        "wishes",
        [
            pytest.param([wanted_user(ANNA, add=["Shop"], remove=[gid("Shop")])], id="add and remove"),
            pytest.param([wanted_user(ANNA, "absent"), wanted_members("Shop", ANNA)], id="deleted and member"),
            pytest.param(
                [wanted_user(TOM, add=["Shop"]), wanted_members("Shop", TOM, state="absent")], id="joins and leaves"
            ),
            pytest.param([wanted_user(TOM, remove=["Shop"]), wanted_members(gid("Shop"), TOM)], id="leaves and joins"),
            pytest.param([wanted_user(TOM, add=["Shop"]), wanted_group("Shop", "absent")], id="joins what is deleted"),
        ],
    )
    def test_refused(self, wishes: list[Any]) -> None:
        with pytest.raises(InvalidInput, match="both in and out of a group"):
            plan(*wishes)
        with pytest.raises(InvalidInput, match="both in and out of a group"):
            plan(*reversed(wishes))

    @pytest.mark.parametrize(
        "parts",
        [
            pytest.param([grant("viewer", on=["Prod"]), grant("viewer", on=["prod"], state="absent")], id="absent"),
            pytest.param([grant("viewer", on=["Prod"], state="exact"), grant("logviewer", on=["Prod"])], id="exact"),
            pytest.param(
                [grant("viewer", on=["Prod"], state="exact"), grant("logviewer", on=["Prod"], state="exact")],
                id="two exact ones",
            ),
        ],
    )
    def test_permissions(self, parts: list[State]) -> None:
        for some in (parts, parts[::-1]):
            with pytest.raises(InvalidInput, match="group 'Team Art' both to have and not to have tenant-"):
                plan(wanted_parts("Team Art", *some))

    def test_permissions_that_go_together(self) -> None:
        parts = [
            grant("viewer", on=["Prod"], state="exact"),
            grant("viewer", on=["Prod", "Test"]),
            grant("logviewer", on=["Test"], state="absent"),
        ]
        assert changes(wanted_parts("Shop", *parts)) == [
            "add permission Shop: tenant-viewer on environment Test",
            "remove permission Shop: tenant-logviewer on environment Test",
        ]

    @pytest.mark.parametrize(
        "others",
        [
            pytest.param(
                [wanted_group("Shop", description="a"), wanted_group(id=gid("Shop"), description="b")], id="text"
            ),
            pytest.param([wanted_group("Shop", "absent"), wanted_group(id=gid("Shop"), description="b")], id="deleted"),
            pytest.param([wanted_group("Old", new_name="Shop"), wanted_group(id=gid("Shop"))], id="renamed already"),
        ],
    )
    def test_one_group_by_name_and_id(self, others: list[GroupWish]) -> None:
        with pytest.raises(InvalidInput, match="Shop is named more than once in groups"):
            plan(*others)
