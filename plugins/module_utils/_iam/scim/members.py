# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is to join or leave a group of SCIM."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..._api.records import ScimGroup, ScimUser, is_uuid
from ..._core.errors import InvalidInput
from ..lists import ListWish
from ..model import Snapshot
from ..part import Question
from ..resolve import find
from .questions import ScimUserNamed, ScimUsers, ScimUserWithId

FEW = 10
"""So many users are looked up one by one; for more, and to name somebody similar, all are listed."""


def questions_about_members(snapshot: Snapshot, wish: ListWish, group: ScimGroup | None) -> Iterable[Question]:
    """What tells whom the wish means; and for a ``set``, who they are that it takes out."""
    refs = dict.fromkeys(wish.named)
    if len(refs) > FEW:
        yield ScimUsers()
        return
    questions = [_question_about(ref) for ref in refs]
    yield from questions
    if any(question not in snapshot.answers for question in questions):
        return
    known = {answer.id for question in questions if (answer := snapshot.answers[question])}
    strangers = wish.set is not None and group is not None and not set(group.members) <= known
    wanted = (_question_about(ref) for ref in (*wish.add, *(wish.set or ())))
    if strangers or any(snapshot.answers[question] is None for question in wanted):
        yield ScimUsers()


def questions_about_leavers(group: ScimGroup) -> Iterable[Question]:
    """What tells who is in a group that goes."""
    few = len(group.members) <= FEW
    return map(ScimUserWithId, group.members) if few else [ScimUsers()]


def members_of(snapshot: Snapshot, group: ScimGroup) -> list[ScimUser]:
    """Who is in a group; somebody whom SCIM doesn't show is called by their id."""
    everybody = {user.id: user for user in snapshot.answers.get(ScimUsers(), ())}
    return [
        everybody.get(each) or snapshot.answers.get(ScimUserWithId(each)) or ScimUser(each, each)
        for each in group.members
    ]


class Members:
    """What the wish means for ``group``, None for one to be created. Raises InvalidInput for unknown users."""

    def __init__(self, snapshot: Snapshot, wish: ListWish | None, group: ScimGroup | None) -> None:
        self._snapshot = snapshot
        self._wish = wish or ListWish()
        self._members = dict.fromkeys(group.members if group else ())

    @cached_property
    def joining(self) -> list[ScimUser]:
        """Who isn't in it and shall be."""
        wanted = [self._user(ref) for ref in (*self._wish.add, *(self._wish.set or ()))]
        return [user for user in {user.id: user for user in wanted}.values() if user.id not in self._members]

    @property
    def leaving(self) -> list[ScimUser]:
        """Who is in it and shall not be. Somebody who isn't there can't be in it."""
        taken = {user.id: user for user in map(self._find, self._wish.remove) if user}
        both = sorted({user.user_name for user in map(self._user, self._wish.add) if user.id in taken})
        if both:
            raise InvalidInput(f"members: {', '.join(both)} is in both add and remove.")
        if self._wish.set is not None:
            stay = {self._user(ref).id for ref in self._wish.set}
            return [self._by_id(each) for each in self._members if each not in stay]
        return [user for user in taken.values() if user.id in self._members]

    @property
    def named(self) -> list[str]:
        """Names of its members as far as the task looks at them: with ``set``, of all."""
        if self._wish.set is not None:
            return [self._by_id(each).user_name for each in self._members]
        found = {user.id: user.user_name for user in map(self._find, self._wish.named) if user}
        return [name for user_id, name in found.items() if user_id in self._members]

    def _find(self, ref: str) -> ScimUser | None:
        """A member whom SCIM doesn't show is known by their id all the same."""
        found: ScimUser | None = self._snapshot.answers.get(_question_about(ref))
        stranger = ScimUser(ref, ref) if ref in self._members else None
        return found or self._listed.get(ref.lower()) or stranger

    def _user(self, ref: str) -> ScimUser:
        return self._find(ref) or find("SCIM user", ref, self._everybody)

    def _by_id(self, user_id: str) -> ScimUser:
        """A member whom neither the task nor a list names is called by their id."""
        return self._known.get(user_id) or ScimUser(user_id, user_id)

    @property
    def _everybody(self) -> tuple[ScimUser, ...]:
        found: tuple[ScimUser, ...] = self._snapshot.answers.get(ScimUsers(), ())
        return found

    @cached_property
    def _listed(self) -> dict[str, ScimUser]:
        """By name and by id, in lower case."""
        return {ref: user for user in self._everybody for ref in (user.key, user.id.lower())}

    @cached_property
    def _known(self) -> dict[str, ScimUser]:
        named = (user for user in map(self._find, self._wish.named) if user)
        return {user.id: user for user in (*named, *self._everybody)}


def _question_about(ref: str) -> ScimUserNamed | ScimUserWithId:
    return ScimUserWithId(ref) if is_uuid(ref) else ScimUserNamed(ref)
