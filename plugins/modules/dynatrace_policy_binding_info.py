#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy_binding_info
short_description: Read which groups have which policies in a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists who has which policy where. It takes a request for the account and one for each environment, and a few for the names.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  groups:
    description: Names or ids of the groups whose bindings to list. By default those of all groups.
    type: list
    elements: str
  policies:
    description: Names or ids of the policies whose bindings to list. By default those of all policies.
    type: list
    elements: str
  environments:
    description:
      - Names or ids of the environments whose bindings to list, besides those at the account, which count everywhere. By
        default all, and with an empty list only the account's.
      - What is bound in an environment that is switched off is missing if the service doesn't tell it.
    type: list
    elements: str
seealso:
  - module: identityops.dynatrace.dynatrace_policy_binding
  - module: identityops.dynatrace.dynatrace_policy_info
"""

EXAMPLES = r"""
- name: Who has which policy where
  identityops.dynatrace.dynatrace_policy_binding_info:
  register: account

- name: Who may read the logs of production
  identityops.dynatrace.dynatrace_policy_binding_info:
    policies:
      - Read Logs
      - Search log readers
    environments:
      - Production
  register: readers
"""

RETURN = r"""
bindings:
  description: The bindings found, sorted by group, level and policy. Empty when none matches.
  returned: success
  type: list
  elements: dict
  contains:
    group:
      description: Name of the group, or its id where no list shows it, as it is with groups of service users.
      type: str
    group_id:
      description: The service's id of the group.
      type: str
    policy:
      description: Name of the policy, or its id where no list shows it.
      type: str
    policy_id:
      description: The service's id of the policy.
      type: str
    level:
      description: Where it is bound, V(account) or the name of an environment.
      type: str
    level_id:
      description: UUID of the account or id of the environment.
      type: str
    parameters:
      description: What fills in the policy's parameters.
      type: dict
    metadata:
      description: Further texts of the binding.
      type: dict
    boundaries:
      description: Names of the policy boundaries, sorted.
      type: list
      elements: str
    boundary_ids:
      description: The service's ids of the policy boundaries, sorted.
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import read_bindings
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    return {"bindings": read_bindings(account, params["groups"], params["policies"], params["environments"])}


def main() -> None:
    inform(create_module({"groups": NAMES, "policies": NAMES, "environments": NAMES}), read)


if __name__ == "__main__":
    main()
