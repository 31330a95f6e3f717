# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns what is closed when somebody leaves into calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..._api.account import Account
from ..._core.change import Action, Change
from ..._core.execute import Step
from ..scim.steps import ScimSteps
from ..tokens.steps import TokenSteps


class LeavingSteps:
    """Those of SCIM and of tokens together; the calls of a stage run side by side."""

    def __init__(self, account: Account) -> None:
        self.ids: dict[str, str] = {}
        self._parts = (ScimSteps(account), TokenSteps(account))

    def steps(self, action: Action, changes: Sequence[Change]) -> Iterable[Step]:
        """The calls of one stage."""
        return [step for part in self._parts for step in part.steps(action, changes)]
