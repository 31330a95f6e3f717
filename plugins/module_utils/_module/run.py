# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to the end of a module: the only place that calls ``exit_json`` and ``fail_json``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._api.account import Account
from .._api.http import HAS_REQUESTS
from .._core.errors import CallFailed, CollectionError, Refused
from .._core.memory import without_collection
from .._core.render import render_diff
from .._iam.desired import Desired, email
from .._iam.engine import Mode, Result, converge
from .._iam.guards import Guards
from .._iam.people import gains_and_losses
from .._iam.thresholds import Thresholds
from .._iam.undo import undo
from .connection import open_account
from .options import CONNECTION, Spec
from .paths import check_whole
from .progress import Progress
from .reports import check_plan_file, read_changes, write_plan

Params = dict[str, Any]

INTERPRETER_TRAP = (
    " Hosts of an inventory, localhost included, run modules with a discovered Python rather than with Ansible's own:"
    " set ansible_python_interpreter to '{{ ansible_playbook_python }}' for this host,"
    f" or install requests for {sys.executable}."
)


def create_module(*specs: Spec, **constraints: Any) -> AnsibleModule:
    """The module object, with the connection options and those given; ends at once without ``requests``."""
    options = {key: value for spec in (CONNECTION, *specs) for key, value in spec.items()}
    module = AnsibleModule(argument_spec=options, supports_check_mode=True, **constraints)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests") + INTERPRETER_TRAP)
    # of tokens that come as one text from the environment, Ansible knows only that text
    tokens = [str(each) for each in (module.params.get("environment_tokens") or {}).values() if each]
    module.no_log_values.update(text for each in tokens for text in (each, each.strip()) if text)
    return module


def current_moment() -> datetime:
    """Now, by which time-boxed access is judged."""
    return datetime.now(timezone.utc)


@without_collection()
def manage(
    module: AnsibleModule,
    wish: Callable[[Params], Desired],
    show: Callable[[Result, Desired], dict[str, Any]],
    view: str = "user",
    afterwards: Callable[[AnsibleModule, Account, Result, Desired], dict[str, Any]] | None = None,
) -> None:
    """Run a module that changes things. ``wish`` makes the desired state from the options, ``show`` the module's own
    return values; ``view`` is the kind of object that the diff shows memberships with. ``afterwards`` may look once
    more, set the result's error, and adds return values."""
    announced: list[str] = []
    account = result = None
    params = module.params
    try:
        check_plan_file(params["plan_file"])
        desired = wish(params)
        guards = _guards(params)
        login = not desired.only_parts
        with _open(module, announced, module.check_mode, login) as account, _progress(module, account) as progress:
            result = converge(account, desired, guards, _mode(module, progress))
            more = afterwards(module, account, result, desired) if afterwards else {}
        if params["plan_file"]:
            write_plan(params["plan_file"], _report(account, result))
    except CollectionError as error:
        _fail(module, error, account, announced, result)
        return
    for warning in [*result.warnings, *announced]:
        module.warn(warning)
    deprecate(module, account)
    if result.error:
        _fail(module, result.error, account, [], result, **more)
    module.exit_json(**_outcome(account, result, view), **show(result, desired), **more)


def _outcome(account: Account, result: Result, view: str) -> dict[str, Any]:
    """The return values that all managing modules have."""
    return {
        "changed": bool(result.applied),
        "plan_id": result.plan.id,
        "changes": [change.as_dict() for change in result.applied],
        "people": gains_and_losses(result.applied, result.before),
        "undo": undo(result.applied, result.before),
        "stats": asdict(account.stats),
        "diff": render_diff(result.applied, view),
    }


def _mode(module: AnsibleModule, progress: Progress) -> Mode:
    params = module.params
    return Mode(
        preview=module.check_mode,
        expected_plan=params["expected_plan"],
        reviewed=read_changes(params["plan_file"], params["expected_plan"]),
        keep_going=params["on_error"] == "continue",
        watch=progress.watch,
    )


def _progress(module: AnsibleModule, account: Account) -> Progress:
    """Progress goes to the system's log, and to ``progress_file`` for whoever looks at that."""
    path = module.params.get("progress_file")
    if path:
        check_whole("progress_file", path)

    def tell(line: str) -> None:
        module.log(line)
        if path:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    return Progress(tell, lambda: account.stats.waited_seconds, lambda: account.stats.requests)


def _report(account: Account, result: Result) -> dict[str, Any]:
    return {
        "account": account.uuid,
        "plan_id": result.plan.id,
        "changes": result.plan.as_list(),
        "people": gains_and_losses(result.plan.changes, result.before),
        "warnings": result.warnings,
    }


def inform(
    module: AnsibleModule,
    read: Callable[[Account, Params], dict[str, Any]],
    fails_on: str | None = None,
    login: bool = True,
) -> None:
    """Run a module that only reads; ``read`` gives its return values. It fails when there are any texts in the list
    ``fails_on``. Without ``login`` it can do without credentials of the account itself."""
    announced: list[str] = []
    account = None
    try:
        with _open(module, announced, read_only=True, login=login) as account, _progress(module, account):
            answers = read(account, module.params)
    except CollectionError as error:
        _fail(module, error, account, announced)
        return
    for warning in announced:
        module.warn(warning)
    deprecate(module, account)
    answers = {"changed": False, "stats": asdict(account.stats), **answers}
    if fails_on and answers[fails_on]:
        module.fail_json(msg=". ".join(answers[fails_on]) + ".", **answers)
    module.exit_json(**answers)


def deprecate(module: AnsibleModule, account: Account) -> None:
    """Pass on what the service announces: Ansible shows the same text once a run."""
    for sunset in sorted(account.sunsets):
        try:
            moment = parsedate_to_datetime(sunset)
        except (TypeError, ValueError):
            continue
        module.deprecate(
            "Dynatrace ends role permissions on environments and management zones."
            f" They stop working on {moment.date().isoformat()}."
            " The playbook identityops.dynatrace.migrate_role_permissions replaces them by policies",
            date="2027-01-11",
            collection_name="identityops.dynatrace",
        )


def _open(module: AnsibleModule, announced: list[str], read_only: bool, login: bool) -> Account:
    def announce(message: str) -> None:
        announced.append(message)
        module.log(message)

    return open_account(module.params, announce, read_only, login)


def _guards(params: Params) -> Guards:
    given = params["guard"]
    return Guards(
        protected_users=frozenset(email(each).lower() for each in given["protected_users"]),
        protected_groups=tuple(given["protected_groups"]),
        min_admins=given["min_admins"],
        thresholds=Thresholds(given["max_removals"], given["max_removal_percent"], given["min_existing"]),
        reviewed_plan=params["expected_plan"],
        blank_screen=given["blank_screen"],
        environments=tuple(given["environments"]),
    )


def _fail(
    module: AnsibleModule,
    error: CollectionError,
    account: Account | None,
    announced: list[str],
    result: Result | None = None,
    **values: Any,
) -> None:
    """End with an error that says how far the run came."""
    for warning in announced:
        module.warn(warning)
    if isinstance(error, CallFailed):
        values["failure"] = error.as_dict()
    if isinstance(error, Refused) and error.changes is not None:
        values["changes_planned"] = error.changes
    if account is not None:
        values["stats"] = asdict(account.stats)
    message = str(error)
    applied = result.applied if result and not module.check_mode else []
    if result is not None and module.check_mode:
        message = f"{message.rstrip('.')}. Nothing was written, since this is check mode."
        values["changes_planned"] = result.plan.as_list()
    elif result is not None:
        message = (
            f"{message.rstrip('.')}. {len(applied)} of {len(applied) + len(result.pending)} changes were"
            " applied; when the cause is mended, running again carries out the rest."
        )
    if result is not None:
        values["plan_id"] = result.plan.id
    module.fail_json(
        msg=message,
        changed=bool(applied),
        changes_applied=[change.as_dict() for change in applied],
        changes_pending=[change.as_dict() for change in result.pending] if result else [],
        **values,
    )
