# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the connection options, those of a module or of another plugin, to an account."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from .._api.account import Account
from .._api.settings import Settings, account_uuid, environment_access
from .._api.transport import Runtime


def open_account(
    params: Mapping[str, Any], announce: Callable[[str], None], read_only: bool, login: bool = True
) -> Account:
    """An account as the options say; ``announce`` is told of long waits. Raises InvalidInput for options of no use.

    Without ``login`` it can do without credentials of the account itself.
    """
    runtime = Runtime(time.monotonic, time.time, time.sleep, random.random, announce)
    return Account(_settings(params, login), runtime, read_only)


def _settings(params: Mapping[str, Any], login: bool) -> Settings:
    uuid = params["account_uuid"] or ""
    scim_url = (params.get("scim_url") or "").strip()
    environments = environment_access(params.get("environment_tokens") or {}, params.get("environment_urls") or {})
    return Settings(
        account_uuid=account_uuid(uuid) if uuid or login or not (scim_url or environments) else "",
        client_id=params["client_id"],
        client_secret=params["client_secret"],
        access_token=params["access_token"],
        scopes=tuple(params["scopes"]),
        api_url=params["api_url"],
        token_url=params["token_url"],
        contract=params["api_contract"],
        verify=(params["ca_path"] or True) if params["validate_certs"] else False,
        timeout=params["timeout"],
        concurrency=params["concurrency"],
        rate_limit=params["rate_limit"],
        retry_budget=params["retry_budget"],
        allowed_hosts=tuple(params["allowed_hosts"]),
        scim_url=scim_url or None,
        scim_token=params.get("scim_token"),
        environments=environments,
    ).checked(login)
