# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the review page: people and groups refer to each other by position, so that it stays small. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ..._api.records import Token
from ..tokens.model import is_usable
from .asking import Map
from .finding import Finding
from .grants import Grant


def page_data(
    made: Map, findings: Sequence[Finding], tokens: Iterable[Token], now: datetime, dormant_days: int
) -> dict[str, Any]:
    """``{account, read_at, dormant_days, environments, people, groups, findings}``."""
    snapshot = made.snapshot
    places = sorted(snapshot.environments or (), key=lambda each: (each.name or each.id, each.id))
    groups = sorted(
        {*snapshot.groups, *(group for have in snapshot.memberships.values() for group in have), *made.grants}
    )
    position = {each.id: index for index, each in enumerate(places)}
    index = {group: number for number, group in enumerate(groups)}
    owned = Counter(token.owner.lower() for token in tokens if is_usable(token, now))
    return {
        "account": {"id": snapshot.account, "name": None},
        "read_at": now.isoformat(timespec="seconds"),
        "dormant_days": dormant_days,
        "environments": [{"id": each.id, "name": each.name or each.id, "active": each.active} for each in places],
        "people": [_person(made, key, index, owned[key]) for key in sorted(snapshot.users)],
        "groups": [_group(made, group, position) for group in groups],
        "findings": [_finding(each) for each in findings],
    }


def _person(made: Map, key: str, index: dict[str, int], tokens: int) -> dict[str, Any]:
    user = made.snapshot.users[key]
    robots = {each.email.lower(): each.name for each in (made.snapshot.service_users or {}).values()}
    name = robots.get(key) or " ".join(filter(None, (user.first_name, user.last_name)))
    return {
        "email": user.email,
        "name": name,
        "status": user.status,
        "kind": "service_user" if user.is_service_user else "user",
        "groups": sorted(index[group] for group in made.snapshot.groups_of(key)),
        "last_login": user.last_login,
        "tokens": tokens,
    }


def _group(made: Map, group_id: str, position: dict[str, int]) -> dict[str, Any]:
    group = made.snapshot.groups.get(group_id)
    return {
        "id": group_id,
        "name": group.name if group else group_id,
        "owner": group.owner if group else "LOCAL",
        "description": group.description if group else "",
        "grants": [_grant(made, each, position) for each in made.grants.get(group_id, ())],
    }


def _grant(made: Map, grant: Grant, position: dict[str, int]) -> dict[str, Any]:
    return {
        "environment": position.get(grant.environment),
        "what": grant.what,
        "mechanism": grant.mechanism,
        "policy": grant.what if grant.mechanism == "policy" else None,
        "zones": list(grant.zones),
        "boundaries": list(grant.boundaries),
        "conditional": bool(grant.policy) and made.has_conditions(grant.policy),
        "denies": made.only_denies(grant),
        "since": grant.since,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    kind, name = finding.subject
    evidence = ", ".join(f"{key}: {value}" for key, value in finding.evidence.items())
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "title": f"{name}: {finding.title}",
        "subjects": [{"kind": kind, "name": name}],
        "evidence": evidence,
        "fix": finding.fix,
    }
