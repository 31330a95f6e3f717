# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the site of the documentation, and fails on a warning, a dead link, or a page that loads something remote.

python -m tests.tools.docs_site [folder]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from tests.tools.tree import ROOT, copy_project

SITE = ROOT / "docs/site"
COLLECTION = "identityops.dynatrace"
GENERATED_TITLE = "Identityops.Dynatrace\n=====================\n"
TITLE = "Modules, plugins and roles"
PLUGIN_PAGE = re.compile(r"^( +)(\w+)_(module|filter|inventory|lookup|role)$", re.MULTILINE)
# attributes that make a browser load something at once; <a href> waits for somebody to click
LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}
REMOTE_STYLE = re.compile(r"""(?:@import\s+["']?|url\(\s*["']?)((?:https?:)?//[^"')\s]+)""")
ABROAD = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(?:/\S*)?")


@dataclass
class Page(HTMLParser):
    """What a built page offers to links, and where it leads."""

    text: str
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read it."""
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each element."""
        for name, value in attrs:
            if value and (name == "id" or (tag, name) == ("a", "name")):
                self.anchors.add(value)
            elif value and (tag, name) == ("a", "href"):
                self.links.append(value)
            elif value and (tag, name) in LOADED:
                self.loaded.append(value)


def problems(site: Path) -> list[str]:
    """What is wrong with built pages: dead links and anchors, addresses that look wrong, remote styles and scripts."""
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [f"{path.relative_to(site.resolve())}: {problem}" for path in pages for problem in wrong(pages, path)]
    for sheet in sorted(site.rglob("*.css")):
        remote = REMOTE_STYLE.findall(sheet.read_text(encoding="utf-8"))
        found += [f"{sheet.relative_to(site)}: loads {address}" for address in remote]
    return found


def wrong(pages: dict[Path, Page], path: Path) -> Iterator[str]:
    """What is wrong with one page."""
    page = pages[path]
    for address in sorted({*page.links, *page.loaded}):
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            if address in page.loaded:
                yield f"loads {address}"
            elif not ABROAD.fullmatch(address):
                yield f"the address {address} looks wrong"
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield f"{address} leads nowhere"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"{address} has no such anchor"


def toctree(caption: str, *entries: str) -> str:
    """A part of the navigation."""
    lines = "".join(f"   {entry}\n" for entry in entries)
    return f"\n.. toctree::\n   :hidden:\n   :caption: {caption}\n\n{lines}"


def navigation() -> str:
    """The guides by the sections of extra-docs.yml, then all plugins and roles."""
    listed = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    guides = [toctree(part["title"], *(f"docsite/{name}" for name in part["toctree"])) for part in listed]
    return "".join(guides) + toctree("Modules", "collection", "Environment variables <environment_variables>")


def write_sources(scratch: Path) -> Path:
    """The pages for Sphinx: those that antsibull-docs makes of the collection, behind a first page of our own."""
    rst = scratch / "rst"
    rst.mkdir(mode=0o755)
    copy_project(scratch / "ansible_collections" / COLLECTION.replace(".", "/"))
    # the copy and nothing else: what is found last would win
    alone = {"ANSIBLE_COLLECTIONS_PATH": str(scratch), "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "0"}
    options = ("--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", rst)
    run("antsibull-docs", "collection", *options, COLLECTION, **alone)
    made = (rst / "index.rst").read_text(encoding="utf-8")
    head, separator, rest = made.partition(".. toctree::")
    start = rest.find(f".. _plugin_index_for_{COLLECTION}:")
    if not separator or start < 0 or GENERATED_TITLE not in head:
        raise SystemExit("antsibull-docs writes another index than tests/tools/docs_site.py knows")
    head = head.replace(GENERATED_TITLE, f"{TITLE}\n{'=' * len(TITLE)}\n")
    (rst / "collection.rst").write_text(head + PLUGIN_PAGE.sub(r"\1\2 <\2_\3>", rest[start:]), encoding="utf-8")
    first = (SITE / "index.rst").read_text(encoding="utf-8")
    (rst / "index.rst").write_text(first + navigation(), encoding="utf-8")
    shutil.copytree(ROOT / "docs/images", rst / "images")
    return rst


def run(tool: str, *arguments: str | Path, **environment: str) -> None:
    """One of the tools beside this Python; ends the build when it fails."""
    own = Path(sys.executable).parent
    path = os.pathsep.join([str(own), os.environ.get("PATH", "")])
    done = subprocess.run([own / tool, *arguments], env={**os.environ, "PATH": path, **environment}, check=False)
    if done.returncode:
        raise SystemExit(f"FAILED: {tool} ended with {done.returncode}")


def build(site: Path) -> None:
    """The site, in a folder that is emptied first."""
    shutil.rmtree(site, ignore_errors=True)
    # not in the checkout: it may lie below a folder ansible_collections, and one within another isn't searched
    with tempfile.TemporaryDirectory(prefix="docs-") as scratch:
        sources = write_sources(Path(scratch))
        places = ("-c", SITE, "-d", Path(scratch, "doctrees"), sources, site)
        run("sphinx-build", "-q", "-b", "html", "-W", "--keep-going", *places)


def main() -> int:
    """The command line."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve()
    build(site)
    found = problems(site)
    for problem in found:
        print(f"FAILED: {problem}")
    print(f"{len(list(site.rglob('*.html')))} pages in {os.path.relpath(site)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
