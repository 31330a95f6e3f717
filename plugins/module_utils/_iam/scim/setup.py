# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report on the set-up of SCIM: pure, from what could be found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._api.records import Group, ScimGroup, ScimUser, User
from .setup_steps import NAMES, steps

OK, PROBLEM, UNKNOWN, BY_HAND = "ok", "problem", "unknown", "by_hand"
MARKS = {OK: "[ ok ]", PROBLEM: "[ !! ]", UNKNOWN: "[ ?? ]", BY_HAND: "[hand]"}
Check = dict[str, str]
MOST_NAMES = 5


@dataclass(frozen=True)
class Found:
    """What is known of both sides; None is what could not be read, for the reason that ``refusal`` gives."""

    url: str
    url_problem: str = ""
    users: tuple[ScimUser, ...] | None = None
    groups: tuple[ScimGroup, ...] = ()
    config: Mapping[str, Any] | None = None
    refusal: str = ""
    people: tuple[User, ...] | None = None
    account_groups: tuple[Group, ...] = ()
    account_refusal: str = ""
    right_url: str = ""
    """What to give to the identity provider, where ``url`` has a problem."""


@dataclass(frozen=True)
class Named:
    """Names from the variables of playbooks."""

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def named_in(users: Iterable[Any], groups: Iterable[Any]) -> Named:
    """From e-mails, or entries as roles take them with their groups; and names of groups, or entries with ``name``."""
    users, found = list(users), [_text(each, "name") for each in groups]
    for each in users:
        lists = each.get("groups") if isinstance(each, Mapping) else None
        for part in ("add", "set") if isinstance(lists, Mapping) else ():
            found += [_text(item, "name") for item in (lists or {}).get(part) or ()]
    emails = (_text(each, "email") for each in users)
    return Named(tuple(sorted({each for each in emails if each})), tuple(sorted({each for each in found if each})))


def report(found: Found, named: Named, idp: str) -> dict[str, Any]:
    """``checks``, ``ownership``, ``conflicts``, ``to_do``, ``problems``, and all of it as lines: ``report``."""
    owners = ownership(found)
    conflicts = _conflicts(owners, named)
    checks = [
        _check("scim_url", *_of_url(found)),
        _check("scim_token", *_of_token(found)),
        *(_check(name, *told) for name, told in _of_service(found)),
        _check("ownership", *_of_owners(found, owners)),
        _check("conflicts", *_of_conflicts(found, named, conflicts)),
        _check("domains", *_of_domains(owners, named)),
        _check("prerequisites", UNKNOWN, "No API tells whether the domain is verified, single sign-on is set up and the"
               " contract with Dynatrace includes SCIM; a write isn't tried. Look in Account Management."),
        _check("identity_provider", BY_HAND, f"No API of Dynatrace sees {NAMES[idp]}; what it needs is yours to do."),
    ]  # fmt: skip
    to_do = steps(idp, found.right_url or found.url)
    answer = {"checks": checks, "ownership": owners, "conflicts": conflicts, "to_do": to_do}
    problems = [f"{each['name']}: {each['message']}" for each in checks if each["status"] == PROBLEM]
    return {**answer, "problems": problems, "report": _lines(answer, NAMES[idp])}


def ownership(found: Found) -> dict[str, list[dict[str, str]]]:
    """Who decides about whom: ``{users, groups}`` of ``{name, owner}``. SCIM shows people of both sides, so only an id
    of the identity provider, or a group that SCIM owns, tells who is provisioned; of others the owner is unclear."""
    shown = {user.key: user for user in found.users or ()}
    members = {member for group in found.groups for member in group.members}
    scim = {key for key, user in shown.items() if user.external_id or user.id in members}
    everybody = {**{user.key: user.user_name for user in shown.values()}, **_people(found)}
    users = [
        {"name": name, "owner": "scim" if key in scim else "unclear" if key in shown else "account"}
        for key, name in sorted(everybody.items())
    ]
    groups = {group.name: group.owner for group in found.account_groups if group.owner != "ALL_USERS"}
    groups |= {group.name: "SCIM" for group in found.groups}
    return {"users": users, "groups": [{"name": key, "owner": owner} for key, owner in sorted(groups.items())]}


def _people(found: Found) -> dict[str, str]:
    return {user.key: user.email for user in found.people or () if not user.is_service_user}


def _check(name: str, status: str, message: str) -> Check:
    return {"name": name, "status": status, "message": message}


def _of_url(found: Found) -> tuple[str, str]:
    if found.url_problem:
        return PROBLEM, f"{found.url}: {found.url_problem}."
    return OK, f"{found.url} has the right shape."


def _of_token(found: Found) -> tuple[str, str]:
    if found.users is None:
        return (PROBLEM, found.refusal) if found.refusal else (UNKNOWN, "SCIM was not asked.")
    users, groups = _count(found.users, "user"), _count(found.groups, "group")
    return OK, f"SCIM answers, and shows {users} and {groups}."


def _of_service(found: Found) -> Iterable[tuple[str, tuple[str, str]]]:
    """Identity providers change people by PATCH and find them by filters; etags only help."""
    for feature, use in (("patch", "to change people"), ("filter", "to find people"), ("etag", "")):
        told = (found.config or {}).get(feature)
        supported = told.get("supported") if isinstance(told, Mapping) else None
        if supported is None:
            yield feature, (UNKNOWN, "The service doesn't tell.")
        elif supported or not use:
            yield feature, (OK, f"{'Supported' if supported else 'Not supported, and not needed'}.")
        else:
            yield feature, (PROBLEM, f"Not supported, but identity providers need it {use}.")


def _of_owners(found: Found, owners: Mapping[str, Sequence[Mapping[str, str]]]) -> tuple[str, str]:
    told = (
        f"Provisioned by SCIM: {_some(_owned(owners['users'], 'scim'), 'user')} and"
        f" {_some(_owned(owners['groups'], 'SCIM'), 'group')}. Shown by SCIM, but nothing tells who owns them:"
        f" {_some(_owned(owners['users'], 'unclear'), 'user')}. In the account only:"
        f" {_some(_owned(owners['users'], 'account'), 'user')}."
    )
    if found.users is None:
        return UNKNOWN, "SCIM was not read."
    if found.people is None:
        return UNKNOWN, f"{told} The account wasn't read: {found.account_refusal or 'there are no credentials for it'}."
    return OK, told


def _conflicts(owners: Mapping[str, Sequence[Mapping[str, str]]], named: Named) -> list[dict[str, str]]:
    users = {each.lower() for each in _owned(owners["users"], "scim")}
    groups = _owned(owners["groups"], "SCIM")
    text = "is provisioned by SCIM and named in variables, too: leave {} to the identity provider"
    return [
        *(_conflict("user", each, text.format("them")) for each in named.users if each.lower() in users),
        *(_conflict("group", each, text.format("its members")) for each in named.groups if each in groups),
    ]


def _conflict(kind: str, name: str, text: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "message": f"{kind.capitalize()} {name} {text}."}


def _of_conflicts(found: Found, named: Named, conflicts: Sequence[Mapping[str, str]]) -> tuple[str, str]:
    if conflicts:
        return PROBLEM, " ".join(each["message"] for each in conflicts)
    if found.users is None:
        return UNKNOWN, "SCIM was not read."
    if not (named.users or named.groups):
        return UNKNOWN, "No names from variables were given to compare with."
    users, groups = _count(named.users, "user"), _count(named.groups, "group")
    return OK, f"Of {users} and {groups} in variables none is provisioned by SCIM."


def _of_domains(owners: Mapping[str, Sequence[Mapping[str, str]]], named: Named) -> tuple[str, str]:
    """Only who was provisioned shows that a domain is verified; others may be verified all the same."""
    known = {_domain(each) for each in _owned(owners["users"], "scim")}
    if not named.users:
        return UNKNOWN, "No people from variables were given to compare with."
    strange = sorted({_domain(each) for each in named.users} - known)
    if strange:
        return UNKNOWN, f"SCIM has provisioned nobody with an e-mail of {', '.join(strange)}: see that it is verified."
    return OK, f"SCIM has provisioned people of all domains in variables: {', '.join(sorted(known))}."


def _owned(things: Iterable[Mapping[str, str]], owner: str) -> list[str]:
    return [each["name"] for each in things if each["owner"] == owner]


def _count(things: Sequence[Any], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _some(names: Sequence[str], noun: str) -> str:
    more = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
    return f"{_count(names, noun)} ({shown})" if names else _count(names, noun)


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _text(item: Any, key: str) -> str:
    found = item.get(key) if isinstance(item, Mapping) else item
    return "" if found is None else str(found).strip()


def _lines(answer: Mapping[str, Any], idp: str) -> list[str]:
    checks = [f"{MARKS[each['status']]} {each['name']}: {each['message']}" for each in answer["checks"]]
    to_do = [f"{number}. {text}" for number, text in enumerate(answer["to_do"], 1)]
    return [*checks, f"To do by hand, for {idp}:", *to_do]
