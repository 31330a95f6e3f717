# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be seen of people who leave: all that they have, and what of it stays open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from ..._api.records import Content, Token
from ..._core.errors import CallFailed
from ..._core.execute import Failed
from ..._core.render import one_line
from ..model import Snapshot, is_implicit, is_managed
from ..tokens.facts import TokenFact
from ..tokens.model import TokenList, in_order, moment_of, token_shape
from ..tokens.places import AllEnvironments, unseen
from ..tokens.questions import ApiTokens, PlatformTokensOfAccount
from .leaving import DELETING, Leaving

PLATFORM = "the account"
Reasons = Mapping[tuple[str, str, str], str]
"""Why a token, by its key, couldn't be closed."""


@dataclass(frozen=True)
class OpenEnd:
    """Something that stays open, and what to do about it. ``by_choice``: the task didn't want more."""

    email: str | None
    what: str
    why: str
    to_do: str
    by_choice: bool = False

    def line(self) -> str:
        """In a line."""
        whose = f"{self.email}: " if self.email else ""
        return one_line(f"{whose}{self.what} ({self.why}). {self.to_do}")


def people_seen(leaving: Leaving, snapshot: Snapshot, now: datetime) -> list[dict[str, Any]]:
    """Each of the people with all that was read of them, sorted by e-mail; what wasn't read is None."""
    tokens: dict[str, list[dict[str, Any]]] = {}
    for question in leaving.token_lists():
        found = snapshot.answers[question]
        for token in leaving.theirs(found) if isinstance(found, TokenList) else ():
            tokens.setdefault(token.owner.lower(), []).append(token_shape(token, now))
    people = sorted(leaving.people, key=str.lower)
    return [_person(leaving, snapshot, email, tokens.get(email.lower(), [])) for email in people]


def _person(leaving: Leaving, snapshot: Snapshot, email: str, tokens: list[dict[str, Any]]) -> dict[str, Any]:
    key = email.lower()
    user, scim = snapshot.users.get(key), leaving.scim_user(snapshot, email)
    knows_groups = user and leaving.action != "deactivate" and key in snapshot.whole_users
    return {
        "email": user.email if user else email,
        "in_account": user is not None,
        "status": user.status if user else None,
        "groups": snapshot.group_names(key) if knows_groups else None,
        "scim": {"id": scim.id, "active": scim.active} if scim and user else None,
        "tokens": in_order(tokens) if leaving.tokens != "ignore" else None,
    }


def tokens_not_read(leaving: Leaving, snapshot: Snapshot) -> list[str]:
    """The ids of environments whose tokens couldn't be listed, and an empty text for the account's own."""
    asked = [each for each in leaving.token_lists() if isinstance(snapshot.answers[each], CallFailed)]
    return [each.environment if isinstance(each, ApiTokens) else "" for each in asked]


def content_seen(leaving: Leaving, snapshot: Snapshot) -> tuple[list[dict[str, Any]], list[str]]:
    """What they leave behind, with the owner's e-mail, sorted; and where nobody could look, in words."""
    emails = {user.uid: user.email for key, user in snapshot.users.items() if key in leaving.keys}
    found: set[Content] = set()
    unread = []
    for question in leaving.content_lists(snapshot):
        answer = snapshot.answers[question]
        if isinstance(answer, str):
            unread.append(answer)
        else:
            found |= {replace(each, owner=emails.get(each.owner, each.owner)) for each in answer}
    mine = [each for each in sorted(found) if each.owner.lower() in leaving.keys]
    return [asdict(each) for each in mine], unread


def open_ends(leaving: Leaving, snapshot: Snapshot, now: datetime, failures: Iterable[Failed] = ()) -> list[OpenEnd]:
    """All that stays open once ``snapshot`` is how things are; ``failures`` may say why."""
    closing = [(each.fact, str(failed.error)) for failed in failures for each in failed.changes]
    reasons = {fact.token.key: error for fact, error in closing if isinstance(fact, TokenFact)}
    return [
        *_open_log_ins(leaving, snapshot),
        *_open_tokens(leaving, snapshot, now, reasons),
        *_places_not_looked_at(leaving, snapshot),
    ]


def _open_log_ins(leaving: Leaving, snapshot: Snapshot) -> Iterator[OpenEnd]:
    for email in leaving.people:
        user, scim = snapshot.users.get(email.lower()), leaving.scim_user(snapshot, email)
        if user and leaving.action in DELETING:
            yield OpenEnd(user.email, "the user is still there", "the deletion failed or was undone", "Run again.")
        elif leaving.action == "deactivate" and scim and scim.active:
            yield OpenEnd(email, "the user is still active", "the deactivation failed or was undone", "Run again.")
        elif user and leaving.action == "leave_groups":
            yield from _still_here(snapshot, user.email)


def _still_here(snapshot: Snapshot, email: str) -> Iterator[OpenEnd]:
    """Leaving groups closes no log-in, and groups that others manage keep their members."""
    yield OpenEnd(
        email, "the log-in", "action=leave_groups keeps the user", "Delete or deactivate the user.", by_choice=True
    )
    groups = [snapshot.groups[each] for each in snapshot.groups_of(email.lower()) if each in snapshot.groups]
    for group in sorted(groups, key=lambda each: each.name):
        what = f"group {group.name}"
        if not is_managed(group):
            yield OpenEnd(email, what, "leaving it failed or was undone", "Run again.")
        elif not is_implicit(group):
            why = "somebody else decides about its members"
            yield OpenEnd(email, what, why, "Take the person out there.", by_choice=True)


def _open_tokens(leaving: Leaving, snapshot: Snapshot, now: datetime, reasons: Reasons) -> Iterator[OpenEnd]:
    """Whoever has the secret can use a token that is enabled and hasn't expired."""
    for question in leaving.token_lists():
        found = snapshot.answers[question]
        for token in leaving.theirs(found) if isinstance(found, TokenList) else ():
            ends = moment_of(token.expires)
            usable = token.enabled and not (ends and ends <= now)
            if usable or leaving.tokens == "delete":
                yield _open_token(leaving, token, found.in_use, _place(question), reasons.get(token.key))


def _open_token(leaving: Leaving, token: Token, in_use: str | None, place: str, reason: str | None) -> OpenEnd:
    what = f"{'API' if token.environment else 'platform'} token {token.name} ({token.id}) of {place}"
    if leaving.tokens == "report":
        return OpenEnd(token.owner, what, "tokens=report closes none", "Use tokens=disable or delete.", by_choice=True)
    if token.id == in_use:
        to_do = "Give the automation a token of another owner, then run again."
        return OpenEnd(token.owner, what, "this run logs in with it", to_do)
    if reason:
        return OpenEnd(token.owner, what, f"closing it failed: {reason}", "Mend that and run again.")
    return OpenEnd(token.owner, what, "nobody got to closing it, or it is new", "Run again.")


def _places_not_looked_at(leaving: Leaving, snapshot: Snapshot) -> Iterator[OpenEnd]:
    by_choice = leaving.tokens == "report"
    for question in leaving.token_lists():
        found = snapshot.answers[question]
        if isinstance(found, CallFailed) and not leaving.is_asleep(question, snapshot):
            what = f"tokens of {_place(question)}" if isinstance(question, ApiTokens) else "platform tokens"
            yield OpenEnd(None, what, f"they can't be read: {found}", "Mend that and run again.", by_choice)
    if leaving.tokens == "ignore" or leaving.only_named_environments:
        return
    listed = snapshot.answers[AllEnvironments()]
    if listed is None:
        why = "the list of environments can't be read, so nobody knows whether there are any"
        to_do = "Give the OAuth client the scope account-env-read, or name all environments in the task."
        yield OpenEnd(None, "tokens of environments without a token in environment_tokens", why, to_do, by_choice)
    for environment in unseen(listed, leaving.environments):
        what = f"tokens of environment {environment.name or environment.id} ({environment.id})"
        to_do = "Name a token for it in environment_tokens."
        yield OpenEnd(None, what, "nobody looked: there is no token for this environment", to_do, by_choice)


def _place(question: ApiTokens | PlatformTokensOfAccount) -> str:
    return f"environment {question.environment}" if isinstance(question, ApiTokens) else PLATFORM
