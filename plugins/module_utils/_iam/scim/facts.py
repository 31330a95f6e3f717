# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of facts that concern SCIM, and what becomes of what was read when they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..._api.records import ScimGroup, ScimUser
from ..._core.change import Action, DiffEntry
from ..facts import FOR_GOOD
from ..model import Snapshot
from ..part import PartFact, Question
from ..people import ACCOUNT
from .questions import ScimGroupNamed, ScimGroups, ScimGroupWithId, ScimUserNamed, ScimUsers, ScimUserWithId


def new_id(kind: str, name: str) -> str:
    """Stands for the id of what doesn't exist yet."""
    return f"new:{kind}:{name}"


def is_new(resource_id: str) -> bool:
    """Whether the id only stands for one."""
    return resource_id.startswith("new:")


@dataclass(frozen=True)
class ScimUserFact(PartFact):
    """A user is there (like this), or isn't. ``was`` is the user before an update, ``gone`` marks a deletion."""

    user: ScimUser
    was: ScimUser | None = None
    gone: bool = False

    kind = "scim_user"
    noun = "SCIM users"

    @property
    def name(self) -> str:
        return self.user.user_name

    @property
    def identity(self) -> str:
        return self.user.id

    @property
    def closes(self) -> bool:
        return self.was is not None and self.was.active and not self.user.active

    @property
    def locks_out(self) -> bool:
        return self.closes or self.gone

    @property
    def person(self) -> tuple[str, str] | None:
        """Only where they gain or lose the account, not for a mere name."""
        before = self.user.active if self.gone else self.was is not None and self.was.active
        after = self.user.active and not self.gone
        return None if before == after and not self.gone else (self.user.user_name, ACCOUNT)

    def detail(self) -> dict[str, Any]:
        before, after = self._sides()
        if self.gone:
            return {"user_name": self.user.user_name, "deleted": FOR_GOOD}
        if self.was is None:
            return after
        return {"user_name": self.user.user_name, **after, "before": before}

    def diff(self, _view: str, /) -> DiffEntry:
        before, after = self._sides()
        return DiffEntry(f"SCIM user {self.name}", before=before, after=after)

    def provides(self) -> frozenset[str]:
        return frozenset({f"scim user {self.user.id}"})

    def population(self, snapshot: Snapshot, /) -> int | None:
        users = snapshot.answers.get(ScimUsers())
        return None if users is None else len(users)

    def way_back(self, action: Action, /) -> str:
        if self.gone:
            return f"SCIM user {self.name}: comes back only as a new one, with another id and without its groups"
        if self.was is None:
            return f"SCIM user {self.name}: stays; dynatrace_scim_user with state=absent deletes it"
        values = ", ".join(f"{key}={value!r}" for key, value in self._sides()[0].items())
        return f"SCIM user {self.name}: not by this input, but by dynatrace_scim_user with {values}"

    def projected(self, snapshot: Snapshot, action: Action, /) -> Snapshot:
        answers = dict(snapshot.answers)
        left = None if self.gone else self.user
        for question, answer in snapshot.answers.items():
            if isinstance(question, ScimUsers):
                others = (each for each in answer if each.id != self.user.id)
                answers[question] = (*others, *((left,) if left else ()))
            elif self._is_about(question):
                answers[question] = left
        return replace(snapshot, answers=answers, users=self._people(snapshot))

    def _is_about(self, question: Question) -> bool:
        named = isinstance(question, ScimUserNamed) and question.user_name.lower() == self.user.key
        return named or question == ScimUserWithId(self.user.id)

    def _people(self, snapshot: Snapshot) -> Mapping[str, Any]:
        """The same people as the account shows them."""
        known = snapshot.users.get(self.user.key)
        if known is None or not (self.gone or self.was is None or self.was.active != self.user.active):
            return snapshot.users
        if self.gone:
            return {key: user for key, user in snapshot.users.items() if key != self.user.key}
        return {**snapshot.users, known.key: replace(known, status="ACTIVE" if self.user.active else "INACTIVE")}

    def _sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        if self.gone:
            return _shown(self.user), {"deleted": FOR_GOOD}
        if self.was is None:
            return {}, _shown(self.user)
        before, after = _values(self.was), _values(self.user)
        changed = [key for key in after if after[key] != before[key]]
        return {key: before[key] for key in changed}, {key: after[key] for key in changed}


@dataclass(frozen=True)
class ScimGroupFact(PartFact):
    """A group is there (with this name), or isn't. ``was`` is the group before an update, ``gone`` marks a deletion.

    ``members`` are the user names of those who were in it.
    """

    group: ScimGroup
    was: ScimGroup | None = None
    gone: bool = False
    members: tuple[str, ...] = ()

    kind = "scim_group"
    noun = "SCIM groups"

    @property
    def name(self) -> str:
        return (self.was or self.group).name

    @property
    def identity(self) -> str:
        return self.group.id

    def detail(self) -> dict[str, Any]:
        if self.gone:
            return {"name": self.group.name, "deleted": FOR_GOOD}
        return {"name": self.group.name, **({"before": {"name": self.was.name}} if self.was else {})}

    def diff(self, _view: str, /) -> DiffEntry:
        name = {"name": self.group.name}
        if self.gone:
            before = {**name, **({"members": self.members} if self.members else {})}
            return DiffEntry(f"SCIM group {self.name}", before=before, after={"deleted": FOR_GOOD})
        return DiffEntry(f"SCIM group {self.name}", before={"name": self.was.name} if self.was else {}, after=name)

    def provides(self) -> frozenset[str]:
        return frozenset({f"scim group {self.group.id}"})

    def population(self, snapshot: Snapshot, /) -> int | None:
        groups = snapshot.answers.get(ScimGroups())
        return None if groups is None else len(groups)

    def way_back(self, action: Action, /) -> str:
        if self.gone:
            return f"SCIM group {self.name}: comes back only as a new one, without members, permissions and policies"
        if self.was is None:
            return f"SCIM group {self.name}: stays; dynatrace_scim_group with state=absent deletes it"
        return (
            f"SCIM group {self.group.name}: not by this input, but by dynatrace_scim_group with new_name={self.name!r}"
        )

    def projected(self, snapshot: Snapshot, action: Action, /) -> Snapshot:
        known = _known(snapshot, self.group.id)
        group = replace(self.group, members=known.members) if known else self.group
        return _with_group(snapshot, group, self.was or self.group, gone=self.gone)


@dataclass(frozen=True)
class ScimMemberFact(PartFact):
    """A user is in a group. ``ends`` says that the group itself goes."""

    group: ScimGroup
    user: ScimUser
    ends: bool = False

    kind = "scim_members"
    noun = "members of SCIM groups"

    @property
    def name(self) -> str:
        return f"{self.user.user_name} in {self.group.name}"

    @property
    def identity(self) -> str:
        return f"{self.user.id} {self.group.id}"

    @property
    def person(self) -> tuple[str, str] | None:
        return self.user.user_name, f"SCIM group {self.group.name}"

    def detail(self) -> dict[str, Any]:
        return {"user": self.user.user_name, "group": self.group.name}

    def diff(self, _view: str, /) -> DiffEntry:
        block = f"SCIM group {self.group.name}"
        return DiffEntry(block) if self.ends else DiffEntry(block, "members", self.user.user_name)

    def provides(self) -> frozenset[str]:
        return frozenset({self._adds})

    def needs(self) -> frozenset[str]:
        """Nobody is taken out before all have come in."""
        return frozenset({f"scim group {self.group.id}", self._adds})

    @property
    def _adds(self) -> str:
        return f"members of scim group {self.group.id}"

    def population(self, snapshot: Snapshot, /) -> int | None:
        """Of a group that goes, all members leave, which says nothing."""
        group = None if self.ends else _known(snapshot, self.group.id)
        return len(group.members) if group else None

    def way_back(self, action: Action, /) -> str:
        if self.ends:
            return f"{self.name}: not by this input, but by dynatrace_scim_group once the group is there again"
        word = "remove" if action is Action.ADD else "add"
        return f"{self.name}: not by this input, but by dynatrace_scim_group with members.{word}"

    def projected(self, snapshot: Snapshot, action: Action, /) -> Snapshot:
        group = _known(snapshot, self.group.id)
        if group is None:
            return snapshot
        members = dict.fromkeys(group.members)
        members.pop(self.user.id, None)
        if action is Action.ADD:
            members[self.user.id] = None
        return _with_group(snapshot, replace(group, members=tuple(members)), group)


def _values(user: ScimUser) -> dict[str, Any]:
    return {
        "active": user.active,
        "external_id": user.external_id,
        "family_name": user.family_name,
        "given_name": user.given_name,
    }


def _shown(user: ScimUser) -> dict[str, Any]:
    values = {key: value for key, value in _values(user).items() if value not in ("", None)}
    return {"user_name": user.user_name, **values}


def _known(snapshot: Snapshot, group_id: str) -> ScimGroup | None:
    answers = (
        answer
        for question, answer in snapshot.answers.items()
        if isinstance(question, (ScimGroupNamed, ScimGroupWithId))
    )
    return next((each for each in answers if each and each.id == group_id), None)


def _with_group(snapshot: Snapshot, group: ScimGroup, was: ScimGroup, *, gone: bool = False) -> Snapshot:
    answers = dict(snapshot.answers)
    left = None if gone else group
    for question, answer in snapshot.answers.items():
        if isinstance(question, ScimGroups):
            others = (each for each in answer if each.id != group.id)
            answers[question] = (*others, *((replace(group, members=()),) if left else ()))
        elif isinstance(question, ScimGroupNamed) and question.name in (group.name, was.name):
            answers[question] = left if question.name == group.name else None
        elif question == ScimGroupWithId(group.id):
            answers[question] = left
    return replace(snapshot, answers=answers)
