# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets runs share the modules that Ansible has packed: without it each run packs each of its modules anew."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: packed
type: aggregate
short_description: Shares packed modules between runs
description:
  - For the tests of this collection. E(PACKED_MODULES) names a folder that lives as long as nobody changes a module.
  - Ansible keeps what it has packed for the length of one run, with a lock for each module.
"""


class CallbackModule(CallbackBase):
    """Does all it has to by being loaded, which is before the first task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "packed"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        importlib.import_module("ansible.module_utils.urls")  # once here, not in each process that looks something up
        Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(os.environ["PACKED_MODULES"])
