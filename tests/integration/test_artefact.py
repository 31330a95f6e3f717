# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users install: the tarball for ansible-galaxy and the wheel hold the collection, and it runs from there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from tests.integration.helpers import COLLECTION, ROOT, Lab, Outcome
from tests.tools import package
from tests.tools.tree import project_files

LISTS = {"MANIFEST.json", "FILES.json"}
DEVELOPERS = ("Makefile", "docs/site/", "tests/integration/", "tests/tools/", "tests/unit/")
WHAT_RUNS = ("extensions/", "meta/", "playbooks/", "plugins/", "roles/")
INSIDE = f"ansible_collections/{COLLECTION.replace('.', '/')}/"
LARGEST = 20 * 1024 * 1024
PERSON: dict[str, Any] = {"email": "nadia.haddad@example.com", "groups": {"add": ["Shop Developers"]}}


def shipped() -> set[str]:
    """The files of the project that users get: git tracks them, and galaxy.yml doesn't leave them out."""
    patterns = ["galaxy.yml", *yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]]
    found = [(name, (name, *map(str, PurePosixPath(name).parents))) for name in project_files()]
    return {name for name, paths in found if not any(fnmatch(path, item) for path in paths for item in patterns)}


def test_tarball_holds_the_collection(tarball: Path) -> None:
    """All that runs and all documentation, plain files without an owner, and nothing that lay about."""
    with tarfile.open(tarball) as opened:
        members = opened.getmembers()
    files = {member.name for member in members if member.isfile()}
    assert files == shipped() | LISTS
    assert {name.partition("/")[0] + "/" for name in files} > {"docs/", *WHAT_RUNS}
    assert [name for name in files if name.startswith(DEVELOPERS)] == []
    assert [member.name for member in members if not (member.isfile() or member.isdir())] == []
    assert [name for name in files if ".." in PurePosixPath(name).parts or name.startswith("/")] == []
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    assert tarball.stat().st_size < LARGEST


def test_tarball_names_no_machine(installed: Path) -> None:
    """Neither what it lists nor what it holds says where it was built."""
    files = [path for path in installed.rglob("*") if path.is_file()]
    assert [path for path in files if str(ROOT).encode() in path.read_bytes()] == []
    assert len(files) > len(shipped())


def test_tarball_is_the_same_again(tarball: Path, tmp_path: Path) -> None:
    """The same checkout gives the same files with the same rights; only times and the order are the tool's own."""

    def content(path: Path) -> dict[str, tuple[bytes, int]]:
        with tarfile.open(path) as opened:
            read = {member: opened.extractfile(member) for member in opened if member.name not in LISTS}
            return {member.name: (file.read() if file else b"", member.mode) for member, file in read.items()}

    again = content(package.build(tmp_path))
    assert again == content(tarball)
    assert again.keys() > shipped()


def test_installed_tarball_is_whole(installed: Path, tarball: Path) -> None:
    """ansible-galaxy finds what it installed, and nothing in it was changed."""
    place = str(installed.parents[2])
    assert "Successfully verified" in package.galaxy("verify", COLLECTION, "--offline", "-p", place)
    listed = json.loads(package.galaxy("list", COLLECTION, "--format", "json", "-p", place))
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert listed[str(installed.parents[1])] == {COLLECTION: {"version": version}}
    assert tarball.name == f"identityops-dynatrace-{version}.tar.gz"


@pytest.fixture
def run_installed(installed: Path, published: Lab, tmp_path: Path) -> Callable[..., Outcome]:
    """Runs a playbook of the installed collection, and looks that no file of another one was used."""
    packed = tmp_path / "packed-installed"
    packed.mkdir()

    def run(playbook: str, *options: str, **variables: object) -> Outcome:
        own = {"ANSIBLE_COLLECTIONS_PATH": str(installed.parents[2]), "PACKED_MODULES": str(packed)}
        outcome = published.run(
            f"{COLLECTION}.{playbook}",
            "-vvv",
            *options,
            variables=variables,
            environment={**published.environment, **own},
            inventory=installed / "inventories/local.yml",
        ).fine()
        used = set(re.findall(rf"(/\S+)/{INSIDE[:-1]}/(plugins/modules|roles|playbooks)", outcome.stdout))
        assert {place for place, part in used} == {str(installed.parents[2])}
        return outcome

    return run


def test_playbooks_run_from_the_installed_tarball(
    published: Lab, run_installed: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Check, run, run again from a file; a page: roles, modules, lookups, action plugins, templates."""
    before = published.sim.state()
    assert run_installed("onboard", "--check", onboarding_people=[PERSON]).changed == 1
    published.untouched(before)
    assert run_installed("onboard", onboarding_people=[PERSON]).changed == 1
    (tmp_path / "people.csv").write_text("email,groups\n{email},{groups[add][0]}\n".format(**PERSON), encoding="utf-8")
    assert run_installed("onboard_csv", onboard_csv_file=str(tmp_path / "people.csv")).changed == 0
    run_installed("review", access_review_dir=str(tmp_path / "review"))
    assert PERSON["email"] in (tmp_path / "review/review.html").read_text(encoding="utf-8")


def test_wheel_holds_the_same(tmp_path: Path) -> None:
    """`pip install .` puts all that runs where Ansible looks."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = {name.removeprefix(INSIDE) for name in opened.namelist() if name.startswith(INSIDE)}
        metadata = opened.read(next(name for name in opened.namelist() if name.endswith("/METADATA"))).decode()
    assert {name for name in names if name.startswith(WHAT_RUNS)} == {
        name for name in shipped() if name.startswith(WHAT_RUNS)
    }
    assert {"galaxy.yml", "README.md", "LICENSE", "requirements.txt"} <= names
    assert "Requires-Dist: requests>=" in metadata
    assert "Requires-Dist: ansible-core>=" in metadata
