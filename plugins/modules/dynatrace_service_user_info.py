#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_service_user_info
short_description: Read service users of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists the service users of an account and, where asked for, their groups. Secrets are never told.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  service_users:
    description: Names, ids or e-mails of the service users to read. By default all.
    type: list
    elements: str
  include:
    description: What to read besides. V(groups) takes a request for each service user.
    type: list
    elements: str
    choices: [groups]
    default: []
seealso:
  - module: identityops.dynatrace.dynatrace_service_user
"""

EXAMPLES = r"""
- name: All service users and what they are in
  identityops.dynatrace.dynatrace_service_user_info:
    include: [groups]
  register: account
"""

RETURN = r"""
service_users:
  description: The service users found, sorted by name. Empty when none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the service user.
      type: str
    email:
      description: The e-mail that the service gave to it.
      type: str
    name:
      description: Name of the service user.
      type: str
    description:
      description: Description of the service user.
      type: str
    groups:
      description: Names of its groups, without the one of all users and its own. Only with O(include=groups).
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_inquiry import read_service_users
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_shapes import service_user_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES, included
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    groups = "groups" in params["include"]
    snapshot, robots = read_service_users(account, params["service_users"], groups=groups)
    shapes = [service_user_shape(each, snapshot.group_names(each.user.key) if groups else None) for each in robots]
    return {"service_users": shapes}


def main() -> None:
    inform(create_module({"service_users": NAMES, "include": included("groups")}), read)


if __name__ == "__main__":
    main()
