# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has changed between two looks at an account, of which the later one may have seen only a part. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..._api.records import Binding, Group, Level, Permission, User
from ..model import Snapshot

ORDER = (
    "group_created",
    "group_renamed",
    "invited",
    "activated",
    "permission_gained",
    "joined",
    "permission_lost",
    "left",
    "deactivated",
    "deleted",
    "group_deleted",
)
"""The kinds of changes, in the order in which those of one poll are told."""
SETTLED = {"PENDING": "invited", "ACTIVE": "activated"}
"""Status → what it is called when somebody gets it; any other one is a deactivation."""


@dataclass(frozen=True)
class Change:
    """One fact that began or ended. ``previous`` is the status or name that it replaces."""

    kind: str
    user: User | None = None
    group: Group | None = None
    permission: Permission | None = None
    binding: Binding | None = None
    previous: str | None = None

    @property
    def place(self) -> str:
        """The id of the environment that a permission or policy is for; empty for the account."""
        return place_of(self.permission or self.binding)

    @property
    def rank(self) -> tuple[int, str, str, str]:
        """Changes of one poll are sorted by this, so that the same two looks give the same list."""
        group = f"{self.group.name} {self.group.id}" if self.group else ""
        return ORDER.index(self.kind), group, self.user.key if self.user else "", repr(self.permission or self.binding)


def place_of(right: Permission | Binding | None) -> str:
    """The id of the environment that a permission or policy is for; empty for the account."""
    if isinstance(right, Permission):
        return right.scope.split(":", 1)[0] if right.scope_type != "account" else ""
    return right.level[1] if right and right.level[0] == "environment" else ""


def compare(old: Snapshot, listed: Snapshot, read: Snapshot) -> tuple[list[Change], Snapshot]:
    """The changes, and what is known now.

    ``old`` is what was known, ``listed`` the lists of people and groups, and ``read`` these with the members,
    permissions and bindings that were looked at. What was never looked at before is taken as it is, without a change.
    """
    replaced = {key: user for key, user in old.users.items() if _is_another(user, listed.users.get(key))}
    again = _gone(old, replaced, {}, (), old.groups)
    old = _without(old, replaced)
    gone_users = {key: user for key, user in old.users.items() if key not in listed.users}
    gone_groups = {key: group for key, group in old.groups.items() if key not in listed.groups}
    places = gone_places(old, listed)
    gone = _gone(old, gone_users, gone_groups, places, {**old.groups, **listed.groups})
    base = _begun(_without(old, gone_users, gone_groups, places), listed)
    changes = [*gone, *_groups(base, listed), *_users(base, listed), *_memberships(base, listed, read)]
    changes += [*_permissions(base, listed, read), *_bindings(base, listed, read)]
    told = [*sorted(again, key=lambda each: each.rank), *sorted(changes, key=lambda each: each.rank)]
    return told, _known(base, listed, read)


def _is_another(user: User, now: User | None) -> bool:
    """Whether somebody else has the e-mail now: deleted and invited anew since the last look."""
    return bool(now and now.uid and user.uid and now.uid != user.uid)


def moved(old: Snapshot, listed: Snapshot) -> frozenset[str]:
    """Keys of people who have another status, or are somebody else."""
    pairs = ((key, was, listed.users.get(key)) for key, was in old.users.items())
    return frozenset(key for key, was, now in pairs if now and (now.status != was.status or _is_another(was, now)))


def gone_places(old: Snapshot, listed: Snapshot) -> frozenset[str]:
    """Ids of the environments that are known and listed no more."""
    if listed.environments is None:
        return frozenset()
    known = {each.id for each in old.environments or ()} | {place for kind, place in old.bindings if kind != "account"}
    return frozenset(known - {each.id for each in listed.environments})


def _gone(
    old: Snapshot,
    users: dict[str, User],
    groups: dict[str, Group],
    places: Collection[str],
    named: Mapping[str, Group],
) -> list[Change]:
    """Who has gone has left all groups; a group that has gone has lost its members and permissions, an environment the
    policies that were bound there. Groups are called as ``named``."""
    told = old.explicit_groups()
    found = [Change("deleted", user=user) for user in users.values()]
    found += [Change("group_deleted", group=group) for group in groups.values()]
    for key, held in old.memberships.items():
        for each in held:
            if (key in users or each in groups) and each in told:
                found.append(Change("left", user=old.users.get(key, User(key)), group=named[each]))
    for key, group in groups.items():
        lost = old.permissions.get(key, frozenset())
        found += [Change("permission_lost", group=group, permission=each) for each in lost]
    bound = (each for level in old.bindings.values() for each in level or ())
    lost_bound = (each for each in bound if each.group in groups or place_of(each) in places)
    return [*found, *(Change("permission_lost", group=named[each.group], binding=each) for each in lost_bound)]


def _without(
    old: Snapshot, users: Collection[str], groups: Collection[str] = (), places: Collection[str] = ()
) -> Snapshot:
    """``old`` without people, groups and environments that have gone."""
    return replace(
        old,
        users={key: user for key, user in old.users.items() if key not in users},
        groups={key: group for key, group in old.groups.items() if key not in groups},
        memberships={key: held - set(groups) for key, held in old.memberships.items() if key not in users},
        whole_users=old.whole_users - set(users),
        whole_groups=old.whole_groups - set(groups),
        permissions={key: held for key, held in old.permissions.items() if key not in groups},
        bindings={
            level: frozenset(each for each in held or () if each.group not in groups)
            for level, held in old.bindings.items()
            if level[1] not in places
        },
    )


def _of_listed(bindings: Iterable[Binding] | None, listed: Snapshot) -> frozenset[Binding]:
    """Bindings of groups that nobody lists, such as a service user's own, can't be told by a name."""
    return frozenset(each for each in bindings or () if each.group in listed.groups)


def _begun(old: Snapshot, listed: Snapshot) -> Snapshot:
    """``old``, knowing that what is new had nothing before."""
    groups = {key for key in listed.groups if key not in old.groups}
    places = {each.id for each in listed.environments or ()} - {each.id for each in old.environments or ()}
    return replace(
        old,
        whole_users=old.whole_users | (listed.users.keys() - old.users.keys()),
        whole_groups=old.whole_groups | groups,
        permissions={**dict.fromkeys(groups, frozenset[Permission]()), **old.permissions},
        bindings={**{("environment", place): frozenset[Binding]() for place in places}, **old.bindings},
    )


def _groups(old: Snapshot, listed: Snapshot) -> Iterator[Change]:
    for key, group in listed.groups.items():
        was = old.groups.get(key)
        if was is None:
            yield Change("group_created", group=group)
        elif was.name != group.name:
            yield Change("group_renamed", group=group, previous=was.name)


def _users(old: Snapshot, listed: Snapshot) -> Iterator[Change]:
    """Everybody new was invited, whatever their status is by now."""
    for key, user in listed.users.items():
        was = old.users.get(key)
        before = was.status if was else "PENDING"
        if was is None:
            yield Change("invited", user=user)
        if user.status and before and user.status != before:
            yield Change(SETTLED.get(user.status, "deactivated"), user=user, previous=before)


def _memberships(old: Snapshot, listed: Snapshot, read: Snapshot) -> Iterator[Change]:
    for key, (was, now) in seen(listed, read, old).items():
        user = listed.users.get(key) or read.users.get(key) or User(key)
        for each in now ^ was:
            if key in old.whole_users or each in old.whole_groups:
                yield Change("joined" if each in now else "left", user=user, group=listed.groups[each])


def seen(listed: Snapshot, read: Snapshot, old: Snapshot) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For each person, of the groups whose members are told by ``read``: those known before, and those now."""
    told = listed.explicit_groups()
    groups = told & read.whole_groups
    found = {}
    for key in old.memberships.keys() | read.memberships.keys():
        if key in listed.users or User(key).is_service_user:
            looked = told if key in read.whole_users else groups
            found[key] = (old.groups_of(key) & looked, read.groups_of(key) & looked)
    return found


def _permissions(old: Snapshot, listed: Snapshot, read: Snapshot) -> Iterator[Change]:
    for key in read.permissions.keys() & old.permissions.keys():
        was, now, group = old.permissions[key], read.permissions[key], listed.groups[key]
        yield from (Change("permission_gained", group=group, permission=each) for each in now - was)
        yield from (Change("permission_lost", group=group, permission=each) for each in was - now)


def _bindings(old: Snapshot, listed: Snapshot, read: Snapshot) -> Iterator[Change]:
    for level, now, was in levels_read(old, listed, read):
        if level in old.bindings:
            gained, lost = now - was, was - now
            yield from (Change("permission_gained", group=listed.groups[each.group], binding=each) for each in gained)
            yield from (Change("permission_lost", group=listed.groups[each.group], binding=each) for each in lost)


def levels_read(
    old: Snapshot, listed: Snapshot, read: Snapshot
) -> Iterator[tuple[Level, frozenset[Binding], frozenset[Binding]]]:
    """What is bound at the levels that could be read, and what was."""
    for level, bound in read.bindings.items():
        if bound is not None:
            yield level, _of_listed(bound, listed), _of_listed(old.bindings.get(level), listed)


def _known(old: Snapshot, listed: Snapshot, read: Snapshot) -> Snapshot:
    """All that is known after a look."""
    memberships = dict(old.memberships)
    for key, (was, now) in seen(listed, read, old).items():
        memberships[key] = old.groups_of(key) - was | now
    return replace(
        old,
        abilities=listed.abilities,
        users=listed.users,
        groups=listed.groups,
        environments=listed.environments,
        memberships={key: held for key, held in memberships.items() if held},
        whole_users=(old.whole_users | read.whole_users) & listed.users.keys(),
        whole_groups=(old.whole_groups | read.whole_groups) & listed.groups.keys(),
        permissions={**old.permissions, **read.permissions},
        bindings={**old.bindings, **{level: now for level, now, _was in levels_read(old, listed, read)}},
    )
