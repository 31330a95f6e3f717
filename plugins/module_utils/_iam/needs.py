# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fewest things that have to be read before a wish can be planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .._api.records import Group, is_uuid
from .desired import Desired, GroupWish, PermissionWish, UserWish
from .lists import ListWish
from .model import Needs, Snapshot
from .policy_directory import service_user_named
from .resolve import Directory


def to_read(desired: Desired, snapshot: Snapshot, thorough: bool) -> Needs:
    """What to read next, falsy when planning can begin.

    A single person is looked up by the spelling in the task, which is one call instead of a list. When that finds
    nobody, all users are listed as well, since the account may spell the e-mail in another case. Only somebody to be
    invited, in lower case and without anything to take away, is taken for new without that list unless ``thorough``:
    if the account does spell them in another case, the invitation is refused and the run plans again, thoroughly.
    """
    questions = frozenset(each for part in desired.parts for each in part.questions(snapshot))
    if unanswered := questions - snapshot.answers.keys():
        return Needs(questions=unanswered)
    needs = _objects(desired, snapshot, thorough) or _relations(desired, snapshot)
    if needs or not desired.concerns_access:
        return needs
    from .policy_needs import policy_needs

    return policy_needs(desired, snapshot)


def _objects(desired: Desired, snapshot: Snapshot, thorough: bool) -> Needs:
    emails = {key: text for key, text in desired.emails().items() if key not in snapshot.users}
    everybody = _concerns_everybody(desired, snapshot)
    alone = len(desired.emails()) == 1 and snapshot.abilities.finds_by_email and not everybody
    invited = {wish.key for wish in desired.users if wish.state == "present" and _only_adds(wish)}
    doubtful = {key for key, text in emails.items() if thorough or text != key or key not in invited}
    unsure = bool(emails) and (not alone or bool(doubtful & snapshot.not_found))
    return Needs(
        find_users=frozenset(emails.values()) if alone and not (emails.keys() & snapshot.not_found) else frozenset(),
        users=not snapshot.users_listed and (unsure or everybody),
        groups=not snapshot.groups_listed and (bool(desired.purge) or _needs_group_list(desired, snapshot)),
        environments=not snapshot.zones_listed and (_needs_environments(desired) or _has_nameless(desired, snapshot)),
        environment_states=not snapshot.states_asked and bool(desired.migration or _named_environments(desired)),
        service_users=snapshot.service_users is None and bool(desired.service_users),
    )


def _only_adds(wish: UserWish) -> bool:
    return wish.groups is None or (wish.groups.set is None and not wish.groups.remove)


def _concerns_everybody(desired: Desired, snapshot: Snapshot) -> bool:
    """Whether people matter whom the task doesn't name, and who are found in no other way."""
    exact = any(wish.members and wish.members.set is not None for wish in desired.groups)
    return desired.purge.users or desired.purge.memberships or (exact and not snapshot.abilities.lists_members)


def _needs_group_list(desired: Desired, snapshot: Snapshot) -> bool:
    """Names need the list. Ids do only when something changes: then the group's owner has to be known.

    Who is deleted loses groups, which are told by name, and of which those that aren't listed can't be joined again.
    """
    if desired.migration:
        return True
    if desired.groups or desired.service_users or not all(is_uuid(ref) for ref in desired.group_refs()):
        return bool(desired.groups or desired.group_refs())
    for user in desired.users:
        if user.state == "absent" and snapshot.groups_of(user.key):
            return True
        looked_up = snapshot.users_listed or user.key in snapshot.users or user.key in snapshot.not_found
        if not looked_up or user.groups is None:
            continue
        have = snapshot.groups_of(user.key)
        if user.key not in snapshot.whole_users:
            return True
        if user.groups.set is not None or set(user.groups.add) - have or set(user.groups.remove) & have:
            return True
    return False


def _relations(desired: Desired, snapshot: Snapshot) -> Needs:
    directory = _directory(desired, snapshot)
    pairs, whole_users, whole_groups = _membership_questions(desired, snapshot, directory)
    if desired.purge.memberships:
        whole_groups |= desired.purge.group_ids(directory.groups)
    if desired.purge.users:
        whole_users |= desired.purge.unnamed_users(snapshot, desired.emails().keys())
    if whole_groups and not snapshot.abilities.lists_members:
        whole_users, whole_groups = set(snapshot.users), set()
    unread = snapshot.explicit_groups() - snapshot.whole_groups
    if snapshot.lists_all_members and len(unread) < len(whole_users - snapshot.whole_users):
        whole_users, whole_groups = set(), whole_groups | unread
    pairs = {(key, group) for key, group in pairs if key not in whole_users and group not in whole_groups}
    users, groups = {key for key, _group in pairs}, {group for _key, group in pairs}
    if snapshot.abilities.lists_members and len(groups) < len(users):
        whole_groups |= groups
    else:
        whole_users |= users
    return Needs(
        groups_of=frozenset(whole_users) - snapshot.whole_users,
        members_of=frozenset(whole_groups) - snapshot.whole_groups,
        permissions_of=_permission_questions(desired, directory) - snapshot.permissions.keys(),
    )


def _membership_questions(
    desired: Desired, snapshot: Snapshot, directory: Directory
) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    """The (user, group) pairs, and the users and groups as a whole, whose memberships matter."""
    pairs: set[tuple[str, str]] = set()
    whole_users: set[str] = set()
    whole_groups: set[str] = set()
    managed = {name for wish in desired.groups if wish.state != "existing" for name in (wish.name, wish.new_name)}
    whole_users |= {user.key for user in desired.users if user.key in snapshot.users and user.state == "absent"}
    for key, groups in _lists(desired, snapshot):
        if groups.set is not None:
            whole_users.add(key)
        refs = [ref for ref in groups.named if ref not in managed or directory.find_group(ref)]
        pairs |= {(key, directory.group(ref).id) for ref in refs}
    for wish in desired.groups:
        group = directory.find_group(wish.new_name or wish.ref) or directory.find_group(wish.ref)
        if wish.members is None or group is None:
            continue
        if wish.members.set is not None:
            whole_groups.add(group.id)
        known = (text.lower() for text in wish.members.named)
        pairs |= {(key, group.id) for key in known if key in snapshot.users}
    return {(key, group) for key, group in pairs if not snapshot.knows(key, group)}, whole_users, whole_groups


def _lists(desired: Desired, snapshot: Snapshot) -> Iterator[tuple[str, ListWish]]:
    """Everybody who is there already and whose groups the task names, with what it wants of these."""
    for user in desired.users:
        if user.groups is not None and user.key in snapshot.users:
            yield user.key, user.groups
    for robot in desired.service_users:
        renamed = service_user_named(snapshot, robot.new_name) if robot.new_name else None
        found = service_user_named(snapshot, robot.ref) or renamed
        if robot.groups is not None and found is not None:
            yield found.user.key, robot.groups


def _directory(desired: Desired, snapshot: Snapshot) -> Directory:
    """Finds groups that the task renames by their new names, and knows whom SAML will manage."""
    today = Directory(snapshot)
    changed = [
        (today.find_group(wish.ref), wish) for wish in desired.groups if wish.new_name or wish.federated is not None
    ]
    return Directory(snapshot, [_changed(group, wish) for group, wish in changed if group])


def _changed(group: Group, wish: GroupWish) -> Group:
    federated = group.owner in ("LOCAL", "SAML") and wish.federated is not None
    owner = ("SAML" if wish.federated else "LOCAL") if federated else group.owner
    return replace(group, name=wish.new_name or group.name, owner=owner)


def _permission_questions(desired: Desired, directory: Directory) -> frozenset[str]:
    found = (directory.find_group(wish.new_name or wish.ref) for wish in desired.groups if wish.permissions is not None)
    concerned = {group.id for group in found if group}
    if desired.migration:
        concerned |= desired.migration.group_ids(directory.groups)
    return frozenset(concerned)


def _permission_wishes(desired: Desired) -> list[PermissionWish]:
    return [permission for wish in desired.groups for permission in wish.permissions or ()]


def _needs_environments(desired: Desired) -> bool:
    """For names given, and for telling people in names what a purge takes away."""
    named = any(wish.environments for wish in _permission_wishes(desired))
    return desired.purge.permissions or desired.migration is not None or named


def _named_environments(desired: Desired) -> set[str]:
    """The environments in which policies live or are bound."""
    found = {wish.environment for wish in desired.policies if wish.environment}
    for group in desired.groups:
        found |= {ref for part in group.bindings or () for ref in part.environments}
    return found


def _has_nameless(desired: Desired, snapshot: Snapshot) -> bool:
    """Whether names are missing that the other list of environments may know."""
    known = {text for each in snapshot.environments or () for text in (each.id, each.name)}
    return snapshot.states_asked and "" in known and not _named_environments(desired) <= known
