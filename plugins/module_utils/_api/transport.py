# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send calls: one limiter for all workers, retry by verb, a token at the last moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from .._core.errors import CallFailed
from .._core.limit import Limiter, silent
from .._core.retry import Answer, Backoff, Patience, Safety
from .answers import parse_body, request_id
from .auth import AccessToken, Auth, ClientCredentials
from .calls import Call, Sent
from .dialects import ACCOUNT, Dialect
from .http import Http
from .refusals import call_failed
from .settings import Settings


@dataclass(frozen=True)
class Runtime:
    """Everything that differs from run to run, so that tests can give their own."""

    clock: Callable[[], float]
    """Seconds that only grow."""
    now: Callable[[], float]
    """Seconds since 1970."""
    sleep: Callable[[float], None]
    random: Callable[[], float]
    """A number from 0 to 1."""
    announce: Callable[[str], None] = silent
    limiter: Limiter | None = None
    """What holds several runs together to one limit."""


@dataclass
class Stats:
    """What a run cost. Requests to the token service aren't counted: it is another host with limits of its own."""

    requests: int = 0
    writes: int = 0
    retries: int = 0
    waited_seconds: float = 0.0


class Transport:
    """The way to one service, shared by all workers. ``read_only`` turns any write into a bug report.

    Services that take the same tokens may share ``auth``.
    """

    def __init__(
        self,
        settings: Settings,
        runtime: Runtime,
        read_only: bool = False,
        dialect: Dialect = ACCOUNT,
        auth: Auth | None = None,
    ) -> None:
        self.sent: list[Sent] = []
        self._dialect = dialect
        self._now = runtime.now
        self._base = settings.api_url.rstrip("/")
        self._read_only = read_only
        self._lock = Lock()
        self._stats = Stats()
        self._sunsets: set[str] = set()
        self._http = Http(settings)
        self._limiter = runtime.limiter or Limiter(settings.rate_limit, runtime.clock, runtime.sleep, runtime.announce)
        self._patience = Patience(self._limiter, Backoff(runtime.random), settings.retry_budget, runtime.now)
        self.auth: Auth = auth or (
            AccessToken(settings.access_token)
            if settings.access_token
            else ClientCredentials(settings, self._post_form, runtime.clock)
        )

    def close(self) -> None:
        """Close the pooled connections."""
        self._http.close()

    def send(self, call: Call) -> Any:
        """The JSON value of the answer, None where there is none; raises CallFailed."""
        return self.ask(call)[0]

    def ask(self, call: Call) -> tuple[Any, Mapping[str, str]]:
        """As :meth:`send`, with the answer's headers."""
        if self._read_only and call.method != "GET" and not call.only_looks:
            raise RuntimeError(f"bug: {call.method} {call.path} in check mode")
        number = 0
        renewed = False
        while True:
            number += 1
            self._limiter.acquire()
            token = self.auth.token()
            answer = self._exchange(call, token)
            self._count(call, number, answer)
            if answer.status is not None and 200 <= answer.status < 300:
                return _body(call, answer, self._dialect.option), answer.headers
            if answer.status == 404 and call.absent_is_fine:
                return None, answer.headers
            if answer.status == 401 and not renewed and self.auth.renew(token):
                renewed = True
            elif not self._patience.again(number, answer, call.safety, call.fresh):
                raise call_failed(call, answer, self.auth.granted(), self._dialect.advice)

    @property
    def stats(self) -> Stats:
        """The figures so far; waiting in seconds."""
        self._stats.waited_seconds = round(self._limiter.waited, 3)
        return self._stats

    @property
    def granted(self) -> frozenset[str] | None:
        """The scopes that the last token has; None when unknown."""
        return self.auth.granted()

    @property
    def secret(self) -> str:
        """The token that requests come with, to ask the service about itself."""
        return self.auth.token()

    @property
    def sunsets(self) -> frozenset[str]:
        """The dates in ``Sunset`` headers (RFC 8594): after them a call that was used will be gone."""
        return frozenset(self._sunsets)

    def _post_form(self, url: str, form: Mapping[str, str]) -> Answer:
        """The token request. It is repeatable: a second token does no harm."""
        number = 1
        while True:
            answer = self._http.exchange("POST", url, form=form)
            if not self._patience.again(number, answer, Safety.REPEATABLE, shared=False):
                return answer
            number += 1

    def _exchange(self, call: Call, token: str) -> Answer:
        media = {} if call.body is None else {"Content-Type": self._dialect.media_type}
        headers = {"Accept": self._dialect.media_type, **media, **dict(call.headers)}
        login = f"{self._dialect.scheme} {token}"
        return self._http.exchange(call.method, self._base + call.path, login, call.query, call.body, headers=headers)

    def _count(self, call: Call, number: int, answer: Answer) -> None:
        with self._lock:
            self._stats.requests += 1
            if call.method != "GET" and not call.only_looks:
                self._stats.writes += 1
                told = request_id(answer.headers)
                self.sent.append(Sent(self._now(), call.method, self._base + call.path, answer.status, told))
            self._stats.retries += number > 1
            if answer.headers.get("Sunset"):
                self._sunsets.add(answer.headers["Sunset"])


def _body(call: Call, answer: Answer, option: str) -> Any:
    """Writes may be answered with anything; what was asked for must be there."""
    body = parse_body(answer.text)
    if body is None and call.method == "GET":
        problem = f"{call.method} {call.path}: the answer isn't JSON; check {option} and proxies"
        raise CallFailed(problem, call.method, call.path, answer.status)
    return body
