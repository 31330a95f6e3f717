# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody may write under the event source in a rulebook, checked before the first request."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..._api.settings import CONTRACTS, Settings, settings_of
from ..._core.errors import InvalidInput
from ..thresholds import Thresholds
from .changes import ORDER
from .rounds import Watched

LEAST_REQUESTS = 5
"""A poll that may send fewer gets nowhere: three lists, and two more."""


@dataclass(frozen=True)
class Orders:
    """The arguments after checking. ``interval`` is in seconds, ``requests`` are those that a poll may send."""

    settings: Settings
    state_dir: Path
    interval: float
    requests: int
    watched: Watched
    initial: bool
    thresholds: Thresholds


def _text(value: Any) -> str:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise TypeError("a text")
    return str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _whole(value: Any) -> int:
    return int(_number(value))


def _boolean(value: Any) -> bool:
    found = {"true": True, "yes": True, "false": False, "no": False}.get(str(value).lower())
    if found is None:
        raise TypeError("true or false")
    return found


def _texts(value: Any) -> tuple[str, ...]:
    """A list, or one text with commas, as it comes from a variable."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise TypeError("a list")
    return tuple(_text(each).strip() for each in items if str(each).strip())


@dataclass(frozen=True)
class Argument:
    """How an argument is read, what stands in for it, and which environment variable does."""

    read: Callable[[Any], Any]
    default: Any = None
    variable: str | None = None


ARGUMENTS: Mapping[str, Argument] = {
    "account_uuid": Argument(_text, "", "DYNATRACE_ACCOUNT_UUID"),
    "client_id": Argument(_text, None, "DYNATRACE_CLIENT_ID"),
    "client_secret": Argument(_text, None, "DYNATRACE_CLIENT_SECRET"),
    "access_token": Argument(_text, None, "DYNATRACE_ACCESS_TOKEN"),
    "scopes": Argument(_texts, ()),
    "api_url": Argument(_text, Settings.api_url, "DYNATRACE_API_URL"),
    "token_url": Argument(_text, Settings.token_url, "DYNATRACE_TOKEN_URL"),
    "api_contract": Argument(_text, "auto", "DYNATRACE_API_CONTRACT"),
    "validate_certs": Argument(_boolean, default=True),
    "ca_path": Argument(_text),
    "timeout": Argument(_number, Settings.timeout),
    "concurrency": Argument(_whole, Settings.concurrency),
    "rate_limit": Argument(_whole, 60),
    "retry_budget": Argument(_number, Settings.retry_budget),
    "allowed_hosts": Argument(_texts, ()),
    "state_dir": Argument(_text, None, "DYNATRACE_EVENTS_STATE_DIR"),
    "interval": Argument(_number, 60),
    "include": Argument(_texts, ORDER),
    "users": Argument(_texts, ("*",)),
    "groups": Argument(_texts, ("*",)),
    "initial": Argument(_boolean, default=False),
    "max_loss_percent": Argument(_number, 25),
    "feedback": Argument(_boolean, default=False),
}


def orders(args: Mapping[str, Any], environment: Mapping[str, str]) -> Orders:
    """Raises InvalidInput, which never quotes a value that may be a secret."""
    given = _read(args, environment)
    if given["api_contract"] not in CONTRACTS:
        raise InvalidInput(f"api_contract must be one of {', '.join(CONTRACTS)}.")
    if not given["state_dir"]:
        raise InvalidInput("Give state_dir: a folder that is kept over restarts, and that no other source uses.")
    for kind in given["include"]:
        if kind not in ORDER:
            raise InvalidInput(f"include: {_unknown(kind, ORDER)}")
    settings = settings_of(given)
    requests = int(given["interval"] * settings.rate_limit / 60)
    if requests < LEAST_REQUESTS:
        raise InvalidInput(
            f"An interval of {given['interval']:g} s leaves {requests} requests for a poll, since rate_limit is"
            f" {settings.rate_limit}: give at least {LEAST_REQUESTS * 60 / settings.rate_limit:g} s."
        )
    return Orders(
        settings=settings,
        state_dir=Path(given["state_dir"]).expanduser(),
        interval=given["interval"],
        requests=requests,
        watched=Watched(frozenset(given["include"]), given["users"], given["groups"]),
        initial=given["initial"],
        thresholds=Thresholds(max_removal_percent=given["max_loss_percent"], min_existing=10),
    )


def _read(args: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    for name in args:
        if name not in ARGUMENTS:
            raise InvalidInput(_unknown(name, ARGUMENTS))
    found = {}
    for name, argument in ARGUMENTS.items():
        value = args.get(name)
        if value is None and argument.variable:
            # a controller sets the variable of a field that is left empty
            value = environment.get(argument.variable) or None
        try:
            found[name] = argument.default if value is None else argument.read(value)
        except (TypeError, ValueError) as error:
            wanted = error.args[0] if isinstance(error, TypeError) and error.args else "a number"
            raise InvalidInput(f"{name} must be {wanted}.") from None
    return found


def _unknown(name: object, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    near = get_close_matches(str(name), list(known), n=1)
    advice = f"{near[0]} is" if near else f"known are {', '.join(known)}"
    return f"{json.dumps(str(name))} isn't known; {advice}."
