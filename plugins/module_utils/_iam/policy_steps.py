# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns changes of policies, boundaries, bindings and service users into calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from .._api.account import Account
from .._api.records import Binding, Boundary, Policy, ServiceUser, User
from .._core.change import Action, Change
from .._core.execute import Step
from .policy_facts import BindingFact, Thing, ThingFact, thing_id

LARGEST_BATCH = 200


class PolicySteps:
    """Makes the steps of one run; ``ids`` holds the real ids of what it created by those that stood for them."""

    def __init__(self, account: Account, note_user: Callable[[str, User], None]) -> None:
        self.ids: dict[str, str] = {}
        self._account = account
        self._note_user = note_user

    def steps(self, action: Action, changes: Sequence[Change], group_id: Callable[[str], str]) -> Iterable[Step]:
        """The calls of one stage; ``group_id`` gives the real id of a group."""
        for change in changes:
            if isinstance(change.fact, ThingFact):
                yield Step((change,), partial(self._thing, action, change.fact.thing))
        bindings = [
            (change, self._real(change.fact.binding, group_id))
            for change in changes
            if isinstance(change.fact, BindingFact)
        ]
        yield from self._bind(bindings) if action is Action.ADD else self._rebind(action, bindings)

    def _thing(self, action: Action, thing: Thing) -> None:
        if action is Action.CREATE:
            self._create(thing)
        elif action is Action.UPDATE:
            self._update(thing)
        else:
            self._delete(thing)

    def _create(self, thing: Thing) -> None:
        if isinstance(thing, Policy):
            created: Thing = self._account.policies.create_policy(thing)
        elif isinstance(thing, Boundary):
            created = self._account.policies.create_boundary(thing)
        else:
            created = self._account.service_users.create(thing)
            self._note_user(thing.user.key, created.user)
        self.ids[thing_id(thing)] = thing_id(created)

    def _update(self, thing: Thing) -> None:
        if isinstance(thing, Policy):
            self._account.policies.update_policy(thing)
        elif isinstance(thing, Boundary):
            self._account.policies.update_boundary(thing)
        elif isinstance(thing, ServiceUser):
            self._account.service_users.update(thing)

    def _delete(self, thing: Thing) -> None:
        if isinstance(thing, Policy):
            self._account.policies.delete_policy(thing)
        elif isinstance(thing, Boundary):
            self._account.policies.delete_boundary(thing)
        elif isinstance(thing, ServiceUser):
            self._account.service_users.delete(thing)

    def _bind(self, bindings: list[tuple[Change, Binding]]) -> Iterable[Step]:
        """What differs only in its group goes into one call, which has no room for parameters and metadata."""
        batches: dict[Binding, list[tuple[Change, Binding]]] = {}
        for change, binding in bindings:
            alike = binding if binding.parameters or binding.metadata else replace(binding, group="")
            batches.setdefault(alike, []).append((change, binding))
        for batch in batches.values():
            for start in range(0, len(batch), LARGEST_BATCH):
                changes, chunk = zip(*batch[start : start + LARGEST_BATCH], strict=True)
                if len(chunk) == 1:
                    yield Step(changes, partial(self._account.policies.bind, chunk[0]))
                else:
                    yield Step(changes, partial(self._account.policies.bind_groups, chunk))

    def _rebind(self, action: Action, bindings: list[tuple[Change, Binding]]) -> Iterable[Step]:
        write = self._account.policies.rebind if action is Action.UPDATE else self._account.policies.unbind
        return (Step((change,), partial(write, binding)) for change, binding in bindings)

    def _real(self, binding: Binding, group_id: Callable[[str], str]) -> Binding:
        boundaries = tuple(sorted(self.ids.get(each, each) for each in binding.boundaries))
        policy = self.ids.get(binding.policy, binding.policy)
        return replace(binding, policy=policy, group=group_id(binding.group), boundaries=boundaries)
