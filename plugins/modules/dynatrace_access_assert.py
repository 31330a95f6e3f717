#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_access_assert
short_description: Check what somebody may do in an environment of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Asks the service for the effective permissions of a user or a group in an environment, adds their role permissions, and fails when
    something is missing or too much.
  - The failure names the group, the policy and the boundary that gave it, or that didn't.
  - It changes nothing.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  subject:
    description: Whom to ask about, a user or a group.
    type: dict
    required: true
    suboptions:
      user:
        description: E-mail of a user, in whatever case.
        type: str
      group:
        description: Name or id of a group.
        type: str
  environment:
    description: Name or id of the environment.
    type: str
    required: true
  management_zone:
    description:
      - Name or id of a management zone in the environment. Then what is given there is enough for O(must), and is too much for
        O(must_not).
    type: str
  must:
    description:
      - What the subject must be able to do. Role permissions such as V(viewer) mean either mechanism. Permissions of policies have
        the form V(storage:logs:read).
      - What depends on conditions, such as a boundary, isn't enough, unless the condition is the O(management_zone) asked about.
    type: list
    elements: str
    default: []
  must_not:
    description: What the subject must not be able to do, not even under conditions.
    type: list
    elements: str
    default: []
  mechanism:
    description:
      - What counts. V(policy) doesn't look at role permissions, as it will be from 11 January 2027 on.
    type: str
    choices: [any, policy]
    default: any
notes:
  - The OAuth client needs the scope C(iam:effective-permissions:read), and to explain a failure C(iam:policies:read),
    C(iam:bindings:read) and C(iam:boundaries:read).
seealso:
  - module: identityops.dynatrace.dynatrace_env_permission
  - module: identityops.dynatrace.dynatrace_role_migration
"""

EXAMPLES = r"""
- name: On call sees production, and can't change its settings
  identityops.dynatrace.dynatrace_access_assert:
    subject:
      group: SRE On-Call
    environment: Production
    must: [viewer, logviewer]
    must_not: [manage-settings]

- name: The shop team sees its own management zone there
  identityops.dynatrace.dynatrace_access_assert:
    subject:
      group: Shop Developers
    environment: Production
    management_zone: Shop
    must: [viewer]
"""

RETURN = r"""
permissions:
  description: What was found about each permission that the task names.
  returned: always, once it is known
  type: list
  elements: dict
  contains:
    permission:
      description: As the task names it.
      type: str
    state:
      description: V(granted), V(denied), or V(conditional) when it depends on more than was asked about.
      type: str
    through:
      description: What gives or denies it.
      type: list
      elements: dict
      contains:
        effect:
          description: V(ALLOW) or V(DENY).
          type: str
        mechanism:
          description: V(role) or V(policy).
          type: str
        group:
          description: Name of the group.
          type: str
        policy:
          description: Name of the policy.
          type: str
        level:
          description: V(account) or V(environment), where the policy is bound.
          type: str
        conditions:
          description: What it depends on, from the policy and from boundaries.
          type: list
          elements: str
failures:
  description: What is wrong, in words.
  returned: always, once it is known
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.assertion import Inspector, Subject
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.shapes import verdict_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import ASSERTION
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    inspector = Inspector(account, Subject(**params["subject"]), params["environment"], params["management_zone"])
    found = inspector.look(params["must"], params["must_not"], roles_count=params["mechanism"] == "any")
    shapes = [verdict_shape(verdict, inspector.group_name) for verdict in found.verdicts]
    return {"permissions": shapes, "failures": list(found.failures)}


def main() -> None:
    inform(create_module(ASSERTION), read, fails_on="failures")


if __name__ == "__main__":
    main()
