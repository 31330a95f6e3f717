# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as users get them: rendered by Ansible, opened from the disk in Debian's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.tools.tree import ROOT

from . import accounts

TEMPLATE = ROOT / "roles/access_review/templates/review.html.j2"
ACCOUNTS: dict[str, Callable[[], accounts.Data]] = {
    "small": accounts.small,
    "hostile": accounts.hostile,
    "big": accounts.big,
    "broken": lambda: {"people": None},
    "empty": lambda: accounts.account(0, [], [], []),
}
PLAYBOOK = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "ansible.builtin.template": {"src": str(TEMPLATE), "dest": "{{ folder }}/{{ item }}.html"},
                "vars": {
                    "review_data": "{{ lookup('ansible.builtin.file', folder ~ '/' ~ item ~ '.json') | from_json }}"
                },
                "loop": sorted(ACCOUNTS),
            }
        ],
    }
]

PATIENCE = 30_000  # ms, on a machine with much else to do
Open = Callable[..., "Opened"]


class Opened:
    """A page, and what happens in it: messages of the console, errors, requests."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "console": lambda message: self.troubles.append(message.text),
            "pageerror": lambda error: self.troubles.append(str(error)),
            "request": lambda request: self.requests.append(request.url),
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)
        page.goto(url)

    def leave(self) -> None:
        """Leaves the page to the next test."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)
        self.page.emulate_media(media="null")
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")


def render(folder: Path) -> None:
    """Writes a page for each account into the folder."""
    for name, data in ACCOUNTS.items():
        (folder / f"{name}.json").write_text(json.dumps(data()), encoding="utf-8")
    (folder / "render.json").write_text(json.dumps(PLAYBOOK), encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    own = {"ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_LOCALHOST_WARNING": "false", "LC_ALL": "C.UTF-8"}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-c", "local", "-i", "localhost,"]
    command += ["-e", f"folder={folder}", "-e", f"ansible_python_interpreter={sys.executable}", "render.json"]
    subprocess.run(command, cwd=folder, env={**kept, **own}, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the rendered pages, by the names of ACCOUNTS."""
    folder = tmp_path_factory.mktemp("pages")
    render(folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        # what runs in it is ours, and a container has no sandbox for root
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def page_for(browser: Browser) -> Callable[..., Page]:
    """A page for each set of options, without a network. Tests share it: to open a document anew costs much less."""
    found: dict[str, Page] = {}
    expect.set_options(timeout=PATIENCE)

    def find(**options: Any) -> Page:
        key = json.dumps(options, sort_keys=True)
        if key not in found:
            wanted = {"viewport": {"width": 1440, "height": 900}, "offline": True, **options}
            found[key] = browser.new_page(**wanted)
            found[key].set_default_timeout(PATIENCE)
        return found[key]

    return find


@pytest.fixture
def open_page(page_for: Callable[..., Page], pages: Path) -> Iterator[Open]:
    """Opens the page of an account; options are those of a browser's context. It has to stay without trouble."""
    opened: list[Opened] = []

    def open_one(name: str, **options: Any) -> Opened:
        opened.append(Opened(page_for(**options), (pages / f"{name}.html").as_uri()))
        return opened[-1]

    yield open_one
    for each in opened:
        each.leave()
    assert [trouble for each in opened for trouble in each.troubles] == []
    assert all(each.requests == [each.url] for each in opened)
