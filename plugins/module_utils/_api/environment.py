# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of an environment: its access tokens."""

from __future__ import annotations

from .._core.retry import Answer
from .calls import Call
from .dialects import Dialect
from .refusals import common_advice
from .transport import Transport


def _advice(_call: Call, answer: Answer, _granted: frozenset[str] | None) -> str:
    return common_advice(answer, "environment_urls")


DIALECT = Dialect("Api-Token", "application/json", _advice, "environment_urls")


class EnvironmentApi:
    """One environment. ``token_in_use`` is the id of the token that this logs in with, where it has one."""

    def __init__(self, transport: Transport, environment: str, token_in_use: str | None) -> None:
        self.id = environment
        self.token_in_use = token_in_use
        self._transport = transport
