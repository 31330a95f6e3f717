# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to log in: each gives a bearer token when a request is about to be sent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from .._core.errors import CallFailed
from .._core.retry import Answer
from .answers import as_object, parse_body, parse_error
from .settings import Settings

EARLY = 15.0
"""Seconds before its end at which a token is no longer used: it must outlive the request."""


class Auth(Protocol):
    """A source of bearer tokens."""

    def token(self) -> str:
        """A token that is good for the next request."""

    def granted(self) -> frozenset[str] | None:
        """The scopes that the last token has; None when unknown."""

    def renew(self, refused: str, /) -> bool:
        """Forget the token that the service refused; False when there can be no other one."""


@dataclass(frozen=True)
class AccessToken:
    """A token that somebody else obtained and keeps fresh."""

    value: str = field(repr=False)

    def token(self) -> str:
        return self.value

    def granted(self) -> frozenset[str] | None:
        return None

    def renew(self, _refused: str, /) -> bool:
        return False


PostForm = Callable[[str, Mapping[str, str]], Answer]
"""Sends a form to a URL, again where that may help."""


class ClientCredentials:
    """OAuth 2.0 client credentials; one token serves all workers until shortly before it ends."""

    def __init__(self, settings: Settings, post_form: PostForm, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._post_form = post_form
        self._clock = clock
        self._lock = Lock()
        self._token = ""
        self._ends = 0.0
        self._granted: frozenset[str] | None = None

    def token(self) -> str:
        with self._lock:
            if not self._token or self._clock() >= self._ends:
                self._obtain()
            return self._token

    def granted(self) -> frozenset[str] | None:
        return self._granted

    def renew(self, refused: str, /) -> bool:
        with self._lock:
            if self._token == refused:
                self._token = ""
        return True

    def _obtain(self) -> None:
        now = self._clock()
        answer = self._post_form(self._settings.token_url, self._form())
        body = as_object(parse_body(answer.text))
        if answer.status != 200 or not body.get("access_token"):
            raise login_failure(answer, self._settings)
        self._token = str(body["access_token"])
        lifetime = float(body.get("expires_in") or math.inf)
        self._ends = now + max(lifetime - EARLY, lifetime / 2)
        self._granted = frozenset(str(body["scope"]).split()) if body.get("scope") else None

    def _form(self) -> dict[str, str]:
        """``scope`` only where the user asks for some: one that the client lacks makes the whole request fail."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id or "",
            "client_secret": self._settings.client_secret or "",
            "resource": f"urn:dtaccount:{self._settings.account_uuid}",
        }
        if self._settings.scopes:
            form["scope"] = " ".join(self._settings.scopes)
        return form


def login_failure(answer: Answer, settings: Settings) -> CallFailed:
    """The error for a refused log-in, with what to do about it."""
    error = parse_error(answer.text, answer.reason)
    if error.code == "invalid_scope":
        advice = (
            f"The OAuth client {settings.client_id} lacks one of the scopes asked for ({' '.join(settings.scopes)})."
            " Grant it to the client in Account Management > Identity & access management > OAuth clients,"
            " or leave it out of scopes."
        )
    elif answer.status in (400, 401, 403):
        advice = (
            f"Login refused: client_id {settings.client_id} and client_secret don't fit together, or the OAuth client"
            f" isn't one of account {settings.account_uuid}. Check DYNATRACE_CLIENT_ID and DYNATRACE_CLIENT_SECRET."
        )
    else:
        advice = f"Got no token from {settings.token_url}; check token_url and the way there."
    return CallFailed(
        message=f"{advice} The token service says: {error.message}",
        method="POST",
        path=settings.token_url,
        status=answer.status,
        code=error.code,
    )
