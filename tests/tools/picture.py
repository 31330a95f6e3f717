# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture in the README: the review page of the demo account, as Chromium shows it. ``make picture``."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.simulator.server import serve
from tests.tools.playbook import entrances, environment, play
from tests.tools.tree import ROOT

SEED = ROOT / "tests/simulator/seeds/demo.json"
PICTURE = ROOT / "docs/images/access_review.png"
SIZE: ViewportSize = {"width": 1280, "height": 900}


def write_page(home: Path) -> Path:
    """The page, made by the role itself."""
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    with serve("published", seed) as simulator:
        variables = {**environment(simulator, home, {}), **entrances(simulator)}
        arguments = ["-i", "inventories/local.yml", "identityops.dynatrace.review"]
        outcome = play([*arguments, "-e", f"access_review_dir={home / 'review'}"], variables, lambda line: None)
    if outcome.exit_code:
        raise SystemExit(outcome.output)
    return home / "review/review.html"


def main() -> None:
    """Take the picture of the matrix."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as engine:
        page_file = write_page(Path(home))
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.as_uri())
        page.locator("#people").evaluate("people => people.scrollIntoView()")
        page.screenshot(path=PICTURE)
        browser.close()
    print(PICTURE.relative_to(ROOT), file=sys.stderr)


if __name__ == "__main__":
    main()
