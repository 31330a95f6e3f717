# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a task wants of SCIM to changes. Pure: nothing is read or sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..._api.records import ScimGroup, ScimUser
from ..._core.change import Action, Change
from ..._core.errors import InvalidInput
from ..model import Snapshot
from ..part import Question, Steps
from .facts import ScimGroupFact, ScimMemberFact, ScimUserFact, new_id
from .members import Members, members_of, questions_about_leavers, questions_about_members
from .questions import ScimGroupNamed, ScimGroupWithId, ScimUserNamed, ScimUserWithId
from .wishes import ScimGroupWish, ScimUserWish

if TYPE_CHECKING:
    from ..draft import Draft


@dataclass(frozen=True)
class ScimPart:
    """Users and groups in SCIM; ``update_method`` as in ``steps.ScimSteps``."""

    users: tuple[ScimUserWish, ...] = ()
    groups: tuple[ScimGroupWish, ...] = ()
    update_method: str = "auto"

    def questions(self, snapshot: Snapshot, /) -> Iterable[Question]:
        """The users and groups that are named, then who is in those groups."""
        for user in self.users:
            yield _question_about(user)
        for group in self.groups:
            yield from _questions_about(group)
            found = find_group(snapshot, group)
            if group.members:
                yield from questions_about_members(snapshot, group.members, found)
            if found and group.state == "absent":
                yield from questions_about_leavers(found)

    def plan(self, draft: Draft, /) -> None:
        """Raises InvalidInput."""
        for user in self.users:
            _plan_user(draft, user)
        for group in self.groups:
            _plan_group(draft, group)

    def start(self, account: Any, snapshot: Snapshot, /) -> Steps:
        """For an Account with SCIM."""
        from .steps import ScimSteps

        return ScimSteps(account, self.update_method)


def deactivation(user: ScimUser) -> Change:
    """The user stays, but can't log in any more."""
    return Change(Action.UPDATE, ScimUserFact(replace(user, active=False), was=user))


def find_user(snapshot: Snapshot, wish: ScimUserWish) -> ScimUser | None:
    """Whom the wish means, as far as that was read."""
    found: ScimUser | None = snapshot.answers.get(_question_about(wish))
    return found


def find_group(snapshot: Snapshot, wish: ScimGroupWish) -> ScimGroup | None:
    """Which group the wish means, by its new name if it was renamed in an earlier run."""
    answers = [snapshot.answers.get(question) for question in _questions_about(wish)]
    return next((each for each in answers if each), None)


def _question_about(wish: ScimUserWish) -> ScimUserNamed | ScimUserWithId:
    return ScimUserWithId(wish.id) if wish.id else ScimUserNamed(wish.user_name or "")


def _questions_about(wish: ScimGroupWish) -> list[ScimGroupNamed | ScimGroupWithId]:
    by_ref = ScimGroupWithId(wish.id) if wish.id else ScimGroupNamed(wish.name or "")
    return [by_ref, *([ScimGroupNamed(wish.new_name)] if wish.new_name else [])]


def _plan_user(draft: Draft, wish: ScimUserWish) -> None:
    found = find_user(draft.snapshot, wish)
    if found and wish.user_name and found.key != wish.user_name.lower():
        raise InvalidInput(
            f"The SCIM user with the id {wish.id} is {found.user_name}, not {wish.user_name}. A user name is the"
            " person's identity, and the service refuses or ignores a change of it: make a new user and delete the old"
            " one, in the identity provider."
        )
    if wish.state == "absent":
        if found:
            draft.change(Action.DELETE, ScimUserFact(found, gone=True))
        return
    if found is None and wish.id:
        raise InvalidInput(f"There is no SCIM user with the id {wish.id!r}. To create one, give user_name and no id.")
    base = found or ScimUser(new_id("scim_user", (wish.user_name or "").lower()), wish.user_name or "")
    user = replace(
        base,
        given_name=base.given_name if wish.given_name is None else wish.given_name,
        family_name=base.family_name if wish.family_name is None else wish.family_name,
        active=base.active if wish.active is None else wish.active,
        external_id=wish.external_id or base.external_id,
    )
    if found is None:
        draft.change(Action.CREATE, ScimUserFact(user))
    elif user != found:
        draft.change(Action.UPDATE, ScimUserFact(user, was=found))


def _plan_group(draft: Draft, wish: ScimGroupWish) -> None:
    found = find_group(draft.snapshot, wish)
    if wish.state == "absent":
        if found:
            _delete_group(draft, found)
        return
    if found is None and wish.name is None:
        raise InvalidInput(f"There is no SCIM group with the id {wish.id!r}. To create one, give name and no id.")
    name = _new_name(draft.snapshot, wish, found)
    members = Members(draft.snapshot, wish.members, found)
    group = replace(found, name=name) if found else ScimGroup(new_id("scim_group", name), name)
    if found is None:
        draft.change(Action.CREATE, ScimGroupFact(replace(group, members=tuple(user.id for user in members.joining))))
    elif found.name != name:
        draft.change(Action.UPDATE, ScimGroupFact(group, was=found))
    for action, users in ((Action.ADD, members.joining), (Action.REMOVE, members.leaving)):
        for user in users:
            draft.change(action, ScimMemberFact(group, user))


def _delete_group(draft: Draft, group: ScimGroup) -> None:
    """With its members, so that guards and reports know who loses it."""
    users = members_of(draft.snapshot, group)
    names = tuple(user.user_name for user in users)
    draft.change(Action.DELETE, ScimGroupFact(group, gone=True, members=names))
    for user in users:
        draft.change(Action.DELETE, ScimMemberFact(group, user, ends=True))


def _new_name(snapshot: Snapshot, wish: ScimGroupWish, found: ScimGroup | None) -> str:
    """The name that the group shall have; it keeps its own where the task says that in another case."""
    namesake = snapshot.answers.get(ScimGroupNamed(wish.new_name)) if wish.new_name else None
    if found and namesake and namesake.id != found.id:
        raise InvalidInput(
            f"SCIM group {found.name!r} can't be renamed to {wish.new_name!r}: there is one of that name."
        )
    return wish.new_name or (found.name if found else wish.name or "")
