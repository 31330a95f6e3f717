# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy repository's calls, the same in both contracts: policies, boundaries, bindings, limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from starlette.responses import Response

from . import bindings, policies
from .model import (
    MAX_BINDINGS,
    MAX_BOUNDARIES,
    MAX_POLICIES,
    Binding,
    Boundary,
    Level,
    Policy,
    Refused,
)
from .policy_language import CODES, Condition, parse_boundary, parse_policy
from .ready_made import GLOBAL
from .state import write_binding
from .wire import Call, Endpoint, answer, no_content

REPOSITORY = "/iam/v1/repo/{level_type}/{level_id}"
POLICIES = REPOSITORY + "/policies"
BINDINGS = REPOSITORY + "/bindings"
BOUNDARIES = "/iam/v1/repo/account/{accountId}/boundaries"
ALL = "iam-policies-management"
MAX_PAGE = 10_000

Item = TypeVar("Item")


def level_exists(call: Call) -> bool:
    """Whether the path names the account, one of its environments or the global level."""
    kind, name = call.params["level_type"], call.params["level_id"]
    if kind == "environment":
        return name in call.account.environments
    return (kind, name) in (("account", call.account.uuid), GLOBAL)


def level_of(call: Call) -> Level:
    """The level in the path, else 404."""
    kind, name = call.params["level_type"], call.params["level_id"]
    if not level_exists(call):
        raise Refused(404, f"Level {kind} {name} not found", form="repo")
    return kind, name


def own_level(call: Call) -> Level:
    """The level in the path; the global one can't be written."""
    level = level_of(call)
    if level == GLOBAL:
        raise Refused(400, "This endpoint is unavailable within global level", "repo")
    return level


def binding_level(call: Call) -> Level:
    """The level in the path, where bindings can be written."""
    level = level_of(call)
    bindings.check_level(call.account, level)
    return level


def check_account(call: Call) -> None:
    """Boundaries exist at the account only."""
    asked = call.params["accountId"]
    if asked != call.account.uuid:
        raise Refused(404, f"Level account {asked} not found", "repo")


def flag(call: Call, key: str) -> bool:
    """A parameter that is true or false, else 400."""
    value = call.value(key, "false")
    if value not in ("true", "false"):
        raise Refused(400, f"{key} must be a boolean", "repo")
    return value == "true"


def page_numbers(call: Call) -> tuple[int, int]:
    """Page, from 1, and its size, else 400."""
    given = [call.value("page", "1"), call.value("size", "100")]
    if not all(item.isdecimal() and int(item) > 0 for item in given):
        raise Refused(400, "page and size must be numbers above 0", "repo")
    return int(given[0]), min(int(given[1]), MAX_PAGE)


def on_page(call: Call, items: Iterable[Item]) -> list[Item]:
    """The items of the page that was asked for."""
    page, size = page_numbers(call)
    return list(items)[(page - 1) * size : page * size]


def paged(call: Call, items: list[dict[str, Any]]) -> Response:
    """A page of a list, with the length of the whole."""
    page, size = page_numbers(call)
    content = on_page(call, items)
    return answer({"pageSize": size, "pageNumber": page, "totalCount": len(items), "content": content})


def condition_view(condition: Condition) -> dict[str, Any]:
    """A condition as the API sends it."""
    return {"name": condition.name, "operator": CODES[condition.operator], "values": list(condition.values)}


def overview(policy: Policy) -> dict[str, Any]:
    """A policy as in a list: without its statement."""
    return {
        "uuid": policy.uuid,
        "name": policy.name,
        "description": policy.description,
        "tags": list(policy.tags),
        "category": policy.category,
    }


def policy_view(policy: Policy) -> dict[str, Any]:
    """A whole policy: the statement as it was sent, and as read."""
    statements = [
        {
            "effect": item.effect,
            "permissions": list(item.permissions),
            "conditions": [condition_view(condition) for condition in item.conditions] or None,
        }
        for item in parse_policy(policy.statement)
    ]
    return {**overview(policy), "statementQuery": policy.statement, "statements": statements}


def list_policies(call: Call) -> Response:
    """The policies of just this level; `name` and `categories` filter."""
    found = policies.at_level(call.account, level_of(call))
    names = call.values("name")
    categories = [part for value in call.values("categories") for part in value.split(",")]
    if names:
        found = [policy for policy in found if policy.name in names]
    if categories:
        found = [policy for policy in found if policy.category in categories]
    return answer({"policies": [overview(policy) for policy in found]})


def aggregate(call: Call) -> Response:
    """The policies of this level and those that it inherits, each with its own level."""
    items = []
    for policy in policies.usable_at(call.account, level_of(call)):
        kind, name = policy.level
        view = {"uuid": policy.uuid, "name": policy.name, "description": policy.description}
        items.append({**view, "levelType": kind, "levelId": name})
    return answer({"policyOverviewList": items})


def get_policy(call: Call) -> Response:
    """One policy."""
    return answer(policy_view(policies.policy_at(call.account, level_of(call), call.params["policyUuid"])))


def create_policy(call: Call) -> Response:
    """A new policy."""
    made = policies.create(call.account, own_level(call), policies.check_policy(call.object()))
    return answer(policy_view(made), 201)


def put_policy(call: Call) -> Response:
    """Replace a policy: 204. An id that nobody knows is no error but a new policy: 201."""
    level = own_level(call)
    made = policies.put(call.account, level, call.params["policyUuid"], policies.check_policy(call.object()))
    return no_content() if made is None else answer(policy_view(made), 201)


def delete_policy(call: Call) -> Response:
    """Delete a policy; one that is bound only with `force`."""
    policies.delete(call.account, own_level(call), call.params["policyUuid"], flag(call, "force"))
    return no_content()


def validate_policy(call: Call) -> Response:
    """Look at a policy without storing it, until the sunset."""
    if call.account.options.after_sunset:
        raise Refused(410, policies.VALIDATION_GONE, "repo")
    own_level(call)
    policies.check_policy(call.object())
    return answer({"warnings": []})


def boundary_view(call: Call, boundary: Boundary) -> dict[str, Any]:
    """A boundary: the query as it was sent, and as read."""
    return {
        "uuid": boundary.uuid,
        "levelType": "account",
        "levelId": call.account.uuid,
        "name": boundary.name,
        "boundaryQuery": boundary.query,
        "boundaryConditions": [condition_view(item) for item in parse_boundary(boundary.query)],
        "metadata": boundary.metadata,
    }


def list_boundaries(call: Call) -> Response:
    """A page of the boundaries."""
    check_account(call)
    return paged(call, [boundary_view(call, item) for item in call.account.boundaries.values()])


def get_boundary(call: Call) -> Response:
    """One boundary."""
    check_account(call)
    return answer(boundary_view(call, policies.boundary(call.account, call.params["policyBoundaryUuid"])))


def create_boundary(call: Call) -> Response:
    """A new boundary."""
    check_account(call)
    made = policies.create_boundary(call.account, policies.check_boundary(call.object()))
    return answer(boundary_view(call, made), 201)


def put_boundary(call: Call) -> Response:
    """Replace a boundary: 204. An id that nobody knows is no error but a new boundary: 201."""
    check_account(call)
    wanted = policies.check_boundary(call.object())
    made = policies.put_boundary(call.account, call.params["policyBoundaryUuid"], wanted)
    return no_content() if made is None else answer(boundary_view(call, made), 201)


def delete_boundary(call: Call) -> Response:
    """Delete a boundary that is not in use."""
    check_account(call)
    policies.delete_boundary(call.account, call.params["policyBoundaryUuid"])
    return no_content()


def binding_view(binding: Binding, group: str | None = None) -> dict[str, Any]:
    """A binding as in its level, of all its groups or of one; what it doesn't have is absent."""
    view = write_binding(binding)
    del view["levelType"], view["levelId"]
    return view if group is None else {**view, "groups": [group]}


def level_view(level: Level, views: list[dict[str, Any]]) -> dict[str, Any]:
    """Bindings within their level."""
    return {"levelType": level[0], "levelId": level[1], "policyBindings": views}


def list_bindings(call: Call) -> Response:
    """The policy bindings of one level."""
    level = level_of(call)
    return answer(level_view(level, [binding_view(item) for item in call.account.bindings if item.level == level]))


def delete_bindings(call: Call) -> Response:
    """Delete all bindings of a level."""
    bindings.remove_level(call.account, binding_level(call))
    return no_content()


def of_policy(call: Call, level: Level) -> list[Binding]:
    """The bindings of the policy in the path; 404 for one that neither exists nor is bound here."""
    uuid = call.params["policyUuid"]
    found = [item for item in call.account.bindings if (item.level, item.policy) == (level, uuid)]
    if not found and call.account.policy(uuid) is None:
        raise Refused(404, f"Policy {uuid} not found", "repo")
    return found


def of_group(call: Call, level: Level) -> list[Binding]:
    """The bindings of the group in the path; 404 for one that neither exists nor is bound here."""
    uuid = call.params["groupUuid"]
    found = [item for item in call.account.bindings if item.level == level and uuid in item.groups]
    if not found:
        bindings.check_groups(call.account, [uuid], 404)
    return found


def get_group_bindings(call: Call) -> Response:
    """The policies of a group at a level; with `details` the bindings beside them."""
    level, uuid = own_level(call), call.params["groupUuid"]
    found = of_group(call, level)
    body: dict[str, Any] = {"policyUuids": list(dict.fromkeys(item.policy for item in found))}
    if flag(call, "details"):
        body["bindingsDetails"] = [{**write_binding(item), "groups": [uuid]} for item in found]
    return answer(body)


def set_group_bindings(call: Call) -> Response:
    """Replace all bindings of a group at a level."""
    level, group = binding_level(call), call.params["groupUuid"]
    bindings.check_groups(call.account, [group], 404)
    wanted = bindings.check_uuids(call.object().get("policyUuids"), "policyUuids")
    bindings.replace_group(call.account, level, group, wanted)
    return no_content()


def get_policy_bindings(call: Call) -> Response:
    """The bindings of a policy at a level."""
    level = own_level(call)
    return answer(level_view(level, [binding_view(item) for item in of_policy(call, level)]))


def append_policy_bindings(call: Call) -> Response:
    """Bind a policy to more groups, without parameters."""
    level, body = binding_level(call), call.object()
    groups = bindings.check_uuids(body.get("groups"), "groups")
    extras = bindings.check_extras({"boundaries": body.get("boundaries")})
    policy = bindings.bindable(call.account, level, call.params["policyUuid"])
    bindings.check_groups(call.account, groups)
    bindings.check_needs(call.account, policy, extras)
    if groups:
        bindings.append(call.account, Binding(level, policy.uuid, groups, extras))
    return no_content()


def delete_policy_bindings(call: Call) -> Response:
    """Unbind a policy from all groups."""
    return unbind(call, None)


def unbind(call: Call, group: str | None) -> Response:
    """Unbind a policy from a group (None: from all), as the selectors say."""
    level, selector = binding_level(call), bindings.Selector.of(call.query)
    force = flag(call, "forceMultiple")
    bindings.remove(call.account, level, call.params["policyUuid"], group, selector, force)
    return no_content()


def get_descendants(call: Call) -> Response:
    """Where below the account a policy is bound: a page of environments."""
    if level_of(call)[0] != "account":
        raise Refused(404, "This endpoint is available within account level only", "repo")
    views = []
    of_policy(call, level_of(call))
    for name in call.account.environments:
        level = ("environment", name)
        found = [item for item in call.account.bindings if item.level == level]
        found = [item for item in found if item.policy == call.params["policyUuid"]]
        if found:
            views.append(level_view(level, [binding_view(item) for item in found]))
    return paged(call, views)


def get_pair_bindings(call: Call) -> Response:
    """The bindings of a policy to a group at a level."""
    level, group = own_level(call), call.params["groupUuid"]
    of_group(call, level)
    found = [item for item in of_policy(call, level) if group in item.groups]
    return answer(level_view(level, [binding_view(item, group) for item in found]))


def pair(call: Call) -> Binding:
    """The binding that a request wants, checked."""
    level, group = binding_level(call), call.params["groupUuid"]
    extras = bindings.check_extras(call.object())
    policy = bindings.bindable(call.account, level, call.params["policyUuid"])
    bindings.check_groups(call.account, [group], 404)
    bindings.check_needs(call.account, policy, extras)
    return Binding(level, policy.uuid, [group], extras)


def append_pair_binding(call: Call) -> Response:
    """One more binding of a policy to a group."""
    bindings.append(call.account, pair(call))
    return no_content()


def put_pair_binding(call: Call) -> Response:
    """Change the binding that the selectors mean, or make it."""
    bindings.put(call.account, pair(call), bindings.Selector.of(call.query))
    return no_content()


def delete_pair_bindings(call: Call) -> Response:
    """Unbind a policy from a group."""
    return unbind(call, call.params["groupUuid"])


def limits(call: Call) -> Response:
    """How much of the repository is used at a level, and how much may be; the limits are texts."""
    level = level_of(call)
    bound = sum(item.level == level for item in call.account.bindings)
    bounded = len(call.account.boundaries) if level[0] == "account" else 0
    counts = {
        "policies": (len(policies.at_level(call.account, level)), MAX_POLICIES),
        "bindings": (bound, MAX_BINDINGS),
        "boundaries": (bounded, MAX_BOUNDARIES),
    }
    return answer({key: {"count": count, "limit": str(limit)} for key, (count, limit) in counts.items()})


READ_POLICIES = (ALL, "iam:policies:read")
WRITE_POLICIES = (ALL, "iam:policies:write")
READ_BINDINGS = (ALL, "iam:bindings:read")
WRITE_BINDINGS = (ALL, "iam:bindings:write")
READ_BOUNDARIES = (ALL, "iam:boundaries:read")
WRITE_BOUNDARIES = (ALL, "iam:boundaries:write")

# What has a name of its own stands before what has an id in its place.
ROUTES = [
    Endpoint("GET", POLICIES, list_policies, READ_POLICIES),
    Endpoint("POST", POLICIES, create_policy, WRITE_POLICIES),
    Endpoint("GET", POLICIES + "/aggregate", aggregate, (ALL,)),
    Endpoint("POST", POLICIES + "/validation", validate_policy, READ_POLICIES),
    Endpoint("POST", POLICIES + "/validation/{policyUuid}", validate_policy, READ_POLICIES),
    Endpoint("GET", POLICIES + "/{policyUuid}", get_policy, READ_POLICIES),
    Endpoint("PUT", POLICIES + "/{policyUuid}", put_policy, WRITE_POLICIES),
    Endpoint("DELETE", POLICIES + "/{policyUuid}", delete_policy, WRITE_POLICIES),
    Endpoint("GET", BINDINGS, list_bindings, READ_BINDINGS),
    Endpoint("DELETE", BINDINGS, delete_bindings, WRITE_BINDINGS),
    Endpoint("GET", BINDINGS + "/groups/{groupUuid}", get_group_bindings, READ_BINDINGS),
    Endpoint("PUT", BINDINGS + "/groups/{groupUuid}", set_group_bindings, WRITE_BINDINGS),
    Endpoint("GET", BINDINGS + "/descendants/{policyUuid}", get_descendants, READ_BINDINGS),
    Endpoint("GET", BINDINGS + "/{policyUuid}", get_policy_bindings, READ_BINDINGS),
    Endpoint("POST", BINDINGS + "/{policyUuid}", append_policy_bindings, WRITE_BINDINGS),
    Endpoint("DELETE", BINDINGS + "/{policyUuid}", delete_policy_bindings, WRITE_BINDINGS),
    Endpoint("GET", BINDINGS + "/{policyUuid}/{groupUuid}", get_pair_bindings, READ_BINDINGS),
    Endpoint("POST", BINDINGS + "/{policyUuid}/{groupUuid}", append_pair_binding, WRITE_BINDINGS),
    Endpoint("PUT", BINDINGS + "/{policyUuid}/{groupUuid}", put_pair_binding, WRITE_BINDINGS),
    Endpoint("DELETE", BINDINGS + "/{policyUuid}/{groupUuid}", delete_pair_bindings, WRITE_BINDINGS),
    Endpoint("GET", BOUNDARIES, list_boundaries, READ_BOUNDARIES),
    Endpoint("POST", BOUNDARIES, create_boundary, WRITE_BOUNDARIES),
    Endpoint("GET", BOUNDARIES + "/{policyBoundaryUuid}", get_boundary, READ_BOUNDARIES),
    Endpoint("PUT", BOUNDARIES + "/{policyBoundaryUuid}", put_boundary, WRITE_BOUNDARIES),
    Endpoint("DELETE", BOUNDARIES + "/{policyBoundaryUuid}", delete_boundary, WRITE_BOUNDARIES),
    Endpoint("GET", REPOSITORY + "/limits", limits, (ALL, "iam:limits:read")),
]
