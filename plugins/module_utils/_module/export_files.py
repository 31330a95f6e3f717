# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export as files: one a group, and one for each other kind."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EACCES, ENOTDIR
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from .._core.errors import InvalidInput
from .yaml_text import yaml_text

HEADER = "# Written by identityops.dynatrace.dynatrace_access_export, which replaces what begins with this line.\n"
GROUPS = "groups"
FILES = {
    "users": "people.yml",
    "policies": "policies.yml",
    "boundaries": "boundaries.yml",
    "service_users": "service_users.yml",
}


@dataclass(frozen=True)
class Rewrite:
    """What becomes of the files in a folder: relative path → (text before, text afterwards), None for no file."""

    folder: Path
    texts: Mapping[str, tuple[str | None, str | None]]

    @property
    def diff(self) -> list[dict[str, str]]:
        """As ``--diff`` shows it."""
        return [
            {"before": was or "", "after": text or "", "before_header": path, "after_header": path}
            for path, (was, text) in self.texts.items()
        ]

    def apply(self) -> None:
        """Each file appears as a whole, for the owner only. Raises InvalidInput."""
        try:
            for path, (_was, text) in self.texts.items():
                if text is None:
                    (self.folder / path).unlink()
                else:
                    _write(self.folder / path, text)
        except OSError as error:
            raise _unusable(self.folder, error) from error


def files_of(options: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Relative path → text, for options of ``dynatrace_access``."""
    found = {path: {kind: options[kind]} for kind, path in FILES.items()}
    for each in options["groups"]:
        # a short hash may be that of another name, too: then they share the file
        found.setdefault(f"{GROUPS}/{_file_name(each)}", {"groups": []})["groups"].append(each)
    return {path: HEADER + yaml_text(content) for path, content in sorted(found.items())}


def plan_rewrite(path: str, files: Mapping[str, str]) -> Rewrite:
    """Only what differs. Files of groups that are gone go, if an export wrote them. Raises InvalidInput."""
    folder = Path(path)
    if not folder.is_absolute():
        raise InvalidInput(
            f"export_dir {path} isn't absolute, and what it is relative to depends on how Ansible runs: put a folder"
            " before it, such as {{ playbook_dir }}."
        )
    try:
        present = {
            str(file.relative_to(folder)): _read(file)
            for file in sorted([*folder.glob("*.yml"), *(folder / GROUPS).glob("*.yml")])
        }
    except OSError as error:
        raise _unusable(folder, error) from error
    foreign = [each for each in files if present.get(each) and not _is_ours(present[each])]
    if foreign:
        raise InvalidInput(
            f"export_dir {path} has files that no export wrote: {', '.join(foreign)}. Move them, or name another"
            " folder."
        )
    texts: dict[str, tuple[str | None, str | None]] = {
        each: (present.get(each), text) for each, text in files.items() if present.get(each) != text
    }
    for each, was in present.items():
        if each.startswith(f"{GROUPS}/") and each not in files and _is_ours(was):
            texts[each] = (was, None)
    for parent in sorted({(folder / each).parent for each in texts}):
        _check_writable(folder, parent)
    return Rewrite(folder, texts)


def _is_ours(text: str) -> bool:
    """Editors and git may have changed how the lines end, and may have marked the beginning."""
    return text.removeprefix("\ufeff").startswith(HEADER.rstrip())


def _check_writable(folder: Path, parent: Path) -> None:
    """So that check mode says what a run would say."""
    try:
        near = next(each for each in (parent, *parent.parents) if each.exists())
        if not near.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(near))
        if not os.access(near, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES), str(near))
    except OSError as error:
        raise _unusable(folder, error) from error


def _file_name(group: Mapping[str, Any]) -> str:
    """Readable, and like no other: of the name only letters and digits are left, and a hash tells namesakes apart."""
    name = str(group.get("name") or group["id"])
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "group"
    return f"{readable}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.yml"


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=file.parent, prefix=".export-", delete=False
    ) as made:
        try:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
            Path(made.name).replace(file)
        except OSError:
            Path(made.name).unlink()
            raise


def _unusable(folder: Path, error: OSError) -> InvalidInput:
    return InvalidInput(f"export_dir {folder} can't be written to: {error.strerror}: {error.filename or folder}.")
