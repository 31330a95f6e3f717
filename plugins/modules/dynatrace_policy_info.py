#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy_info
short_description: Read policies of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists the policies of an account and, where asked for, of environments, and Dynatrace's own.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  policies:
    description: Names or ids of the policies to read. By default all.
    type: list
    elements: str
  environments:
    description: Names or ids of environments whose own policies to list as well.
    type: list
    elements: str
    default: []
  ready_made:
    description: Whether to list Dynatrace's own policies as well.
    type: bool
    default: false
  include:
    description: What to read besides. V(statement) takes a request for each policy.
    type: list
    elements: str
    choices: [statement]
    default: []
seealso:
  - module: identityops.dynatrace.dynatrace_policy
  - module: identityops.dynatrace.dynatrace_policy_binding_info
"""

EXAMPLES = r"""
- name: All policies of the account
  identityops.dynatrace.dynatrace_policy_info:
  register: account

- name: What two of them say, one of which is Dynatrace's own
  identityops.dynatrace.dynatrace_policy_info:
    policies:
      - Search log readers
      - Standard User
    ready_made: true
    include: [statement]
  register: two
"""

RETURN = r"""
policies:
  description: The policies found, sorted by name. Empty when none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the policy.
      type: str
    name:
      description: Name of the policy.
      type: str
    description:
      description: Description of the policy.
      type: str
    tags:
      description: Tags of the policy, sorted.
      type: list
      elements: str
    level:
      description: Where the policy belongs, V(account), the name of an environment, or V(global) for Dynatrace's own.
      type: str
    statement:
      description: The statements, as the service has them. Only with O(include=statement).
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import read_policies
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_shapes import level_name, policy_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES, included
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    statement = "statement" in params["include"]
    access, policies = read_policies(
        account, params["policies"], params["environments"], ready_made=params["ready_made"], statements=statement
    )
    return {"policies": [policy_shape(each, level_name(access, each.level), statement=statement) for each in policies]}


def main() -> None:
    spec = {
        "policies": NAMES,
        "environments": {**NAMES, "default": []},
        "ready_made": {"type": "bool", "default": False},
        "include": included("statement"),
    }
    inform(create_module(spec), read)


if __name__ == "__main__":
    main()
