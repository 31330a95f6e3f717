#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy_binding
short_description: Manage which policies a group has in a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Binds policies to a group, at the account or in environments, and takes them away.
  - Bindings are changed one by one. Those that the task doesn't name stay, with their parameters and boundaries.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.findings
options:
  group:
    description: Name or id of the group. Groups that SCIM or SAML manage can have policies as well.
    type: str
    required: true
  policies:
    description:
      - Names or ids of policies, Dynatrace's own included. Instead of a name, a dictionary gives the particulars of a binding.
      - C(policy) is the name or id, and is needed.
      - C(parameters) is a dictionary that fills in the policy's C(${bindParam:...}). It belongs to the identity of the binding,
        so one policy can be bound several times with different ones. If not given, the binding without parameters is meant,
        and with V(state=absent) the bindings with whatever parameters.
      - C(metadata) is a dictionary of texts that belongs to the identity as well. If not given, bindings with any are meant,
        and a new one has none.
      - C(boundaries) are names or ids of policy boundaries to bind it with, and no others. If not given, they stay as they are,
        and a new binding has none. Several boundaries widen each other.
      - It is required, but may be an empty list with V(state=exact).
    type: list
    elements: raw
    required: true
  environments:
    description:
      - Names or ids of the environments to bind the policies in. By default they are bound at the account, which makes them
        count in all its environments.
      - An environment that is switched off is passed over with a warning.
    type: list
    elements: str
    default: []
  state:
    description:
      - V(present) binds the policies, V(absent) takes them away.
      - V(exact) does both where the task binds, that is in O(environments) or at the account. Bindings of the group elsewhere
        stay.
    type: str
    choices: [present, absent, exact]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_policy_binding_info
  - module: identityops.dynatrace.dynatrace_policy
  - module: identityops.dynatrace.dynatrace_policy_boundary
  - module: identityops.dynatrace.dynatrace_env_permission
"""

EXAMPLES = r"""
- name: The search team uses production and staging
  identityops.dynatrace.dynatrace_policy_binding:
    group: Team Search
    environments:
      - Production
      - Staging
    policies:
      - Standard User
      - policy: Search log readers
        parameters:
          bucket: search_logs

- name: They read logs of their own part only, and nothing else is bound there
  identityops.dynatrace.dynatrace_policy_binding:
    group: Payments Developers
    environments:
      - Staging
    policies:
      - policy: Read Logs
        boundaries:
          - Only management zone Payments
    state: exact

- name: Nobody of the platform team edits dashboards any more
  identityops.dynatrace.dynatrace_policy_binding:
    group: Platform Engineering
    policies:
      - Dashboards editors
    state: absent
"""

RETURN = r"""
group:
  description: The group and what is bound to it where the task looks, as it is now or, in check mode, as it would be.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the group.
      type: str
    name:
      description: Name of the group.
      type: str
    bindings:
      description: The group's bindings in O(environments) or, without these, at the account, sorted by level and policy.
      type: list
      elements: dict
      contains:
        policy:
          description: Name of the policy, or its id where no list shows it.
          type: str
        level:
          description: Where it is bound, V(account) or the name of an environment.
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
plan_id:
  description: Id of the plan, for O(expected_plan). It is the same in check mode and in the run, as long as nothing moves.
  returned: success
  type: str
  sample: 0bd2bd4ae1b0a7ab9d9d2d2a0c0d1b2b0fb0f4e0f6ad1c8b8b1a41ce8ee9ee0a
changes:
  description: What was changed or, in check mode, what would be, in the order of execution.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: One of V(create), V(add), V(update), V(remove), V(delete).
      type: str
    kind:
      description: >-
        What it is about, one of V(user), V(group), V(membership), V(permission), V(policy), V(boundary), V(binding),
        V(service_user), V(scim_user), V(scim_group), V(scim_members), V(api_token), V(platform_token).
      type: str
    name:
      description: What people call it.
      type: str
    detail:
      description: The particulars, in names.
      type: dict
  sample:
    - action: add
      kind: membership
      name: anna@example.com in Prod Admins
      detail:
        user: anna@example.com
        group: Prod Admins
people:
  description: What the changes mean for each person, sorted by e-mail.
  returned: success
  type: list
  elements: dict
  contains:
    email:
      description: E-mail of the person.
      type: str
    gains:
      description: What they gain, in names.
      type: list
      elements: str
    loses:
      description: What they lose, in names.
      type: list
      elements: str
undo:
  description: An input for M(identityops.dynatrace.dynatrace_access) that restores what was changed.
  returned: success
  type: dict
  contains:
    users:
      description: For O(identityops.dynatrace.dynatrace_access#module:users).
      type: list
      elements: dict
    groups:
      description: For O(identityops.dynatrace.dynatrace_access#module:groups).
      type: list
      elements: dict
    lost:
      description: What can't come back, in words.
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
changes_planned:
  description: The plan, in the form of RV(changes).
  returned: when a guard refuses it
  type: list
  elements: dict
changes_applied:
  description: What was changed before the task failed.
  returned: failure
  type: list
  elements: dict
changes_pending:
  description: What was not changed since the task failed. Running it again carries it out.
  returned: failure
  type: list
  elements: dict
"""

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, group_bindings_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GUARD,
    ON_FINDING,
    PLAN,
    POLICY_BINDING,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import group_bindings


def wish(params: Params) -> Desired:
    return Desired(groups=(group_bindings_wish(params),), on_finding=params["on_finding"])


def main() -> None:
    module = create_module(POLICY_BINDING, ON_FINDING, GUARD, PLAN)
    manage(module, wish, group_bindings, view="group")


if __name__ == "__main__":
    main()
