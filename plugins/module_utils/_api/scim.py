# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM 2.0 (RFC 7643 and 7644): users and groups as an identity provider writes them."""

from __future__ import annotations

from .._core.retry import Answer
from .calls import Call
from .dialects import Dialect
from .refusals import common_advice
from .transport import Transport


def _advice(_call: Call, answer: Answer, _granted: frozenset[str] | None) -> str:
    return common_advice(answer, "scim_url")


DIALECT = Dialect("Bearer", "application/scim+json", _advice)


class Scim:
    """One side of SCIM."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
