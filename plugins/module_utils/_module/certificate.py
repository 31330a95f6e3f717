# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for the ticket: who left, what was closed, what wasn't. Names are data, nothing in them is markup."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from .reports import as_data

CONTENT = (
    "Dashboards, notebooks and other content stay where they are, by design: Dynatrace passes nobody's content on."
    " Whoever may see it still can; share or delete it in the environments."
)
ROLES = {
    "deactivate": "deactivated through SCIM",
    "leave_groups": "taken out of all groups",
    "leave_groups_then_delete": "taken out of all groups, then deleted",
    "delete": "deleted",
}


def certificate(run: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Markdown. ``run`` is what was done and by whom, ``facts`` what was seen ``before`` and ``after``."""
    ends = facts["after"]["open_ends"]
    missed = [end for end in ends if not end["by_choice"]]
    lines = ["# Offboarding", "", _outcome(run, facts, missed), ""]
    lines += [*_about(run, facts), *_ends("What could not be closed", missed)]
    lines += [*_ends("Left as it is", [end for end in ends if end["by_choice"]]), *_people(facts), *_tokens(facts)]
    lines += [*_changes(run), *_requests(run)]
    return "\n".join([*lines, "## Content", "", CONTENT, "", *_content(facts["after"])])


def _outcome(run: Mapping[str, Any], facts: Mapping[str, Any], missed: Collection[Any]) -> str:
    """What was seen in the end counts: a request may fail although it took effect."""
    if missed:
        return "**Not everything was closed.**"
    if facts["after"]["people"] is None:
        return "**Nobody could look whether everything is closed. Run again.**"
    if run["error"]:
        return "All that was to be closed is closed, although something failed on the way."
    return "All that was to be closed is closed."


def _about(run: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    rows = [
        ("account", run["account"]),
        ("when", run["moment"]),
        ("carried out with the OAuth client", run["client_id"] or "none, with an access token"),
        ("people", f"{len(facts['before']['people'])}, to be {ROLES[run['action']]}"),
        ("their tokens", run["tokens"]),
        ("plan id", run["plan_id"]),
        ("ended with", run["error"] or "no error"),
    ]
    return ["| | |", "|---|---|", *(f"| {name} | {as_data(value)} |" for name, value in rows), ""]


def _people(facts: Mapping[str, Any]) -> list[str]:
    after = {each["email"].lower(): each for each in facts["after"]["people"] or ()}
    rows = [
        f"| {as_data(each['email'])} | {_state(each)} | {_state(after.get(each['email'].lower()))} |"
        for each in facts["before"]["people"]
    ]
    return ["## People", "", "| who | before | after |", "|---|---|---|", *rows, ""]


def _state(person: Mapping[str, Any] | None) -> str:
    """In a table's cell."""
    if person is None:
        return "could not be read"
    parts = [f"user {as_data(person['status'] or 'there')}" if person["in_account"] else "no user"]
    if person["in_account"] and person["groups"] is not None:
        parts.append(f"groups: {as_data(', '.join(person['groups']) or 'none')}")
    if person["scim"]:
        parts.append(f"in SCIM {'active' if person['scim']['active'] else 'inactive'}")
    return "; ".join(parts)


def _tokens(facts: Mapping[str, Any]) -> list[str]:
    """Each token on a line of its own, since a person may have many."""
    before, after = (_by_id(facts[side]["people"]) for side in ("before", "after"))
    if not before and not after:
        return []
    lines = ["## Tokens", "", "| owner | token | id | of | before | after |", "|---|---|---|---|---|---|"]
    for key, token in {**after, **before}.items():
        owner, name, number = (as_data(token[part]) for part in ("owner", "name", "id"))
        place = as_data(token["environment"] or "the account")
        states = f"{_token(before.get(key), key, facts['before'])} | {_token(after.get(key), key, facts['after'])}"
        lines.append(f"| {owner} | {name} | {number} | {place} | {states} |")
    return [*lines, ""]


def _by_id(people: Iterable[Mapping[str, Any]] | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (token["environment"] or "", token["id"]): token for person in people or () for token in person["tokens"] or ()
    }


def _token(token: Mapping[str, Any] | None, key: tuple[str, str], seen: Mapping[str, Any]) -> str:
    """What isn't in a list that was read has gone."""
    if token is None:
        return "not read" if seen["people"] is None or key[0] in seen["tokens_not_read"] else "not there"
    return f"{'enabled' if token['enabled'] else 'disabled'}{', expired' if token['expired'] else ''}"


def _changes(run: Mapping[str, Any]) -> list[str]:
    rows = [(each, "done") for each in run["changes_applied"]] + [(each, "open") for each in run["changes_pending"]]
    if not rows:
        return ["## Changes", "", "Nothing was left to change.", ""]
    lines = [
        f"| {each['action']} | {each['kind']} | {as_data(each['name'])} |"
        f" {as_data(json.dumps(each['detail'], sort_keys=True, ensure_ascii=False))} | {state} |"
        for each, state in rows
    ]
    return ["## Changes", "", "| action | kind | name | detail | |", "|---|---|---|---|---|", *lines, ""]


def _requests(run: Mapping[str, Any]) -> list[str]:
    if not run["requests"]:
        return []
    lines = [
        f"| {_moment(each['moment'])} | {each['method']} | {as_data(each['url'])} | {each['status'] or 'no answer'} |"
        f" {as_data(each['request_id'] or '')} |"
        for each in run["requests"]
    ]
    return [
        "## Requests that changed something",
        "",
        "| when | | URL | status | request id |",
        "|---|---|---|---|---|",
        *lines,
        "",
    ]


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%H:%M:%S.%f")[:-3]


def _content(after: Mapping[str, Any]) -> list[str]:
    rows = [
        f"| {as_data(each['owner'])} | {as_data(each['environment'])} | {as_data(each['kind'])} |"
        f" {as_data(each['name'])} | {as_data(each['id'])} |"
        for each in after["content"]
    ]
    table = ["| owner | environment | kind | name | id |", "|---|---|---|---|---|", *rows, ""] if rows else []
    unread = [f"- Not listed: {as_data(each)}" for each in after["content_not_listed"]]
    return [*table, *unread, *([""] if unread else [])]


def _ends(title: str, ends: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = [
        f"- {as_data(end['email'] + ': ' if end['email'] else '')}{as_data(end['what'])} ({as_data(end['why'])})."
        f" {as_data(end['to_do'])}"
        for end in ends
    ]
    return [f"## {title}", "", *lines, ""] if lines else []
