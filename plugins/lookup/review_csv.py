# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: review_csv
short_description: Read the decisions of an access review
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Turns the filled CSV file of the role P(identityops.dynatrace.access_review#role) into the
    O(identityops.dynatrace.dynatrace_access#module:users) of M(identityops.dynatrace.dynatrace_access). Whoever has a grant
    revoked leaves the group that it comes through.
  - It refuses a file whose grants aren't exactly those that are there now, and tells all that is wrong by line.
options:
  _terms:
    description:
      - Files to read, looked for like other files of a play, and then in the current directory. They are UTF-8, with commas,
        semicolons or tabs between cells.
    required: true
  table:
    description: Who has access to what now, as in RV(identityops.dynatrace.dynatrace_access_info#module:table).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Who has access now
  identityops.dynatrace.dynatrace_access_info:
    include: [table]
  register: access

- name: Take away what was revoked
  identityops.dynatrace.dynatrace_access:
    users: "{{ lookup('identityops.dynatrace.review_csv', 'review.csv', table=access.table) }}"
"""

RETURN = r"""
_raw:
  description: The people, as M(identityops.dynatrace.dynatrace_access) takes them.
  type: list
  elements: dict
"""

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CollectionError
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.review import read_decisions


class LookupModule(LookupBase):
    """Reads files on the controller."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[list[dict[str, Any]]]:
        """A list of people for each file."""
        self.set_options(var_options=variables, direct=kwargs)
        return [self._people(term, self.get_option("table"), variables) for term in terms]

    def _people(self, term: str, table: list[dict[str, Any]], variables: dict[str, Any] | None) -> list[dict[str, Any]]:
        found = self.find_file_in_search_path(variables, "files", term, ignore_missing=True)
        path = Path(found or term)
        if not path.is_file():
            raise AnsibleError(f"There is no file {term!r}, neither beside the playbook nor in {Path.cwd()}.")
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return read_decisions(file, table)
        except UnicodeDecodeError as error:
            raise AnsibleError(f"{term}: not UTF-8 text (byte {error.start}). Save it as CSV UTF-8.") from error
        except CollectionError as error:
            raise AnsibleError(f"{term}: {error}") from error
