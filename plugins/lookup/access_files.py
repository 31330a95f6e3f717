# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: access_files
short_description: Read files that dynatrace_access_export wrote
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Puts the files of a folder together to the options of M(identityops.dynatrace.dynatrace_access) that they hold.
  - All texts are data. A name that looks like a template is a name like any other, whether the file tags it C(!unsafe) or not.
  - All files that end in C(.yml) are read, those in the folder and those in its folder C(groups), whoever wrote them.
options:
  _terms:
    description: Folders, by their absolute paths.
    required: true
seealso:
  - module: identityops.dynatrace.dynatrace_access_export
"""

EXAMPLES = r"""
- name: Bring the account to what the files say
  identityops.dynatrace.dynatrace_access:
    users: "{{ files.users }}"
    groups: "{{ files.groups }}"
    policies: "{{ files.policies }}"
    boundaries: "{{ files.boundaries }}"
    service_users: "{{ files.service_users }}"
    on_managed: skip
  vars:
    files: "{{ lookup('identityops.dynatrace.access_files', playbook_dir ~ '/dynatrace-account') }}"
"""

RETURN = r"""
_raw:
  description: For each folder a dictionary with the lists C(users), C(groups), C(policies), C(boundaries) and C(service_users).
  type: list
  elements: dict
"""

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.yaml import SafeLoader
from ansible.plugins.lookup import LookupBase

KINDS = ("users", "groups", "policies", "boundaries", "service_users")


class Loader(SafeLoader):  # type: ignore[misc, valid-type, unused-ignore]
    """Makes nothing but data, and knows the tag of texts that are no templates."""


Loader.add_constructor("!unsafe", Loader.construct_yaml_str)


class LookupModule(LookupBase):
    """Reads files on the controller."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[dict[str, list[Any]]]:
        """A dictionary for each folder."""
        self.set_options(var_options=variables, direct=kwargs)
        return [read_folder(Path(term).expanduser()) for term in terms]


def read_folder(folder: Path) -> dict[str, list[Any]]:
    """The lists of all files, in the order of their paths; raises AnsibleError."""
    if not folder.is_absolute():
        raise AnsibleError(f"{folder} isn't absolute: put a folder before it, such as playbook_dir.")
    paths = sorted([*folder.glob("*.yml"), *folder.glob("groups/*.yml")])
    if not paths:
        raise AnsibleError(f"There are no files of an export in {folder}.")
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for path in paths:
        for kind, items in _content(path).items():
            found[kind] += items
    return found


def _content(path: Path) -> dict[str, list[Any]]:
    try:
        loader = Loader(path.read_text(encoding="utf-8"))
        content = loader.get_single_data() or {}
    except (OSError, ValueError) as error:
        raise AnsibleError(f"{path} can't be read: {error}") from error
    except Exception as error:
        raise AnsibleError(f"{path} isn't YAML: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(items, list) for items in content.values()):
        raise AnsibleError(f"{path} should hold lists under {', '.join(KINDS)}.")
    if unknown := sorted(str(key) for key in content.keys() - set(KINDS)):
        raise AnsibleError(f"{path} has {', '.join(unknown)}, but there may be only {', '.join(KINDS)}.")
    return content
