# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about people: those who see nothing, who never came, who come no more. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..._api.records import User
from ..model import USER_MANAGEMENT, is_implicit
from ..tokens.model import moment_of
from .asking import Map
from .finding import Finding, task


@dataclass(frozen=True)
class Patience:
    """After how many days an invitation or a silence is worth a word; ``now`` is the moment to count from."""

    now: datetime
    pending_days: int = 14
    dormant_days: int = 90


def people_findings(made: Map, patience: Patience) -> Iterator[Finding]:
    """All of them; service users are none of it."""
    for key, user in made.snapshot.users.items():
        if not user.is_service_user:
            yield from _access(made, key, user)
            yield from _waiting(user, patience)
            yield from _dormant(user, patience)


def _access(made: Map, key: str, user: User) -> Iterator[Finding]:
    """One of three: an administrator without an environment, somebody in no group, somebody who sees a blank screen.

    Nobody knows while policies are bound that can't be read."""
    groups = made.snapshot.groups_of(key)
    if user.status != "ACTIVE" or made.unread or any(map(made.reach, groups)):
        return
    subject, evidence = ("user", user.email), {"groups": made.snapshot.group_names(key)}
    fix = task(
        "Give them a group that opens an environment",
        "dynatrace_user",
        email=user.email,
        groups={"add": ["GROUP"]},
    )
    explicit = [group for group in groups if not _is_implicit(made, group)]
    administers = [group for group in groups for grant in made.grants.get(group, ()) if grant.what == USER_MANAGEMENT]
    if administers:
        title = "Manages users, but can't open any environment"
        yield Finding("administrator_without_environment", "medium", title, subject, evidence, fix)
    elif not explicit:
        yield Finding("only_in_all_users", "medium", "Is in no group but that of all users", subject, evidence, fix)
    else:
        yield Finding("blank_screen", "high", "Logs in to a blank screen", subject, evidence, fix)


def _is_implicit(made: Map, group_id: str) -> bool:
    group = made.snapshot.groups.get(group_id)
    return group is None or is_implicit(group)


def _waiting(user: User, patience: Patience) -> Iterator[Finding]:
    """The published contract tells no age of an invitation: then it is told as it is."""
    if user.status != "PENDING":
        return
    days = _days(user.created, patience.now)
    if days is not None and days <= patience.pending_days:
        return
    age = "nobody knows since when" if days is None else f"for {days} days"
    fix = task("Take the invitation back", "dynatrace_user", email=user.email, state="absent")
    severity = "low" if days is None else "medium"
    title = f"Has not accepted the invitation, {age}"
    yield Finding("pending_invitation", severity, title, ("user", user.email), {"days": days}, fix)


def _dormant(user: User, patience: Patience) -> Iterator[Finding]:
    """Of people who log in by single sign-on the service may know nothing: that isn't dormant."""
    days = _days(user.last_login, patience.now)
    if user.status == "ACTIVE" and days is not None and days > patience.dormant_days:
        title = f"Has not logged in for {days} days"
        evidence = {"last_login": user.last_login, "days": days}
        fix = task("Take them out", "dynatrace_offboarding", users=[user.email], tokens="report")
        yield Finding("dormant_person", "low", title, ("user", user.email), evidence, fix)


def _days(since: str | None, now: datetime) -> int | None:
    moment = moment_of(since)
    return None if moment is None else max(0, (now - moment).days)
