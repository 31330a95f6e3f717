#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy_boundary_info
short_description: Read policy boundaries of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists the policy boundaries of an account with their queries.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  boundaries:
    description: Names or ids of the boundaries to read. By default all.
    type: list
    elements: str
seealso:
  - module: identityops.dynatrace.dynatrace_policy_boundary
  - module: identityops.dynatrace.dynatrace_policy_binding_info
"""

EXAMPLES = r"""
- name: All boundaries
  identityops.dynatrace.dynatrace_policy_boundary_info:
  register: account
"""

RETURN = r"""
boundaries:
  description: The boundaries found, sorted by name. Empty when none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the boundary.
      type: str
    name:
      description: Name of the boundary.
      type: str
    query:
      description: The conditions, as the service has them.
      type: str
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import read_boundaries
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_shapes import boundary_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    return {"boundaries": [boundary_shape(each) for each in read_boundaries(account, params["boundaries"])]}


def main() -> None:
    inform(create_module({"boundaries": NAMES}), read)


if __name__ == "__main__":
    main()
