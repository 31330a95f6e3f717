# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares files with an account, and asks the audit log who made the difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._api.account import Account
from .._api.records import AuditEntry
from .._core.errors import CallFailed, InvalidInput
from .._iam.desired import group_wishes, user_wishes
from .._iam.map.authorship import ids_by_name, last_change
from .._iam.map.drift import Difference, differences
from .._iam.map.export import export
from .._iam.map.export_reading import read_for_export
from .._iam.map.untold import untold
from .._iam.timebox import ALWAYS, split_by_time
from .options import ACCESS

KINDS = ("users", "groups", "policies", "boundaries", "service_users")


def find_drift(
    account: Account, expected: Mapping[str, Any], audit_days: int, now: datetime = ALWAYS
) -> dict[str, Any]:
    """``differences`` as sentences, ``details`` as data, ``left_out``, and ``audit_log`` with what is wrong with that.

    Whose time in a group is over ``now`` isn't expected there. The audit log is asked only when something differs, and
    ``audit_days`` isn't 0. Raises CallFailed, InvalidInput.
    """
    files = _timely(_validated(expected), now)
    snapshot = read_for_export(account)
    found = export(snapshot)
    drift = differences(files, _validated(found.options), untold(snapshot))
    entries, problems = _entries(account, audit_days) if drift and audit_days else ([], [])
    ids = ids_by_name(snapshot)
    told = [(each, last_change(each, entries, ids)) for each in drift]
    return {
        "differences": [_sentence(*each) for each in told],
        "details": [_detail(*each) for each in told],
        "left_out": found.left_out,
        "audit_log": problems,
    }


def _validated(options: Mapping[str, Any]) -> dict[str, Any]:
    answer = ArgumentSpecValidator({kind: ACCESS[kind] for kind in KINDS}).validate(dict(options))
    if answer.error_messages:
        raise InvalidInput(f"expected doesn't hold what dynatrace_access takes: {' '.join(answer.error_messages)}")
    return dict(answer.validated_parameters)


def _timely(options: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What a task would make of it now; raises InvalidInput for what no task would take."""
    user_wishes(options["users"])
    group_wishes(options["groups"])
    return {**options, "users": [{**each, "groups": _groups(each["groups"] or {}, now)} for each in options["users"]]}


def _groups(given: Mapping[str, Any], now: datetime) -> dict[str, list[str]]:
    return {part: list(split_by_time(f"groups.{part}", given.get(part) or (), now).valid) for part in ("add", "set")}


def _entries(account: Account, days: int) -> tuple[list[AuditEntry], list[str]]:
    try:
        return account.audit.entries(days)
    except CallFailed as failure:
        return [], [f"The audit log couldn't be read, so nobody is named: {failure}"]


def _sentence(difference: Difference, entry: AuditEntry | None) -> str:
    who = f" (last changed by {entry.user} at {entry.moment})" if entry else ""
    return f"{difference.text}{who}"


def _detail(difference: Difference, entry: AuditEntry | None) -> dict[str, Any]:
    who = {"changed_by": entry.user, "changed_at": entry.moment} if entry else {"changed_by": None, "changed_at": None}
    return {"subject": difference.subject, "what": difference.what, **who}
