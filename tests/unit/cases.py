# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Made-up accounts and wishes for Hypothesis: small ones, in which things meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import (
    Desired,
    GroupWish,
    UserWish,
    permission_wish,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.guards import Guards
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.lists import ListWish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.purge import NO_PURGE, Purge
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds

from .builders import State, account, bot, grant, held, person, place, team, wanted_group, wanted_user

EMAILS = ("ada@example.com", "Bob.Berg@Example.com", "cem+x@example.com", "dörte@example.com", "eve@example.com")
BOT = "robot@service.sso.dynatrace.com"
NAMES = ("Art", "Ops", "Shop", "Team [A]", "Team *", "Größe")
FRESH = ("Fresh", "New & Co")
ROLES = ("viewer", "logviewer", "manage-settings")
PLACES = ("Prod", "Test")
HELD = [held(f"tenant-{role}", scope) for role in ROLES for scope in ("prod", "test", "prod:1")] + [
    held("account-viewer")
]
STATES = ("present", "absent", "exact")


@dataclass(frozen=True)
class Case:
    """An account and a wish."""

    state: State
    wish: Desired


def some(*items: Any, most: int = 3) -> st.SearchStrategy[list[Any]]:
    """A few of them, each once, in any order."""
    return st.lists(st.sampled_from(items), unique_by=str, max_size=most) if items else st.just([])


MANAGES_USERS = [held("account-user-management")]


@st.composite
def teams(draw: st.DrawFn, name: str, rights: list[State] = HELD) -> State:
    """A group, most often a local one. A hidden one is a service user's own, so nobody manages users through it."""
    owner = draw(st.sampled_from(["LOCAL", "LOCAL", "LOCAL", "SCIM", "SAML", "DCS"]))
    more: State = {"description": draw(st.sampled_from(["", "x"])), "hidden": draw(st.integers(0, 9)) == 0}
    if owner == "SAML":
        more["federatedAttributeValues"] = ["a", "b"]
    held_rights = [right for right in draw(some(*rights)) if not (more["hidden"] and right in MANAGES_USERS)]
    return team(name, *held_rights, owner=owner, **more)


@st.composite
def accounts(draw: st.DrawFn, emails: tuple[str, ...] = EMAILS, rights: list[State] = HELD) -> State:
    """An account of up to five people, a robot, and up to six groups."""
    groups = [draw(teams(name, rights)) for name in draw(some(*NAMES, most=6))]
    names = [each["name"] for each in groups]
    users = [
        person(
            email,
            *draw(some(*names, most=6)),
            status=draw(st.sampled_from(["ACTIVE", "ACTIVE", "PENDING", "INACTIVE"])),
            first=draw(st.sampled_from([None, "A"])),
        )
        for email in draw(some(*emails, most=5))
    ]
    return account([*users, bot("robot", *draw(some(*names)))], groups, [place("Prod", "Web"), place("Test")])


@st.composite
def list_wishes(draw: st.DrawFn, items: list[str], additive: bool, patterns: bool = False) -> ListWish:
    """Additions and removals that don't contradict each other, or the whole list."""
    chosen = draw(some(*items, most=4))
    if additive:
        return ListWish(add=tuple(chosen))
    if draw(st.booleans()):
        cut = draw(st.integers(0, len(chosen)))
        return ListWish(add=tuple(chosen[:cut]), remove=tuple(chosen[cut:]))
    within = draw(st.none() | some(*items, "T*", "?rt", "*")) if patterns else None
    return ListWish(set=tuple(chosen), within=None if within is None else tuple(within))


@st.composite
def permission_parts(draw: st.DrawFn, additive: bool) -> State:
    """An entry of permissions."""
    on, roles = draw(some(*PLACES)), draw(some(*ROLES))
    if not on or not roles:
        return grant("account-viewer", state="present" if additive else draw(st.sampled_from(STATES)))
    zones = ["Web"] if on == ["Prod"] and draw(st.booleans()) else []
    return grant(*roles, on=on, zones=zones, state="present" if additive else draw(st.sampled_from(STATES)))


@st.composite
def group_parts(draw: st.DrawFn, name: str, additive: bool, of_groups: bool) -> GroupWish:
    """What is wanted of one group."""
    if not additive and draw(st.integers(0, 4)) == 0:
        return wanted_group(name, "absent")
    more: State = {"description": draw(st.none() | st.sampled_from(["", "x", "y"]))}
    if draw(st.integers(0, 4)) == 0:
        more["new_name"] = f"{name} 2"
    wish = wanted_group(name, **more)
    members = draw(st.none() | list_wishes([*EMAILS, BOT], additive)) if of_groups else None
    parts = [permission_wish(each) for each in draw(st.lists(permission_parts(additive), max_size=2))]
    return replace(wish, members=members, permissions=tuple(parts))


@st.composite
def user_parts(draw: st.DrawFn, email: str, refs: list[str] | None, additive: bool, odd_case: bool) -> UserWish:
    """What is wanted of one user; no ``refs``, no groups."""
    spelled = draw(st.sampled_from([email, email.upper(), email.lower()])) if odd_case else email
    state = draw(st.sampled_from(["present", "existing"] if additive else ["present", "present", "existing", "absent"]))
    wish = wanted_user(spelled, state, first_name=draw(st.sampled_from([None, "A", "B", ""])))
    groups = None if refs is None else draw(st.none() | list_wishes(refs, additive, patterns=True))
    if state == "absent" and refs is not None:
        groups = draw(st.none() | st.just(ListWish(set=())))
    return replace(wish, groups=groups)


@st.composite
def cases(draw: st.DrawFn, additive: bool = False, odd_case: bool = True) -> Case:
    """An account, and a wish that names what is there or what it creates itself.

    Memberships are wished for either on the side of the groups or on that of the users, as modules let people do.
    """
    of_groups = draw(st.booleans())
    state = draw(accounts())
    existing = [each["name"] for each in state["groups"][1:] if not each["hidden"]]
    groups = [draw(group_parts(name, additive, of_groups)) for name in draw(some(*existing, *FRESH))]
    named = {wish.name: wish for wish in groups}
    stay = [name for name in existing if name not in named]
    refs = stay + [wish.new_name or wish.ref for wish in groups if wish.state != "absent"]
    side = None if of_groups else refs
    users = [draw(user_parts(email, side, additive, odd_case)) for email in draw(some(*EMAILS, most=5))]
    on_managed = draw(st.sampled_from(["skip", "warn"]))
    return Case(state, Desired(tuple(users), tuple(groups), on_managed, lookup_failure="ignore"))


STRANGER = "zoe@other.org"
PATTERNS = ("*", "T*", "?rt", "Shop", "Größe", "Fresh", "* 2")


@dataclass(frozen=True)
class BulkCase(Case):
    """A case of dynatrace_access, with what it may not do."""

    guards: Guards
    additive: bool


@st.composite
def purges(draw: st.DrawFn, guards: Guards) -> Purge:
    """Some kinds, within some bounds."""
    kinds = {kind: draw(st.booleans()) for kind in ("users", "groups", "memberships", "permissions")}
    domains = draw(st.sampled_from([("example.com",), ("other.org",), ("example.com", "other.org")]))
    return Purge(
        **kinds,
        group_scope=tuple(draw(some(*PATTERNS))) or ("T*",),
        domains=domains if kinds["users"] else draw(st.sampled_from([(), domains])),
        spared_users=guards.protected_users,
        spared_groups=guards.protected_groups,
    )


@st.composite
def guards_of(draw: st.DrawFn) -> Guards:
    """What may not happen; most often little."""
    rarely = draw(st.integers(0, 3)) == 0
    return Guards(
        protected_users=frozenset(email.lower() for email in draw(some(*EMAILS, most=2))) if rarely else frozenset(),
        protected_groups=tuple(draw(some(*PATTERNS[1:], most=2))) if rarely else (),
        min_admins=draw(st.sampled_from([1, 1, 1, 2])),
        thresholds=draw(
            st.sampled_from([Thresholds()] * 6 + [Thresholds(2), Thresholds(5), Thresholds(None, 50.0, 3)])
        ),
    )


@st.composite
def bulk_cases(draw: st.DrawFn) -> BulkCase:
    """Everything that dynatrace_access can be asked for, in accounts where some may manage users."""
    additive = draw(st.integers(0, 5)) == 0
    state = draw(accounts((*EMAILS, STRANGER), [*HELD, *MANAGES_USERS]))
    guards = draw(guards_of())
    existing = [each["name"] for each in state["groups"][1:] if not each["hidden"]]
    groups = [draw(bulk_group(name, additive)) for name in draw(some(*existing, *FRESH))]
    named = {wish.name for wish in groups}
    stay = [name for name in existing if name not in named]
    refs = stay + [wish.new_name or wish.ref for wish in groups if wish.state != "absent"]
    chosen = draw(some(*EMAILS, STRANGER, most=5))
    users = [draw(user_parts(email, refs, additive, odd_case=False)) for email in chosen]
    purge = NO_PURGE if additive else draw(st.just(NO_PURGE) | purges(guards))
    on_managed = draw(st.sampled_from(["skip", "warn"]))
    return BulkCase(state, Desired(tuple(users), tuple(groups), on_managed, purge=purge), guards, additive)


@st.composite
def bulk_group(draw: st.DrawFn, name: str, additive: bool) -> GroupWish:
    """What is wanted of one group: permissions may be left out, federated values may be named."""
    wish = draw(group_parts(name, additive, of_groups=False))
    if wish.state == "absent":
        return wish
    federated = draw(st.sampled_from([None, None, None, (), ("a",), ("c", "b")]))
    return replace(wish, federated=federated, permissions=draw(st.sampled_from([wish.permissions, None])))
