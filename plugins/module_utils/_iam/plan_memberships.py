# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with who is in which group."""

from __future__ import annotations

from .._api.records import Group, ServiceUser, User
from .._core.change import Action
from .._core.errors import InvalidInput
from .desired import GroupWish, UserWish
from .draft import Draft
from .facts import MembershipFact
from .lists import ListWish
from .model import is_implicit, is_managed, matches
from .policy_wishes import ServiceUserWish


def plan_groups_of_user(draft: Draft, wish: UserWish) -> None:
    """Note the groups that a user joins and leaves. What ``set`` doesn't name is left only where that is ours."""
    user = draft.users.get(wish.key)
    if wish.groups is not None and user is not None:
        _plan_groups(draft, user, wish.groups)


def plan_groups_of_service_user(draft: Draft, wish: ServiceUserWish, robot: ServiceUser | None) -> None:
    """The same for a service user; the group that is its own is hidden, and so nobody's to leave."""
    if wish.groups is None or robot is None:
        return
    draft.users[robot.user.key] = robot.user
    _plan_groups(draft, robot.user, wish.groups)


def _plan_groups(draft: Draft, user: User, wish: ListWish) -> None:
    kept = set()
    for ref in (*wish.add, *(wish.set or ())):
        group = draft.directory.group(ref)
        kept.add(group.id)
        draft.join(user, group)
    for ref in wish.remove:
        if not _has_gone(draft, ref):
            draft.leave(user, draft.directory.group(ref))
    if wish.set is not None:
        for group_id in sorted(draft.snapshot.groups_of(user.key) - kept):
            surplus = draft.directory.find_group(group_id)
            if surplus and not is_managed(surplus) and (wish.within is None or matches(surplus, wish.within)):
                draft.leave(user, surplus)


def _has_gone(draft: Draft, ref: str) -> bool:
    """Whether an earlier run of the task has deleted the group: then there is nothing to leave."""
    deleted = any(wish.state == "absent" and wish.ref == ref for wish in draft.desired.groups)
    return deleted and draft.directory.find_group(ref) is None


def plan_members(draft: Draft, wish: GroupWish, group: Group) -> None:
    """Note the users who join and leave a group. Service users stay unless they are named: nobody counts them."""
    if wish.members is None:
        return
    _check_lookups(draft, wish.members, group)
    for key in _known(draft, (*wish.members.add, *(wish.members.set or ()))):
        draft.join(draft.users[key], group)
    leaving = _known(draft, wish.members.remove)
    if wish.members.set is not None:
        surplus = draft.snapshot.members_of(group.id) - set(_known(draft, wish.members.set))
        leaving = [key for key in surplus if not draft.users[key].is_service_user]
    for key in leaving:
        draft.leave(draft.users[key], group)


def _known(draft: Draft, emails: tuple[str, ...]) -> list[str]:
    return [text.lower() for text in emails if text.lower() in draft.users]


def _check_lookups(draft: Draft, members: ListWish, group: Group) -> None:
    missing = sorted(text for text in members.named if text.lower() not in draft.users)
    if not missing:
        return
    message = f"Not in the account, so not in group {group.name!r} either: {', '.join(missing)}."
    if draft.desired.lookup_failure == "fail":
        raise InvalidInput(f"{message} Invite them first, or pass over them with lookup_failure=warn or ignore.")
    if draft.desired.lookup_failure == "warn":
        draft.warnings.append(message)


def check_contradictions(draft: Draft) -> None:
    """A task that wants somebody both in and out of a group, whichever way it says so, is refused."""
    unwanted: set[tuple[str, str]] = set()
    for user in draft.desired.users:
        if user.groups:
            refs = [ref for ref in user.groups.remove if not _has_gone(draft, ref)]
            unwanted |= {(user.key, draft.directory.group(ref).id) for ref in refs}
    for wish in draft.desired.groups:
        if wish.members and wish.members.remove:
            group_id = draft.directory.group(wish.new_name or wish.ref).id
            unwanted |= {(text.lower(), group_id) for text in wish.members.remove}
    leavers = {user.key for user in draft.desired.users if user.state == "absent"}
    deleted = draft.deleted_groups()
    wanted = draft.declared_memberships()
    both = sorted({key for key, group in wanted if (key, group) in unwanted or key in leavers or group in deleted})
    if both:
        raise InvalidInput(f"The task wants the same people both in and out of a group: {', '.join(both)}.")


def warn_of_lonely(draft: Draft) -> None:
    """Who leaves the last group can still log in, although the guides' readers expect the account to be closed then."""
    left: dict[str, set[str]] = {}
    for change in draft.changes():
        if isinstance(change.fact, MembershipFact):
            key, group_id = change.fact.user.key, change.fact.group.id
            if key not in left:
                left[key] = set(draft.snapshot.groups_of(key))
            (left[key].add if change.action is Action.ADD else left[key].discard)(group_id)
    leavers = {wish.key for wish in draft.desired.users if wish.state == "absent"}
    candidates = draft.snapshot.whole_users - leavers
    lonely = [key for key in left if key in candidates and not _explicit(draft, left[key])]
    if lonely:
        draft.warnings.append(
            f"In no group any more: {', '.join(sorted(draft.users[key].email for key in lonely))}. That does not close"
            " their accounts, they can still log in: delete these users, or deactivate them through SCIM."
        )


def _explicit(draft: Draft, group_ids: set[str]) -> list[Group]:
    groups = (draft.snapshot.groups.get(group_id) for group_id in group_ids)
    return [group for group in groups if group and not is_implicit(group)]
