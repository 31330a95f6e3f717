# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, where: by role permissions and by policies."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.simulator.access import Ability, abilities
from tests.simulator.account import Account
from tests.unit.simulator.helpers import ACCOUNT, ADMINS, EVERYBODY, SHOP, Api, running, seed

JANE = "jane@example.com"
ENVIRONMENT = ("environment", "env1")
VIEW = "ALLOW environment:roles:viewer;"
EFFECTIVE = "/iam/v1/resolution/environment/env1/effectivepermissions"


def state(*bound: dict[str, Any], boundaries: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """The small account with two zones and without permissions: each policy is bound for the admins, who are Jane."""
    made = copy.deepcopy(seed(**options))
    made["environments"][0]["management_zones"] = [{"id": "7", "name": "Shop"}, {"id": "8", "name": "Pay"}]
    made["groups"][1]["permissions"] = []
    made["policies"] = []
    made["bindings"] = []
    for index, item in enumerate(bound):
        more = dict(item)
        kind, name = more.pop("level", ENVIRONMENT)
        policy = {"uuid": f"p{index}", "levelType": "account", "levelId": ACCOUNT, "name": f"P{index}"}
        made["policies"].append({**policy, "statementQuery": more.pop("statement", VIEW)})
        groups = more.pop("groups", [ADMINS])
        made["bindings"].append(
            {"levelType": kind, "levelId": name, "policyUuid": f"p{index}", "groups": groups, **more}
        )
    made["boundaries"] = [
        {"uuid": key, "name": key, "boundaryQuery": query} for key, query in (boundaries or {}).items()
    ]
    return made


def held(whole: dict[str, Any], email: str = JANE) -> set[str]:
    """What somebody may do where, as `environment/place/ability`."""
    found: frozenset[Ability] = abilities(Account(whole, lambda: 0))
    return {"/".join(item[1:]) for item in found if item[0] == email}


EVERYWHERE = {"env1/*/viewer", "env1/7/viewer", "env1/8/viewer"}
IN_SHOP = {"env1/7/viewer"}


def with_roles(*permissions: tuple[str, str, str], **options: Any) -> dict[str, Any]:
    """The small account where the admins have role permissions."""
    whole = state(**options)
    whole["groups"][1]["permissions"] = [
        {"permissionName": name, "scope": scope, "scopeType": kind} for name, scope, kind in permissions
    ]
    return whole


def test_a_role_in_an_environment_holds_in_all_its_zones() -> None:
    assert held(with_roles(("tenant-viewer", "env1", "tenant"))) == EVERYWHERE


def test_a_role_in_a_zone_holds_there_only() -> None:
    assert held(with_roles(("tenant-viewer", "env1:7", "management-zone"))) == IN_SHOP
    assert held(with_roles(("tenant-viewer", "env1:99", "management-zone"))) == set()


def test_a_role_at_the_account_is_no_ability_in_an_environment() -> None:
    assert held(with_roles(("account-viewer", ACCOUNT, "account"))) == set()


def test_roles_give_nothing_after_the_sunset_and_policies_still_do() -> None:
    whole = with_roles(("tenant-logviewer", "env1", "tenant"), today="2027-01-11")
    assert held(whole) == set()
    whole["options"]["today"] = "2027-01-10"
    assert held(whole) == {"env1/*/logviewer", "env1/7/logviewer", "env1/8/logviewer"}
    assert held(state({}, today="2027-01-11")) == EVERYWHERE


def test_a_policy_at_the_account_holds_in_all_environments() -> None:
    assert held(state({"level": ("account", ACCOUNT)})) == EVERYWHERE | {"env2/*/viewer"}
    assert held(state({})) == EVERYWHERE


def test_roles_and_policies_add_up() -> None:
    whole = with_roles(("tenant-viewer", "env1:7", "management-zone"))
    more = state({"statement": "ALLOW environment:roles:logviewer;"})
    whole["policies"], whole["bindings"] = more["policies"], more["bindings"]
    assert held(whole) == IN_SHOP | {"env1/*/logviewer", "env1/7/logviewer", "env1/8/logviewer"}


def test_a_migration_from_a_role_to_a_policy_changes_nothing() -> None:
    boundary = {"b": 'environment:management-zone IN ("Shop"); storage:dt.security_context IN ("Shop");'}
    before = held(with_roles(("tenant-viewer", "env1:7", "management-zone")))
    assert held(state({"boundaries": ["b"]}, boundaries=boundary)) == before


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('environment:management-zone = "Shop"', IN_SHOP),
        ('environment:management-zone IN ("Shop", "Pay")', {"env1/7/viewer", "env1/8/viewer"}),
        ('environment:management-zone != "Shop"', {"env1/*/viewer", "env1/8/viewer"}),
        ('environment:management-zone NOT IN ("Shop", "Pay")', {"env1/*/viewer"}),
        ('environment:management-zone startsWith "Sh"', IN_SHOP),
        ('environment:management-zone NOT startsWith "Sh"', {"env1/*/viewer", "env1/8/viewer"}),
        ('environment:management-zone MATCH ("*ho*")', IN_SHOP),
        ('environment:management-zone MATCH ("Sh.p")', set()),
        ('environment:management-zone = "shop"', set()),
        ('global:environmentId = "env1"', EVERYWHERE),
        ('global:environmentId = "${global:levelId}"', EVERYWHERE),
        ('global:environmentId IN ("env2")', set()),
        (f'global:userGroup = "{ADMINS}"', EVERYWHERE),
        ('global:userGroup IN ("${global:userGroup}")', EVERYWHERE),
        (f'global:userGroup != "{ADMINS}"', set()),
        ('global:date > "2020-01-01Z"', set()),
        ('storage:bucket-name = "x"', set()),
        ('global:environmentId = "env1" AND environment:management-zone = "Shop"', IN_SHOP),
        ('environment:management-zone = "${bindParam:zone}"', set()),
    ],
)
def test_conditions(where: str, expected: set[str]) -> None:
    assert held(state({"statement": f"ALLOW environment:roles:viewer WHERE {where};"})) == expected


def test_parameters_of_a_binding_are_put_in() -> None:
    templated = 'ALLOW environment:roles:viewer WHERE environment:management-zone = "${bindParam:zone}";'
    assert held(state({"statement": templated, "parameters": {"zone": "Shop"}})) == IN_SHOP
    own = {"b": 'environment:management-zone = "${bindParam:zone}";'}
    assert held(state({"boundaries": ["b"], "parameters": {"zone": "Shop"}}, boundaries=own)) == IN_SHOP


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        ("DENY environment:roles:viewer;", set()),
        ('DENY environment:roles:viewer WHERE environment:management-zone = "Pay";', EVERYWHERE - {"env1/8/viewer"}),
        ('DENY environment:roles:viewer WHERE global:week-day = "Monday";', set()),
        ("DENY environment:roles:logviewer;", EVERYWHERE),
    ],
)
def test_deny_beats_allow(deny: str, expected: set[str]) -> None:
    assert held(state({}, {"statement": deny, "level": ("account", ACCOUNT)})) == expected


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (['environment:management-zone IN ("Shop");'], IN_SHOP),
        (['storage:dt.security_context IN ("Shop");'], EVERYWHERE),
        (['global:environmentId = "env2";'], set()),
        (
            ['environment:management-zone = "Shop"; environment:management-zone = "Pay";'],
            EVERYWHERE - {"env1/*/viewer"},
        ),
        (['environment:management-zone IN ("Shop"); global:environmentId = "env2";'], set()),
        (
            ['environment:management-zone = "Shop";', 'environment:management-zone = "Pay";'],
            EVERYWHERE - {"env1/*/viewer"},
        ),
        (['environment:management-zone = "Shop";', 'storage:dt.security_context = "x";'], EVERYWHERE),
    ],
)
def test_boundaries_restrict_what_knows_them_and_are_united(queries: list[str], expected: set[str]) -> None:
    boundaries = {f"b{index}": query for index, query in enumerate(queries)}
    assert held(state({"boundaries": list(boundaries)}, boundaries=boundaries)) == expected


def test_a_boundary_does_not_restrict_a_deny() -> None:
    boundaries = {"b": 'environment:management-zone = "Shop";'}
    deny = {"statement": "DENY environment:roles:viewer;", "boundaries": ["b"]}
    assert held(state({}, deny, boundaries=boundaries)) == set()


def test_a_boundary_and_a_condition_must_both_hold() -> None:
    where = {
        "statement": 'ALLOW environment:roles:viewer WHERE environment:management-zone != "Pay";',
        "boundaries": ["b"],
    }
    assert held(state(where, boundaries={"b": 'environment:management-zone IN ("Shop", "Pay");'})) == IN_SHOP


def test_a_policy_or_boundary_that_nobody_knows_gives_nothing() -> None:
    whole = state({"boundaries": ["gone"]})
    whole["bindings"].append({"levelType": "environment", "levelId": "env1", "policyUuid": "x", "groups": [ADMINS]})
    assert held(whole) == set()


def test_everybody_counts_whatever_their_status() -> None:
    assert held(state({"groups": [SHOP]}), "new@example.com") == EVERYWHERE
    assert held(state({"groups": [EVERYBODY, "g-unknown"]}), "u-bot@service.sso.dynatrace.com") == EVERYWHERE


def test_effective_permissions_name_policy_and_binding(api: Api) -> None:
    where = {"statement": 'ALLOW environment:roles:viewer, storage:logs:read WHERE global:week-day = "Monday";'}
    api.sim.load(state({**where, "boundaries": ["b"]}, boundaries={"b": 'environment:management-zone = "Shop";'}))
    found = api.get(f"{EFFECTIVE}?entityId=u-jane&entityType=user")["effectivePermissions"]
    monday = {"name": "global:week-day", "operator": "EQ", "values": ["Monday"]}
    zone = {"name": "environment:management-zone", "operator": "EQ", "values": ["Shop"]}
    assert [item["permission"] for item in found] == ["environment:roles:viewer", "storage:logs:read"]
    assert found[0]["effects"] == [
        {
            "effect": "ALLOW",
            "conditions": [monday, zone],
            "effectivePolicies": [
                {
                    "policy": {
                        "uuid": "p0",
                        "name": "P0",
                        "statementQuery": where["statement"],
                        "levelType": "account",
                        "levelId": ACCOUNT,
                    },
                    "binding": {"groupUuid": ADMINS, "levelType": "environment", "levelId": "env1"},
                }
            ],
        }
    ]
    assert found[1]["effects"][0]["conditions"] == [monday]


def test_a_second_boundary_can_widen_access(api: Api) -> None:
    both = {"b": 'environment:management-zone = "Shop";', "c": 'storage:bucket-name = "x";'}
    api.sim.load(state({"boundaries": ["b", "c"]}, boundaries=both))
    found = api.get(f"{EFFECTIVE}?entityId={ADMINS}&entityType=group")["effectivePermissions"]
    assert [len(effect["conditions"]) for effect in found[0]["effects"]] == [1, 0]


def test_effective_permissions_at_the_account_and_below(api: Api) -> None:
    api.sim.load(state({"level": ("account", ACCOUNT)}, {"statement": "DENY environment:roles:viewer;"}))
    query = f"effectivepermissions?entityId={ADMINS}&entityType=group"
    above = api.get(f"/iam/v1/resolution/account/{ACCOUNT}/{query}")["effectivePermissions"]
    below = api.get(f"/iam/v1/resolution/environment/env1/{query}")["effectivePermissions"]
    assert [effect["effect"] for effect in above[0]["effects"]] == ["ALLOW"]
    assert [effect["effect"] for effect in below[0]["effects"]] == ["ALLOW", "DENY"]


def test_effective_permissions_in_pages_and_by_service(api: Api) -> None:
    api.sim.load(state({"statement": "ALLOW a:b:c, a:b:d, e:f:g;"}))
    path = f"{EFFECTIVE}?entityId=u-jane&entityType=user"
    assert [item["permission"] for item in api.get(f"{path}&page=2&size=2")["effectivePermissions"]] == ["e:f:g"]
    assert api.get(f"{path}&page=3&size=2")["effectivePermissions"] == []
    assert len(api.get(f"{path}&services=a,x")["effectivePermissions"]) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{EFFECTIVE}?entityId=nobody&entityType=user", 404),
        (f"{EFFECTIVE}?entityId=u-jane&entityType=group", 404),
        (f"{EFFECTIVE}?entityId=u-jane&entityType=robot", 400),
        ("/iam/v1/resolution/global/global/effectivepermissions?entityId=u-jane&entityType=user", 404),
        ("/iam/v1/resolution/environment/env9/effectivepermissions?entityId=u-jane&entityType=user", 404),
    ],
)
def test_effective_permissions_of_what_is_nowhere(api: Api, path: str, status: int) -> None:
    assert api.call("GET", path).status_code == status


def test_effective_permissions_have_a_scope_of_their_own() -> None:
    with running("published", state({})) as api:
        statuses = []
        for scope in ("iam:effective-permissions:read", "iam-policies-management", "iam:policies:read"):
            api.login(scope=scope)
            statuses.append(api.call("GET", f"{EFFECTIVE}?entityId=u-jane&entityType=user").status_code)
    assert statuses == [200, 200, 403]
