# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account has and files don't, and the other way round, in sentences. Pure.

Both sides are options of ``dynatrace_access``, validated, as an export gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..permissions import permission_name
from .untold import ACCOUNT, Part

Item = Mapping[str, Any]
Options = Mapping[str, Any]
Key = tuple[str, str, str]
SHOWN = 80
"""Characters of a text, beyond which a difference only says that there is one."""


@dataclass(frozen=True)
class Difference:
    """``group Shop``, ``ada@example.com was added``. ``about`` are the names that a log must mention."""

    subject: str
    what: str
    about: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As a sentence, without its full stop."""
        return f"{self.subject}{' ' if self.what.startswith((ADDED, GONE, UNTOLD)) else ': '}{self.what}"


ADDED, GONE, UNTOLD = "was added", "is gone", "can't be compared"


@dataclass(frozen=True)
class _Fact:
    """Something that a subject has; ``value`` is what may differ, empty where it is only there or not."""

    subject: str
    aspect: str = ""
    value: str = ""
    about: tuple[str, ...] = ()
    needs: str = ""
    """Another subject, without which it can't be."""
    parts: tuple[Part, ...] = ()
    """What of the account tells it."""
    mark: str = ""
    """Tells it from others whose names make them read the same."""

    @property
    def key(self) -> Key:
        """The same on both sides."""
        return self.subject, self.aspect, self.mark


def differences(files: Options, account: Options, untold: Mapping[Part, str]) -> list[Difference]:
    """Sorted by subject. What belongs to something that is gone, and what describes something new, isn't told. What is
    missing in the parts ``untold`` may well be there, so that is all that is said about it.

    Raises InvalidInput for a permission that can't be one.
    """
    there, here = ({each.key: each for each in _facts(side)} for side in (files, account))
    subjects = {fact.subject for fact in here.values() if not fact.aspect}
    found = [Difference(each.subject, f"{each.aspect} {ADDED}".lstrip(), each.about) for each in _only(here, there)]
    for fact in _only(there, here):
        whole = not fact.aspect or (fact.subject in subjects and (not fact.needs or fact.needs in subjects))
        if whole:
            found.append(_missing(fact, untold))
    for key in there.keys() & here.keys():
        was, now = there[key], here[key]
        if was.value != now.value:
            found.append(Difference(now.subject, f"{now.aspect} {_changed(was.value, now.value)}", now.about))
    return sorted(found, key=lambda each: (each.subject, each.what not in (ADDED, GONE), each.what))


def _only(side: Mapping[Key, _Fact], other: Mapping[Key, _Fact]) -> Iterator[_Fact]:
    """Facts of one side only. What a subject is called or says, it has on both sides or it is new."""
    for key, fact in side.items():
        if key not in other and not fact.value:
            yield fact


def _missing(fact: _Fact, untold: Mapping[Part, str]) -> Difference:
    why = next((untold[part] for part in fact.parts if part in untold), None)
    what, about = (GONE, fact.about) if why is None else (f"{UNTOLD}: {why}", ())
    return Difference(fact.subject, f"{fact.aspect} {what}".lstrip(), about)


def _changed(was: str, now: str) -> str:
    short = all(len(each) <= SHOWN and "\n" not in each for each in (was, now))
    return f"is {now[1:]!r}, not {was[1:]!r}" if short else "was changed"


def _facts(options: Options) -> Iterator[_Fact]:
    for user in _present(options["users"]):
        key = user["email"].lower()
        yield _Fact(f"person {key}", about=(user["email"],), parts=(("person", key),))
        yield from _texts(f"person {key}", user, ("first_name", "last_name"), (user["email"],))
        yield from _memberships(f"person {key}", key, user)
    for robot in _present(options["service_users"]):
        subject, name = f"service user {_ref(robot)}", _ref(robot)
        yield _Fact(subject, about=(name,), parts=(("service user", name),))
        yield from _texts(subject, robot, ("description",), (name,))
        yield from _memberships(subject, subject, robot)
    for group in _present(options["groups"]):
        yield from _group(group)
    for policy in _present(options["policies"]):
        place = policy.get("environment")
        subject, about = f"policy {_ref(policy)}{f' of environment {place}' if place else ''}", (_ref(policy),)
        mark = place or ""
        yield _Fact(subject, about=about, parts=(("policies", place or ACCOUNT), ("policy", _ref(policy))), mark=mark)
        yield from _texts(subject, policy, ("description", "statement"), about, mark)
        yield from (_Fact(subject, f"tag {tag}", about=about, mark=mark) for tag in policy.get("tags") or ())
    for boundary in _present(options["boundaries"]):
        subject, about = f"boundary {_ref(boundary)}", (_ref(boundary),)
        yield _Fact(subject, about=about, parts=(("boundary", _ref(boundary)),))
        yield from _texts(subject, boundary, ("query",), about)


def _present(items: Iterable[Item]) -> Iterator[Item]:
    return (item for item in items if item.get("state") != "absent")


def _ref(item: Item) -> str:
    return str(item.get("name") or item.get("id"))


def _texts(subject: str, item: Item, options: Iterable[str], about: tuple[str, ...], mark: str = "") -> Iterator[_Fact]:
    """Marked, since an empty text is one, too. What isn't given may be anything."""
    for option in options:
        if item.get(option) is not None:
            text = str(item[option]).replace("\r\n", "\n").rstrip("\n")
            yield _Fact(subject, option.replace("_", " "), f"={text}", about, mark=mark)


def _memberships(subject: str, called: str, item: Item) -> Iterator[_Fact]:
    groups = item.get("groups") or {}
    for each in (*(groups.get("set") or ()), *(groups.get("add") or ())):
        group = str(each)
        name = called.removeprefix("service user ")
        parts = (("members", group), ("groups", name))
        yield _Fact(f"group {group}", called, about=(name, group), needs=subject, parts=parts)


def _group(group: Item) -> Iterator[_Fact]:
    subject, about = f"group {_ref(group)}", (_ref(group),)
    yield _Fact(subject, about=about, parts=(("group", _ref(group)),))
    yield from _texts(subject, group, ("description",), about)
    for value in group.get("federated_attribute_values") or ():
        yield _Fact(subject, f"federated attribute value {value}", about=about)
    for entry in _present(group.get("permissions") or ()):
        for place in _places(entry):
            for name in map(permission_name, entry["permissions"]):
                yield _Fact(subject, f"permission {name.removeprefix('tenant-')} on {place}", about=about)
    for entry in _present(group.get("bindings") or ()):
        for place in entry.get("environments") or [ACCOUNT]:
            for policy in entry["policies"]:
                yield _binding(subject, about, policy, place)


def _places(entry: Item) -> Iterator[str]:
    for environment in entry.get("environments") or ():
        yield from (f"management zone {zone} of {environment}" for zone in entry.get("management_zones") or ())
        if not entry.get("management_zones"):
            yield environment
    if not entry.get("environments"):
        yield ACCOUNT


def _binding(subject: str, about: tuple[str, ...], policy: str | Item, place: str) -> _Fact:
    given: Item = policy if isinstance(policy, Mapping) else {"policy": policy}
    told = f"policy {given['policy']} at {place}"
    parameters, metadata = (_pairs(given.get(option)) for option in ("parameters", "metadata"))
    for word, pairs in (("with", parameters), ("with metadata", metadata)):
        texts = [f"{key}={value}" for key, value in pairs]
        told += f" {word} {', '.join(texts)}" if texts else ""
    within = sorted(given.get("boundaries") or ())
    told += f" within {', '.join(within)}" if within else ""
    mark = str((given["policy"], place, parameters, metadata, within))
    parts = (("bindings", place), ("policy", str(given["policy"])), *(("boundary", each) for each in within))
    return _Fact(subject, told, about=(*about, str(given["policy"])), parts=parts, mark=mark)


def _pairs(given: Mapping[Any, Any] | None) -> list[tuple[str, str]]:
    return sorted((str(key), str(value)) for key, value in (given or {}).items())
