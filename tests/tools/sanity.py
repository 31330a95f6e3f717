# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-test sanity over a copy of the checkout, and fails when a part of it did not run.

ansible-test wants a folder .../ansible_collections/<namespace>/<name> and reports success when it found nothing to do.
So the project's files are copied to such a place, and afterwards it is checked what ansible-test saw and skipped.

    python -m tests.tools.sanity [--python 3.11] [--ansible-test PATH] [arguments for ansible-test sanity]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from tests.tools.tree import ROOT, copy_project, project_files

# Tests that may find nothing to do. All others have to do something.
MAY_BE_IDLE = {
    "empty-init": "there need not be an __init__.py in plugins/modules or tests/unit",
    "future-import-boilerplate": "of ansible-core 2.16, for Pythons that tests/config.yml rules out",
    "metaclass-boilerplate": "of ansible-core 2.16, for Pythons that tests/config.yml rules out",
    "pslint": "there is no PowerShell",
    "shellcheck": "there are no .sh files",
}

# Warnings that say nothing about the collection. Any other one makes the run fail.
HARMLESS_WARNINGS = (
    # pip, about index locations in the machine's own configuration.
    re.compile(r"Location '.*' is ignored"),
    # The heading of the list of warnings at the end.
    re.compile(r"Reviewing previous \d+ warning"),
    # No .git in the copy. Only a comparison with an earlier commit needs it.
    re.compile(r"cannot compare against the base commit because git is not being used"),
    # Debian has no en_US.UTF-8 unless it is asked for. No test here depends on more of it than UTF-8.
    re.compile(r'Using locale "C.UTF-8" instead of "en_US.UTF-8"'),
)

# ansible-test takes pip for its environments from a download, unless a file of that name is in its cache.
# The pip that comes with Python does as well, and needs no connection to that host.
PIP_VERSIONS = ("23_1_2", "24_2", "25_2")
PIP_STAND_IN = """\
# Stands in for the get-pip.py that ansible-test would download: uses the pip that Python brings along.
import subprocess
import sys

# in a process of its own: ensurepip drops the pip configuration of the process that it runs in
subprocess.check_call([sys.executable, "-m", "ensurepip", "--upgrade", "--default-pip"], stdout=subprocess.DEVNULL)
wanted = [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "--quiet"] + wanted))
"""


def provide_pip(cache: Path) -> None:
    """Puts the stand-ins where ansible-test looks, beside real ones that are there already."""
    cache.mkdir(parents=True, exist_ok=True)
    for version in PIP_VERSIONS:
        script = cache / f"get_pip_{version}.py"
        if not script.exists():
            script.write_text(PIP_STAND_IN, encoding="utf-8")


def search_path() -> str:
    """PATH with real Pythons first and no pyenv shims: ansible-test takes a shim for a Python and dies of it."""
    real = [Path(sys.base_prefix) / "bin", *sorted(Path.home().glob(".pyenv/versions/*/bin"))]
    rest = [entry for entry in os.environ.get("PATH", "").split(os.pathsep) if Path(entry).name != "shims"]
    return os.pathsep.join([*map(str, real), *rest])


def environment() -> dict[str, str]:
    """The environment for ansible-test and other tools: nothing of the caller's settings for them or for Python."""
    foreign = ("ANSIBLE_", "ANTSIBULL_", "GALAXY_IMPORTER_", "MAKE", "PYTEST_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    # pip only speaks up when it fails: its warnings are about the machine it runs on
    return kept | {"PATH": search_path(), "LC_ALL": "C.UTF-8", "PIP_QUIET": "2"}


def unseen(copied: Iterable[str], listed: str) -> list[str]:
    """Problems: files of the collection that ansible-test does not know of."""
    seen = set(listed.split("\n"))
    return [f"ansible-test does not see {name}" for name in copied if name not in seen and not name.startswith(".")]


def alarming(output: str) -> list[str]:
    """Problems: what ansible-test wrote and did not take seriously."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines()
    warned = [line for line in lines if line.startswith("WARNING:")]
    problems = [line for line in warned if not any(harmless.search(line) for harmless in HARMLESS_WARNINGS)]
    return problems + [line for line in lines if "All targets skipped" in line]


def idle(reports: Sequence[tuple[str, str | None]]) -> list[str]:
    """Problems: tests that did nothing, by (name, reason), None for one that ran; a name may end in -python-3.11."""
    if all(reason is not None for test, reason in reports):
        return ["no test ran"]
    needed = [(test, why) for test, why in reports if re.sub(r"-python-[\d.]+$", "", test) not in MAY_BE_IDLE]
    return [f"{test} did not run: {why}" for test, why in needed if why is not None]


def reported(junit: Path) -> list[tuple[str, str | None]]:
    """Each test, by the report, and why it was skipped; None for one that ran."""
    cases = (case for file in sorted(junit.glob("*.xml")) for case in ElementTree.parse(file).iter("testcase"))
    skips = ((case.get("name", ""), case.find("skipped")) for case in cases)
    return [(name, None if skip is None else skip.text or skip.get("message") or "") for name, skip in skips]


def run(command: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Runs a command, shows what it writes while it writes it, returns its status and all it wrote."""
    written = []
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        for line in process.stdout or ():
            written.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    return process.returncode, "".join(written)


@contextlib.contextmanager
def fresh_copy() -> Iterator[Path]:
    """A copy of the checkout that ansible-test takes for a collection."""
    with tempfile.TemporaryDirectory(prefix="ansible-test-") as folder:
        place = Path(folder).resolve() / "ansible_collections/identityops/dynatrace"
        if place.is_relative_to(ROOT):
            sys.exit(f"{place} lies in the checkout, whose .gitignore would hide it from ansible-test: set TMPDIR")
        copy_project(place)
        yield place


def sanity(ansible_test: str, python: str, extra: Sequence[str]) -> list[str]:
    """One run on a fresh copy. Returns the problems."""
    with fresh_copy() as place:
        listed = subprocess.run(
            [ansible_test, "env", "--list-files"],
            cwd=place,
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        status, output = run([ansible_test, "sanity", "--python", python, "--junit", "--color", "no", *extra], place)
        problems = (
            unseen(project_files(), listed.stdout) + alarming(output) + idle(reported(place / "tests/output/junit"))
        )
        return problems + ([f"ansible-test ended with status {status}"] if status else [])


def command_line(description: str, test: Callable[[str, str, Sequence[str]], list[str]]) -> int:
    """Runs a test with each Python that was asked for, says what is wrong, and returns the status."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--python", action="append", help="a Python that ansible-test has to use (may be given several times)"
    )
    parser.add_argument("--ansible-test", default=str(Path(sys.executable).parent / "ansible-test"))
    arguments, extra = parser.parse_known_args()
    provide_pip(Path.home() / ".ansible/test/cache")
    problems = []
    for python in arguments.python or [f"{sys.version_info.major}.{sys.version_info.minor}"]:
        problems += [f"Python {python}: {problem}" for problem in test(arguments.ansible_test, python, extra)]
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(command_line("ansible-test sanity over a copy of the checkout, nothing skipped", sanity))
