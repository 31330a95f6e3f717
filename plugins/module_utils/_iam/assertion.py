# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what somebody may do in an environment, and holds it against what a task says they must and must not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._api.account import Account
from .._api.records import GLOBAL, Environment, Group, Level, Zone
from .._core.errors import CollectionError, InvalidInput
from .desired import Desired, GroupWish, UserWish
from .lists import ListWish
from .model import Needs, Snapshot
from .needs import to_read
from .reader import Reader
from .resolve import Directory
from .verdicts import Question, Verdict, Way, judge, question


class AssertionFailed(CollectionError):
    """Somebody may do what they must not, or may not do what they must."""


@dataclass(frozen=True)
class Subject:
    """A user by e-mail or a group by name or id; exactly one of them."""

    user: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Findings:
    """All verdicts, and what is wrong with them, in words."""

    verdicts: tuple[Verdict, ...]
    failures: tuple[str, ...]


class Inspector:
    """Looks at one subject in one environment. Role permissions are read only where policies don't decide."""

    def __init__(self, account: Account, subject: Subject, environment: str, zone: str | None) -> None:
        self._account = account
        self._reader = Reader(account)
        self._subject = subject
        self._snapshot = self._who()
        directory = Directory(self._snapshot)
        self._environment: Environment = directory.environment(environment)
        self._zone: Zone | None = directory.zone(self._environment, zone) if zone else None

    def look(self, must: Sequence[str], must_not: Sequence[str], *, roles_count: bool = True) -> Findings:
        """The verdicts; raises InvalidInput for what nobody could be asked, and CallFailed."""
        asked = {text: question(text) for text in (*must, *must_not)}
        if not asked:
            raise InvalidInput("must and must_not are both empty: name what to look for.")
        both = sorted(set(must) & set(must_not))
        if both:
            raise InvalidInput(f"{', '.join(both)} is in both must and must_not.")
        level: Level = ("environment", self._environment.id)
        kind, entity = self._entity()
        self._effective = self._account.policies.effective(level, kind, entity)
        verdicts = {text: self._judge(each) for text, each in asked.items()}
        if roles_count and (must_not or any(verdicts[text].state != "granted" for text in must)):
            self._read_roles()
            verdicts = {text: self._judge(each) for text, each in asked.items()}
        failures = [self._missing(verdicts[text]) for text in must if verdicts[text].state != "granted"]
        failures += [self._given(verdicts[text]) for text in must_not if verdicts[text].state != "denied"]
        return Findings(tuple(verdicts.values()), tuple(failures))

    @property
    def name(self) -> str:
        """Whom it is about."""
        return self._subject.user or f"group {self._groups()[0].name}"

    @property
    def place(self) -> str:
        """Where."""
        zone = f"management zone {self._zone.name} of " if self._zone else ""
        return f"{zone}environment {self._environment.name or self._environment.id}"

    def told(self, way: Way) -> str:
        """One way in words."""
        if way.policy is None:
            return f"given by a role permission of group {self.group_name(way.group)}"
        conditions = f" where {' and '.join(way.conditions)}" if way.conditions else ""
        verb = "denied" if way.effect == "DENY" else "given"
        return f"{verb} by policy {self._told_binding(way)}{conditions}"

    def boundaries(self, way: Way) -> list[str]:
        """Names of the boundaries of the binding: the service's answer only holds their conditions."""
        self._read_bindings()
        level = self._account_level if way.level == "account" else ("environment", self._environment.id)
        ids = {
            each
            for binding in self._snapshot.bindings.get(level) or ()
            if (binding.policy, binding.group) == (way.policy_id, way.group)
            for each in binding.boundaries
        }
        if ids and self._snapshot.boundaries is None:
            self._snapshot = self._reader.fetch(self._snapshot, Needs(boundaries=True))
        known = self._snapshot.boundaries or {}
        return sorted(known[each].name if each in known else each for each in ids)

    def _told_binding(self, way: Way) -> str:
        level = "the account" if way.level == "account" else f"environment {self._environment.name}"
        bounds = self.boundaries(way)
        within = f" within boundary {' or '.join(bounds)}" if bounds else ""
        return f"{way.policy} bound to group {self.group_name(way.group)} on {level}{within}"

    def _who(self) -> Snapshot:
        snapshot = self._reader.nothing()
        wish = (
            Desired(users=(UserWish(self._subject.user, state="existing", groups=ListWish(set=())),))
            if self._subject.user
            else Desired(groups=(GroupWish(name=self._subject.group),))
        )
        while needs := to_read(wish, snapshot, thorough=True):
            snapshot = self._reader.fetch(snapshot, needs)
        if self._subject.user and self._subject.user.lower() not in snapshot.users:
            raise InvalidInput(f"There is no user {self._subject.user!r} in the account.")
        return self._reader.fetch(snapshot, Needs(environments=True))

    def _entity(self) -> tuple[str, str]:
        if self._subject.user is None:
            return "group", Directory(self._snapshot).group(self._subject.group or "").id
        user = self._snapshot.users[self._subject.user.lower()]
        if user.uid is None:
            raise InvalidInput(
                f"The service tells no id for {user.email!r}, without which nobody can ask what they may do."
            )
        return "user", user.uid

    def _groups(self) -> list[Group]:
        if self._subject.user is None:
            return [Directory(self._snapshot).group(self._subject.group or "")]
        ids = self._snapshot.groups_of(self._subject.user.lower())
        return sorted(
            (self._snapshot.groups[each] for each in ids if each in self._snapshot.groups), key=lambda g: g.name
        )

    def _read_roles(self) -> None:
        ids = frozenset(group.id for group in self._groups())
        self._snapshot = self._reader.fetch(
            self._snapshot, Needs(permissions_of=ids - self._snapshot.permissions.keys())
        )

    def _judge(self, asked: Question) -> Verdict:
        zone = (self._zone.id, self._zone.name) if self._zone else None
        return judge(asked, self._effective, self._snapshot.permissions, self._environment.id, zone)

    def _missing(self, verdict: Verdict) -> str:
        """What is there and doesn't do: denials, grants under conditions, else all that is bound there."""
        ways = [self.told(way) for way in verdict.ways if way.effect == "DENY" or not way.holds]
        reasons = f"it is {'; '.join(ways)}" if ways else self._what_is_there()
        return f"{self.name} may not {verdict.question.asked} in {self.place}: {reasons}"

    def _given(self, verdict: Verdict) -> str:
        ways = [self.told(way) for way in verdict.ways if way.effect == "ALLOW"]
        return f"{self.name} may {verdict.question.asked} in {self.place}: {'; '.join(ways)}"

    def _what_is_there(self) -> str:
        groups = self._groups()
        names = ", ".join(group.name for group in groups) or "no group"
        bound = sorted(self._bound(group.id for group in groups))
        return f"nothing gives it. Groups: {names}. Policies bound to these there: {'; '.join(bound) or 'none'}"

    def _bound(self, groups: Iterable[str]) -> set[str]:
        """The policies that are bound to these groups in the environment and on the account, in words."""
        self._read_bindings()
        wanted, found = set(groups), set()
        for level, bindings in self._snapshot.bindings.items():
            for binding in bindings or ():
                if binding.group in wanted:
                    policy = self._snapshot.policies.get(binding.policy)
                    name = policy.name if policy else binding.policy
                    found.add(self._told_binding(Way("ALLOW", binding.group, name, binding.policy, level[0])))
        return found

    def _read_bindings(self) -> None:
        levels = frozenset({self._account_level, ("environment", self._environment.id)})
        lists = frozenset({GLOBAL, self._account_level})
        if not levels <= self._snapshot.bindings.keys():
            self._snapshot = self._reader.fetch(self._snapshot, Needs(bindings_at=levels, policies_at=lists))

    @property
    def _account_level(self) -> Level:
        return ("account", self._snapshot.account)

    def group_name(self, group_id: str) -> str:
        """What a group is called; its id where no list shows it."""
        group = self._snapshot.groups.get(group_id)
        return group.name if group else group_id
