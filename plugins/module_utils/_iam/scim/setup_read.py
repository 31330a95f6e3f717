# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out what there is to say about the set-up of SCIM. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._core.errors import CallFailed, CollectionError
from .setup import Found, named_in, report
from .setup_url import is_usable, own_url, url_problem

if TYPE_CHECKING:
    from ..._api.account import Account

GONE = "DELETED"


def read_setup(account: Account, given: Mapping[str, Any], scim_url: str | None) -> dict[str, Any]:
    """From the options of dynatrace_scim_setup_info to its return values.

    ``scim_url`` is the address as the task has it. One that looks wrong is reported and gets no token.
    """
    url = scim_url or own_url(account.uuid)
    usable = is_usable(url, account.uuid)
    right_url = url.rstrip("/") if usable else own_url(account.uuid)
    found = Found(url=url, url_problem=url_problem(url, account.uuid), right_url=right_url)
    if usable:
        found = _with_scim(found, account)
    if account.may_log_in:
        found = _with_account(found, account)
    return report(found, named_in(given["users"], given["groups"]), given["idp"])


def _with_scim(found: Found, account: Account) -> Found:
    try:
        users, groups = tuple(account.scim.users()), tuple(account.scim.groups())
    except CollectionError as failure:
        if isinstance(failure, CallFailed) and failure.status == 404:
            return replace(found, url_problem=str(failure), right_url=own_url(account.uuid))
        return replace(found, refusal=str(failure))
    try:
        config = account.scim.service_provider_config()
    except CollectionError:
        config = None
    return replace(found, users=users, groups=groups, config=config)


def _with_account(found: Found, account: Account) -> Found:
    try:
        people = tuple(user for user in account.contract.users() if user.status != GONE)
        return replace(found, people=people, account_groups=tuple(account.groups()))
    except CollectionError as failure:
        return replace(found, account_refusal=str(failure))
