#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_access_export
short_description: Write a Dynatrace account into files for git
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Writes users, groups, policies, boundaries and service users as the input of M(identityops.dynatrace.dynatrace_access), in names,
    sorted. The same account gives the same files, and files that are fed back plan nothing.
  - They also say where a group has no policies, so that feeding them back takes away what was bound there since.
  - There is a file for each group in C(groups), and there are C(people.yml), C(policies.yml), C(boundaries.yml) and
    C(service_users.yml). Only files that differ are written. Files of groups that are gone are removed.
  - Nothing else in the folder is touched. A file that no export wrote, but that has the name of one, fails the task.
  - It only reads the account.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
options:
  export_dir:
    description: The folder, by its absolute path. It is made if need be. Folders and files are for their owner only.
    type: path
    required: true
notes:
  - Names come from the account, so read the files with P(identityops.dynatrace.access_files#lookup), which gives texts that are no
    templates. A name that looks like one is tagged C(!unsafe) besides.
  - C(left_out) says what is in the account and not in the files, since no option can express it. Members of groups that SCIM or SAML
    manage are left out. What shares its name with something else is named by its id.
seealso:
  - module: identityops.dynatrace.dynatrace_access
  - plugin: identityops.dynatrace.access_files
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: The whole account as files
  identityops.dynatrace.dynatrace_access_export:
    export_dir: "{{ playbook_dir }}/dynatrace-account"
  register: exported

- name: What isn't in them
  ansible.builtin.debug:
    var: exported.left_out
"""

RETURN = r"""
files:
  description: Paths, relative to O(export_dir), of all files that the account has, sorted.
  returned: success
  type: list
  elements: str
written:
  description: Those of them that were written since they differ.
  returned: success
  type: list
  elements: str
removed:
  description: Paths of the files of groups that are gone.
  returned: success
  type: list
  elements: str
left_out:
  description: What is in the account and not in the files, in words. Sorted.
  returned: success
  type: list
  elements: str
  sample: ["members of group 'SRE On-Call': SAML decides about them"]
stats:
  description: What the task cost. Requests for tokens aren't counted.
  returned: always, once the service was reached
  type: dict
  contains:
    requests:
      description: Requests sent, repeated ones included.
      type: int
    writes:
      description: Those of them that change something.
      type: int
    retries:
      description: Those of them that repeated an earlier one.
      type: int
    waited_seconds:
      description: Seconds spent waiting for the limit or for the service to recover.
      type: float
failure:
  description: The request that failed.
  returned: when a request failed
  type: dict
  contains:
    status:
      description: HTTP status, none when there was no answer.
      type: int
    code:
      description: The service's code for the error, if it gave one.
      type: str
    message:
      description: What happened and what to do.
      type: str
    method:
      description: HTTP method.
      type: str
    path:
      description: Path of the request.
      type: str
    request_id:
      description: Id to give to Dynatrace's support, if the service gave one.
      type: str
"""

from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export import export
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.map.export_reading import read_for_export
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import EXPORT
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.export_files import files_of, plan_rewrite
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def main() -> None:
    module = create_module(EXPORT)

    def write(account: Account, params: Params) -> dict[str, Any]:
        found = export(read_for_export(account))
        files = files_of(found.options)
        rewrite = plan_rewrite(params["export_dir"], files)
        if not module.check_mode:
            rewrite.apply()
        return {
            "changed": bool(rewrite.texts),
            "files": sorted(files),
            "written": sorted(rewrite.texts.keys() & files.keys()),
            "removed": sorted(rewrite.texts.keys() - files.keys()),
            "left_out": found.left_out,
            "diff": rewrite.diff,
        }

    inform(module, write)


if __name__ == "__main__":
    main()
