# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: people_csv
short_description: Read people from a CSV file
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Turns a CSV file, or a text like one, into the O(identityops.dynatrace.dynatrace_access#module:users) of
    M(identityops.dynatrace.dynatrace_access).
  - The header and each row are checked. What is wrong is told with line numbers, and nothing is returned then. The same e-mail
    twice, in whatever case, is refused.
  - Cells are text. A cell that a spreadsheet would run as a formula, or Ansible as a template, is a name like any other.
options:
  _terms:
    description: Files to read, UTF-8, looked for like other files of a play, and then in the current directory. Empty names don't
      count.
  text:
    description:
      - What would be in a file, such as an answer in a form. It is read like a file, and instead of one.
      - A text that names nobody is an error.
    type: str
    default: ""
  columns:
    description: The names of the columns in the header, for V(email) and, if the file has them, V(first_name), V(last_name) and
      V(groups).
    type: dict
    default:
      email: email
  delimiter:
    description: What is between two cells.
    type: str
    default: ","
  group_separator:
    description: What is between two groups of a cell.
    type: str
    default: ";"
  groups:
    description: Groups for everybody in the file, besides those of the column.
    type: list
    elements: str
    default: []
  groups_as:
    description: V(add) lets people join the groups, V(set) makes these all their groups.
    type: str
    choices: [add, set]
    default: add
"""

EXAMPLES = r"""
- name: Onboard everybody of a file
  identityops.dynatrace.dynatrace_access:
    users: >-
      {{ lookup('identityops.dynatrace.people_csv', 'new-people.csv', groups=['Shop Developers'],
      columns={'email': 'E-Mail', 'first_name': 'Given name'}) }}

- name: Onboard whoever somebody pasted into a form
  identityops.dynatrace.dynatrace_access:
    users: "{{ lookup('identityops.dynatrace.people_csv', text=form_text, groups=['Shop Developers']) }}"
  vars:
    form_text: "email\r\nanna.lindqvist@example.com\r\ntom.okafor@example.com\r\n"
"""

RETURN = r"""
_raw:
  description: The people, as M(identityops.dynatrace.dynatrace_access) takes them.
  type: list
  elements: dict
"""

import io
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.people_file import FIELDS, Layout, read_people


class LookupModule(LookupBase):
    """Reads files on the controller, or a text."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[list[dict[str, Any]]]:
        """A list of people for each file, or one for the text."""
        self.set_options(var_options=variables, direct=kwargs)
        columns = self.get_option("columns")
        unknown = sorted(columns.keys() - set(FIELDS))
        if unknown or "email" not in columns:
            wrong = f"not {', '.join(unknown)}" if unknown else "email is missing"
            raise AnsibleError(f"columns takes {', '.join(FIELDS)}, of which email is needed; {wrong}.")
        layout = Layout(
            columns=columns,
            delimiter=self.get_option("delimiter"),
            group_separator=self.get_option("group_separator"),
            groups_for_all=tuple(self.get_option("groups")),
            groups_as=self.get_option("groups_as"),
        )
        files, text = [term for term in terms if term], self.get_option("text")
        if bool(files) == bool(text):
            raise AnsibleError(f"This takes either files or a text, and got {'both' if text else 'neither'}.")
        if text:
            return [people_of_text(text, layout)]
        return [self._people(term, layout, variables) for term in files]

    def _people(self, term: str, layout: Layout, variables: dict[str, Any] | None) -> list[dict[str, Any]]:
        found = self.find_file_in_search_path(variables, "files", term, ignore_missing=True)
        path = Path(found or term)
        if not path.is_file():
            raise AnsibleError(f"There is no file {term!r}, neither beside the playbook nor in {Path.cwd()}.")
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return read_people(file, layout)
        except UnicodeDecodeError as error:
            raise AnsibleError(f"{term}: not UTF-8 text (byte {error.start}).") from error
        except InvalidInput as error:
            raise AnsibleError(f"{term}: {error}") from error


def people_of_text(text: str, layout: Layout) -> list[dict[str, Any]]:
    """The people of a text; raises AnsibleError."""
    try:
        people = read_people(io.StringIO(text.lstrip("\ufeff"), newline=""), layout)
    except InvalidInput as error:
        raise AnsibleError(f"CSV text: {error}") from error
    if not people:
        raise AnsibleError("CSV text: it names nobody.")
    return people
