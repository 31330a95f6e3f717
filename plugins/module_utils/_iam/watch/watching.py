# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls an account and tells what changed: the life of the event source."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, Protocol

from ..._api.account import Account
from ..._api.transport import Runtime
from ..._core.errors import CallFailed, CollectionError, InvalidInput
from ..._core.limit import Limiter
from ..model import Snapshot
from .arguments import Orders
from .changes import compare
from .cursor import Cursor, CursorError, Page
from .events import events_of
from .losses import check_losses, losses
from .memory import from_json, to_json
from .rounds import Look, Unit, look, names_of

log = logging.getLogger("identityops.dynatrace.account_changes")
LONGEST_PAUSE = 900.0
"""Seconds between polls that fail, at most, unless the interval is longer."""
FAREWELL = 5.0
"""Seconds that an event may still take to be taken when the source is asked to stop."""
GLANCE = 0.02
PATIENCE = 60.0
"""Seconds after which it is told that nobody takes an event."""


class Queue(Protocol):
    """Where events go."""

    async def put(self, item: Any) -> None:
        """Wait until there is room, and hand the event over."""


class Stopped(CollectionError):
    """The source is asked to end."""


@dataclass
class Stop:
    """Ends a poll: its threads sleep by ``sleep``, and look at ``clock`` before each request."""

    _asked: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """From any thread."""
        self._asked.set()

    def sleep(self, seconds: float) -> None:
        """Raises Stopped as soon as that is asked for."""
        if self._asked.wait(seconds):
            raise Stopped("The source was asked to stop.")

    def clock(self) -> float:
        """Seconds that only grow; raises Stopped once that is asked for."""
        self.sleep(0)
        return time.monotonic()


def poll(orders: Orders, runtime: Runtime, page: Page | None, moment: str) -> Page:
    """One look at the account, and the page to write down. Blocks. Raises CollectionError, with nothing to be told."""
    account_id = orders.settings.account_uuid
    old = from_json(account_id, page.known) if page else None
    contract = page.contract if page else orders.settings.contract
    with Account(replace(orders.settings, contract=_contract(orders, page)), runtime, read_only=True) as account:
        last = (page.last[0], page.last[1], page.last[2]) if page and page.last else None
        seen = look(account, old, last, orders.watched, orders.requests)
        begin = old or _nothing(seen, everything_new=orders.initial)
        changes, known = compare(begin, seen.listed, seen.read)
        check_losses(losses(begin, seen.listed, seen.read, changes), orders.thresholds)
        names = names_of(account, begin, seen.listed, changes)
        contract = account.contract.name
    generation = page.generation + 1 if page else 1
    events = events_of(changes, known, names, orders.watched, (generation, moment))
    log.info("%d events, %d of %d asked for besides the lists", len(events), len(seen.asked), len(seen.units))
    unread = _told_unread(page, seen)
    return Page(generation, contract, to_json(known), list(seen.last) if seen.last else None, events, unread)


def _told_unread(page: Page | None, seen: Look) -> list[list[str]]:
    """What can't be read; said when that begins and when it ends, rather than at each poll."""
    before: set[Unit] = {(each[0], each[1], each[2]) for each in page.unread} if page else set()
    now = seen.unread(before)
    if now - before:
        some = ", ".join(repr(" ".join(filter(None, each))) for each in sorted(now - before)[:3])
        log.warning(
            "%d of %d parts of the account can't be read, such as %s. What is known of them stays, and their changes"
            " are told once they can be. The service says, for one: %s",
            *(len(now - before), len(seen.units), some, min(map(str, seen.failures), default="something about others")),
        )
    if before - now:
        log.warning("Of what couldn't be read, %d can be read again, or have gone.", len(before - now))
    return sorted(map(list, now))


def _contract(orders: Orders, page: Page | None) -> str:
    """The one that was recognised before, which saves a look; one that is pinned must be the same."""
    pinned = orders.settings.contract
    if page is None:
        return pinned
    if pinned not in ("auto", page.contract):
        raise InvalidInput(
            f"state_dir was written with api_contract {page.contract}, not {pinned}: give another state_dir."
        )
    return page.contract


def _nothing(seen: Look, *, everything_new: bool) -> Snapshot:
    """What to compare the very first look with: an empty account, or what that look sees."""
    empty = Snapshot(seen.listed.account, seen.listed.abilities, users_listed=True, groups_listed=True)
    if everything_new:
        return replace(empty, bindings={("account", empty.account): frozenset()})
    return replace(empty, users=seen.listed.users, groups=seen.listed.groups, environments=seen.listed.environments)


async def watch(queue: Queue, feedback: asyncio.Queue[Any] | None, orders: Orders) -> None:
    """Poll and tell until cancelled. Raises CollectionError for what no further poll can mend."""
    stop = Stop()
    runtime = Runtime(stop.clock, time.time, stop.sleep, random.random, log.info)
    # requests that a poll had to send again are the next one's loss
    limiter = Limiter(orders.settings.rate_limit, runtime.clock, runtime.sleep, runtime.announce)
    try:
        with Cursor(orders.state_dir, orders.settings.account_uuid) as cursor:
            await _live(Outlet(queue, feedback, cursor), orders, replace(runtime, limiter=limiter))
    finally:
        stop.ask()


async def _live(outlet: Outlet, orders: Orders, runtime: Runtime) -> None:
    page, told = outlet.cursor.load()
    if page:
        # each life says once what it can't read
        page = replace(page, unread=[])
        await outlet.tell(page, told)
    failures = 0
    while True:
        begun = time.monotonic()
        try:
            page = await _next(outlet, orders, runtime, page)
            failures = 0
        except CollectionError as error:
            if isinstance(error, InvalidInput) or (page is None and _is_refusal(error)):
                raise
            failures += 1
            log.error("This poll told nothing: %s", error)  # noqa: TRY400 the traceback says no more
        pause = min(orders.interval * 2 ** min(failures, 8), max(LONGEST_PAUSE, orders.interval))
        await asyncio.sleep(max(0.0, begun + pause - time.monotonic()))


def _is_refusal(error: Exception) -> bool:
    """Whether the service won't have us, which waiting doesn't mend."""
    return isinstance(error, CallFailed) and error.status in (400, 401, 403, 404)


async def _next(outlet: Outlet, orders: Orders, runtime: Runtime, page: Page | None) -> Page:
    """One poll, written down when it brought anything, and told."""
    moment = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    fresh = await asyncio.to_thread(poll, orders, runtime, page, moment)
    if page and replace(fresh, generation=page.generation, events=page.events) == page and not fresh.events:
        return page
    try:
        outlet.cursor.save(fresh)
    except OSError as error:
        raise CursorError(f"state_dir can't be written: {error.strerror}.") from error
    await outlet.tell(fresh, 0)
    return fresh


@dataclass(frozen=True)
class Outlet:
    """Where events go, and where it is noted that they have gone."""

    queue: Queue
    feedback: asyncio.Queue[Any] | None
    cursor: Cursor

    async def tell(self, page: Page, told: int) -> None:
        """Hand over the events of a page that haven't been, and note each as soon as it is taken.

        Nothing is handed over that couldn't be noted: each restart would tell it again.
        """
        await self._note(page, told)
        for number, event in enumerate(page.events[told:], told + 1):
            await self.queue.put(event)
            taken = asyncio.ensure_future(self._taken(event["meta"]["uuid"]))
            try:
                await _announced(taken)
            except asyncio.CancelledError:
                # what has been put may well be taken yet: then it mustn't be told again after the restart
                done, _pending = await asyncio.wait({taken}, timeout=FAREWELL)
                if done:
                    self._may_note(page, number)
                taken.cancel()
                raise
            await self._note(page, number)

    async def _note(self, page: Page, number: int) -> None:
        """However long it takes: to end instead would make each restart tell the same event again."""
        while not self._may_note(page, number):
            await asyncio.sleep(PATIENCE)

    def _may_note(self, page: Page, number: int) -> bool:
        try:
            self.cursor.mark(page, number)
        except OSError as error:
            log.error("state_dir can't be written, so nothing more is told: %s.", error.strerror)  # noqa: TRY400
            return False
        return True

    async def _taken(self, uuid: str) -> None:
        """Until the rule engine has the event: it says so itself, or else it has emptied the queue."""
        while self.feedback is not None:
            if (await self.feedback.get())["meta"]["uuid"] == uuid:
                return
        inner: Any = getattr(self.queue, "queue", self.queue)
        empty: Callable[[], bool] = inner.empty
        while not empty():
            await asyncio.sleep(GLANCE)


async def _announced(taken: asyncio.Future[None]) -> None:
    """Wait however long it takes, and say so."""
    while not (await asyncio.wait({taken}, timeout=PATIENCE))[0]:
        log.warning("An event has been waiting for %.0f s to be taken.", PATIENCE)
    taken.result()
