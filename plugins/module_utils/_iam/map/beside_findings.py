# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings in what lies beside users, groups and policies: tokens, SCIM, limits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from ..._api.records import ScimUser, Token
from ..tokens.model import is_usable
from ..tokens.orphans import find_orphans
from .asking import Map
from .finding import Finding, task

NEARLY = 0.8
"""The share of a limit from which on somebody should know."""


def token_findings(made: Map, tokens: Iterable[Token], now: datetime) -> Iterator[Finding]:
    """Tokens that work although their owner has left; those of unknown owners are for people to look at."""
    for orphan in find_orphans(tokens, made.snapshot.users.values()):
        token = orphan.token
        if is_usable(token, now):
            fix = task("Disable it", f"dynatrace_{token.kind}", **_place(token), id=token.id, **_off(token))
            evidence = {"environment": token.environment or None, "id": token.id, "owner": token.owner}
            evidence |= {"reason": orphan.reason, "last_used": token.last_used}
            severity = "high" if "@" in token.owner else "medium"
            title = f"Its owner has left ({orphan.reason})"
            yield Finding("orphaned_token", severity, title, (token.kind, token.name), evidence, fix)


def _place(token: Token) -> dict[str, str]:
    return {"environment": token.environment} if token.environment else {}


def _off(token: Token) -> dict[str, object]:
    return {"enabled": False} if token.environment else {"status": "inactive"}


def scim_findings(made: Map, users: Iterable[ScimUser]) -> Iterator[Finding]:
    """Where the two sides disagree: SCIM says that somebody is active and the account doesn't, or the other way round;
    and groups of SCIM that have the name of another one."""
    for each in users:
        user = made.snapshot.users.get(each.key)
        if user and user.status in ("ACTIVE", "INACTIVE") and each.active != (user.status == "ACTIVE"):
            sides = {"scim": "active" if each.active else "inactive", "account": user.status}
            title = f"SCIM says {sides['scim']}, the account {sides['account']}"
            fix = task("Tell SCIM which is right", "dynatrace_scim_user", user_name=user.email, active=not each.active)
            yield Finding("scim_conflict", "high", title, ("user", user.email), sides, fix)
    names = Counter(group.name for group in made.snapshot.groups.values())
    for group in made.snapshot.groups.values():
        if group.owner == "SCIM" and names[group.name] > 1:
            title = "A group of SCIM has the name of another one"
            fix = task("Rename the other one", "dynatrace_group", id="ID OF THE OTHER", new_name="NAME")
            yield Finding("scim_conflict", "medium", title, ("group", group.name), {"id": group.id}, fix)


def limit_findings(limits: Iterable[tuple[str, int, int]]) -> Iterator[Finding]:
    """``limits``: name, how much is used, how much may be."""
    for name, used, most in limits:
        if most > 0 and used > NEARLY * most:
            title = f"{used} of {most} are used"
            evidence = {"used": used, "limit": most, "percent": round(100 * used / most)}
            yield Finding("limit", "high" if used >= most else "medium", title, ("limit", name), evidence)
