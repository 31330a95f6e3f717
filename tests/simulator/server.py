# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running the simulator: in a thread for tests, in the foreground for people. Always on the loopback address."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from .account import Account, new_uuid
from .app import CONTRACTS, build
from .auth import TOKEN_PATH, Authority
from .default import default_state
from .gate import Desk, Observer
from .limiter import Limiter
from .log import Entry, Exchange, is_write

__all__ = ["Exchange", "Simulator", "run", "serve"]

HOST = "127.0.0.1"
START_TIMEOUT = 60
TURNS = 5
"""Of the loop: a connection that has just been accepted is known after a few."""
Clock = Callable[[], float]


class Server(uvicorn.Server):
    """uvicorn's server that says when it listens, stops at once, and leaves no connection open."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    async def main_loop(self) -> None:
        """Wait for the end instead of looking for it ten times a second."""
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._on_ready()
        if not self.should_exit:
            await self._stopped.wait()

    def stop(self) -> None:
        """Ask for the end, from any thread."""
        self.should_exit = True
        if self._loop is not None and self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal asks for the end, too."""
        super().handle_exit(sig, frame)
        self.stop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything now; whoever still waits for an answer sees the connection end."""
        for server in self.servers:
            server.close()
        for _turn in range(TURNS):
            for connection in list(self.server_state.connections):
                transport: Any = connection.transport
                transport.abort()
            await asyncio.sleep(0)
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.sleep(0)


class Simulator:
    """A running simulator, seen from the test that started it."""

    def __init__(self, desk: Desk, contract: str, port: int) -> None:
        self._desk = desk
        self.contract = contract
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.token_url = self.url + TOKEN_PATH

    @property
    def account(self) -> Account:
        """The live account; hold its lock to look at it while requests run."""
        return self._desk.account

    @property
    def account_uuid(self) -> str:
        """The id of the account."""
        return self._desk.account.uuid

    @property
    def requests(self) -> list[Entry]:
        """The log: `method, path, query, status, body` of each request."""
        return self._desk.log.entries()

    @property
    def writes(self) -> list[Entry]:
        """The requests that could change the account."""
        return [entry for entry in self._desk.log.entries() if is_write(entry)]

    @property
    def problems(self) -> list[BaseException]:
        """What went wrong inside the simulator or in the observer; `serve` raises the first one at its end."""
        return self._desk.problems

    def state(self) -> dict[str, Any]:
        """A copy of the whole state."""
        return self._desk.account.state()

    def load(self, state: dict[str, Any]) -> None:
        """Replace the whole state. Tokens that were issued stay valid."""
        self._desk.account.load(state)

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Replace the scripted faults."""
        self._desk.script.load(rules)

    def clear(self) -> None:
        """Forget the log and the faults."""
        self._desk.log.clear()
        self._desk.script.load([])

    def expire_tokens(self) -> None:
        """End all tokens that were issued."""
        self._desk.authority.revoke_all()


def make_desk(
    seed: dict[str, Any] | None,
    rate_limit: int | None,
    latency_ms: float,
    observer: Observer | None,
    clock: Clock,
    new_id: Callable[[], str],
) -> Desk:
    """The parts of one simulator."""
    account = Account(default_state() if seed is None else seed, clock, new_id)
    authority = Authority(account, clock)
    limiter = Limiter(rate_limit, clock)
    return Desk(account, authority, limiter, clock, latency_ms / 1000, observer)


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback address; 0 is any free port.

    asyncio switches Nagle's algorithm off only where the protocol is named; with it each answer would take 40 ms.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    sock.listen(256)
    return sock


def make_server(desk: Desk, contract: str, on_ready: Callable[[], None]) -> Server:
    """The web server for a desk: quiet, one process, no extras."""
    config = uvicorn.Config(
        build(desk, contract),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
    )
    return Server(config, on_ready)


@contextlib.contextmanager
def serve(
    contract: str = "published",
    seed: dict[str, Any] | None = None,
    rate_limit: int | None = None,
    latency_ms: float = 0,
    observer: Observer | None = None,
    *,
    clock: Clock = time.time,
    new_id: Callable[[], str] = new_uuid,
    port: int = 0,
) -> Iterator[Simulator]:
    """Run a simulator in a thread. `observer` sees each exchange; what it raises is raised at the end."""
    if contract not in CONTRACTS:
        raise ValueError(f"contract must be one of {', '.join(CONTRACTS)}")
    desk = make_desk(seed, rate_limit, latency_ms, observer, clock, new_id)
    ready = threading.Event()
    server = make_server(desk, contract, ready.set)
    with contextlib.closing(listen(port)) as sock:
        simulator = Simulator(desk, contract, sock.getsockname()[1])
        thread = threading.Thread(target=server.run, args=([sock],), name="simulator", daemon=True)
        thread.start()
        try:
            if not ready.wait(START_TIMEOUT):
                raise RuntimeError("the simulator did not start")
            yield simulator
        finally:
            server.stop()
            thread.join(START_TIMEOUT)
    if desk.problems:
        raise desk.problems[0]


def run(
    contract: str,
    seed: dict[str, Any] | None,
    rate_limit: int | None,
    latency_ms: float,
    port: int,
    on_ready: Callable[[Simulator], None],
) -> None:
    """Run a simulator in the foreground until a signal ends it."""
    desk = make_desk(seed, rate_limit, latency_ms, None, time.time, new_uuid)
    with contextlib.closing(listen(port)) as sock:
        simulator = Simulator(desk, contract, sock.getsockname()[1])
        make_server(desk, contract, lambda: on_ready(simulator)).run([sock])
