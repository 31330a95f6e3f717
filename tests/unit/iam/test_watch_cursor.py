# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a watch, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.transport import Runtime
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.limit import Limiter
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch import cursor as cursors
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch import watching
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.arguments import orders
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.cursor import Cursor, CursorError, Page

from ..loops import finish

ACCOUNT = "7f3c1d9a-2b64-4e18-9c05-6a1e8d2f4b70"
OTHER = "00000000-2b64-4e18-9c05-6a1e8d2f4b70"
ORDERS = orders({"account_uuid": ACCOUNT, "access_token": "t", "state_dir": "nowhere"}, {})


def page(generation: int, *events: str) -> Page:
    """A page with events of these ids."""
    told = [{"meta": {"uuid": each}} for each in events]
    return Page(generation, "published", {"users": {}}, None, told, [["members", "a group", ""]])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """State after two of three events have been told."""
    with Cursor(tmp_path / "state", ACCOUNT) as cursor:
        assert cursor.load() == (None, 0)
        (tmp_path / "state/known.new").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").touch(0o644)
        cursor.save(page(1))
        cursor.mark(page(1), 0)
        cursor.save(page(2, "a", "b", "c"))
        assert cursor.load() == (page(2, "a", "b", "c"), 0)
        cursor.mark(page(2, "a", "b", "c"), 2)
    return tmp_path / "state"


def test_what_was_written_is_read(folder: Path) -> None:
    with Cursor(folder, ACCOUNT) as cursor:
        assert cursor.load() == (page(2, "a", "b", "c"), 2)
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.glob("*.json")} == {
        "known.json": 0o600,
        "told.json": 0o600,
    }
    assert (folder.parent / "elsewhere").stat().st_size == 0


def torn(path: Path) -> None:
    """Half of a file."""
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")


def changed(path: Path) -> None:
    """Somebody edits it."""
    path.write_text(path.read_text(encoding="utf-8").replace('"generation": 2', '"generation": 3'), encoding="utf-8")


def newer(path: Path) -> None:
    """A backup of an older page under what has been told since."""
    with Cursor(path.parent, ACCOUNT) as cursor:
        cursor.mark(page(7), 0)


DAMAGE: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "torn": ("known", torn, "is torn"),
    "torn count": ("told", torn, "is torn"),
    "no JSON object": ("known", lambda path: path.write_text("[]"), "is torn, or isn't one of ours"),
    "not text": ("known", lambda path: path.write_bytes(b"\xff\xfe"), "isn't text"),
    "a folder": ("known", lambda path: (path.unlink(), path.mkdir()), "can't be read: Is a directory"),
    "changed": ("known", changed, "was changed by somebody else"),
    "empty": ("told", lambda path: path.write_text(""), "is torn"),
    "gone": ("known", Path.unlink, "is missing"),
    "count gone": ("told", Path.unlink, "is missing"),
    "restored": ("known", newer, "restored from a backup"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_an_error(folder: Path, damage: str) -> None:
    """Never a silent start from zero."""
    name, spoil, message = DAMAGE[damage]
    spoil(folder / f"{name}.json")
    with pytest.raises(CursorError, match=message), Cursor(folder, ACCOUNT) as cursor:
        cursor.load()


def test_another_account_is_an_error(folder: Path) -> None:
    with pytest.raises(CursorError, match=f"is of account {ACCOUNT}, not of {OTHER}"), Cursor(folder, OTHER) as cursor:
        cursor.load()


def test_one_source_a_folder(folder: Path) -> None:
    with Cursor(folder, ACCOUNT), pytest.raises(CursorError, match="Another event source"), Cursor(folder, ACCOUNT):
        pass
    with Cursor(folder, ACCOUNT):
        assert (folder / "lock").exists()


def test_a_file_system_without_locks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is to look for a second source that there isn't."""

    def none(*_arguments: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(cursors.fcntl, "flock", none)
    with pytest.raises(CursorError, match="can't lock files: No locks available"), Cursor(folder, ACCOUNT):
        pass


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CursorError, match="can't be written"), Cursor(tmp_path / "file" / "x", ACCOUNT):
        pass


# --- life


class Pages:
    """What polls find, one after the other; then nothing new any more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *found: Page | Exception) -> None:
        self.found = list(found)
        self.idle = 0
        self.limiters: list[Limiter | None] = []
        self.unread: list[list[list[str]]] = []
        monkeypatch.setattr(watching, "poll", self.poll)

    def poll(self, _orders: object, runtime: Runtime, last: Page | None, _moment: str) -> Page:
        """The next one."""
        self.limiters.append(runtime.limiter)
        self.unread.append(last.unread if last else [])
        result = self.found.pop(0) if self.found else last and replace(last, events=[])
        self.idle += not self.found
        if isinstance(result, Exception):
            raise result
        assert result
        return result


def told(folder: Path) -> int:
    """How many of the last page's events have been told."""
    return int(json.loads((folder / "told.json").read_text(encoding="utf-8"))["content"]["number"])


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not condition():
        await asyncio.sleep(0.001)


async def stopped(task: asyncio.Task[None]) -> None:
    """Ask a source to stop, as ansible-rulebook does."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_an_event_counts_when_it_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is in the queue isn't told yet: a kill would lose it."""

    async def life() -> None:
        Pages(monkeypatch)
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = asyncio.create_task(watching.watch(queue, None, replace(ORDERS, state_dir=folder)))
        await until(queue.full)
        await asyncio.sleep(3 * watching.GLANCE)
        assert told(folder) == 2
        assert queue.get_nowait()["meta"]["uuid"] == "c"
        await until(lambda: told(folder) == 3)
        await stopped(task)

    finish(life())


@pytest.mark.parametrize(("taken", "expected"), [(True, 3), (False, 2)])
def test_asked_to_stop_with_an_event_in_the_queue(
    folder: Path, monkeypatch: pytest.MonkeyPatch, taken: bool, expected: int
) -> None:
    """It may be taken yet: then it isn't told again. Nobody waits for that long."""
    monkeypatch.setattr(watching, "FAREWELL", 0.2 if not taken else 60)

    async def life() -> None:
        Pages(monkeypatch)
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = asyncio.create_task(watching.watch(queue, None, replace(ORDERS, state_dir=folder)))
        await until(queue.full)
        task.cancel()
        await asyncio.sleep(0)
        if taken:
            queue.get_nowait()
        with pytest.raises(asyncio.CancelledError):
            await task

    finish(life())
    assert told(folder) == expected


def test_feedback_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the event's id; those of others mean nothing."""

    async def life() -> None:
        Pages(monkeypatch, page(3, "d"))
        queue: asyncio.Queue[Any] = asyncio.Queue()
        feedback: asyncio.Queue[Any] = asyncio.Queue()
        task = asyncio.create_task(watching.watch(queue, feedback, replace(ORDERS, state_dir=folder)))
        event = await queue.get()
        await feedback.put({"meta": {"uuid": "somebody else's"}})
        await until(feedback.empty)
        assert told(folder) == 2
        await feedback.put(event)
        assert (await queue.get())["meta"]["uuid"] == "d"
        await stopped(task)

    monkeypatch.setattr(watching, "FAREWELL", 0)
    finish(life())


def test_polls_that_fail_are_followed_by_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """They are reported, the pause grows, and all keep to one limit. A new life says again what can't be read."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        if seconds > 1:
            pauses.append(seconds)
        await sleep(0)

    async def life() -> Pages:
        trouble = CallFailed("GET /users: 503", "GET", "/users", 503)
        pages = Pages(monkeypatch, *[trouble] * 6, page(3, "d"))
        monkeypatch.setattr(watching.asyncio, "sleep", nap)
        queue: asyncio.Queue[Any] = asyncio.Queue()
        task = asyncio.create_task(watching.watch(Drain(queue), None, replace(ORDERS, state_dir=folder)))
        while pages.idle < 2:
            await sleep(0.001)
        await stopped(task)
        return pages

    with caplog.at_level(logging.ERROR):
        pages = finish(life())
    limiters = pages.limiters
    assert pages.unread[6:8] == [[], [["members", "a group", ""]]]
    assert isinstance(limiters[0], Limiter)
    assert set(limiters) == {limiters[0]}
    assert [round(each, -1) for each in pauses[:7]] == [120, 240, 480, 900, 900, 900, 60]
    assert [record.message for record in caplog.records] == ["This poll told nothing: GET /users: 503"] * 6


class Drain:
    """A queue that is always taken from."""

    def __init__(self, queue: asyncio.Queue[Any]) -> None:
        self._queue = queue

    async def put(self, item: Any) -> None:
        """Take it."""
        await self._queue.put(item)

    def empty(self) -> bool:
        """Nothing is left."""
        return True


def test_refused_at_the_very_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever just set it up shall see it."""
    Pages(monkeypatch, CallFailed("GET /groups: 403 Forbidden", "GET", "/groups", 403))
    with pytest.raises(CallFailed, match="403 Forbidden"):
        finish(watching.watch(asyncio.Queue(), None, replace(ORDERS, state_dir=tmp_path)))


def test_an_event_that_cannot_be_noted_is_the_last(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Before the first and after each: a source that ended instead would tell it at every restart."""
    steps: list[Any] = []
    mark = Cursor.mark

    def full(cursor: Cursor, last: Page, number: int) -> None:
        if steps[-1:] != ["full"]:
            steps.append("full")
            raise OSError(28, "No space left on device")
        steps.append(number)
        mark(cursor, last, number)

    class Noted(Drain):
        async def put(self, item: Any) -> None:
            steps.append(item["meta"]["uuid"])

    async def life() -> None:
        Pages(monkeypatch)
        monkeypatch.setattr(watching.Cursor, "mark", full)
        monkeypatch.setattr(watching, "PATIENCE", 0)
        queue = Noted(asyncio.Queue())
        task = asyncio.create_task(watching.watch(queue, None, replace(ORDERS, state_dir=folder)))
        await until(lambda: len(steps) == 5)
        await stopped(task)

    finish(life())
    assert steps == ["full", 2, "c", "full", 3]
    full_disk = "state_dir can't be written, so nothing more is told: No space left on device."
    assert caplog.messages == [full_disk] * 2


def test_a_full_disk_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cursors.os, "fsync", full)
    with pytest.raises(CursorError, match="can't be written: No space left"), Cursor(tmp_path, ACCOUNT) as cursor:
        cursor.load()


def test_a_full_disk_tells_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What can't be written down isn't told."""

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    async def life() -> list[Any]:
        Pages(monkeypatch, page(3, "d"))
        monkeypatch.setattr(watching.Cursor, "save", full)
        queue: asyncio.Queue[Any] = asyncio.Queue()
        task = asyncio.create_task(watching.watch(Drain(queue), None, replace(ORDERS, state_dir=folder)))
        await until(lambda: bool(caplog.records))
        await stopped(task)
        return [queue.get_nowait()["meta"]["uuid"] for _each in range(queue.qsize())]

    assert finish(life()) == ["c"]
    assert caplog.messages == ["This poll told nothing: state_dir can't be written: No space left on device."]
