# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tarball for ansible-galaxy: built as `make build` does, and installed into an empty place."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools.tree import ROOT

GALAXY = Path(sys.executable).parent / "ansible-galaxy"
PATIENCE = 120


def galaxy(*arguments: str) -> str:
    """Run ``ansible-galaxy collection`` with an empty home and nothing of the caller's Ansible; what it prints.

    Raises AssertionError with its output when it fails.
    """
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    # a link to the checkout in site-packages would count as installed
    alone = {"ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "0", "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        done = subprocess.run(
            [GALAXY, "collection", *arguments],
            cwd=ROOT,
            env={**kept, **alone, "HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(place: Path) -> Path:
    """Build the tarball of this checkout into a folder; its path."""
    galaxy("build", "--force", "--output-path", str(place))
    (tarball,) = place.glob("identityops-dynatrace-*.tar.gz")
    return tarball


def install(tarball: Path, place: Path) -> Path:
    """Install a tarball without the network; the collection's folder below ``place``, the collections path."""
    galaxy("install", "--offline", str(tarball), "--collections-path", str(place))
    return place / "ansible_collections/identityops/dynatrace"
