# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts, wishes and clients for the tests, in few words. An account is a state of the simulator."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import (
    Binding,
    Boundary,
    Environment,
    Group,
    Level,
    Permission,
    Policy,
    ServiceUser,
    Texts,
    User,
    Zone,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import Settings
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.transport import Runtime
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.change import Change
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.access_wish import access_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import (
    Desired,
    GroupWish,
    UserWish,
    group_wish,
    members_wish,
    permission_wish,
    permissions_wish,
    user_wish,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Mode, Result, converge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Abilities, Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_wishes import (
    BoundaryWish,
    PolicyWish,
    ServiceUserWish,
    bindings_wish,
    boundary_wish,
    policy_wish,
    service_user_wish,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.project import project
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    ACCESS,
    GUARD,
    ON_FINDING,
    ON_MANAGED,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._policy.reference import ENVIRONMENT_ROLES
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.checking import Checker
from tests.simulator.log import VALIDATION
from tests.simulator.ready_made import READY_MADE
from tests.simulator.server import Exchange, Simulator, serve

ACCOUNT = "7f3c1d9a-2b64-4e18-9c05-6a1e8d2f4b70"
CONTRACTS = ("published", "guide")
EVERYBODY = "Everybody"
NOON = 1_790_000_000.0
TODAY = datetime.fromtimestamp(NOON, timezone.utc)
State = dict[str, Any]


class FakeTime:
    """A time that passes only while somebody sleeps, or when told."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        """Seconds that only grow."""
        return self.passed

    def now(self) -> float:
        """Seconds since 1970."""
        return NOON + self.passed

    def sleep(self, seconds: float) -> None:
        """Note it and go on at once."""
        self.slept.append(seconds)
        self.passed += seconds


# --- accounts


def gid(name: str) -> str:
    """The id of the group of that name."""
    return str(uuid5(NAMESPACE_URL, f"group {name}"))


def uid(email: str) -> str:
    """The id of the user with that e-mail."""
    return str(uuid5(NAMESPACE_URL, f"user {email}"))


def person(
    email: str, *groups: str, status: str = "ACTIVE", first: str | None = None, last: str | None = None
) -> State:
    """A user, in groups given by name."""
    found: State = {"uid": uid(email), "email": email, "status": status, "groups": [gid(name) for name in groups]}
    return {**found, "name": first, "surname": last}


def bot(name: str, *groups: str) -> State:
    """A service user."""
    return {**person(f"{name}@service.sso.dynatrace.com", *groups), "service": True}


def held(permission: str, scope: str = ACCOUNT) -> State:
    """A role permission, on the account, an environment (``prod``) or a management zone (``prod:1``)."""
    kind = "account" if scope == ACCOUNT else "management-zone" if ":" in scope else "tenant"
    return {"permissionName": permission, "scope": scope, "scopeType": kind}


def team(name: str, *permissions: State, owner: str = "LOCAL", id: str | None = None, **more: Any) -> State:  # noqa: A002
    """A group; ``id`` only for namesakes."""
    found = {"uuid": id or gid(name), "name": name, "description": "", "owner": owner}
    return {**found, "permissions": list(permissions), **more}


def place(name: str, *zones: str, id: str | None = None) -> State:  # noqa: A002
    """An environment, whose id is its name in lower case, with zones whose ids are 1, 2, …"""
    numbered = [{"id": str(number), "name": zone} for number, zone in enumerate(zones, 1)]
    return {"id": id or name.lower(), "name": name, "active": True, "management_zones": numbered}


def ready_made(name: str) -> str:
    """The id of Dynatrace's own policy of that name, or for the role permission of that name (``tenant-viewer``)."""
    title = ENVIRONMENT_ROLES[name].policy if name in ENVIRONMENT_ROLES else name
    return next(each.uuid for each in READY_MADE.values() if each.name == title)


def pid(name: str) -> str:
    """The id of the policy of that name."""
    return str(uuid5(NAMESPACE_URL, f"policy {name}"))


def bid(name: str) -> str:
    """The id of the boundary of that name."""
    return str(uuid5(NAMESPACE_URL, f"boundary {name}"))


def level_of(on: str | None) -> Level:
    """The account's level, or that of an environment."""
    return ("environment", on) if on else ("account", ACCOUNT)


def policy(
    name: str,
    statement: str = "ALLOW settings:schemas:read;",
    on: str | None = None,
    id: str | None = None,  # noqa: A002
    **more: Any,
) -> State:
    """A policy of the account, or of the environment ``on``."""
    kind, level = level_of(on)
    found = {"uuid": id or pid(name), "name": name, "levelType": kind, "levelId": level, "statementQuery": statement}
    return {**found, **more}


def boundary(name: str, query: str, id: str | None = None) -> State:  # noqa: A002
    """A boundary."""
    return {"uuid": id or bid(name), "name": name, "boundaryQuery": query}


def bound(
    policy_id: str, *groups: str, on: str | None = None, within: Iterable[str] = (), **more: dict[str, str]
) -> State:
    """A policy bound to groups by name, at the account or an environment, within boundaries by name."""
    kind, level = level_of(on)
    found: State = {"policyUuid": policy_id, "groups": [gid(name) for name in groups]}
    found |= {"levelType": kind, "levelId": level, "boundaries": [bid(name) for name in within]}
    return {**found, **more}


def account(
    users: Iterable[State] = (),
    groups: Iterable[State] = (),
    environments: Iterable[State] = (),
    bindings: Iterable[State] = (),
    clients: Iterable[State] = (),
    policies: Iterable[State] = (),
    boundaries: Iterable[State] = (),
    scim: State | None = None,
    **options: Any,
) -> State:
    """An account; the group of all users is always there."""
    return {
        **({"scim": scim} if scim else {}),
        "policies": list(policies),
        "boundaries": list(boundaries),
        "account_uuid": ACCOUNT,
        "users": list(users),
        "groups": [team(EVERYBODY, owner="ALL_USERS"), *groups],
        "environments": list(environments),
        "bindings": list(bindings),
        "clients": list(clients),
        "options": options,
    }


# --- wishes


def wanted_user(email: str, state: str = "present", **more: Any) -> UserWish:
    """As from the options of dynatrace_user; ``add``, ``remove``, ``set`` and ``within`` are about groups."""
    parts = {key: more.pop(key) for key in ("add", "remove", "set", "within") if key in more}
    return user_wish({"email": email, "state": state, "groups": parts or None, **more})


def wanted_group(name: str | None = None, state: str = "present", **more: Any) -> GroupWish:
    """As from the options of dynatrace_group."""
    return group_wish({"name": name, "state": state, **more})


def wanted_members(group: str, *users: str, state: str = "present") -> GroupWish:
    """As from the options of dynatrace_group_membership."""
    return members_wish({"group": group, "users": list(users), "state": state})


def grant(
    *permissions: str,
    on: Iterable[str] = (),
    zones: Iterable[str] = (),
    state: str = "present",
    mechanism: str = "role",
) -> State:
    """An entry of a group's ``permissions``."""
    return {
        "permissions": list(permissions),
        "environments": list(on),
        "management_zones": list(zones),
        "state": state,
        "mechanism": mechanism,
    }


def wanted_permissions(group: str, *permissions: str, **more: Any) -> GroupWish:
    """As from the options of dynatrace_env_permission."""
    return permissions_wish({"group": group, **grant(*permissions, **more)})


def wanted_parts(group: str, *parts: State) -> GroupWish:
    """Several entries of permissions for one group, as dynatrace_access takes them."""
    return GroupWish(name=group, permissions=tuple(permission_wish(part) for part in parts))


def binds(*policies: str | State, on: Iterable[str] = (), state: str = "present") -> State:
    """An entry of a group's ``bindings``."""
    return {"policies": list(policies), "environments": list(on), "state": state}


def wanted_bindings(group: str, *parts: State) -> GroupWish:
    """As from the options of dynatrace_policy_binding; several parts as dynatrace_access takes them."""
    return GroupWish(name=group, bindings=tuple(bindings_wish(part) for part in parts))


def wanted_policy(name: str | None = None, **more: Any) -> PolicyWish:
    """As from the options of a policy."""
    return policy_wish({"name": name, **more})


def wanted_boundary(name: str | None = None, **more: Any) -> BoundaryWish:
    """As from the options of a boundary."""
    return boundary_wish({"name": name, **more})


def wanted_robot(name: str | None = None, **more: Any) -> ServiceUserWish:
    """As from the options of a service user; ``add``, ``remove`` and ``set`` are about groups."""
    parts = {key: more.pop(key) for key in ("add", "remove", "set") if key in more}
    return service_user_wish({"name": name, "groups": parts or None, **more})


Wish: TypeAlias = UserWish | GroupWish | PolicyWish | BoundaryWish | ServiceUserWish


def desired(*wishes: Wish, **more: Any) -> Desired:
    """All that one task wants."""
    return Desired(
        users=tuple(wish for wish in wishes if isinstance(wish, UserWish)),
        groups=tuple(wish for wish in wishes if isinstance(wish, GroupWish)),
        policies=tuple(wish for wish in wishes if isinstance(wish, PolicyWish)),
        boundaries=tuple(wish for wish in wishes if isinstance(wish, BoundaryWish)),
        service_users=tuple(wish for wish in wishes if isinstance(wish, ServiceUserWish)),
        **more,
    )


def access(now: datetime = TODAY, **options: Any) -> Desired:
    """As dynatrace_access makes it of its options, which are validated by Ansible's own code first."""
    answer = ArgumentSpecValidator({**ACCESS, **GUARD, **ON_MANAGED, **ON_FINDING}).validate(options)
    assert answer.error_messages == []
    return access_wish(answer.validated_parameters, now)


# --- snapshots


def snapshot(state: State, contract: str = "published") -> Snapshot:
    """All of an account, as if everything had been read."""
    published = contract == "published"
    users = {item["email"].lower(): item for item in state["users"]}
    everybody = {item["uuid"] for item in state["groups"] if item.get("owner") == "ALL_USERS"}
    levels: list[Level] = [
        ("account", state["account_uuid"]),
        *(("environment", item["id"]) for item in state["environments"]),
    ]
    return Snapshot(
        account=state["account_uuid"],
        abilities=Abilities(names_writable=not published, finds_by_email=published, lists_members=published),
        users={key: _user(item) for key, item in users.items()},
        users_listed=True,
        groups={item["uuid"]: _group(item) for item in state["groups"]},
        groups_listed=True,
        memberships={key: frozenset(item.get("groups", ())) | everybody for key, item in users.items()},
        whole_users=frozenset(users),
        whole_groups=frozenset(item["uuid"] for item in state["groups"]),
        permissions={
            item["uuid"]: frozenset(map(_permission, item.get("permissions", ()))) for item in state["groups"]
        },
        environments=tuple(_environment(item) for item in state["environments"]),
        zones_listed=True,
        states_asked=True,
        bindings={level: _bindings(state, level) for level in levels},
        policies={item["uuid"]: _policy(item) for item in state.get("policies", ())},
        boundaries={item["uuid"]: _boundary(item) for item in state.get("boundaries", ())},
        service_users={item["uid"]: _service_user(item) for item in state["users"] if item.get("service")},
    )


def _bindings(state: State, level: Level) -> frozenset[Binding]:
    here = [item for item in state["bindings"] if (item["levelType"], item["levelId"]) == level]
    return frozenset(
        Binding(
            level,
            item["policyUuid"],
            group,
            _texts(item.get("parameters")),
            _texts(item.get("metadata")),
            tuple(sorted(item.get("boundaries") or ())),
        )
        for item in here
        for group in item["groups"]
    )


def _texts(given: dict[str, str] | None) -> Texts:
    return tuple(sorted((given or {}).items()))


def _policy(item: State) -> Policy:
    level = (item["levelType"], item["levelId"])
    tags = tuple(item.get("tags") or ())
    return Policy(item["uuid"], item["name"], level, item.get("description") or "", tags, item["statementQuery"])


def _boundary(item: State) -> Boundary:
    return Boundary(item["uuid"], item["name"], item["boundaryQuery"])


def _service_user(item: State) -> ServiceUser:
    return ServiceUser(item["uid"], item["email"], item.get("name") or "", item.get("description") or "")


def _user(item: State) -> User:
    return User(item["email"], item["uid"], item.get("name"), item.get("surname"), item.get("status", "ACTIVE"))


def _group(item: State) -> Group:
    federated = tuple(item.get("federatedAttributeValues") or ())
    owner, hidden = item.get("owner", "LOCAL"), bool(item.get("hidden"))
    return Group(item["uuid"], item["name"], item.get("description") or "", owner, federated, hidden)


def _permission(item: State) -> Permission:
    return Permission(item["permissionName"], item["scopeType"], item["scope"])


def _environment(item: State) -> Environment:
    zones = tuple(Zone(zone["id"], zone["name"]) for zone in item.get("management_zones", ()))
    return Environment(item["id"], item.get("name") or "", item.get("active", True), zones=zones)


def shape(seen: Snapshot) -> dict[str, Any]:
    """What a snapshot says, in names instead of ids, so that a prediction can be compared with what came."""
    names = {group.id: group.name for group in seen.groups.values()}
    return {
        "users": {key: (each.first_name or "", each.last_name or "", each.status) for key, each in seen.users.items()},
        "groups": sorted(
            (each.name, each.description, each.owner, sorted(each.federated)) for each in seen.groups.values()
        ),
        "members": {
            key: sorted(names[group] for group in have if group in names and names[group] != EVERYBODY)
            for key, have in seen.memberships.items()
            if key in seen.users and any(names.get(group, EVERYBODY) != EVERYBODY for group in have)
        },
        "permissions": {
            names[group]: sorted(have) for group, have in seen.permissions.items() if have and group in names
        },
    }


def policy_shape(seen: Snapshot) -> dict[str, Any]:
    """The same for policies, boundaries, what is bound, and service users."""
    names = {group.id: group.name for group in seen.groups.values()}
    called = {each.id: each.name for each in (*seen.policies.values(), *(seen.boundaries or {}).values())}
    bindings = [each for level in seen.bindings.values() for each in level or ()]
    return {
        "bindings": sorted(
            (
                each.level,
                called.get(each.policy, each.policy),
                names.get(each.group, each.group),
                each.parameters,
                each.metadata,
                sorted(called.get(one, one) for one in each.boundaries),
            )
            for each in bindings
        ),
        "policies": sorted(
            (each.level, each.name, each.description, each.tags, each.statement) for each in seen.policies.values()
        ),
        "boundaries": sorted((each.name, each.query) for each in (seen.boundaries or {}).values()),
        "service users": sorted((each.name, each.description) for each in (seen.service_users or {}).values()),
    }


# --- what changes


def told(changes: Iterable[Change]) -> list[str]:
    """Changes as one line each: ``add membership anna@example.com in Shop``."""
    return [_line(change) for change in changes]


def _line(change: Change) -> str:
    entry = change.as_dict()
    return f"{entry['action']} {entry['kind']} {entry['name']}"


# --- running it


@dataclass
class Bench:
    """A running simulator, and a client of ours for it whenever one is needed."""

    sim: Simulator
    contract: str
    time: FakeTime = field(default_factory=FakeTime)
    announced: list[str] = field(default_factory=list)
    begun: int = 0
    more: State = field(default_factory=dict)
    """Settings besides those that lead to the account, for all clients."""
    watchers: list[Callable[[Exchange], None]] = field(default_factory=list)
    """Called after each request, before the client has the answer; what they raise is raised at the end."""

    def settings(self, login: bool = True, **more: Any) -> Settings:
        """Settings that lead to the simulator; without ``login`` not necessarily to the account itself."""
        given: State = {"client_id": "client", "client_secret": "geheim", "concurrency": 4, "rate_limit": 100_000}
        urls = {"api_url": self.sim.url, "token_url": self.sim.token_url}
        return Settings(**{"account_uuid": ACCOUNT, **given, **urls, **self.more, **more}).checked(login)

    def runtime(self) -> Runtime:
        """A time of its own, and no jitter."""
        time = self.time
        return Runtime(time.clock, time.now, time.sleep, lambda: 0.5, self.announced.append)

    def client(self, read_only: bool = False, **more: Any) -> Account:
        """A client; close it by using it as a context manager."""
        return Account(self.settings(**more), self.runtime(), read_only)

    def run(
        self,
        wish: Desired,
        guards: Guards | None = None,
        preview: bool = False,
        expected_plan: str | None = None,
        keep_going: bool = False,
        **more: Any,
    ) -> Result:
        """One task, as a module runs it. What is said about the last task is about this one then."""
        self.begun = len(self.sim.requests)
        mode = Mode(preview=preview, expected_plan=expected_plan, keep_going=keep_going)
        with self.client(read_only=preview, **more) as client:
            return converge(client, wish, guards or Guards(), mode)

    def state(self) -> Snapshot:
        """The account as it is now."""
        return snapshot(self.sim.state(), self.contract)

    @property
    def requests(self) -> list[str]:
        """The requests of the last task, as ``POST users/anna@example.com``; those for tokens aren't counted."""
        root = f"/iam/v1/accounts/{ACCOUNT}/"
        entries = self.sim.requests[self.begun :]
        lines = [f"{entry['method']} {entry['path'].removeprefix(root)}" for entry in entries]
        return [line for line in lines if not line.endswith(TOKEN_PATH)]

    @property
    def reads(self) -> list[str]:
        """Those that only read."""
        return [line for line in self.requests if line.startswith("GET ")]

    @property
    def writes(self) -> list[str]:
        """Those that could change something."""
        return [line for line in self.requests if not line.startswith("GET ") and VALIDATION not in line]


@dataclass(frozen=True)
class Settled:
    """What came of a task: changes as lines, the requests of the run that made them, and what was warned of."""

    changes: list[str]
    writes: list[str]
    reads: list[str]
    warnings: list[str]


def settle(made: Bench, *wishes: Wish, guards: Guards | None = None, **more: Any) -> Settled:
    """Preview, run, run again: the preview writes nothing, what it tells is what is done, and then nothing is left."""
    wish = desired(*wishes, **more)
    start, before = made.sim.state(), made.state()
    preview = made.run(wish, guards, preview=True)
    assert made.writes == []
    assert made.sim.state() == start
    predicted = project(before, preview.plan.changes)
    result = made.run(wish, guards, expected_plan=preview.plan.id)
    assert result.error is None, result.error
    assert result.pending == []
    assert told(result.applied) == told(preview.applied)
    found = Settled(told(result.applied), made.writes, made.reads, result.warnings)
    after = made.state()
    assert policy_shape(after) == policy_shape(predicted)
    assert shape(after)["permissions"] == shape(predicted)["permissions"]
    assert told(made.run(wish, guards).applied) == []
    assert made.writes == []
    return found


@contextlib.contextmanager
def bench(contract: str, state: State, checked: bool = True, **more: Any) -> Iterator[Bench]:
    """A simulator whose whole traffic is held against the OpenAPI document.

    ``checked=False`` is for long lists of what other tests have checked: a thousand groups take a second to validate.
    """
    checker = Checker(contract) if checked else None
    watchers: list[Callable[[Exchange], None]] = [checker] if checker else []
    time = FakeTime()

    def watch(exchange: Exchange) -> None:
        for each in watchers:
            each(exchange)

    with serve(contract, state, observer=watch, clock=time.now, **more) as sim:
        yield Bench(sim, contract, time, watchers=watchers)
    assert checker is None or checker.findings == []
