#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_drift_assert
short_description: Check that a Dynatrace account is what files say
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Compares an account with what M(identityops.dynatrace.dynatrace_access_export) wrote, and fails with a sentence for each
    difference, such as C(group Shop Developers) C(ada@example.com was added). It finds what was added as well as what is gone.
  - What is in the files and C(can't be compared) fails the task, too. It may well be there, but SCIM or SAML decide about the group
    now, an environment isn't active any more, the client may no longer read it, or something else has got the same name.
  - Where the audit log can be read, the sentence names who last changed what it is about, and when. The log is asked only when
    something differs.
  - Entries of O(expected) are read as M(identityops.dynatrace.dynatrace_access) reads them, so that files may be edited by hand.
    Names and ids aren't taken for the same, and neither are role permissions and policies that give the same access.
  - It changes nothing.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  expected:
    description: The lists C(users), C(groups), C(policies), C(boundaries) and C(service_users), as the lookup
      P(identityops.dynatrace.access_files#lookup) reads them from files.
    type: dict
    required: true
  audit_days:
    description: How many days of the audit log to look through. With V(0) it isn't asked.
    type: int
    default: 30
notes:
  - The audit log needs the scope C(account-audit-logs-read). Without it, C(audit_log) says so and nobody is named.
  - One request gives at most 1,000 entries of the log. When there are more, C(audit_log) says so.
seealso:
  - module: identityops.dynatrace.dynatrace_access_export
  - plugin: identityops.dynatrace.access_files
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Keep what is there, in check mode as well, since only files are written
  identityops.dynatrace.dynatrace_access_export:
    export_dir: "{{ playbook_dir }}/dynatrace-account"
  check_mode: false

- name: Later, nobody has changed anything by hand
  identityops.dynatrace.dynatrace_drift_assert:
    expected: "{{ lookup('identityops.dynatrace.access_files', playbook_dir ~ '/dynatrace-account') }}"
"""

RETURN = r"""
differences:
  description: What differs, a sentence each, sorted. The task fails unless there are none.
  returned: always, once the account was read
  type: list
  elements: str
  sample: ["group Ops: permission viewer on Production is gone"]
details:
  description: The same as data.
  returned: always, once the account was read
  type: list
  elements: dict
  contains:
    subject:
      description: What differs, its kind first.
      type: str
    what:
      description: In which way.
      type: str
    changed_by:
      description: Who last changed what it is about. None where the audit log doesn't say.
      type: str
    changed_at:
      description: When that was.
      type: str
left_out:
  description: What is in the account and isn't compared, in words.
  returned: always, once the account was read
  type: list
  elements: str
audit_log:
  description: Why the audit log tells nothing, or not all. Empty when there is nothing to say.
  returned: always, once the account was read
  type: list
  elements: str
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import DRIFT
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.drift import find_drift
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    inform,
)


def main() -> None:
    module = create_module(DRIFT)

    def read(account: Account, params: Params) -> dict[str, Any]:
        found = find_drift(account, params["expected"], params["audit_days"], current_moment())
        for problem in found["audit_log"]:
            module.warn(problem)
        return found

    inform(module, read, fails_on="differences")


if __name__ == "__main__":
    main()
