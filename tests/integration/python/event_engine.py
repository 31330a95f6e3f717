# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads the event source as ansible-rulebook does, and kills itself at one of its steps.

Arguments: the plugin, its arguments as JSON, a folder, the URL of the simulator's state, and the step. The folder has
the worlds that the account goes through, one a poll, as 0.json, 1.json, ...; in there go the events, a line each.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import signal
import sys
import urllib.request
from pathlib import Path
from typing import Any

PLUGIN, ARGS, FOLDER, STATE_URL = sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
LEFT = iter(range(int(sys.argv[5]), 0, -1))
sleep, fsync = asyncio.sleep, os.fsync


def step() -> None:
    """The last one is not survived."""
    if next(LEFT) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def slow_disk(descriptor: int) -> None:
    """A kill comes before or after something is safe on the disk."""
    step()
    fsync(descriptor)
    step()


async def turn(seconds: float) -> None:
    """Instead of waiting for the next poll the account goes on; with its last world all ends."""
    if seconds < 1:
        await sleep(seconds)
        return
    number = FOLDER / "number"
    now = int(number.read_text(encoding="utf-8")) + 1 if number.exists() else 0
    world = FOLDER / f"{now}.json"
    if not world.exists():
        sys.stdout.flush()
        os._exit(0)
    urllib.request.urlopen(urllib.request.Request(STATE_URL, world.read_bytes(), method="PUT")).close()
    number.write_text(str(now), encoding="utf-8")


async def engine(queue: asyncio.Queue[Any]) -> None:
    """Takes events and notes them."""
    with (FOLDER / "events").open("a", encoding="utf-8") as file:
        while True:
            event = await queue.get()
            step()
            file.write(json.dumps(event) + "\n")
            file.flush()
            step()


async def life() -> None:
    """Source and engine side by side, until one of them ends."""
    queue: asyncio.Queue[Any] = asyncio.Queue(1)
    tasks = [asyncio.create_task(engine(queue)), asyncio.create_task(runpy.run_path(PLUGIN)["main"](queue, ARGS))]
    done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


os.fsync = slow_disk
asyncio.sleep = turn
asyncio.run(life())
