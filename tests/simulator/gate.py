# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every API request passes before and after the routes: faults, limiter, latency, log."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .account import Account
from .auth import TOKEN_PATH, Authority
from .faults import TOO_MANY, Canned, Fault, Script
from .limiter import Limiter
from .log import Exchange, RequestLog

CONTROL = "/_simulator/"
NO_LINGER = struct.pack("ii", 1, 0)
Observer = Callable[[Exchange], None]


@dataclass
class Buffered:
    """A whole answer, held back until it is decided whether the client gets it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def of(cls, canned: Canned) -> Buffered:
        """A canned answer, made ready to send."""
        headers = [(name.lower().encode(), value.encode()) for name, value in canned.headers.items()]
        return cls(canned.status, [*headers, (b"content-length", str(len(canned.body)).encode())], canned.body)

    async def send(self, send: Send) -> None:
        """Pass the answer on."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


@dataclass
class Desk:
    """The parts that belong to one running simulator."""

    account: Account
    authority: Authority
    limiter: Limiter
    now: Callable[[], float]
    latency: float = 0
    observer: Observer | None = None
    script: Script = field(default_factory=Script)
    log: RequestLog = field(default_factory=RequestLog)
    problems: list[BaseException] = field(default_factory=list)


class Gate:
    """The outermost application. Control routes pass untouched; paths stay as sent, for e-mails with any character."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
        scope = {**scope, "path": path}
        if path.startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        fault = self._desk.script.next(scope["method"], path, self._desk.now()) or Fault()
        self._revoke(scope, fault)
        await asyncio.sleep(self._desk.latency + fault.slow)
        answer, scripted = await self._answer(scope, body, fault)
        self._note(scope, body, answer, scripted)
        if answer is None:
            await cut(receive, send)
        else:
            await answer.send(send)

    def _revoke(self, scope: Scope, fault: Fault) -> None:
        """End tokens where the fault says so."""
        if fault.revoke:
            self._desk.authority.revoke(headers_of(scope).get("authorization"))
        if fault.revoke_all:
            self._desk.authority.revoke_all()

    async def _answer(self, scope: Scope, body: bytes, fault: Fault) -> tuple[Buffered | None, bool]:
        """The answer, None for a connection to be cut, and whether it was scripted."""
        if fault.reset == "before":
            return None, True
        if fault.canned is not None and not fault.applied:
            return Buffered.of(fault.canned), True
        limited = self._limited(scope["path"])
        if limited is not None:
            return limited, True
        answer = await self._run(scope, body)
        if fault.reset == "after":
            return None, True
        if fault.canned is not None:
            return Buffered.of(fault.canned), True
        return answer, False

    def _limited(self, path: str) -> Buffered | None:
        """The 429 of the rate limiter, if its turn has come; the SSO has limits of its own and none here."""
        if path == TOKEN_PATH:
            return None
        options = self._desk.account.options
        headers = self._desk.limiter.refuse(options.rate_window, options.rate_limit_headers)
        if headers is None:
            return None
        headers = {"Content-Type": "application/json", **headers}
        return Buffered.of(Canned(429, headers, json.dumps(TOO_MANY).encode()))

    async def _run(self, scope: Scope, body: bytes) -> Buffered:
        """Let the routes answer into a buffer."""
        held = Buffered()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.status, held.headers = message["status"], list(message["headers"])
            else:
                held.body += message.get("body", b"")

        await self._guarded(self._app(scope, receive, send))
        return held

    async def _guarded(self, work: Awaitable[None]) -> None:
        """A mistake of the simulator becomes a 500 for the client and stays on record."""
        try:
            await work
        except Exception as problem:  # noqa: BLE001  # the routes' framework has answered 500 by now
            self._desk.problems.append(problem)

    def _note(self, scope: Scope, body: bytes, answer: Buffered | None, scripted: bool) -> None:
        """Log the exchange and show it to the observer before the client has the answer."""
        exchange = Exchange(
            method=scope["method"],
            base_url="http://{}:{}".format(*scope["server"]),
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            request_headers=headers_of(scope),
            request_body=body,
            status=answer.status if answer else None,
            response_headers=as_dict(answer.headers) if answer else {},
            response_body=answer.body if answer else b"",
            scripted=scripted,
        )
        self._desk.log.add(exchange)
        if self._desk.observer is not None:
            try:
                self._desk.observer(exchange)
            except Exception as problem:  # noqa: BLE001  # raised again where the simulator was started
                self._desk.problems.append(problem)


def as_dict(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers with names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request."""
    return as_dict(scope["headers"])


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def cut(receive: Receive, send: Send) -> None:
    """End the TCP connection with a reset and without an answer.

    The server's `send` is a method of the object that holds the transport; there is no public way to it. Waiting for
    the disconnect keeps the server from sending a 500 into the closed connection.
    """
    transport = cast(Any, send).__self__.transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
