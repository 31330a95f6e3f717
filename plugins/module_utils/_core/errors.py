# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, typed: every error that a run may end with is one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class CollectionError(Exception):
    """Base of all errors that are told to the user as one message, without a traceback."""


class InvalidInput(CollectionError):
    """The task can't be carried out as written: nothing was sent that changes anything."""


class Refused(CollectionError):
    """A guard refused the plan, so nothing was written. ``changes`` is the plan, where there was one yet."""

    changes: list[dict[str, Any]] | None = None


class Effect(Enum):
    """What a failed call left behind, as far as one can know."""

    NONE = "none"
    """The service said no, or was never reached."""
    UNKNOWN = "unknown"
    """The answer got lost: the change may have taken place."""
    EXISTS = "exists"
    """The service says that what should be created is there already."""


@dataclass(eq=False)
class CallFailed(CollectionError):
    """A call to the service failed for good.

    ``message`` is made from the answer's own words and advice; no header and no sent body is ever part of it.
    """

    message: str
    method: str
    path: str
    status: int | None = None
    code: str | None = None
    request_id: str | None = None
    effect: Effect = Effect.NONE

    def __str__(self) -> str:
        return self.message

    def as_dict(self) -> dict[str, str | int | None]:
        """The ``failure`` return value of the modules."""
        return {
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "method": self.method,
            "path": self.path,
            "request_id": self.request_id,
        }
