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
from .._api.settings import settings_of
from .._api.transport import Runtime


def open_account(
    params: Mapping[str, Any], announce: Callable[[str], None], read_only: bool, login: bool = True
) -> Account:
    """An account as the options say; ``announce`` is told of long waits. Raises InvalidInput for options of no use.

    Without ``login`` it can do without credentials of the account itself.
    """
    runtime = Runtime(time.monotonic, time.time, time.sleep, random.random, announce)
    return Account(settings_of(params, login), runtime, read_only)
