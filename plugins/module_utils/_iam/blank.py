# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who would log in to a blank screen: the guides' first complaint is that nothing tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._api.records import Level
from .model import NOTHING, Needs, Snapshot
from .resolve import Directory

UNREADABLE = (
    "Whether policies open an environment can't be seen without the scope iam:bindings:read;"
    " only role permissions were looked at, and these people have none: {people}."
)


@dataclass(frozen=True)
class Blank:
    """What has to be read to tell, and then who it is (e-mails, sorted)."""

    needs: Needs = NOTHING
    emails: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def blank_people(before: Snapshot, after: Snapshot, people: Iterable[str], environments: Iterable[str]) -> Blank:
    """Those of ``people`` whose groups in ``after`` don't open all of ``environments`` (any one, when none is named).

    A group opens an environment by a role permission on it or on one of its management zones, or by any policy bound
    to it there or on the account. ``before`` tells what exists to be read.
    """
    keys = [key for key in people if key in after.users]
    unread_people = frozenset(key for key in keys if key in before.users) - after.whole_users
    joined = frozenset(group for key in keys for group in after.groups_of(key))
    unlisted = not before.groups_listed and bool(joined - after.groups.keys())
    unread_groups = joined & before.groups.keys() - before.permissions.keys()
    unread_environments = before.environments is None and bool(keys)
    if unread_people or unread_groups or unread_environments or unlisted:
        return Blank(
            Needs(
                groups=unlisted,
                groups_of=unread_people,
                permissions_of=unread_groups,
                environments=unread_environments,
            )
        )
    directory = Directory(before)
    wanted = {directory.environment(ref).id for ref in environments}
    lacking = [key for key in keys if not _opens(after, key, wanted)]
    if not lacking:
        return Blank()
    levels = _levels(after, wanted)
    if levels - after.bindings.keys():
        return Blank(Needs(bindings_at=levels - after.bindings.keys()))
    emails = tuple(sorted(after.users[key].email for key in lacking if not _opens(after, key, wanted, bindings=True)))
    if emails and any(after.bindings[level] is None for level in levels):
        return Blank(warnings=(UNREADABLE.format(people=", ".join(emails)),))
    return Blank(emails=emails)


def _levels(snapshot: Snapshot, wanted: set[str]) -> frozenset[Level]:
    environments = wanted or {environment.id for environment in snapshot.environments or ()}
    return frozenset({("account", snapshot.account), *(("environment", each) for each in environments)})


def opened(snapshot: Snapshot, group_id: str) -> frozenset[str]:
    """Ids of the environments that the group's role permissions open, wholly or for a management zone."""
    held = snapshot.permissions.get(group_id, frozenset())
    return frozenset(each.scope.split(":")[0] for each in held if each.scope_type in ("tenant", "management-zone"))


def bound(snapshot: Snapshot, group_id: str) -> frozenset[str]:
    """Ids of the environments in which some policy is bound to the group, as far as that was read."""
    environments = frozenset(environment.id for environment in snapshot.environments or ())
    if group_id in snapshot.bound_groups(("account", snapshot.account)):
        return environments
    return frozenset(each for each in environments if group_id in snapshot.bound_groups(("environment", each)))


def _opens(snapshot: Snapshot, key: str, wanted: set[str], bindings: bool = False) -> bool:
    groups = snapshot.groups_of(key)
    reached = frozenset[str]().union(*(opened(snapshot, group) for group in groups))
    if bindings:
        reached = reached.union(*(bound(snapshot, group) for group in groups))
    return reached >= wanted if wanted else bool(reached)
