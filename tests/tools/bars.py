# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a collection has to pass, on every release of ansible-core that this one supports: one table.

    python -m tests.tools.bars [--list] [--only TEXT ...] [--resume]

Results belong to a state of the checkout (its git tree, with what isn't committed yet) and to the versions that ran.
They are kept in .cache/bars/, so that `--resume` goes on where an interrupted run stopped. A bar that fails stops no
other one; one that another run of this has begun is waited for.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path

from tests.tools import cores
from tests.tools.cores import Pair
from tests.tools.sanity import environment
from tests.tools.text_table import aligned
from tests.tools.tree import ROOT

CACHE = ROOT / ".cache/bars"
PINNED_FOR_NOX = ("noxfile.py", "antsibull-nox.toml")
BIN = Path(sys.executable).parent
PYTEST = ("-m", "pytest", "--no-header", "-q", "-n", "2", "--dist", "worksteal")
# What these unit tests are about doesn't run in ansible-core.
UNSHIPPED = {"awx", "benchmarks", "demo", "simulator"}
KNOWING_ANSIBLE = {"filter", "module"}
# Integration tests that are bars by themselves, run once, in .venv. All others run with several releases.
APART = {
    "examples": "examples in the docs, executed",
    "commands": "commands in the docs, executed",
    "execution_environment": "ansible-builder, definition and introspection",
    "artefact": "tarball and wheel, installed and run",
    "events": "ansible-rulebook, event source and rulebooks",
    "awx": "AWX pattern, modules of awx.awx",
    "runner": "ansible-runner, playbooks as jobs of AWX",
    "scim_foreign": "scim2-server, modules on somebody else's SCIM service",
}
PLAYBOOKS = ("tests/integration", *(f"--ignore=tests/integration/test_{name}.py" for name in APART))
# What ends well and shouldn't: a session of nox that had nothing to do, and warnings.
UNWELCOME = re.compile(r"^nox > .*(?<![-\w])[Ss]kip.*|^[^\w\n]*(?:WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)
# The importer hides the collection from its own ansible-lint, which then misses playbooks that the AWX pattern imports;
# the bar for ansible-lint looks for them.
HARMLESS = re.compile(r"^WARNING: ERROR +Failed to find identityops\.dynatrace\.\w+ playbook\.$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[\d;]*m")
PIN = re.compile(r"([\w-]+)(?:\[[\w,-]+\])?==([\w.]+)")


@dataclass(frozen=True)
class Bar:
    """One bar. The command's first word is sought in the environment of ``pair``, or in `.venv` when there is none."""

    name: str
    what: str
    command: tuple[str, ...]
    pair: Pair | None = None


@dataclass(frozen=True)
class Result:
    """What came of a bar, ``seconds`` it took."""

    name: str
    ran: str
    result: str
    seconds: int

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.result.startswith("ok")


def nox(session: str, what: str) -> Bar:
    """A session of antsibull-nox; uv makes its environment from the head of noxfile.py."""
    nox = ("uv", "run", "--quiet", "noxfile.py", "--error-on-missing-interpreters", "--session")
    return Bar(session, what, (*nox, session))


GENERAL = (
    Bar("python", "ruff, mypy --strict", ("make", "lint-python")),
    Bar("ansible-lint", "yamllint --strict, ansible-lint, profile production", ("make", "lint-ansible")),
    nox("docs-check", "antsibull-docs lint-collection-docs"),
    Bar("changelog", "antsibull-changelog lint", ("antsibull-changelog", "lint")),
    nox("license-check", "reuse lint"),
    nox("extra-checks", "antsibull-nox: action groups, unwanted files, trailing blanks"),
    nox("build-import-check", "galaxy-importer, no warning"),
    Bar("docs", "site by antsibull-docs and Sphinx, no warning", ("python", "-m", "tests.tools.docs_site")),
    *(
        Bar(name, f"{what}, ansible-core", ("python", *PYTEST, f"tests/integration/test_{name}.py"))
        for name, what in APART.items()
    ),
)


def units(pair: Pair) -> tuple[str, ...]:
    """The folders of unit tests that run with a pair: all of shipped code once a Python, else what knows Ansible.

    The house rules see to it that nothing below `_module` imports Ansible: there only Python makes a difference.
    """
    folders = {path.name for path in (ROOT / "tests/unit").iterdir() if any(path.glob("test_*.py"))} - UNSHIPPED
    first = next(each for each in cores.PAIRS if each.python == pair.python)
    return tuple(f"tests/unit/{name}/" for name in sorted(folders if pair == first else KNOWING_ANSIBLE))


def per_pair(pair: Pair) -> Iterable[Bar]:
    """Its bars. All sanity tests run with a release's newest Python, what depends on Python with its other ones."""
    tool = ("--python", pair.python, "--ansible-test", str(pair.place / "bin/ansible-test"))
    newest = pair.python == cores.PYTHONS[pair.core][-1]
    which = () if newest else ("--test", "compile", "--test", "import")
    what = "ansible-test sanity" + ("" if newest else ", compile and import")
    yield Bar(f"sanity-{pair}", what, ("python", "-m", "tests.tools.sanity", *tool, *which), pair)
    yield Bar(f"units-{pair}", "ansible-test units", ("python", "-m", "tests.tools.units", *tool, *units(pair)), pair)
    if pair in cores.PLAYING:
        yield Bar(f"playbooks-{pair}", "playbooks against the simulator", ("python", *PYTEST, *PLAYBOOKS), pair)


BARS = (*GENERAL, *(one for pair in cores.PAIRS for one in per_pair(pair)))


def tree() -> str:
    """The git tree that the checkout would be committed as."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "GIT_INDEX_FILE": f"{folder}/index"}
        for command in (["read-tree", "HEAD"], ["add", "--all"]):
            subprocess.run(["git", *command], cwd=ROOT, env=settings, check=True)
        done = subprocess.run(["git", "write-tree"], cwd=ROOT, env=settings, check=True, capture_output=True, text=True)
    return done.stdout.strip()[:12]


def tools(this: Bar) -> dict[str, str]:
    """Version by tool: nox installs what is pinned for it, all others are in `.venv`."""
    if this.command[0] == "uv":
        return dict(PIN.findall("".join((ROOT / name).read_text(encoding="utf-8") for name in PINNED_FOR_NOX)))
    wanted = PIN.findall((ROOT / "requirements-dev.txt").read_text(encoding="utf-8"))
    return {tool: metadata.version(tool) for tool, version in wanted if tool in this.what}


def described(this: Bar) -> str:
    """What runs, with the versions."""
    if this.pair:
        return f"{this.what}, ansible-core {cores.release(this.pair)}, Python {this.pair.python}"
    known = tools(this)
    return re.sub(r"[\w-]+", lambda found: " ".join(filter(None, (found[0], known.get(found[0])))), this.what)


def judged(this: Bar, status: int, output: str) -> str:
    """The result of a command by its status and by what it wrote."""
    counts = [int(count) for count in re.findall(r"(\d+) passed", output)]
    tests = f", {sum(counts)} tests" if counts else ""
    if status:
        return f"FAILED, status {status}"
    if not this.pair and (found := UNWELCOME.search(HARMLESS.sub("", COLOUR.sub("", output)))):
        return f"FAILED, {found[0].strip()}"
    if "pytest" in this.command and not sum(counts):
        return "FAILED, no test ran"
    return f"ok{tests}"


def run(this: Bar, log: Path) -> Result:
    """Runs a bar; all that it writes goes to the log."""
    started = time.monotonic()
    try:
        with log.open("w", encoding="utf-8") as file:
            home = cores.environment(this.pair, file) if this.pair else BIN
            settings = environment()
            settings["PATH"] = os.pathsep.join([str(home), settings["PATH"]])
            # unlike subprocess.run, this doesn't kill what tidies up after Ctrl-C
            with subprocess.Popen(this.command, cwd=ROOT, env=settings, stdout=file, stderr=file) as process:
                status = process.wait()
        result = judged(this, status, log.read_text(encoding="utf-8", errors="replace"))
    except subprocess.CalledProcessError:
        result = "FAILED, its environment can't be made"
    except OSError as error:
        result = f"FAILED, {error}"
    return Result(this.name, described(this), result, round(time.monotonic() - started))


def chosen(only: Sequence[str]) -> list[Bar]:
    """The bars whose name holds one of the texts; without texts, all.

    Raises ValueError for a text that no name holds.
    """
    if unknown := [text for text in only if not any(text in this.name for this in BARS)]:
        raise ValueError(f"no bar is called like {', '.join(unknown)}")
    return [this for this in BARS if not only or any(text in this.name for text in only)]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="all bars of the ecosystem, and a table of them")
    parser.add_argument("--only", nargs="+", default=[], metavar="TEXT", help="bars whose name holds one of these")
    parser.add_argument("--list", action="store_true", help="say which there are, run none")
    parser.add_argument("--resume", action="store_true", help="keep what passed with this state of the checkout")
    arguments = parser.parse_args()
    try:
        bars = chosen(arguments.only)
    except ValueError as error:
        parser.error(str(error))
    if arguments.list:
        print("\n".join(aligned(("bar", "what runs"), [(this.name, this.what) for this in bars])))
        return 0
    return table(bars, arguments.resume)


def table(bars: Sequence[Bar], resume: bool) -> int:
    """Runs bars until Ctrl-C or a change of the checkout, and prints a table of those that ended; the status."""
    state = tree()
    results: list[Result] = []
    with contextlib.suppress(KeyboardInterrupt):
        results.extend(kept_or_run(this, state, resume) for this in bars if tree() == state)
    header = ("bar", "what ran", "result", "seconds")
    print("\n".join(["", *aligned(header, [(it.name, it.ran, it.result, it.seconds) for it in results])]))
    held = sum(it.passed for it in results)
    print(f"\n{held} of {len(bars)} bars hold, for tree {state}. What they wrote: .cache/bars/{state}/")
    return 0 if held == len(bars) else 1


def kept_or_run(this: Bar, state: str, resume: bool) -> Result:
    """The result of a bar for a state of the checkout: the one that is kept, where it may be, or a new one."""
    file = CACHE / state / f"{this.name}.json"
    with cores.alone(CACHE / f"{this.name}.lock"):
        if resume and file.exists():
            kept = Result(**json.loads(file.read_text(encoding="utf-8")))
            if kept.passed and kept.ran == described(this):
                return kept
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        print(f"== {this.name}", flush=True)
        result = run(this, file.with_suffix(".log"))
        if tree() != state:
            result = replace(result, result="FAILED, the checkout changed meanwhile")
        print(f"   {result.result}, {result.seconds} s", flush=True)
        file.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


if __name__ == "__main__":
    sys.exit(main())
