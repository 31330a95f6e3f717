# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``dynatrace_offboarding`` does besides planning and applying: look back, judge, and keep the proof."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._api.account import Account
from .._api.records import User
from .._core.errors import CallFailed, InvalidInput, Refused
from .._iam.desired import Desired, email, emails
from .._iam.engine import Result
from .._iam.leavers.leaving import Leaving
from .._iam.leavers.reading_back import read_back
from .._iam.leavers.sight import OpenEnd, content_seen, open_ends, people_seen, tokens_not_read
from .._iam.model import Snapshot
from .._iam.tokens.questions import check_environments
from .certificate import certificate
from .evidence import check_evidence_dir, write_evidence
from .run import Params, current_moment


def offboarding_wish(params: Params, check_mode: bool = False) -> Desired:
    """From the module's options; raises InvalidInput. Unless in ``check_mode``, evidence_dir is tried out."""
    people = emails(params["users"]) or ()
    _check_people(people)
    known = sorted(params["environment_tokens"] or {})
    named = params["environments"]
    check_environments(named or (), known)
    if params["action"] == "deactivate" and not params["scim_token"]:
        raise InvalidInput("action=deactivate goes through SCIM: give scim_token, or set DYNATRACE_SCIM_TOKEN.")
    check_evidence_dir(params["evidence_dir"], attempt=not check_mode)
    leaving = Leaving(
        people=people,
        action=params["action"],
        tokens=params["tokens"],
        environments=tuple(known if named is None else dict.fromkeys(named)),
        has_scim=bool(params["scim_token"]),
        on_scim_managed=params["on_scim_managed"],
        account_owner=email(params["account_owner"]) if params["account_owner"] else None,
        keep_going=params["on_error"] == "continue",
        content=bool(params["evidence_dir"]) if params["content"] is None else params["content"],
        only_named_environments=named is not None,
    )
    return Desired(users=leaving.users(), on_managed="warn", parts=(leaving,))


def _check_people(people: tuple[str, ...]) -> None:
    spellings: dict[str, str] = {}
    for each in people:
        if spellings.setdefault(each.lower(), each) != each:
            raise InvalidInput(f"{each} is named more than once in users.")
    robots = [each for each in people if User(each).is_service_user]
    if robots:
        raise InvalidInput(
            f"No people but service users: {', '.join(robots)}. Where nothing needs them any more, delete them by"
            " dynatrace_service_user with id and state=absent; dynatrace_orphaned_tokens then finds their tokens."
        )


def close_books(module: AnsibleModule, account: Account, result: Result, desired: Desired) -> dict[str, Any]:
    """``leavers``, ``open_ends``, ``content`` and ``evidence``; what stays open against it is told, or an error."""
    leaving = next(part for part in desired.parts if isinstance(part, Leaving))
    after = _seen_afterwards(module, account, result, desired)
    now = current_moment()
    ends = open_ends(leaving, after, now, result.failures) if after else []
    _judge(module, result, ends)
    people = people_seen(leaving, after, now) if after else None
    told = [asdict(end) for end in ends]
    content, unread = content_seen(leaving, result.before)
    result.warnings += [f"Content wasn't listed: {each}" for each in unread]
    evidence = None
    if module.params["evidence_dir"] and not module.check_mode:
        before = {"people": people_seen(leaving, result.before, now), **_not_read(leaving, result.before)}
        left = {"content": content, "content_not_listed": unread, **_not_read(leaving, after)}
        facts = {"before": before, "after": {"people": people, "open_ends": told, **left}}
        try:
            evidence = _kept(module, account, result, facts)
        except InvalidInput as error:
            result.warnings += [str(error)] if result.error else []
            result.error = result.error or error
    return {"leavers": people or [], "open_ends": told, "content": content, "evidence": evidence}


def _not_read(leaving: Leaving, snapshot: Snapshot | None) -> dict[str, list[str]]:
    return {"tokens_not_read": tokens_not_read(leaving, snapshot) if snapshot else []}


def _seen_afterwards(module: AnsibleModule, account: Account, result: Result, desired: Desired) -> Snapshot | None:
    """Read again where anything was done; as predicted in check mode. None when it can't be read, which is an error."""
    if module.check_mode:
        return result.after
    if not result.applied and not result.error:
        return result.before
    try:
        return read_back(account, desired)
    except CallFailed as failure:
        unknown = f"What is closed now could not be read back: {failure}"
        result.error = result.error or replace(failure, message=unknown)
        return None


def _judge(module: AnsibleModule, result: Result, ends: list[OpenEnd]) -> None:
    lines = [end.line() for end in ends if not end.by_choice]
    if lines and module.params["on_open"] == "warn":
        result.warnings += lines
    elif lines and not result.error:
        could = "would" if module.check_mode else "could"
        result.error = Refused(f"Not everything {could} be closed: {' '.join(lines)}")


def _kept(module: AnsibleModule, account: Account, result: Result, facts: Mapping[str, Any]) -> str:
    moment = current_moment()
    about = {
        "account": account.uuid,
        "client_id": module.params["client_id"],
        "moment": moment.isoformat(timespec="seconds"),
        "plan_id": result.plan.id,
        "action": module.params["action"],
        "tokens": module.params["tokens"],
        "error": str(result.error) if result.error else None,
    }
    done = [change.as_dict() for change in result.applied]
    pending = [change.as_dict() for change in result.pending]
    requests = [asdict(each) for each in account.sent]
    run = {**about, "changes_applied": done, "changes_pending": pending, "requests": requests}
    files = {
        "before.json": _json({**about, **facts["before"]}),
        "after.json": _json({**run, **facts["after"]}),
        "report.md": certificate(run, facts),
    }
    name = f"{moment.strftime('%Y%m%dT%H%M%SZ')}-{result.plan.id[:12]}"
    return write_evidence(module.params["evidence_dir"], name, files)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
