# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns changes of SCIM into calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..._api.records import ScimGroup, ScimUser
from ..._api.scim_shapes import FORMS, WHOLE
from ..._core.change import Action, Change
from ..._core.errors import CallFailed
from ..._core.execute import Step
from .facts import ScimGroupFact, ScimMemberFact, ScimUserFact

if TYPE_CHECKING:
    from ..._api.account import Account


class ScimSteps:
    """Makes the steps of one run.

    ``update_method``: patch, patch_without_path or replace; auto tries them in this order until the service takes one.
    """

    def __init__(self, account: Account, update_method: str = "auto") -> None:
        self.ids: dict[str, str] = {}
        self._scim = account.scim
        self._forms: tuple[str, ...] = FORMS if update_method == "auto" else (update_method,)
        self._groups: dict[str, ScimGroup] = {}
        """As this run left them, by the ids that facts know."""

    def steps(self, action: Action, changes: Sequence[Change], /) -> Iterable[Step]:
        """The calls of one stage; a group's members come and go in one, or with the group."""
        members: dict[str, list[Change]] = {}
        for change in changes:
            if isinstance(change.fact, ScimMemberFact):
                members.setdefault(change.fact.group.id, []).append(change)
        for change in changes:
            if isinstance(change.fact, ScimUserFact):
                yield Step((change,), partial(self._user, action, change.fact))
            elif isinstance(change.fact, ScimGroupFact):
                with_it = members.pop(change.fact.group.id, []) if change.fact.gone else []
                yield Step((change, *with_it), partial(self._group, action, change.fact))
        for each in members.values():
            facts = [change.fact for change in each if isinstance(change.fact, ScimMemberFact)]
            yield Step(tuple(each), partial(self._members, facts, add=action is Action.ADD))

    def _user(self, action: Action, fact: ScimUserFact) -> None:
        if action is Action.CREATE:
            self.ids[fact.user.id] = self._scim.create_user(fact.user).id
        elif fact.gone:
            self._scim.delete_user(fact.user)
        elif fact.was is not None:
            self._update(fact.user, fact.was, self._forms)

    def _update(self, user: ScimUser, was: ScimUser, forms: tuple[str, ...]) -> None:
        """The form that works for one is the first to be tried for all that follow."""
        try:
            if forms[0] == WHOLE:
                self._scim.replace_user(user, was)
            else:
                self._scim.patch_user(user, was, forms[0])
        except CallFailed as failure:
            if failure.status == 412 and self._is_done(user):
                return
            if not forms[1:] or not _refuses_form(failure):
                raise
            self._update(user, was, forms[1:])
        else:
            self._forms = forms

    def _is_done(self, user: ScimUser) -> bool:
        """A write whose answer got lost is sent again, and then refused since the version has moved on by itself."""
        found = self._scim.user(user.id)
        return found is not None and replace(found, version=user.version) == user

    def _group(self, action: Action, fact: ScimGroupFact) -> None:
        if action is Action.CREATE:
            created = self._scim.create_group(fact.group)
            self.ids[fact.group.id] = created.id
            self._groups[fact.group.id] = created
        elif fact.gone:
            self._scim.delete_group(fact.group)
        elif fact.was is not None:
            group, name = self._groups.get(fact.group.id, fact.was), fact.group.name
            rename = partial(self._scim.rename_group, group, name)
            self._write(fact.group.id, group, rename, lambda found: found.name == name)

    def _members(self, facts: Sequence[ScimMemberFact], *, add: bool) -> None:
        """What came with the group's creation is there already."""
        known = facts[0].group.id
        group = self._groups.get(known, facts[0].group)
        ids = {fact.user.id for fact in facts if not add or fact.user.id not in group.members}
        change = partial(self._scim.change_members, group, sorted(ids), add=add)
        if ids:
            self._write(known, group, change, lambda found: ids & {*found.members} == (ids if add else set()))

    def _write(
        self,
        known: str,
        group: ScimGroup,
        write: Callable[[], str | None],
        is_done: Callable[[ScimGroup], bool],
    ) -> None:
        """A write moves the version on, by which the next one is held. For ``is_done`` see :meth:`_is_done`."""
        try:
            version = write()
        except CallFailed as failure:
            moved = failure.status == 412 or failure.code == "noTarget"
            found = self._scim.group(group.id) if moved else None
            if found is None or not is_done(found):
                raise
            version = found.version
        self._groups[known] = replace(group, version=version)


def _refuses_form(failure: CallFailed) -> bool:
    """Whether another form may do; any other refusal is about what was to be changed."""
    bad_form = failure.status == 400 and failure.code in ("invalidSyntax", "invalidPath", "noTarget")
    return bad_form or failure.status in (405, 501)
