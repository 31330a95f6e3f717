# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house that no linter knows: which way imports go, and how large a thing may grow.

Everything here takes text and returns findings, so that the tests can feed it made-up violations.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

COLLECTION = "ansible_collections.identityops.dynatrace."
UTILS = "plugins.module_utils."
# Each may use itself and what stands before it. Modules and other plugins come last.
LAYERS = ("_core", "_policy", "_api", "_iam", "_module", "plugins")
# The policy language knows no more of the collection than its errors, and the client nothing of the language.
ONLY = {"_policy": (f"{UTILS}_policy", f"{UTILS}_core.errors")}
APART = {("_api", "_policy")}
# Pure planning: these, and whatever they import, know of the client no more than the records it returns.
PURE = (f"{UTILS}_iam.planner", f"{UTILS}_iam.guards")
CLIENT = f"{UTILS}_api"
CLIENT_DATA = f"{CLIENT}.records"
THIRD_PARTY = {"ansible", "requests"}
# What a layer must not know. Only _module talks to AnsibleModule.
FORBIDDEN = {
    "_core": ("ansible", "requests"),
    "_policy": ("ansible", "requests", "http", "socket", "urllib"),
    "_api": ("ansible",),
    "_iam": ("ansible", "requests"),
}
ENDINGS = {"exit_json", "fail_json"}
MODULE_LINES, UTILS_LINES, FUNCTION_LINES = 60, 250, 40
DOCUMENTS = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
COPYRIGHT = "Copyright (c) 2026, identityops contributors"
# REUSE-IgnoreStart
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
# REUSE-IgnoreEnd
# put together here, or this file would be found itself
MACHINE_PATHS = re.compile(
    "|".join(rf"(?<![\w.])/{place}/" for place in ("work", "root", "home/[a-z]+", "Users/[A-Za-z]+"))
)


@dataclass(frozen=True)
class Source:
    """A Python file of the collection."""

    path: str
    text: str

    @property
    def name(self) -> str:
        """Its dotted name within the collection; a package has the name of its folder."""
        return ".".join(PurePosixPath(self.path).with_suffix("").parts).removesuffix(".__init__")

    @property
    def layer(self) -> str:
        """One of LAYERS."""
        inner = self.name.removeprefix(UTILS).split(".", maxsplit=1)[0]
        return inner if self.name.startswith(UTILS) and inner in LAYERS else "plugins"

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, self.path)


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all that is imported. What is the collection's own loses the collection's prefix."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.removeprefix(COLLECTION)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(source, node).removeprefix(COLLECTION)
            for alias in node.names:
                yield node.lineno, f"{origin}.{alias.name}"


def _origin(source: Source, node: ast.ImportFrom) -> str:
    """Where `from ... import` looks, relative ones resolved."""
    if not node.level:
        return node.module or ""
    package = source.name.split(".")
    up = node.level - (1 if source.path.endswith("/__init__.py") else 0)
    base = package[: len(package) - up]
    return ".".join([*base, node.module] if node.module else base)


def wrong_imports(source: Source) -> list[str]:
    """Imports against the direction of the layers, and libraries that the layer must not know."""
    found = []
    for line, name in imports(source):
        problem = _wrong_own(source, name) if name.startswith("plugins.") else _wrong_foreign(source, name)
        if problem:
            found.append(f"{source.path}:{line}: {problem}")
    return found


def _wrong_own(source: Source, name: str) -> str | None:
    target = name.removeprefix(UTILS).split(".", maxsplit=1)[0] if name.startswith(UTILS) else "plugins"
    if target not in LAYERS:
        return f"{name} belongs to none of the layers {', '.join(LAYERS[:-1])}"
    allowed = ONLY.get(source.layer)
    outside = allowed is not None and not _within(name, allowed)
    if outside or (source.layer, target) in APART or LAYERS.index(target) > LAYERS.index(source.layer):
        return f"{source.layer} must not import {target} ({name})"
    return None


def _wrong_foreign(source: Source, name: str) -> str | None:
    top = name.split(".", maxsplit=1)[0]
    if top not in THIRD_PARTY and top not in sys.stdlib_module_names:
        return f"{top} is no run-time dependency"
    if top in FORBIDDEN.get(source.layer, ()):
        return f"{source.layer} must not import {top}"
    if name.startswith("ansible.module_utils.basic") and source.layer != "_module":
        return "only _module imports ansible.module_utils.basic"
    return None


def impure(sources: Iterable[Source]) -> list[str]:
    """Ways that lead from pure planning to the client, over however many files."""
    graph = {source.name: sorted({name for line, name in imports(source)}) for source in sources}
    found = []
    queue: list[tuple[str, ...]] = [(name,) for name in graph if _within(name, PURE)]
    seen = {way[-1] for way in queue}
    while queue:
        way = queue.pop()
        for imported in graph[way[-1]]:
            target = _file_of(imported, graph)
            if _within(imported, (CLIENT,)) and not _within(imported, (CLIENT_DATA,)):
                found.append(" -> ".join([*way, imported]))
            elif target and target not in seen:
                seen.add(target)
                queue.append((*way, target))
    return found


def _within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _file_of(imported: str, graph: Mapping[str, object]) -> str | None:
    """`from a.b import c` means the file a.b.c or something within a.b."""
    return next((name for name in (imported, imported.rpartition(".")[0]) if name in graph), None)


def wrong_endings(source: Source) -> list[str]:
    """Calls that end a module anywhere but in _module."""
    if source.layer == "_module":
        return []
    called = (
        node for node in ast.walk(source.tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return [
        f"{source.path}:{node.lineno}: only _module calls {node.func.attr}"
        for node in called
        if isinstance(node.func, ast.Attribute) and node.func.attr in ENDINGS
    ]


def code_lines(source: Source) -> set[int]:
    """The lines that hold code: no blanks, comments, docstrings, and none of a module's documentation."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type not in quiet:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.stmt) and _is_text(node):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _is_text(node: ast.stmt) -> bool:
    """A docstring, or DOCUMENTATION = and its like."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return isinstance(node, ast.Assign) and any(
        isinstance(name, ast.Name) and name.id in DOCUMENTS for name in node.targets
    )


def too_long(source: Source) -> list[str]:
    """Files and functions beyond the house's measures."""
    lines = code_lines(source)
    limits = {"plugins/modules": MODULE_LINES, "plugins/module_utils": UTILS_LINES}
    found = [
        f"{source.path}: {len(lines)} lines of code, at most {limit}"
        for folder, limit in limits.items()
        if source.path.startswith(f"{folder}/") and len(lines) > limit
    ]
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = len(lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))
            if length > FUNCTION_LINES:
                found.append(
                    f"{source.path}:{node.lineno}: {node.name} has {length} lines of code, at most {FUNCTION_LINES}"
                )
    return found


def missing_header(path: str, text: str) -> list[str]:
    """A Python or YAML file says whose it is and under which licence; an empty one has nothing to say."""
    head = "\n".join(text.splitlines()[:8])
    return [f"{path}: no '{wanted}' at its top" for wanted in (COPYRIGHT, SPDX) if text.strip() and wanted not in head]


def machine_paths(path: str, text: str) -> list[str]:
    """Paths of somebody's machine."""
    return [
        f"{path}:{number}: {match.group()} is a path of somebody's machine"
        for number, line in enumerate(text.splitlines(), start=1)
        for match in MACHINE_PATHS.finditer(line)
    ]


def unequal_returns(documented: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return values of one name that two modules describe differently, by {module: {name: description}}."""
    first: dict[str, tuple[str, object]] = {}
    found = []
    for module, values in sorted(documented.items()):
        for name, described in values.items():
            other, wanted = first.setdefault(name, (module, described))
            if described != wanted:
                found.append(f"{module}: RETURN.{name} is not what {other} says")
    return found
