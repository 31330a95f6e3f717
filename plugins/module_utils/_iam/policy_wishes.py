# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of policies, of their boundaries, of where they are bound, and of service users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .._api.records import SERVICE_USER_DOMAIN, Texts
from .._core.errors import InvalidInput
from .lists import ListWish, list_wish, named, names


@dataclass(frozen=True)
class ObjectWish:
    """Something that is found by name or id. None is not managed."""

    name: str | None = None
    id: str | None = None
    new_name: str | None = None
    state: str = "present"

    @property
    def ref(self) -> str:
        """The name or id to find it by."""
        return self.id or self.name or ""


@dataclass(frozen=True)
class PolicyWish(ObjectWish):
    """A policy of the account, or with ``environment`` of that one only."""

    environment: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    statement: str | None = None
    unbind: bool = False
    """Whether ``absent`` takes it from the groups that it is bound to."""


@dataclass(frozen=True)
class BoundaryWish(ObjectWish):
    """A policy boundary."""

    query: str | None = None


@dataclass(frozen=True)
class ServiceUserWish(ObjectWish):
    """A service user."""

    description: str | None = None
    groups: ListWish | None = None


@dataclass(frozen=True)
class BindingEntry:
    """A policy to bind. ``parameters`` None is any for a removal, else none; other None is not managed."""

    policy: str
    parameters: Texts | None = None
    metadata: Texts | None = None
    boundaries: tuple[str, ...] | None = None


@dataclass(frozen=True)
class BindingsWish:
    """Policies of a group at each of ``environments``, or at the account; ``state`` present, absent or exact."""

    entries: tuple[BindingEntry, ...]
    environments: tuple[str, ...] = ()
    state: str = "present"


Wish = TypeVar("Wish", bound=ObjectWish)


def policy_wish(given: Mapping[str, Any]) -> PolicyWish:
    """From the options of a policy."""
    tags = given.get("tags")
    return PolicyWish(
        **_identity(given),
        environment=given.get("environment"),
        description=given.get("description"),
        tags=None if tags is None else names("tags", tags),
        statement=given.get("statement"),
        unbind=bool(given.get("unbind")),
    )


def boundary_wish(given: Mapping[str, Any]) -> BoundaryWish:
    """From the options of a boundary."""
    return BoundaryWish(**_identity(given), query=given.get("query"))


def service_user_wish(given: Mapping[str, Any]) -> ServiceUserWish:
    """From the options of a service user. The e-mail of one may also stand where its name is expected."""
    groups = list_wish("groups", given.get("groups"))
    identity = _identity(given)
    if (identity["name"] or "").lower().endswith(SERVICE_USER_DOMAIN):
        # the service gives these, so it is one that exists
        identity |= {"id": identity["name"], "name": None}
    wish = ServiceUserWish(**identity, description=given.get("description"), groups=groups)
    if wish.state == "absent" and groups:
        raise InvalidInput(f"{wish.ref}: a service user that is deleted can't join or leave groups.")
    return wish


def once(noun: str, wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """The wishes, of which no two may mean the same thing."""
    found = tuple(wishes)
    refs = [
        (ref, getattr(wish, "environment", None))
        for wish in found
        for ref in dict.fromkeys((wish.ref, wish.new_name or wish.ref))
    ]
    twice = sorted({ref for ref, place in refs if refs.count((ref, place)) > 1})
    if twice:
        raise InvalidInput(f"{', '.join(twice)} is named more than once in {noun}.")
    return found


def bindings_wish(given: Mapping[str, Any]) -> BindingsWish:
    """From ``policies`` (names, or dictionaries of ``policy`` and particulars), ``environments`` and ``state``."""
    state = given.get("state") or "present"
    entries = tuple(_entry(item, state) for item in given["policies"])
    if not entries and state != "exact":
        raise InvalidInput("policies is empty: name policies, or use state=exact to have none there.")
    return BindingsWish(entries, names("environments", given.get("environments") or ()), state)


_ENTRY = {"policy", "parameters", "metadata", "boundaries"}


def _entry(given: Any, state: str) -> BindingEntry:
    if not isinstance(given, Mapping):
        return BindingEntry(named("policies", given))
    unknown = sorted(set(given) - _ENTRY)
    if unknown or not given.get("policy"):
        raise InvalidInput(
            f"An entry of policies is a name or has the keys {', '.join(sorted(_ENTRY))}, of which policy is needed;"
            f" {', '.join(unknown) or 'policy'} is {'none of them' if unknown else 'missing'}."
        )
    boundaries = given.get("boundaries")
    if state == "absent" and boundaries is not None:
        raise InvalidInput("state=absent takes whole bindings away: leave boundaries out.")
    return BindingEntry(
        named("policy", given["policy"]),
        _texts("parameters", given.get("parameters")),
        _texts("metadata", given.get("metadata")),
        None if boundaries is None else tuple(sorted(names("boundaries", boundaries))),
    )


def _texts(option: str, given: Any) -> Texts | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or any(isinstance(value, (Mapping, list)) for value in given.values()):
        raise InvalidInput(f"{option} of a binding is a dictionary of texts.")
    return tuple(sorted((str(key), str(value)) for key, value in given.items()))


def _identity(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        option: named(option, given[option]) if given.get(option) is not None else None
        for option in ("name", "id", "new_name")
    }
    return {**found, "state": given.get("state") or "present"}
